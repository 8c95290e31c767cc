"""The tree while operations are being written into it: the open facts, indexed, and the checks that need them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, Literal

from liangxin.findings import Finding
from liangxin.structure.organization import Standing
from liangxin.structure.tree import Entry, Span, Spans, Tree
from liangxin.wording import Text

Table = Literal["standing", "territory", "line", "membership", "graduates"]
TABLES: Final[tuple[Table, ...]] = ("standing", "territory", "line", "membership", "graduates")

OWN_MEMBERS: Final = frozenset({"separate", "park", "industry", "leader", "zone"})
"""Forms whose minimum is counted from the units' own members. Seconded counts the instructor (2.2), mobile-member
branches the mobile members (2.1), village affiliations belong to the village's organization (2.7)."""


def refusal(code: str, zh: str, en: str, **values: object) -> Finding:
    return Finding(f"structure.{code}", Text(zh, en).fill(**values))


class Draft:
    """Mutable while a batch is written; ``tree()`` freezes it. ``day`` and ``entry`` are those being written."""

    def __init__(self, tree: Tree) -> None:
        self.strengths = tree.strengths
        self.minimum = tree.minimum
        self.journal: list[Entry] = list(tree.journal)
        self.tables: dict[Table, dict[str, Spans[Any]]] = {
            "standing": dict(tree.standing),
            "territory": dict(tree.territory),
            "line": dict(tree.line),
            "membership": dict(tree.membership),
            "graduates": dict(tree.graduates),
        }
        self.below: dict[Table, dict[str, set[str]]] = {table: {} for table in TABLES if table != "standing"}
        for table, index in self.below.items():
            for subject, spans in self.tables[table].items():
                if spans[-1].until is None:
                    index.setdefault(spans[-1].value, set()).add(subject)
        self._weigh: dict[str, Entry] = {}  # whose minimum is judged when the day ends, and what gave cause
        self.roots = {
            id for id in self.tables["standing"] if self.stands(id) and self.current("territory", id) is None
        }

    def tree(self) -> Tree:
        return Tree(
            self.strengths,
            self.minimum,
            tuple(self.journal),
            self.tables["standing"],
            self.tables["territory"],
            self.tables["line"],
            self.tables["membership"],
            self.tables["graduates"],
        )

    # What holds now

    def current(self, table: Table, subject: str) -> Any | None:
        spans = self.tables[table].get(subject, ())
        return spans[-1].value if spans and spans[-1].until is None else None

    def stands(self, id: str) -> bool:
        return self.current("standing", id) is not None

    def standing(self, id: str) -> Standing:
        value = self.current("standing", id)
        assert isinstance(value, Standing), id
        return value

    def held(self, table: Table, id: str) -> list[str]:
        """Children (territory, line) or units (membership, graduates) of an organization, sorted."""
        return sorted(self.below[table].get(id, ()))

    def name(self, id: str) -> str:
        """The organization's name, its last one if it has ended, its id if there never was one."""
        spans = self.tables["standing"].get(id, ())
        return spans[-1].value.name if spans else id

    def above(self, id: str, table: Table = "territory") -> Iterator[str]:
        """Its parents on one axis, nearest first."""
        seen = {id}
        parent = self.current(table, id)
        while parent is not None and parent not in seen:
            yield parent
            seen.add(parent)
            parent = self.current(table, parent)

    # Changes

    def put(self, table: Table, subject: str, value: object | None, entry: Entry) -> None:
        """From the entry's day on, ``subject`` has ``value`` (None: nothing). The former span is ended, not removed."""
        spans = self.tables[table].get(subject, ())
        open_now = bool(spans) and spans[-1].until is None
        if value is None and not open_now:
            return
        if open_now:
            last = spans[-1]
            if last.value == value:
                return
            ended = Span(last.value, last.since, entry.operation.on or date.min, last.made_by, entry.number)
            spans = (*spans[:-1], ended)
            if table != "standing":
                self.below[table][last.value].discard(subject)
            if table == "membership":
                self._weigh[last.value] = entry
        if value is not None:
            spans = (*spans, Span(value, entry.operation.on, None, entry.number))
            if table != "standing":
                self.below[table].setdefault(str(value), set()).add(subject)
        self.tables[table][subject] = spans

    def weigh(self, id: str, entry: Entry) -> None:
        """Ask for this organization's minimum at the end of the day."""
        self._weigh[id] = entry

    def close_day(self) -> list[tuple[Entry, Finding]]:
        """Judge the organizations that were founded with units or lost some: enough full members left? Each finding
        with the entry that founded it or took units from it last."""
        findings: list[tuple[Entry, Finding]] = []
        for id, cause in sorted(self._weigh.items()):
            if not self.stands(id):
                continue
            standing = self.standing(id)
            if standing.form not in OWN_MEMBERS and not (
                standing.form is None and standing.type == "joint_branch"
            ):
                continue
            units = self.held("membership", id)
            known = [self.strengths.get(unit) for unit in units]
            if any(count is None for count in known):
                continue  # 待核 is not "too few"
            total = sum(count for count in known if count is not None)
            if total < self.minimum:
                finding = refusal(
                    "below_minimum",
                    "{name}只有正式党员{total}名（{count}家单位），至少要{minimum}名",
                    "{name} has {total} full members ({count} units); {minimum} are needed",
                    name=standing.name,
                    total=total,
                    count=len(units),
                    minimum=self.minimum,
                )
                findings.append((cause, finding))
        self._weigh.clear()
        return findings

    # Checks

    def missing(self, ids: Iterable[str]) -> list[Finding]:
        """A finding for every id that does not stand: never recorded, or ended already."""
        return [self._absent(id) for id in dict.fromkeys(ids) if not self.stands(id)]

    def _absent(self, id: str) -> Finding:
        spans = self.tables["standing"].get(id, ())
        if not spans:
            return refusal(
                "not_founded",
                "党组织“{id}”在这一天还没有成立",
                "organization “{id}” is not founded yet on that day",
                id=id,
            )
        return refusal(
            "dissolved",
            "{name}已于{day}撤销",
            "{name} was dissolved on {day}",
            name=spans[-1].value.name,
            day=spans[-1].until,
        )

    def unfit_parent(self, id: str) -> list[Finding]:
        """A group or a leading group has nothing under it."""
        if not self.stands(id) or self.standing(id).kind.leads:
            return []
        standing = self.standing(id)
        return [
            refusal(
                "cannot_lead",
                "{name}是{type}，下面不能再设党组织",
                "{name} is a {type}; no organization can stand under it",
                name=standing.name,
                type=standing.kind.label,
            )
        ]

    def cycle(self, id: str, parent: str, table: Table) -> list[Finding]:
        """``id`` cannot stand under itself or under what stands under it."""
        if parent != id and id not in self.above(parent, table):
            return []
        return [
            refusal(
                "cycle",
                "{parent}在{name}之下，不能反过来作它的上级",
                "{parent} stands under {name} and cannot be its superior",
                parent=self.name(parent),
                name=self.name(id),
            )
        ]
