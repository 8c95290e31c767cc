from __future__ import annotations

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of background work for a town. ``payload`` in, ``result`` or ``error`` out; both JSON."""

    QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="jobs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    title = models.JSONField()  # {"zh": ..., "en": ...}
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=QUEUED, db_index=True)
    share = models.FloatField(default=0)  # done, 0 to 1
    stage = models.JSONField(default=dict)  # what it is doing now, in both languages
    result = models.JSONField(null=True)
    error = models.JSONField(null=True)  # {"zh": ..., "en": ...}
    attempts = models.PositiveSmallIntegerField(default=0)  # how often a worker began it
    cancel = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    seen = models.DateTimeField(null=True)  # last sign of life of the worker
    finished = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def ended(self) -> bool:
        return self.state in (self.DONE, self.FAILED, self.CANCELLED)
