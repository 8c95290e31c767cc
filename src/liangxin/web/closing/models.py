from __future__ import annotations

from django.conf import settings
from django.db import models

MONTHS = 6  # after the end of the drive, unless the town says otherwise


class Closing(models.Model):
    """How far a town is with ending its drive. Each step stands on the one before."""

    town = models.OneToOneField("areas.Town", on_delete=models.CASCADE, related_name="closing")
    months = models.PositiveSmallIntegerField(default=MONTHS)
    ended_on = models.DateField(null=True, blank=True)
    package_sha256 = models.CharField(max_length=64, blank=True)
    package_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    purged_at = models.DateTimeField(null=True, blank=True)
    proof = models.TextField(blank=True)  # the signed JSON, letter by letter

    def __str__(self) -> str:
        return f"{self.town} {self.ended_on or ''}".strip()
