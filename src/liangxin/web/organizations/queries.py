"""Reads of the tree: any day of it, its rows with figures, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Max

from liangxin.registry import town as core
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.live import Live, live

if TYPE_CHECKING:
    from liangxin.structure import DayOrganization, DayTree, Tree
    from liangxin.structure.content import Count


FEWEST_SHOWN: Final = (
    5  # units over which members are added up for people who may not read the units themselves
)


def strengths(town: Town) -> dict[str, int | None]:
    """Forming members of each unit in the live ledger: what the tree's minimum of three is judged on."""
    frame = live(town).classified.frame
    return dict(zip(frame["unit_id"].to_list(), frame["forming_members"].to_list(), strict=True))


def last_number(town: Town) -> int:
    """The number of the journal's newest entry, 0 before the first."""
    return StoredOperation.objects.filter(town=town).aggregate(last=Max("number"))["last"] or 0


def tree_of(town: Town) -> Tree:
    """The town's dated tree: the stored journal, replayed by the core. Kept until the journal grows.

    What was decided once is replayed without asking again whether it had enough members: the ledger has moved on since.
    ``services.perform`` puts today's strengths in before it judges a new operation.
    """
    return _tree_at(town, last_number(town))


def known_town(town: Town) -> core.Town:
    """The town as the core reads it, with the organizations founded since its file was written: lists may name them."""
    from liangxin.registry.town import OrganizationRecord
    from liangxin.web.policies.queries import today

    found = town.as_core()
    listed = {each.id for each in found.organizations}
    founded = tuple(
        OrganizationRecord(each.id, each.name, each.standing.type, each.parent, each.standing.area)
        for each in day_tree(town, today(town)).organizations.values()
        if each.id not in listed
    )
    return replace(found, organizations=(*found.organizations, *founded)) if founded else found


def villages(town: Town) -> frozenset[str]:
    """Areas whose own organization gives its units clause 2.7."""
    return frozenset(area.id for area in town.as_core().areas if area.kind in ("village", "community"))


def day_tree(town: Town, day: date) -> DayTree:
    """The tree as it stood on one day."""
    number = last_number(town)
    return MEMORY.get(("tree on", town.pk, number, day), lambda: _tree_at(town, number).on(day))


def _tree_at(town: Town, number: int) -> Tree:
    """The journal up to its newest entry, replayed; of what is kept only what came later is."""
    from liangxin.files.operations_json import operation_from_json
    from liangxin.structure import Tree, apply_all

    key = ("tree", town.pk)  # the newest: it says itself up to which entry it has been replayed
    known: tuple[int, Tree] | None = MEMORY.find(key)
    since, tree = known if known is not None and known[0] <= number else (0, Tree())
    if known is not None and since == number:
        return tree
    stored = StoredOperation.objects.filter(town=town, number__gt=since).values_list("document", flat=True)
    found = apply_all(tree, [operation_from_json(document) for document in stored])
    MEMORY.keep(key, (number, found))
    return found


def keep(town: Town, tree: Tree) -> None:
    """Keep a tree whose journal has just been committed, as the next reader would replay it."""
    from liangxin.structure import Tree

    number = max((entry.number for entry in tree.journal), default=0)
    MEMORY.keep(("tree", town.pk), (number, replace(tree, strengths={}, minimum=Tree().minimum)))


def judged(town: Town) -> Tree:
    """The tree with today's strengths and the policy's minimum: what a new operation is judged on."""
    from liangxin.structure.numbers import Limits
    from liangxin.web.units.live import policy_of

    return replace(tree_of(town), strengths=strengths(town), minimum=Limits.of(policy_of(town)).full_members)


@dataclass(frozen=True, slots=True)
class Row:
    """One organization of a day as the tree and the table show it. Figures without ``own_`` include all below it.

    ``full_members`` None: this person may not see it (it would show single units). ``closes``: how many branches of the
    collapsible tree end after this row.
    """

    organization: DayOrganization
    depth: int
    parent: str
    line: str
    own_units: int
    units: int
    organizations: int
    full_members: int | None
    unknown: int
    leaf: bool
    closes: int

    @property
    def ends(self) -> range:
        return range(self.closes)


