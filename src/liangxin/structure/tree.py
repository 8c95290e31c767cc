"""The dated tree of organizations (section 3 of the notice): any day's tree can be asked for, nothing is deleted.

Two relations run side by side, territory first and line second (以块为主、以条为辅, clause 3.0): every organization but the
town committee has exactly one *territory* parent 块 on each day it stands, and may have one *line* parent 条. Units belong to
at most one organization. Each of these is a span of days, with the number of the journal entry that made it and ended it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from liangxin.structure.operations import Found, Operation, SplitOff
from liangxin.structure.organization import OrganizationType, Standing

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Span(Generic[Value]):
    """A fact from ``since`` (its first day; None: from before the records) until ``until`` (the first day without it)."""

    value: Value
    since: date | None
    until: date | None
    made_by: int
    ended_by: int | None = None

    def holds(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal: an operation with its number. Later entries have higher numbers, whatever their date."""

    number: int
    operation: Operation


Spans = tuple[Span[Value], ...]


@dataclass(frozen=True, slots=True)
class DayOrganization:
    """An organization as it stands on one day. ``graduates``: units whose graduate mobile members it manages (3.3d).

    ``founded``: set up by an operation of the journal; otherwise it was only recorded, having stood before.
    """

    id: str
    standing: Standing
    since: date | None
    founded: bool
    parent: str | None
    line: str | None
    units: tuple[str, ...]
    graduates: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.standing.name

    @property
    def kind(self) -> OrganizationType:
        return self.standing.kind


@dataclass(frozen=True, slots=True)
class DayTree:
    """The tree on one day. Empty before the town committee's own records begin."""

    day: date
    organizations: Mapping[str, DayOrganization]
    children: Mapping[str, tuple[str, ...]]

    @property
    def root(self) -> DayOrganization | None:
        return next((each for each in self.organizations.values() if each.parent is None), None)

    def walk(self, start: str | None = None) -> Iterator[tuple[int, DayOrganization]]:
        """Depth and organization, parents before children, from ``start`` (the root when not given)."""
        root = self.root
        first = start if start is not None else (root.id if root else None)
        waiting = [(0, first)] if first is not None else []
        while waiting:
            depth, id = waiting.pop()
            yield depth, self.organizations[id]
            waiting.extend((depth + 1, child) for child in reversed(self.children.get(id, ())))

    def ancestors(self, id: str) -> Iterator[DayOrganization]:
        """The territory parents, nearest first."""
        parent = self.organizations[id].parent
        while parent is not None:
            yield self.organizations[parent]
            parent = self.organizations[parent].parent

    def organization_of(self) -> dict[str, str]:
        """unit id -> organization id."""
        return {unit: each.id for each in self.organizations.values() for unit in each.units}


@dataclass(frozen=True, slots=True)
class Tree:
    """The journal and what follows from it. Made by ``journal.apply``; never changed in place.

    ``strengths``: forming members of each unit by the frozen roster (None: 待核), for the minimum of joint organizations.
    ``minimum``: full members that an organization of its own needs (3, Party constitution art. 30).
    """

    strengths: Mapping[str, int | None] = field(default_factory=dict)
    minimum: int = 3
    journal: tuple[Entry, ...] = ()  # in order of date, then number
    standing: Mapping[str, Spans[Standing]] = field(default_factory=dict)
    territory: Mapping[str, Spans[str]] = field(default_factory=dict)
    line: Mapping[str, Spans[str]] = field(default_factory=dict)
    membership: Mapping[str, Spans[str]] = field(default_factory=dict)
    graduates: Mapping[str, Spans[str]] = field(default_factory=dict)

    def on(self, day: date) -> DayTree:
        """The tree as it stands at the end of ``day``."""
        standing = _on(self.standing, day)
        parent = _on(self.territory, day)
        line = _on(self.line, day)
        units = _grouped(_on(self.membership, day))
        graduates = _grouped(_on(self.graduates, day))
        founding = {entry.number for entry in self.journal if isinstance(entry.operation, Found | SplitOff)}
        children: dict[str, list[str]] = {}
        organizations: dict[str, DayOrganization] = {}
        for id, span in standing.items():
            above = parent[id].value if id in parent else None
            if above is not None:
                children.setdefault(above, []).append(id)
            first = self._first_span(id, day)
            organizations[id] = DayOrganization(
                id,
                span.value,
                first.since,
                first.made_by in founding,
                above,
                line[id].value if id in line else None,
                tuple(units.get(id, ())),
                tuple(graduates.get(id, ())),
            )
        return DayTree(day, organizations, {id: tuple(below) for id, below in children.items()})

    def _first_span(self, id: str, day: date) -> Span[Standing]:
        """The first of the unbroken run of standings that reaches ``day``: an upgrade does not found it anew."""
        first = self.standing[id][0]
        until = first.until
        for span in self.standing[id][1:]:
            if span.since is not None and span.since > day:
                break
            if span.since != until:
                first = span
            until = span.until
        return first

    def days_of_change(self) -> tuple[date, ...]:
        """Every day on which something changed, in order."""
        return tuple(sorted({entry.operation.on for entry in self.journal if entry.operation.on is not None}))

    def last_day(self) -> date | None:
        changed = self.days_of_change()
        return changed[-1] if changed else None

    def history(self, organization: str) -> tuple[Entry, ...]:
        """Every journal entry that began or ended something about this organization, in order."""
        numbers: set[int | None] = set()
        for table in (self.standing, self.territory, self.line):
            for span in table.get(organization, ()):
                numbers |= {span.made_by, span.ended_by}
        for table in (self.territory, self.line, self.membership, self.graduates):
            for spans in table.values():
                for span in spans:
                    if span.value == organization:
                        numbers |= {span.made_by, span.ended_by}
        return tuple(entry for entry in self.journal if entry.number in numbers)


def eve(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)


def _on(table: Mapping[str, Spans[Value]], day: date) -> dict[str, Span[Value]]:
    found: dict[str, Span[Value]] = {}
    for subject, spans in table.items():
        for span in reversed(spans):
            if span.holds(day):
                found[subject] = span
                break
    return found


def _grouped(spans: Mapping[str, Span[str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for subject, span in spans.items():
        grouped.setdefault(span.value, []).append(subject)
    return grouped
