from __future__ import annotations

from django.conf import settings
from django.db import models


class StoredOperation(models.Model):
    """One entry of the town's journal of organizations (``files.operations_json``). Entries are only ever added."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="operations")
    number = models.PositiveIntegerField()  # the entry's number in the core's journal
    document = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="operation_number_once_a_town")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.document.get('kind')}"