def rows(permit: Permit, shown: Live, today: DayTree) -> list[Row]:
    """Every organization of the day, parents before children, with its figures by the ledger of now.

    Put together once for a tree and a state of the ledger, for all who may see the same of it.
    """
    every = permit.reach(Action.READ_UNITS) is Reach.TOWN
    key = ("organizations", id(today), every, permit.town.version)
    # The tree is kept with its rows: as long as they are there, no other has its id.
    return shown.once(key, lambda: (today, _rows(permit.town, shown, today, every)))[1]


def _rows(town: Town, shown: Live, today: DayTree, every: bool) -> list[Row]:
    from liangxin.structure.content import count_members

    own = count_members(today, shown.frame)
    order = in_order(town, today)
    total: dict[str, Count] = {}
    for _, each in reversed(order):
        below = [total[child] for child in today.children.get(each.id, ())]
        total[each.id] = sum(below, replace(own[each.id], organizations=sum(1 for _ in below)))
    told = frozenset(total) if every else _told(today, order, own, total)
    names = today.organizations
    listed: list[Row] = []
    for at, (depth, each) in enumerate(order):
        sums = total[each.id]
        next_depth = order[at + 1][0] if at + 1 < len(order) else 0
        listed.append(
            Row(
                each,
                depth,
                names[each.parent].name if each.parent else "",
                names[each.line].name if each.line else "",
                own[each.id].units,
                sums.units,
                sums.organizations,
                sums.full_members if each.id in told else None,
                sums.unknown,
                not today.children.get(each.id),
                max(depth - next_depth, 0),
            )
        )
    return listed


def _told(
    today: DayTree,
    order: list[tuple[int, DayOrganization]],
    own: dict[str, Count],
    total: dict[str, Count],
) -> frozenset[str]:
    """The organizations whose members are told to people who may not read the units.

    Sisters are told together or not at all: where one of them, or what their superior holds itself, has too few units, the
    others would give it away by subtraction. So whatever is worked out from the numbers told covers ``FEWEST_SHOWN`` units.
    """
    told: set[str] = set()
    for depth, each in order:
        if depth == 0 and total[each.id].units >= FEWEST_SHOWN:
            told.add(each.id)
        below = today.children.get(each.id, ())
        parts = [own[each.id].units, *(total[child].units for child in below)]
        if each.id in told and all(units == 0 or units >= FEWEST_SHOWN for units in parts):
            told |= set(below)
    return frozenset(told)


def in_order(town: Town, today: DayTree) -> list[tuple[int, DayOrganization]]:
    """Depth and organization, parents before children; sisters by rank, then in the town file's order of areas."""
    position = {area.id: at for at, area in enumerate(town.as_core().areas)}

    def key(id: str) -> tuple[int, int, str, str]:
        each = today.organizations[id]
        area = position.get(each.standing.area or "", len(position))
        return -each.kind.rank, area, each.since.isoformat() if each.since else "", each.id

    root = today.root
    waiting = [(0, root.id)] if root is not None else []
    found: list[tuple[int, DayOrganization]] = []
    while waiting:
        depth, id = waiting.pop()
        found.append((depth, today.organizations[id]))
        below = sorted(today.children.get(id, ()), key=key, reverse=True)
        waiting.extend((depth + 1, child) for child in below)
    return found


def chart_data(listed: list[Row]) -> dict[str, Any]:
    """The rows nested for the network chart."""
    from liangxin.web.ui.language import current

    nodes = [
        {
            "id": row.organization.id,
            "name": row.organization.name,
            "type": row.organization.kind.label.in_language(current()),
            "mark": row.organization.kind.mark,
            "new": row.organization.founded,
            "units": row.units,
            "line": row.line,
            "children": [],
        }
        for row in listed
    ]
    path: list[dict[str, Any]] = []
    for row, node in zip(listed, nodes, strict=True):
        del path[row.depth :]
        if path:
            path[-1]["children"].append(node)
        path.append(node)
    return nodes[0] if nodes else {}


def entries_by(town: Town, numbers: list[int]) -> dict[int, tuple[str, Any]]:
    """Journal number -> who wrote it and when."""
    stored = StoredOperation.objects.filter(town=town, number__in=numbers).select_related("by")
    return {each.number: (str(each.by) if each.by else "", each.at) for each in stored}


def annulled(tree: Tree) -> frozenset[int]:
    """The journal's entries that a later one took back."""
    from liangxin.structure import Annul

    return frozenset(entry.operation.entry for entry in tree.journal if isinstance(entry.operation, Annul))
