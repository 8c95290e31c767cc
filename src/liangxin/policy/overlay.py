"""Several policy files, and several dated versions of one rule, laid over each other for one day.

Later layers say only what changes; a rule is found again by its id. A rule may be written as a list of versions, each
with ``from`` and ``to`` (both inclusive); the versions in force on the day are laid over each other in order. So the
old wording still answers for an old day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from liangxin.findings import Finding
from liangxin.policy.suggestions import instead
from liangxin.policy.written import read_day
from liangxin.wording import Text
from liangxin.yaml_tree import Items, Node, Scalar, Table

RULE_SECTIONS: Final = (
    "clauses", "definitions", "scope", "classes", "statuses", "return_columns", "indicators", "forms", "conflicts",
    "clears", "size_lists", "bodies", "group_slots", "milestones", "texts",
)  # fmt: skip
"""Sections that are a table of rules by id."""
SINGLE_SECTIONS: Final = ("style", "planning", "naming", "procedure")
"""Sections that are one rule."""
_NAMES_OF_A_NOTICE: Final = ("id", "title", "issued_on")


def combined(layers: Sequence[Table], day: date) -> Table:
    """The one document that holds on ``day``. A layer with a later ``from`` is passed over."""
    entries: dict[str, Node] = {}
    keys: dict[str, Scalar] = {}
    for layer in layers:
        if not _in_force(layer, day):
            continue
        for section in _names(layer.entries.get("replace")):
            entries.pop(section, None)
        over = bool(entries) and is_overlay(
            layer
        )  # an overlay changes rules; the notice keeps its own name and day
        for key, node in layer.entries.items():
            if over and key in _NAMES_OF_A_NOTICE:
                continue
            keys[key] = layer.keys[key]
            entries[key] = _section(key, entries.get(key), node, day)
    return Table(layers[-1].place, entries, keys)


def is_overlay(layer: Table) -> bool:
    """Whether the document is laid over a notice instead of being one."""
    overlay = layer.entries.get("overlay")
    return isinstance(overlay, Scalar) and overlay.text == "true"


def boundaries(layers: Sequence[Table]) -> list[date]:
    """A day in every stretch of time in which other versions hold, so that a check can look at all of them."""
    days = {date(1900, 1, 1)}
    for layer in layers:
        for key, day in _dates(layer):
            days.add(day if key == "from" else day + timedelta(days=1))
    return sorted(days)


def refused_dates(layer: Table) -> list[Finding]:
    """Every ``from`` and ``to`` that is no date, or whose end comes before its start."""
    findings: list[Finding] = []
    for table in _tables(layer):
        for key in ("from", "to"):
            node = table.entries.get(key)
            if node is not None and day_of(node) is None:
                findings.append(
                    Finding(
                        "policy_date",
                        Text("“{key}”要写日期，而且确有这一天", "“{key}” must be a date that exists").fill(
                            key=key
                        ),
                        node.place,
                        node.text if isinstance(node, Scalar) else "",
                        Text("如 2011-08-31", "such as 2011-08-31"),
                    )
                )
        start, end = day_of(table.entries.get("from")), day_of(table.entries.get("to"))
        if start is not None and end is not None and end < start:
            message = Text("结束日期早于开始日期", "The last day comes before the first")
            findings.append(Finding("policy_date", message, table.place_of_key("to"), f"{start} – {end}"))
    return findings


def refused_sections(layer: Table) -> list[Finding]:
    """Every name under ``replace`` that is not a section."""
    node = layer.entries.get("replace")
    sections = (*RULE_SECTIONS, *SINGLE_SECTIONS, "haves", "parameters")
    return [
        Finding(
            "policy_name",
            Text("“{what}”没有“{value}”这一项", "“{value}” is not one of “{what}”").fill(
                what="replace", value=item.text
            ),
            item.place,
            "",
            instead(item.text, sections),
        )
        for item in (node.items if isinstance(node, Items) else ())
        if isinstance(item, Scalar) and item.text not in sections
    ]


def day_of(node: Node | None) -> date | None:
    """The date of a word, None where it is not a date (the reader of the rule says so)."""
    return read_day(node.text) if isinstance(node, Scalar) else None


def _section(key: str, base: Node | None, node: Node, day: date) -> Node:
    if key in SINGLE_SECTIONS or key == "haves":
        versions = [node] if isinstance(node, Table) else list(node.items) if isinstance(node, Items) else []
        result = base
        for version in versions:
            if isinstance(version, Table) and _in_force(version, day):
                result = merged(result, version)
        return result if result is not None else node
    if key == "parameters" and isinstance(node, Table):
        return _parameters(base if isinstance(base, Table) else Table(node.place), node)
    if key in RULE_SECTIONS and isinstance(node, Table):
        return _rules(base if isinstance(base, Table) else Table(node.place), node, day)
    return node


def _rules(base: Table, layer: Table, day: date) -> Table:
    entries, keys = dict(base.entries), dict(base.keys)
    for id, written in layer.entries.items():
        keys.setdefault(id, layer.keys[id])
        versions = written.items if isinstance(written, Items) else (written,)
        for version in versions:
            if not isinstance(version, Table):
                entries[id] = version  # not a rule: the reader says so, at its place
            elif _in_force(version, day):
                entries[id] = merged(entries.get(id), version)
        if isinstance(rule := entries.get(id), Table) and _is_true(rule.entries.get("withdrawn")):
            entries.pop(id)
    return Table(layer.place, entries, keys)


def _parameters(base: Table, layer: Table) -> Table:
    """Like rules, but a parameter's ``values`` are added to the earlier ones; the same day is replaced."""
    entries, keys = dict(base.entries), dict(base.keys)
    for id, written in layer.entries.items():
        keys.setdefault(id, layer.keys[id])
        before = entries.get(id)
        result = merged(before, written) if isinstance(written, Table) else written
        if isinstance(before, Table) and isinstance(result, Table):
            old, new = before.entries.get("values"), result.entries.get("values")
            if isinstance(old, Items) and isinstance(new, Items) and old is not new:
                newly = {_start_text(item) for item in new.items}
                kept = tuple(item for item in old.items if _start_text(item) not in newly)
                result.entries["values"] = Items(new.place, kept + new.items)
        entries[id] = result
    return Table(layer.place, entries, keys)


