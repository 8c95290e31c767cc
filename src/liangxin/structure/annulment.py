"""撤回: put back what a journal entry replaced, if nothing that still counts was built upon it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liangxin.findings import Finding
from liangxin.structure.draft import TABLES, Draft, Table, refusal
from liangxin.structure.operations import Annul
from liangxin.structure.organization import Standing
from liangxin.structure.tree import Entry, Spans

Back = tuple[Table, str, object | None]
"""What is put back: the table, whose fact it is, and its former value (None: there was none)."""


def annul(draft: Draft, entry: Entry, operation: Annul) -> list[Finding]:
    """Put back what the entry replaced, from this day on. What was built on it and annulled since is not in the way."""
    number = operation.entry
    if all(each.number != number for each in draft.journal):
        return [
            refusal(
                "no_entry",
                "到这一天为止没有第{number}笔记录",
                "there is no entry {number} up to that day",
                number=number,
            )
        ]
    annulled = {
        each.number: each.operation.entry for each in draft.journal if isinstance(each.operation, Annul)
    }
    back: list[Back] = []
    changed_since: set[int] = set()
    for table in TABLES:
        for subject, spans in draft.tables[table].items():
            if all(number not in (span.made_by, span.ended_by) for span in spans):
                continue
            changes = _changes(spans)
            # The latest change is put back as it is, which may be an annulment itself.
            standing = changes if changes[-1][0] == number else _not_annulled(changes, annulled)
            above = [made_by for made_by, _ in standing]
            if number not in above:
                continue
            at = len(above) - 1 - above[::-1].index(number)
            if at == len(above) - 1:
                back.append((table, subject, standing[at - 1][1] if at else None))
            else:
                changed_since |= set(above[at + 1 :])
    changed_since.discard(number)
    if not back and not changed_since:
        return [
            refusal(
                "no_effect",
                "第{number}笔没有改变什么，不用撤回",
                "entry {number} changed nothing; there is nothing to annul",
                number=number,
            )
        ]
    if changed_since:
        return [
            refusal(
                "built_upon",
                "第{number}笔之后又有变动（第{later}笔），先撤回后面的",
                "entry {number} was followed by others ({later}); annul those first",
                number=number,
                later="、".join(str(each) for each in sorted(changed_since)),
            )
        ]
    for table, subject, value in back:
        draft.put(table, subject, value, entry)
    return _orphans(draft, back)


def _changes(spans: Spans[Any]) -> list[tuple[int, object | None]]:
    """(entry, value from then on) of one fact, in order; None where the fact ended and no other took its place."""
    changes: list[tuple[int, object | None]] = []
    for index, span in enumerate(spans):
        changes.append((span.made_by, span.value))
        follows = spans[index + 1].made_by if index + 1 < len(spans) else None
        if span.ended_by is not None and span.ended_by != follows:
            changes.append((span.ended_by, None))
    return changes


def _not_annulled(
    changes: list[tuple[int, object | None]], annulled: Mapping[int, int]
) -> list[tuple[int, object | None]]:
    """The changes that still count: an annulment takes away the one before it, and itself."""
    standing: list[tuple[int, object | None]] = []
    for made_by, value in changes:
        if standing and annulled.get(made_by) == standing[-1][0]:
            standing.pop()
        else:
            standing.append((made_by, value))
    return standing


def _orphans(draft: Draft, back: list[Back]) -> list[Finding]:
    """After putting things back: everything that stands has a standing parent, and nobody stands under himself."""
    refused: list[Finding] = []
    ended = [subject for table, subject, value in back if table == "standing" and value is None]
    for id in ended:
        if id in draft.roots:
            refused.append(is_root(draft, id))
        elif any(draft.held(table, id) for table in TABLES if table != "standing"):
            refused.append(has_children(draft, id))
    for table, subject, value in back:
        if table == "standing" or value is None:
            continue
        parent = str(value)
        refused += draft.missing([parent])
        if table in ("territory", "line") and draft.stands(parent):
            if table == "territory":
                refused += draft.unfit_parent(parent)
            if subject in draft.above(parent, table) or parent == subject:
                refused += draft.cycle(subject, parent, table)
    for table, subject, value in back:
        if table == "standing" and isinstance(value, Standing) and not value.kind.leads:
            refused += [has_children(draft, subject)] if draft.held("territory", subject) else []
    return refused


def has_children(draft: Draft, id: str) -> Finding:
    return refusal(
        "not_empty",
        "{name}下面还有{children}个党组织、{units}家单位，要先写明归到哪里",
        "{name} still has {children} organizations and {units} units; say where they go first",
        name=draft.name(id),
        children=len(draft.held("territory", id)),
        units=len(set(draft.held("membership", id)) | set(draft.held("graduates", id))),
    )


def is_root(draft: Draft, id: str) -> Finding:
    return refusal(
        "root",
        "{name}统一领导全镇，不能撤销、合并或改变隶属",
        "{name} leads the whole town; it cannot be dissolved, merged or moved",
        name=draft.name(id),
    )
