from __future__ import annotations

from django.conf import settings
from django.db import models

from liangxin.wording import Text


class PlanRun(models.Model):
    """One run of the planner. ``plan`` is plan.json once it is done; ``summary`` the few figures that lists show.

    ``options``: time_limit, seed, keep_existing and the pins it was solved with. ``seq``: the last change of the ledger
    that the run has seen, so that a page can say when the ledger has moved on.
    """

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="plan_runs")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)
    options = models.JSONField(default=dict)
    based_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True)
    job = models.OneToOneField("jobs.Job", on_delete=models.SET_NULL, null=True, blank=True)
    policy = models.CharField(max_length=60, blank=True)
    overlays = models.JSONField(default=list, blank=True)
    policy_texts = models.JSONField(default=dict, blank=True)  # of brought policies, id: sha256
    as_of = models.DateField(null=True, blank=True)
    seq = models.BigIntegerField(null=True, blank=True)
    plan = models.TextField(blank=True)
    summary = models.JSONField(default=dict, blank=True)
    objective = models.FloatField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    gap = models.FloatField(null=True, blank=True)
    status = models.CharField(max_length=12, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["town", "number"], name="plan_number_once_a_town")]

    def __str__(self) -> str:
        return self.label.zh

    @property
    def label(self) -> Text:
        """The name it was given, else its number."""
        return Text(self.name or f"方案{self.number}", self.name or f"Plan {self.number}")

    @property
    def done(self) -> bool:
        return self.finished is not None


class PlanPin(models.Model):
    """A person's word for the next run based on this plan. ``settled``: this plan was solved with it already."""

    PIN, FORBID, TOGETHER, APART = "pin", "forbid", "together", "apart"

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="pins")
    kind = models.CharField(max_length=8)
    units = models.JSONField()  # unit ids; one for pin and forbid
    form = models.CharField(max_length=12, blank=True)
    host = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    settled = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.units}"


class Publication(models.Model):
    """Who made which plan the town's proposal, and when. The newest row is the one that holds."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE)
    run = models.ForeignKey(PlanRun, on_delete=models.PROTECT, related_name="publications")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.run} {self.at:%Y-%m-%d %H:%M}"
