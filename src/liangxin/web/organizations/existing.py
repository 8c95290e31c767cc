"""What stands already, and what section 3 asks for: operations the core makes of the town file and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from liangxin.web.areas.models import Town
from liangxin.web.organizations.queries import OutOfStep
from liangxin.web.policies.queries import today
from liangxin.web.units.live import live
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree, Operation

_BY_LEDGER: Final = Text("按台账补记", "entered from the ledger")


def _all_operations(town: Town) -> list[Operation]:
    """The core's tree of a town that plans nothing: existing organizations, then the ground of clauses 3.0-3.4."""
    from liangxin.structure import Arrangement, build_tree

    shown = live(town)
    tree = build_tree(town.as_core(), Arrangement(today(town), ()), shown.policy, shown.classified.frame)
    return [entry.operation for entry in sorted(tree.journal, key=lambda entry: entry.number)]


def standing_operations(town: Town) -> list[Operation]:
    """The town committee and every organization that stood before the drive, with the units the ledger puts in it."""
    from liangxin.structure import Record, Transfer

    return [
        operation
        for operation in _all_operations(town)
        if (isinstance(operation, Record) and operation.basis.reason is None)
        or (isinstance(operation, Transfer) and not operation.basis.clause)
    ]


def framework_operations(town: Town, now: DayTree, on: date | None) -> list[Operation]:
    """What clauses 3.1-3.3d ask for and the tree does not have yet: founded, raised, put under the working committee.

    ``on``: the day of all of them; None: the days that the policy's timetable gives.
    """
    from liangxin.structure import ORGANIZATION_TYPES, Found, Record, Transfer, Upgrade

    types = {id: each.standing.type for id, each in now.organizations.items()}
    parents = {id: each.parent for id, each in now.organizations.items()}
    wanted: list[Operation] = []
    for operation in _all_operations(town):
        match operation:
            case Record() if operation.basis.reason is None:
                continue  # one that stood: ``standing_operations``
            case Record() | Found():
                if operation.id in types or (operation.parent is not None and operation.parent not in types):
                    continue
                if isinstance(operation, Found) and _singular(operation, types):
                    continue
                types[operation.id], parents[operation.id] = operation.type, operation.parent
            case Transfer() if operation.basis.clause and operation.parent in types:
                if operation.organization not in types or parents[operation.organization] == operation.parent:
                    continue
                parents[operation.organization] = operation.parent
            case Upgrade():
                stands = types.get(operation.organization)
                if (
                    stands is None
                    or ORGANIZATION_TYPES[stands].rank >= ORGANIZATION_TYPES[operation.type].rank
                ):
                    continue
                types[operation.organization] = operation.type
            case _:
                continue
        wanted.append(operation if on is None or operation.on is None else replace(operation, on=on))
    return wanted


def _singular(operation: Operation, types: dict[str, str]) -> bool:
    """A town has one working committee and one leading group, whatever their ids."""
    kind = getattr(operation, "type", "")
    return kind in ("working_committee", "leading_group") and kind in types.values()


def catching_up(town: Town, now: DayTree, differing: Sequence[OutOfStep]) -> list[Operation]:
    """The tree brought in step with what the ledger says: units attached, released, unknown organizations recorded.

    A unit that the tree has never had joins from the first day of the drive on; a change since is dated today.
    """
    from liangxin.structure import Attach, Basis, Record, Release

    root = now.root
    if root is None:
        return []
    day = today(town)
    starts = min(town.drive_starts, day)
    basis = Basis(reason=_BY_LEDGER)
    joining: dict[tuple[str, date], list[str]] = {}
    leaving: list[str] = []
    for each in differing:
        if each.ledger is None:
            leaving.append(each.unit_id)
            continue
        stands = now.organizations.get(each.ledger)
        since = stands.since if stands is not None else None
        first = max(since, starts) if since is not None else starts
        joining.setdefault((each.ledger, first if each.tree is None else day), []).append(each.unit_id)
    operations: list[Operation] = []
    recorded: set[str] = set()
    for (id, on), units in joining.items():
        if id not in now.organizations and id not in recorded:
            recorded.add(id)
            type = "joint_branch" if len(units) > 1 else "branch"
            operations.append(
                Record(on=starts, id=id, name=id, type=type, parent=root.id, units=tuple(units), basis=basis)
            )
        else:
            operations.append(Attach(on=on, units=tuple(units), to=id, basis=basis))
    if leaving:
        operations.append(Release(on=day, units=tuple(leaving), basis=basis))
    return operations
