from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from liangxin.registry.fields import FIELDS, Field, FieldType


def _column(field: Field) -> models.Field[Any, Any]:
    if field.type is FieldType.INTEGER:
        return models.BigIntegerField(null=True, blank=True)
    if field.type is FieldType.NUMBER:
        return models.FloatField(null=True, blank=True)
    if field.type is FieldType.DATE:
        return models.DateField(null=True, blank=True)
    if field.type is FieldType.BOOLEAN:
        return models.BooleanField(null=True, blank=True)
    if field.required:
        return models.CharField(max_length=200)
    return models.TextField(null=True, blank=True)  # choices, references; several references joined by ";"


if TYPE_CHECKING:

    class LedgerRow(models.Model):
        """What a checker can know of the row made below: the two columns that every row fills, and what a cell may hold."""

        unit_id = models.CharField(max_length=200)
        name = models.CharField(max_length=200)

        def __getattr__(self, name: str) -> str | float | date | None: ...

        class Meta:
            abstract = True

else:
    LedgerRow = type(
        "LedgerRow",
        (models.Model,),
        {
            "__module__": __name__,
            "__doc__": "The ledger's columns, one for each entry of the field table.",
            "Meta": type("Meta", (), {"abstract": True}),
            **{field.name: _column(field) for field in FIELDS.values()},
        },
    )


class Unit(LedgerRow):
    """One row of the ledger. Its columns are those of the one field table; empty (null) is 待核."""

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="units")
    version = models.PositiveIntegerField(default=1)  # for two people editing the same unit
    initials = models.TextField(blank=True)  # how the name sounds, for search: registry.pinyin.search_keys
    merged_into = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged"
    )
    removed = models.BooleanField(default=False)  # taken back by undoing its import; kept for the record

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "unit_id"], name="unit_id_once_a_town")]
        indexes = [
            models.Index(fields=["town", "uscc"]),
            models.Index(fields=["town", "name"]),
            models.Index(fields=["town", "task_group"]),
        ]

    def __str__(self) -> str:
        return str(getattr(self, "name", "") or self.pk)


class ChangeSet(models.Model):
    """One thing a person did to units: an edit, a bulk edit, an import, an undo, a merge. It can be undone as a whole."""

    KINDS = ("edit", "bulk", "paste", "import", "undo", "merge", "unmerge", "visit")

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE, related_name="change_sets")
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=10)
    title = models.JSONField(default=dict)  # {"zh": ..., "en": ...}
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_undone(self) -> bool:
        """Taken back, and that not taken back again."""
        undone: ChangeSet | None = getattr(self, "undone_by", None)
        return undone is not None and not undone.is_undone


class Change(models.Model):
    """What one change set did to one unit. ``before`` and ``after`` hold only the fields that changed.

    A unit that the set created has ``before`` null; one it took back has ``after`` null. The rising primary key is the
    sequence by which the live frame catches up, and walking it backwards gives the ledger of any earlier moment.
    """

    change_set = models.ForeignKey(ChangeSet, on_delete=models.CASCADE, related_name="changes")
    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="changes")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["town", "id"])]

    def __str__(self) -> str:
        return f"{self.unit_id}: {sorted((self.after or self.before or {}).keys())}"


class SavedList(models.Model):
    """A list that somebody comes back to: the filter of its address and its columns, under a name of their own."""

    MOST = 20  # a person's lists in a town

    town = models.ForeignKey("areas.Town", on_delete=models.CASCADE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_lists")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)  # as after the "?" of the address
    columns = models.JSONField(default=list)  # field names, in the ledger's order

    class Meta:
        constraints = [models.UniqueConstraint(fields=["town", "by", "name"], name="list_name_once_a_person")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
