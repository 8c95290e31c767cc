from __future__ import annotations

from django.conf import settings
from django.db import models


class Export(models.Model):
    """One file that left the site: who, when, what, of which units, which fields. Rows are only ever added."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    document = models.CharField(max_length=40)
    title = models.JSONField()  # {"zh": ..., "en": ...}
    file_name = models.CharField(max_length=240)
    filter = models.JSONField(default=dict)  # {"zh": ..., "en": ..., "query": ...}
    rows = models.PositiveIntegerField(null=True)  # None: not a list of units
    fields = models.JSONField(default=list)  # names of the ledger fields in it
    size = models.PositiveBigIntegerField(default=0)
    stored = models.CharField(max_length=240, blank=True)  # of a job: where the file waits, below MEDIA_ROOT

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["town", "-id"])]

    def __str__(self) -> str:
        return f"{self.file_name} {self.by}"
