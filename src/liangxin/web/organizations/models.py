from __future__ import annotations

from django.conf import settings
from django.db import models


class StoredOperation(models.Model):
    """One entry of the town's journal of organizations (``files.operations_json``). Entries are only ever added."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="operations")
    number = models.PositiveIntegerField()  # the entry's number in the core's journal
    document = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)
    # what was done to units with it, and is taken back with it
    change_set = models.ForeignKey(
        "units.ChangeSet", on_delete=models.PROTECT, null=True, related_name="operations"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["town", "number"], name="operation_number_once_a_town")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.document.get('kind')}"


class UndecidedPlace(models.Model):
    """A unit whose cells of organizations said something else than the tree when cells stopped being typed.

    Its cells stay and count as they are until the office decides, or an operation puts the unit elsewhere. ``ledger`` keeps
    what the cells said, ``decided`` what was chosen.
    """

    LEDGER, TREE, MOVED = "ledger", "tree", "moved"

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE)
    unit = models.OneToOneField("units.Unit", on_delete=models.CASCADE)
    ledger = models.JSONField()  # the three columns by field name
    decided = models.CharField(max_length=10, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["unit_id"]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.decided}"


class CarriedOver(models.Model):
    """The town's cells of organizations were compared with its tree, once: since then the tree alone decides."""

    town = models.OneToOneField("areas.Town", on_delete=models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.town_id)
