from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from liangxin.registry.access import ROLE_LABELS, Grant, Role


class User(AbstractUser):
    """A person who signs in. ``display_name`` is shown beside what they did (an office holder's name or post)."""

    display_name = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.display_name or self.username


class RoleGrant(models.Model):
    """A role held in a town. ``town`` empty: in every town (county reader, administrator)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, null=True, blank=True)
    role = models.CharField(max_length=20, choices=[(role.value, ROLE_LABELS[role].zh) for role in Role])
    task_group = models.CharField(max_length=40, blank=True)
    granted_on = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "town", "role", "task_group"], name="one_grant_each")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.town or '*'} {self.task_group}".strip()

    @property
    def grant(self) -> Grant:
        return Grant(Role(self.role), self.task_group or None)


class SignInAttempt(models.Model):
    """A password given for a name at an address, of the last minutes, that was not found right (``accounts.lock``)."""

    who = models.CharField(max_length=64, db_index=True)  # a keyed hash of the name as it is compared
    address = models.CharField(max_length=60)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.address} {self.at}"


class PendingGrant(models.Model):
    """A role that an administrator asked for and that holds only when a second person has confirmed it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="pending_grants")
    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE)
    role = models.CharField(max_length=20, choices=[(role.value, ROLE_LABELS[role].zh) for role in Role])
    task_group = models.CharField(max_length=40, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="asked_grants")
    asked_on = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "town", "role", "task_group"], name="asked_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.role} {self.town}"
