"""Many units changed at once, first as old → new: one field of all that were chosen, or a block pasted from Excel."""

from __future__ import annotations

from dataclasses import dataclass

from liangxin.findings import InputError, Severity
from liangxin.registry.access import Action
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.units import editing, previews, queries
from liangxin.web.units.live import last_change, live
from liangxin.wording import Text, counted


@dataclass(frozen=True, slots=True)
class FieldInput:
    """One field of many units becomes what was typed. Units that the person may not edit are left out."""

    unit_ids: tuple[str, ...]
    field: str
    typed: str


@dataclass(frozen=True, slots=True)
class BlockInput:
    """A block copied from Excel: a header row, tab between cells, one unit a row."""

    text: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be changed, not yet done. ``unit_ids``: the units that it was asked for and that the person may edit.

    ``seen``: the token that binds doing it to this preview.
    """

    kind: str
    title: Text
    checked: editing.Checked
    unit_ids: tuple[str, ...]
    differences: tuple[editing.Difference, ...]
    fields: tuple[str, ...]
    seen: str

    @property
    def same(self) -> int:
        """Units that are already as they would be made."""
        return len(self.checked.edits) - len({each.unit.pk for each in self.differences})

    @property
    def cells(self) -> dict[str, tuple[str, ...]]:
        """The fields that it depends on, by unit."""
        return dict.fromkeys(self.unit_ids, self.fields)


def prepare(permit: Permit, wanted: FieldInput | BlockInput) -> Prepared:
    """What it would change in the ledger of this moment. InputError with everything in it that cannot be read."""
    seq = last_change(permit.town)  # before anything is read: what comes later is told as having come later
    if isinstance(wanted, BlockInput):
        return _block(permit, wanted, seq)
    return _one_field(permit, wanted, seq)


def _one_field(permit: Permit, wanted: FieldInput, seq: int) -> Prepared:
    field = wanted.field
    if field not in editing.editable(permit):
        raise InputError.of(
            "bulk-field",
            "请选择要修改的栏目",
            "Choose the column to change",
            found=field[:40],
            column_of="field",
        )
    mine = set(queries.readable(permit, live(permit.town), Action.EDIT_UNITS)["unit_id"].to_list())
    chosen = [each for each in dict.fromkeys(wanted.unit_ids) if each in mine]
    units = list(queries.units_of(permit.town, chosen))
    values, findings = editing.read_typed({field: wanted.typed})
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
    return _prepared("bulk", title, checked, [each.unit_id for each in units], (field,), seq)


def _block(permit: Permit, wanted: BlockInput, seq: int) -> Prepared:
    rows, findings = editing.read_block(permit, wanted.text)
    if findings:
        raise InputError(findings)
    title = Text(
        f"从 Excel 粘贴（{len(rows)}家）",
        f"Pasted from Excel ({counted(len(rows), 'unit', 'units')})",
    )
    fields = tuple(dict.fromkeys(name for _, values, *_ in rows for name in values))
    checked = editing.check(permit, rows)
    return _prepared("paste", title, checked, [unit.unit_id for unit, *_ in rows], fields, seq)


def _prepared(
    kind: str, title: Text, checked: editing.Checked, unit_ids: list[str], fields: tuple[str, ...], seq: int
) -> Prepared:
    found = tuple(editing.differences(checked.edits))
    content = [(each.unit.unit_id, each.field, each.old, each.new) for each in found]
    operations = [each.as_dict() for each in checked.operations]
    token = previews.make_token(seq, (kind, *sorted(content, key=lambda row: row[:2]), *operations))
    return Prepared(kind, title, checked, tuple(unit_ids), found, fields, token)
