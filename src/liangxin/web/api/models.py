from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

SCOPES = (("read", "只读"), ("write", "读写"))


def usual_end() -> datetime:
    """When a token ends for which no day was chosen."""
    return timezone.now() + timedelta(days=90)


class ApiToken(models.Model):
    """A program's key to what its person may do. Only the hash is kept; the token itself is shown once."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    begins = models.CharField(max_length=12)  # the first characters, to tell tokens apart
    digest = models.CharField(max_length=64, unique=True)
    made = models.DateTimeField(auto_now_add=True)
    used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)
    scope = models.CharField(max_length=5, choices=SCOPES, default="write")
    expires = models.DateTimeField(default=usual_end)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.name}"

    @property
    def state(self) -> str:
        """``in force``, ``revoked`` or ``expired``."""
        if self.revoked:
            return "revoked"
        return "expired" if self.expires <= timezone.now() else "in force"
