from __future__ import annotations

from django.conf import settings
from django.db import models


class Import(models.Model):
    """One uploaded list, from the dry run to the change set it became. The file is kept until the import is old."""

    READ, WAITING, DONE = "read", "waiting", "done"

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)
    filename = models.CharField(max_length=200)
    file = models.FileField(upload_to="imports/%Y%m/")
    sheet = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, default=READ)
    summary = models.JSONField(
        default=dict
    )  # new, update, same, failed: rows; cells, waiting, emptied: cells
    job = models.ForeignKey("jobs.Job", on_delete=models.SET_NULL, null=True)
    change_set = models.ForeignKey("units.ChangeSet", on_delete=models.SET_NULL, null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.filename

    @property
    def standing(self) -> str:
        """``state``, where a job that ended without writing anything (cancelled, failed) leaves the file as read."""
        ended = self.job is None or self.job.ended
        return (
            self.READ if self.state == self.WAITING and ended and self.change_set_id is None else self.state
        )


class ColumnMapping(models.Model):
    """What a header of this town's lists means, said once and remembered for lists of the same layout; where no such list
    said it and the field table does not know it, for any list. Of two levels the header is "above/below"."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="column_mappings")
    layout = models.CharField(max_length=16, blank=True, default="")  # files.headers.layout_key; empty: any
    header = models.CharField(max_length=120)
    field = models.CharField(max_length=40, blank=True)  # empty: this column is left out

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["town", "layout", "header"], name="header_once_a_layout")
        ]

    def __str__(self) -> str:
        return f"{self.header} -> {self.field or '-'}"


class NotDuplicate(models.Model):
    """Two units that a person looked at and found to be different: the pair does not come back."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE)
    first = models.CharField(max_length=200)
    second = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "first", "second"], name="pair_once_a_town")]

    def __str__(self) -> str:
        return f"{self.first} ≠ {self.second}"


class WaitingValue(models.Model):
    """A cell of a copy that says something else than the ledger by now: somebody decides which of the two is right.

    It waits while its import stands, its unit is in the ledger, and the ledger says something else. Values are kept as a
    change keeps them.
    """

    COPY, LEDGER = "copy", "ledger"

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="waiting_values")
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="waiting_values")
    unit = models.ForeignKey("units.Unit", on_delete=models.CASCADE, related_name="waiting_values")
    field = models.CharField(max_length=40)
    copy = models.JSONField()
    taken = models.JSONField(null=True)  # what the copy was handed out with
    since = (
        models.BooleanField()
    )  # changed on both sides since; False: a copy of unknown age has an older value
    ledger = models.JSONField(
        null=True
    )  # what the ledger said: when it began to wait, then when it was decided
    decided = models.CharField(max_length=6, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(null=True)
    change_set = models.ForeignKey("units.ChangeSet", on_delete=models.SET_NULL, null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["town", "decided"])]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.field}: {self.copy}"
