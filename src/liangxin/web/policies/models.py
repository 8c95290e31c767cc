from __future__ import annotations

from django.conf import settings
from django.db import models


class PolicyText(models.Model):
    """A policy that somebody brought: one version of its YAML text. A row never changes; another text is the next version."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="policy_texts")
    policy = models.CharField(max_length=60)  # its id
    number = models.PositiveIntegerField()
    title = models.JSONField()
    is_overlay = models.BooleanField()
    needs = models.JSONField(default=list)  # ids of those it is based on or lays over itself
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["policy", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["town", "policy", "number"], name="policy_version_once_a_town"),
            models.UniqueConstraint(fields=["town", "policy", "sha256"], name="policy_text_once_a_town"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.number}"


class Adoption(models.Model):
    """By which policy a town works from a day on. ``texts``: of the brought ones in it, which version (id: sha256).

    The newest row whose day has come holds; ``starts`` None: on every day.
    """

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="adoptions")
    starts = models.DateField(null=True, blank=True)
    policy = models.CharField(max_length=60)
    overlays = models.JSONField(default=list, blank=True)
    texts = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.policy} {self.starts or ''}"
