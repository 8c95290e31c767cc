"""Which organization units are in, decided by the tree: what a list says becomes operations, the ledger's columns follow.

Only ``units.services.write`` calls this, under the town's lock: operations and columns are of one change set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from liangxin.findings import Finding
from liangxin.web.areas.models import Town
from liangxin.web.audit import fingerprint
from liangxin.web.audit.services import record
from liangxin.web.organizations.existing import ground_operations
from liangxin.web.organizations.models import StoredOperation, UndecidedPlace
from liangxin.web.organizations.queries import judged, keep, last_number, tree_of, villages
from liangxin.web.policies.queries import today
from liangxin.web.units.models import ChangeSet
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree, Operation, Tree
    from liangxin.structure.ledger_columns import Stated

COLUMNS: Final = ("organization_id", "organization_form", "superior_id")
UNDONE: Final = Text("撤销", "undone")
MERGED: Final = Text("合并重复单位", "duplicate units merged")
BY_LIST: Final = Text("按台账记载", "as the ledger was written")


@dataclass(frozen=True, slots=True)
class Placed:
    """The tree before and after, not yet stored. ``findings``: by unit, what could not be turned into an operation.

    ``known``: the last number of the journal before; up to ``ground`` stand the organizations of the town file that a first
    list found unrecorded: they stay when the list is taken back.
    """

    before: DayTree
    now: DayTree
    tree: Tree
    known: int
    ground: int
    findings: tuple[tuple[str, Finding], ...]

    @property
    def operations(self) -> list[tuple[int, Operation]]:
        added = [(entry.number, entry.operation) for entry in self.tree.journal if entry.number > self.known]
        return sorted(added, key=lambda entry: entry[0])

    def changed_units(self) -> list[str]:
        return changed_units(self.before, self.now)


def place(
    town: Town,
    stated: Sequence[Stated] = (),
    operations: Sequence[Operation] = (),
    *,
    judge: bool = True,
    reason: Text = BY_LIST,
) -> Placed:
    """What these statements and operations make of the tree. InputError with every reason of the core against it.

    ``judge``: with the policy's minimum of members, by the ledger of this moment; not where a list says what stands already.
    """
    from liangxin.structure import Basis, apply_all
    from liangxin.structure.ledger_columns import derive_operations

    known, day = last_number(town), today(town)
    tree = tree_of(town)
    before = tree.on(day)
    ground: list[Operation] = []
    derived: tuple[Operation, ...] = ()
    findings: tuple[tuple[str, Finding], ...] = ()
    if stated:
        if not known:
            ground = ground_operations(town, stated)
            tree = apply_all(tree, ground)
        records = {each.id: each for each in town.as_core().organizations}
        ids = _new_ids(tree)
        found = derive_operations(
            tree.on(day),
            stated,
            basis=Basis(reason=reason),
            villages=villages(town),
            records=records | {each.name: each for each in records.values()},
            new_id=lambda: next(ids),
            taken=tree.standing,
            since=None if tree.membership else min(town.drive_starts, day),
        )
        derived, findings = found.operations, found.findings
    if judge and (derived or operations):
        weighed = judged(town)
        tree = replace(tree, strengths=weighed.strengths, minimum=weighed.minimum)
    tree = apply_all(tree, [*derived, *operations])
    return Placed(before, tree.on(day), tree, known, known + len(ground), findings)


def _new_ids(tree: Tree) -> Iterator[str]:
    """Ids that no organization of the town ever had."""
    number = max((entry.number for entry in tree.journal), default=0)
    while True:
        number += 1
        if f"N{number:04d}" not in tree.standing:
            yield f"N{number:04d}"


def columns_of(town: Town, now: DayTree, units: Mapping[str, str | None]) -> dict[str, dict[str, str | None]]:
    """The ledger's three columns of each unit. ``units``: the form that the ledger has now, by unit number."""
    from liangxin.structure.ledger_columns import ledger_columns

    of, places = now.organization_of(), villages(town)
    return {unit: ledger_columns(now, of.get(unit), places, form) for unit, form in units.items()}


