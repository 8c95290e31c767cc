from __future__ import annotations

from django.conf import settings
from django.db import models

from liangxin.wording import Text


class Part(models.TextChoices):
    SECRETARY = "secretary"
    DEPUTY = "deputy"
    INSTRUCTOR = "instructor"
    CONTACT = "contact"


PARTS = {
    Part.SECRETARY: Text("书记", "secretary"),
    Part.DEPUTY: Text("副书记", "deputy secretary"),
    Part.INSTRUCTOR: Text("指导员", "instructor"),
    Part.CONTACT: Text("联系人", "contact"),
}


class Holder(models.Model):
    """Who holds an office, as long as it lasts. Name and telephone are stored encrypted, and nothing else of the person."""

    UNIT, ORGANIZATION = "unit", "organization"

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="holders")
    kind = models.CharField(max_length=12)  # of what: UNIT or ORGANIZATION
    of = models.CharField(max_length=80)  # unit_id or the organization's id
    part = models.CharField(max_length=10, choices=Part.choices)
    name = models.BinaryField()  # sealed: see sealing.py
    telephone = models.BinaryField()
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)

    class Meta:
        ordering = ["kind", "of", "part", "pk"]
        indexes = [models.Index(fields=["town", "kind", "of"])]

    def __str__(self) -> str:
        return f"{self.part} {self.kind} {self.of}"

    def bound(self, field: str) -> str:
        """What a sealed value belongs to: moved to another row or field it no longer opens."""
        return f"{self.town_id}/{self.kind}/{self.of}/{field}"
