"""Many units changed at once, first as old → new: one field of all that were chosen, or a block pasted from Excel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from liangxin.findings import InputError, Severity
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.units import editing, queries, services
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet
from liangxin.wording import Text, counted


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be changed, not yet done. ``unit_ids``: the units that it was asked for and that the person may edit."""

    kind: str
    title: Text
    checked: editing.Checked
    unit_ids: tuple[str, ...]
    differences: tuple[editing.Difference, ...]

    @property
    def same(self) -> int:
        """Units that are already as they would be made."""
        return len(self.checked.edits) - len({each.unit.pk for each in self.differences})


def one_field(permit: Permit, unit_ids: Iterable[str], field: str, typed: str) -> Prepared:
    """One field of many units. Units that the person may not edit are left out. InputError where the field is not theirs."""
    if field not in editing.editable(permit):
        raise InputError.of(
            "bulk-field",
            "请选择要修改的栏目",
            "Choose the column to change",
            found=field[:40],
            column_of="field",
        )
    mine = set(queries.readable(permit, live(permit.town), Action.EDIT_UNITS)["unit_id"].to_list())
    units = list(queries.units_of(permit.town, [each for each in unit_ids if each in mine]))
    values, findings = editing.read_typed({field: typed})
    errors = tuple(each for each in findings if each.severity is Severity.ERROR)
    checked = (
        editing.Checked((), errors, ())
        if errors
        else editing.check(permit, [(each, values, None, None) for each in units])
    )
    title = Text(
        f"批量修改{FIELDS[field].label.zh}（{len(units)}家）",
        f"Change {FIELDS[field].label.en} of {counted(len(units), 'unit', 'units')}",
    )
    return _prepared("bulk", title, checked, [each.unit_id for each in units])


def pasted(permit: Permit, text: str) -> Prepared:
    """A block with a header row, tab between cells. InputError with everything in it that cannot be read."""
    wanted, findings = editing.read_block(permit, text)
    if findings:
        raise InputError(findings)
    title = Text(
        f"从 Excel 粘贴（{len(wanted)}家）",
        f"Pasted from Excel ({counted(len(wanted), 'unit', 'units')})",
    )
    return _prepared("paste", title, editing.check(permit, wanted), [unit.unit_id for unit, *_ in wanted])


def _prepared(kind: str, title: Text, checked: editing.Checked, unit_ids: list[str]) -> Prepared:
    return Prepared(kind, title, checked, tuple(unit_ids), tuple(editing.differences(checked.edits)))


def apply(permit: Permit, prepared: Prepared) -> ChangeSet:
    """Do it, as one change set that can be undone. InputError where something stands against it; then nothing is done."""
    permit.require(Action.EDIT_UNITS)
    if prepared.checked.errors:
        raise InputError(prepared.checked.errors)
    return services.write(permit.town, permit.user, prepared.kind, prepared.title, prepared.checked.edits)