def store(change_set: ChangeSet | None, town: Town, by: Any, placed: Placed) -> None:
    """Write the new entries of the journal, with their audit event."""
    from django.db import transaction

    from liangxin.files.operations_json import operation_to_json

    added = [
        StoredOperation(
            town=town,
            number=number,
            document=operation_to_json(operation),
            by=by,
            change_set=change_set if number > placed.ground else None,
        )
        for number, operation in placed.operations
    ]
    if not added:
        return
    StoredOperation.objects.bulk_create(added)
    detail = {
        "numbers": [added[0].number, added[-1].number],
        "kinds": dict(Counter(str(each.document.get("kind")) for each in added)),
        "sha256": fingerprint.of_operations(each.document for each in added),
    }
    record(by, town, "organizations.perform", "operations", added[0].number, detail=detail)
    transaction.on_commit(lambda: keep(town, placed.tree))


def today_tree(town: Town) -> DayTree:
    """As it stands in this transaction."""
    return tree_of(town).on(today(town))


def undecided(town: Town) -> dict[str, UndecidedPlace]:
    """Units whose cells and tree said different things when cells stopped being typed, not decided yet; by number."""
    waiting = UndecidedPlace.objects.filter(town=town, decided="").select_related("unit")
    return {each.unit.unit_id: each for each in waiting}


def changed_units(before: DayTree, after: DayTree) -> list[str]:
    """Units whose organization, or whose organization's form or superior, differs between the two."""
    was, now = before.organization_of(), after.organization_of()

    def seat(tree: DayTree, id: str | None) -> tuple[str | None, ...]:
        each = tree.organizations.get(id or "")
        return (id, each.standing.form, each.standing.area, each.parent) if each is not None else (None,)

    seats = [{id: seat(tree, id) for id in (*tree.organizations, None)} for tree in (before, after)]
    return [unit for unit in sorted({*was, *now}) if seats[0][was.get(unit)] != seats[1][now.get(unit)]]


def take_back(town: Town, entries: Iterable[int], wanted: Mapping[str, str | None]) -> list[Operation]:
    """Operations that undo journal entries, newest first, as far as nothing was built upon them; then unit by unit what is
    left. ``wanted``: the organization that a unit shall be in again, None for none; one that no longer stands is left out.
    """
    from liangxin.findings import InputError
    from liangxin.structure import Annul, Attach, Basis, Release, apply_all
    from liangxin.structure.ledger_columns import dissolve_emptied

    day, tree = today(town), tree_of(town)
    operations: list[Operation] = []
    basis = Basis(reason=UNDONE)
    annulments = [Annul(on=day, entry=number, basis=basis) for number in sorted(entries, reverse=True)]
    for together in (annulments, *([each] for each in annulments)):
        try:
            tree = apply_all(tree, together)
        except InputError:
            continue  # others were built upon it since: what is still as it was goes back unit by unit
        operations += together
        if together is annulments:
            break
    now = tree.on(day)
    of = now.organization_of()
    joining: dict[str, list[str]] = {}
    leaving = [unit for unit, target in wanted.items() if target is None and unit in of]
    for unit, target in wanted.items():
        if target is not None and target in now.organizations and of.get(unit) != target:
            joining.setdefault(target, []).append(unit)
    operations += [Attach(on=day, units=tuple(units), to=id, basis=basis) for id, units in joining.items()]
    if leaving:
        operations.append(Release(on=day, units=tuple(leaving), basis=basis))
    targets = {unit: id for id, units in joining.items() for unit in units}
    return [*operations, *dissolve_emptied(now, targets, leaving, basis)]


def merging(town: Town, keep: str, drop: str, moves: bool) -> list[Operation]:
    """Two rows of one unit become one: what stays is in its own organization, or in the other's where it has none or ``moves``;
    what goes is in none and hosts none."""
    from liangxin.structure import Adjust, Attach, Basis, Release
    from liangxin.structure.ledger_columns import dissolve_emptied

    day = today(town)
    now = tree_of(town).on(day)
    of, basis = now.organization_of(), Basis(reason=MERGED)
    operations: list[Operation] = [
        Adjust(on=day, organization=each.id, host=keep, basis=basis)
        for each in now.organizations.values()
        if each.standing.host == drop
    ]
    if drop in of:
        joins = of[drop] if keep not in of or (moves and of[keep] != of[drop]) else None
        if joins is not None:
            operations.append(Attach(on=day, units=(keep,), to=joins, basis=basis))
        operations.append(Release(on=day, units=(drop,), basis=basis))
        operations += dissolve_emptied(now, {} if joins is None else {keep: joins}, (drop,), basis)
    return operations
