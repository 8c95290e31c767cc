"""What stands already, and what section 3 asks for: operations the core makes of the town file and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from liangxin.web.areas.models import Town
from liangxin.web.organizations.queries import villages
from liangxin.web.policies.queries import today
from liangxin.web.units.live import live, policy_of

if TYPE_CHECKING:
    import polars as pl

    from liangxin.structure import DayTree, Operation
    from liangxin.structure.ledger_columns import Stated


def ground_operations(town: Town, stated: Sequence[Stated]) -> list[Operation]:
    """The town committee and every organization that stood before the drive, with the units that a first list puts in each,
    in the form that all rows of it give. For an empty journal."""
    import polars as pl

    from liangxin.registry.fields import ledger_schema
    from liangxin.structure import Record, Transfer

    said = {each.unit_id: each.values for each in stated}
    frame = pl.DataFrame(
        {
            "unit_id": list(said),
            "organization_id": [
                None if values.get("organization_form") == "none" else values.get("organization_id")
                for values in said.values()
            ],
        },
        schema_overrides={"unit_id": pl.String, "organization_id": pl.String},
    )
    missing = [
        pl.lit(None, type).alias(name) for name, type in ledger_schema().items() if name not in frame.columns
    ]
    found: list[Operation] = []
    for operation in _operations(town, frame.with_columns(missing)):
        if isinstance(operation, Record) and operation.basis.reason is None:
            forms = {said[unit].get("organization_form") for unit in operation.units} - {None}
            own = operation.form is None and len(forms) == 1 and operation.area not in villages(town)
            found.append(replace(operation, form=forms.pop()) if own else operation)
        elif isinstance(operation, Transfer) and not operation.basis.clause:
            found.append(operation)
    return found


def _operations(town: Town, frame: pl.DataFrame) -> list[Operation]:
    """The core's tree of a town that plans nothing: existing organizations, then the ground of clauses 3.0-3.4."""
    from liangxin.structure import Arrangement, build_tree

    tree = build_tree(town.as_core(), Arrangement(today(town), ()), policy_of(town), frame)
    return [entry.operation for entry in sorted(tree.journal, key=lambda entry: entry.number)]


def framework_operations(town: Town, now: DayTree, on: date | None) -> list[Operation]:
    """What clauses 3.1-3.3d ask for and the tree does not have yet: founded, raised, put under the working committee.

    ``on``: the day of all of them; None: the days that the policy's timetable gives.
    """
    from liangxin.structure import ORGANIZATION_TYPES, Found, Record, Transfer, Upgrade

    types = {id: each.standing.type for id, each in now.organizations.items()}
    parents = {id: each.parent for id, each in now.organizations.items()}
    wanted: list[Operation] = []
    for operation in _operations(town, live(town).classified.frame):
        match operation:
            case Record() if operation.basis.reason is None:
                continue  # one that stood: ``ground_operations``
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
