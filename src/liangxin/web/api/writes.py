"""Writes of the API: the page's own checks and services, with what went wrong as values instead of words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404

from liangxin.findings import Finding, InputError, Severity
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.schemas import MeanwhileOut, UnitPatch
from liangxin.web.units import actions, editing, services, sheets
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.web.units.queries import readable
from liangxin.wording import Text

LONGEST = 500  # characters in one value


class Clashed(Exception):
    def __init__(self, clashes: Sequence[services.Clash], version: int) -> None:
        self.version = version
        self.listed = [
            {
                "field": each.field,
                "theirs": services.as_json(each.theirs),
                "ours": services.as_json(each.ours),
            }
            for each in clashes
        ]
        super().__init__(f"{len(self.listed)} fields")


def patch(permit: Permit, unit_id: str, body: UnitPatch) -> None:
    """Raises InputError with every finding, Clashed with both values."""
    import polars as pl

    mine = readable(permit, live(permit.town), Action.EDIT_UNITS).filter(pl.col("unit_id") == unit_id)
    unit = Unit.objects.filter(town=permit.town, unit_id=unit_id).first()
    if mine.is_empty() or unit is None:
        raise Http404
    words, findings = _words(permit, body.values)
    values, unreadable = editing.read_typed(words)
    seen_words, _ = _words(permit, body.seen or {})
    seen, _ = editing.read_typed(seen_words)
    checked = editing.check(
        permit,
        [
            (
                unit,
                values,
                body.version,
                {name: seen[name] for name in values if name in seen} if body.seen else None,
            )
        ],
    )
    errors = [*findings, *(each for each in unreadable if each.severity is Severity.ERROR), *checked.errors]
    if errors:
        raise InputError(errors)
    title = (
        Text(f"走访{unit.name}（接口）", f"Visit to {unit.name} (API)")
        if body.visit
        else Text(f"修改{unit.name}（接口）", f"Edit {unit.name} (API)")
    )
    try:
        services.write(permit.town, permit.user, "visit" if body.visit else "edit", title, checked.edits)
    except services.EditConflict as conflict:
        unit.refresh_from_db()
        raise Clashed(conflict.clashes, unit.version) from conflict


def _words(permit: Permit, given: Mapping[str, Any]) -> tuple[dict[str, str], list[Finding]]:
    """Values as they would be typed; what cannot be typed at all is a finding."""
    allowed = set(editing.editable(permit))
    words: dict[str, str] = {}
    findings: list[Finding] = []
    for name, value in given.items():
        if name not in allowed:
            message = Text("没有这一栏，或您不能修改", "No such field, or you may not change it")
            findings.append(
                Finding("field", message, found=name.encode("utf-8", "replace").decode(), column_of="")
            )
            continue
        typed = _typed(value)
        if len(typed) > (200 if FIELDS[name].required else LONGEST) or not _printable(typed):
            message = Text("太长，或含有不能保存的字符", "Too long, or with characters that cannot be kept")
            findings.append(Finding("text", message, column_of=name))
            continue
        words[name] = typed
    return words, findings


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return ";".join(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _printable(words: str) -> bool:
    """No control characters, and no half of a character pair, which no database keeps."""
    return all(letter >= " " or letter in "\t\n" for letter in words) and not any(
        "\ud800" <= letter <= "\udfff" for letter in words
    )


def undo(permit: Permit, pk: int) -> dict[str, Any]:
    found = sheets.change_sets(permit).filter(pk=pk).first()
    if found is None:
        raise Http404
    done = actions.undo_change_set(permit, found)
    return {
        "change_set": done.change_set.pk,
        "taken_back": done.taken_back,
        "kept": [each.unit_id for each in done.left],
        "kept_values": [MeanwhileOut.of(each) for each in done.kept],
    }
