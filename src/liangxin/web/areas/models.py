from __future__ import annotations

from django.db import models

from liangxin.registry import town as core
from liangxin.web.areas.queries import core_town


class Town(models.Model):
    """A town and what ``town.yaml`` says of it. Small and read as a whole, so it is kept as that file's text.

    ``as_core`` gives the typed value that the core rooms read. ``version`` rises with every change of the file.
    """

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=60)
    town_file = models.TextField()
    version = models.PositiveIntegerField(default=1)
    drive_starts = models.DateField()
    today = models.DateField(null=True, blank=True)  # a demo town stands still on a day of its drive
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def as_core(self) -> core.Town:
        return core_town(self.town_file)