def merged(base: Node | None, layer: Table) -> Table:
    """Key by key; a table inside is merged in the same way, anything else is replaced."""
    if not isinstance(base, Table):
        return Table(layer.place, dict(layer.entries), dict(layer.keys))
    entries, keys = dict(base.entries), dict(base.keys)
    for key, node in layer.entries.items():
        keys[key] = layer.keys[key]
        inner = entries.get(key)
        entries[key] = merged(inner, node) if isinstance(node, Table) and isinstance(inner, Table) else node
    return Table(layer.place, entries, keys)


def _in_force(table: Table, day: date) -> bool:
    start, end = day_of(table.entries.get("from")), day_of(table.entries.get("to"))
    return (start is None or start <= day) and (end is None or day <= end)


def _names(node: Node | None) -> list[str]:
    return [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Items) else []


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.text == "true"


def _start_text(node: Node) -> str:
    start = node.entries.get("from") if isinstance(node, Table) else None
    day = day_of(start)
    return day.isoformat() if day is not None else start.text if isinstance(start, Scalar) else ""


def _dates(layer: Table) -> Iterator[tuple[str, date]]:
    for table in _tables(layer):
        for key in ("from", "to"):
            if (day := day_of(table.entries.get(key))) is not None:
                yield key, day


def _tables(node: Node) -> Iterator[Table]:
    """The tables that may carry dates: the document, rules and their versions, values."""
    if isinstance(node, Table):
        yield node
        for inner in node.entries.values():
            yield from _tables(inner)
    elif isinstance(node, Items):
        for item in node.items:
            yield from _tables(item)
