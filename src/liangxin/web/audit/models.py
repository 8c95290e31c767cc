from __future__ import annotations

import json
from typing import Any

from django.db import models


class Event(models.Model):
    """One link of the chain. It names people and towns by what they are called, not by keys: it stands on its own,
    also where an account or a town is gone. Rows are only added; the database itself refuses anything else."""

    seq = models.BigIntegerField(primary_key=True)  # 1, 2, 3 …: without a gap
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)  # user name; empty: the system itself
    town = models.CharField(max_length=12, blank=True)  # code; empty: the site as a whole
    action = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    detail = models.TextField(default="{}")  # the JSON text that was hashed, kept letter by letter
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["town", "-seq"]),
            models.Index(fields=["town", "actor", "-seq"]),
            models.Index(fields=["town", "object_kind", "object_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.object_kind} {self.object_id}"

    @property
    def facts(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.detail)
        return found


class Head(models.Model):
    """The one row that says where the chain ends. A writer locks it, so links are made one after the other."""

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.hash[:12]}"
