from __future__ import annotations

from django.db import models


class DayFigures(models.Model):
    """The rates at the end of a past day, counted once and kept: what was is not going to change.

    ``basis``: policy, overlays and version that they were counted by; other bases are counted anew.
    """

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="day_figures")
    day = models.DateField()
    basis = models.CharField(max_length=200)
    figures = models.JSONField()  # indicator id -> [numerator, denominator, unknown, low, high]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "day", "basis"], name="figures_once_a_day")]
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.town} {self.day}"
