"""Every covered row against what the chain last told of it: changed, removed or inserted past the site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model
from django.utils import timezone

from liangxin.web.audit import covered, watching
from liangxin.web.audit.models import Event
from liangxin.web.audit.verifying import Fault
from liangxin.wording import Text, counted

MOST_NAMED: Final = 20  # of a table; the others are counted

Told = dict[
    str, tuple[int, str | None]
]  # key -> number of the last event about the row, its fingerprint then


@dataclass(frozen=True, slots=True)
class Compared:
    """``rows``: how many were compared."""

    rows: int
    faults: tuple[Fault, ...]
    notes: tuple[Text, ...]


def check_rows() -> Compared:
    """Of the whole site. A site that an older version began is compared from the day that the chain first tells of rows."""
    told, since = _told()
    if not told and since is None and any(model._base_manager.exists() for model in covered.models()):
        note = Text(
            "数据还没有逐行核对：请先用本版本启动一次网站（liangxin serve）",
            "Rows are not compared yet: start the site once with this version (liangxin serve)",
        )
        return Compared(0, (), (note,))
    rows, faults, notes = 0, list[Fault](), tuple[Text, ...]()
    for model in covered.models():
        number, found = _compare(model, told.get(model._meta.db_table, {}))
        rows += number
        faults += found[:MOST_NAMED]
        if len(found) > MOST_NAMED:
            faults.append(_more(model, len(found) - MOST_NAMED))
    if since is not None:
        day = timezone.localdate(since.at)
        notes = (
            Text(
                f"逐行核对从 {day} 开始（审计第 {since.seq} 号）：在那以前改动的数据看不出",
                f"Rows are compared from {day} on (audit event {since.seq}): what was changed before that day is not covered",
            ),
        )
    return Compared(rows, tuple(faults), notes)


def _told() -> tuple[dict[str, Told], Event | None]:
    """By table, and the event by which an older site began to be covered."""
    told: dict[str, Told] = {}
    since: Event | None = None
    for event in Event.objects.filter(detail__contains='"told":{').order_by("seq").iterator(chunk_size=500):
        try:
            tables = event.facts["told"].items()
            for table, rows in tables:
                known = told.setdefault(table, {})
                known.update({key: (event.seq, mark) for key, mark in rows.items()})
        except (ValueError, AttributeError, KeyError, TypeError):
            continue  # changed past the site: the walk along the chain names the event
        if since is None and event.action == "audit.cover":
            since = event
    return told, since


def _compare(model: type[Model], told: Told) -> tuple[int, list[Fault]]:
    kept = {key: mark for key, (_, mark) in told.items() if mark is not None}
    passed = {str(key) for key in watching.untold().get(model, ())}
    wrong: list[tuple[str, str]] = []
    rows = 0
    for key, mark in covered.fingerprints(model):
        rows += 1
        was = kept.pop(key, None)
        if was != mark and key not in passed:
            wrong.append((key, "inserted" if was is None else "changed"))
    names = _named(model, [key for key, _ in wrong[:MOST_NAMED]])
    faults = [_fault(model, key, what, names.get(key, ""), told.get(key)) for key, what in wrong]
    faults += [_fault(model, key, "removed", "", told[key]) for key in kept if key not in passed]
    return rows, faults


def _named(model: type[Model], keys: list[str]) -> dict[str, str]:
    """What tells a row from the others of its kind, as the database has it."""
    lookups = covered.COVERED[model._meta.label].named
    rows = model._base_manager.filter(pk__in=keys).values_list("pk", *lookups)
    return {
        str(key): " ".join(str(value) for value in values if value not in (None, "")) for key, *values in rows
    }


_SAID: Final[dict[str, tuple[Text, Text]]] = {  # without an event about the row; with one
    "changed": (Text("", ""), Text("在审计第 {seq} 号之后被改动，是绕过系统改的", "was changed past the site after audit event {seq}")),
    "removed": (Text("", ""), Text("被删除（审计第 {seq} 号写入），是绕过系统删的", "was removed past the site (written by audit event {seq})")),
    "inserted": (
        Text("没有审计记录，是绕过系统写入的", "has no audit event: it was written past the system"),
        Text("在审计第 {seq} 号已删除，又被绕过系统写入", "was deleted by audit event {seq} and written again past the site"),
    ),
}  # fmt: skip


def _fault(model: type[Model], key: str, what: str, named: str, told: tuple[int, Any] | None) -> Fault:
    words = covered.COVERED[model._meta.label].words
    seq = told[0] if told else None
    said = _SAID[what][told is not None].fill(seq=str(seq))
    shown = f" {named}" if named else ""
    return Fault(
        f"row-{what}",
        Text(
            f"{words.zh}{shown}（内部号 {key}）{said.zh}",
            f"{words.en}{shown} (key {key}) {said.en}",
        ),
        seq,
    )


def _more(model: type[Model], rest: int) -> Fault:
    words = covered.COVERED[model._meta.label].words
    text = Text(
        f"{words.zh}：另有 {rest} 处同样的问题", f"{words.en}: and {counted(rest, 'more row', 'more rows')}"
    )
    return Fault("row-more", text)
