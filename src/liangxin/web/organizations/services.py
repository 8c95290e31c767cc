"""Writes to the tree: the core judges an operation, the journal keeps it, the ledger follows; all in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction

from liangxin.registry.access import Action
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit import fingerprint
from liangxin.web.audit.services import record
from liangxin.web.organizations import existing
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.organizations.queries import judged, keep, last_number, out_of_step, tree_of
from liangxin.web.policies.queries import today
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.web.units.previews import StalePreviewError
from liangxin.web.units.services import Edit, write
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree, Operation, Tree

_UPDATE = Text("调整党组织体系", "change the organizations")
IN_QUERY = 900  # names in one query: SQLite's limit


@transaction.atomic
def perform(
    town: Town,
    by: User | None,
    operations: Sequence[Operation],
    title: Text | None = None,
    *,
    follow: bool = True,
    judge: bool = True,
    seen: int | None = None,
) -> Tree:
    """Do operations, all or none. Raises InputError with every reason of the core why one cannot be.

    The town's row is locked first: two people changing the tree at once come one after the other, and the second is
    judged on what the first left. Units whose organization, form or superior is another one today are written into the
    ledger as one change set named ``title``, so every indicator follows the tree with the same commit.

    Args:
        follow: False while the tree is being taken over from the ledger, which says it already.
        judge: False where facts are entered that stand already: no minimum of members is asked of them.
        seen: the journal's last number when somebody saw what would change; StalePreviewError is raised where it is another by now.
    """
    from liangxin.files.operations_json import operation_to_json
    from liangxin.structure import apply_all

    Town.objects.select_for_update().get(pk=town.pk)
    if seen is not None and (now := last_number(town)) != seen:
        raise StalePreviewError(now)
    before = judged(town) if judge else tree_of(town)
    after = apply_all(before, operations)
    known = {entry.number for entry in before.journal}
    added = [
        StoredOperation(town=town, number=entry.number, document=operation_to_json(entry.operation), by=by)
        for entry in sorted(after.journal, key=lambda entry: entry.number)
        if entry.number not in known
    ]
    StoredOperation.objects.bulk_create(added)
    if follow:
        _write_ledger(town, by, before.on(today(town)), after.on(today(town)), title or _UPDATE)
    if added:
        _tell(town, by, added)
        transaction.on_commit(partial(keep, town, after))
    return after


def _tell(town: Town, by: User | None, added: list[StoredOperation]) -> None:
    """The audit event of journal entries, with their fingerprint."""
    detail = {
        "numbers": [added[0].number, added[-1].number],
        "kinds": dict(Counter(str(each.document.get("kind")) for each in added)),
        "sha256": fingerprint.of_operations(each.document for each in added),
    }
    record(by, town, "organizations.perform", "operations", added[0].number, detail=detail)


def carry_out(permit: Permit, operations: Sequence[Operation], title: Text, seen: int | None = None) -> Tree:
    """``perform`` for a person: only with the permission to organize, and where given only what was seen."""
    permit.require(Action.ORGANIZE)
    return perform(permit.town, permit.user, operations, title, seen=seen)


def _write_ledger(town: Town, by: User | None, before: DayTree, after: DayTree, title: Text) -> None:
    """The three columns of every unit whose place in the tree is another one than it was."""
    changed = changed_units(before, after)
    if not changed:
        return
    stored: dict[str, Unit] = {}
    for start in range(0, len(changed), IN_QUERY):
        found = Unit.objects.filter(town=town, unit_id__in=changed[start : start + IN_QUERY], removed=False)
        stored |= {unit.unit_id: unit for unit in found}
    in_tree = after.organization_of()
    forms: dict[str, str | None] = {}
    edits: list[Edit] = []
    for unit_id in changed:
        unit = stored.get(unit_id)
        if unit is None:
            continue
        id = in_tree.get(unit_id)
        if id is not None and id not in forms:
            forms[id] = _form(town, after, id)
        edits.append(Edit(unit, _columns(after, id, forms.get(id or ""))))
    if edits:
        write(town, by, "edit", title, edits)


def _columns(after: DayTree, id: str | None, form: str | None) -> dict[str, Any]:
    """What the ledger says of a unit in organization ``id`` (None: in none)."""
    if id is None:
        return {"organization_id": None, "organization_form": "none", "superior_id": None}
    return {
        "organization_id": id,
        "organization_form": form,
        "superior_id": after.organizations[id].parent,
    }


def changed_units(before: DayTree, after: DayTree) -> list[str]:
    """Units whose organization, or whose organization's form or superior, differs between the two."""
    was, now = before.organization_of(), after.organization_of()

    def place(tree: DayTree, id: str | None) -> tuple[str | None, str | None, str | None]:
        each = tree.organizations.get(id or "")
        return (id, each.standing.form, each.parent) if each is not None else (None, None, None)

    return [
        unit for unit in sorted({*was, *now}) if place(before, was.get(unit)) != place(after, now.get(unit))
    ]


def _form(town: Town, after: DayTree, id: str) -> str | None:
    """The form under which an organization's units count. One recorded without a form keeps the one most of its units
    have in the ledger; a village's own organization gives its units clause 2.7; otherwise it stays 待核."""
    standing = after.organizations[id].standing
    if standing.form is not None:
        return standing.form
    units = list(after.organizations[id].units)[:IN_QUERY]
    known = Counter(
        Unit.objects.filter(town=town, organization_id=id, unit_id__in=units)
        .exclude(organization_form__isnull=True)
        .exclude(organization_form="none")
        .values_list("organization_form", flat=True)
    )
    if known:
        return str(known.most_common(1)[0][0])
    places = {area.id for area in town.as_core().areas if area.kind in ("village", "community")}
    return "village" if standing.area in places else None


@transaction.atomic
def record_existing(town: Town) -> int:
    """Once, while the journal is empty: the town committee and the organizations that stood before the drive, with the
    units that the ledger puts in each. Gives the number of entries. The ledger says it already, so it is not written."""
    Town.objects.select_for_update().get(pk=town.pk)
    if last_number(town):
        return 0
    operations = existing.standing_operations(town)
    perform(town, None, operations, follow=False)
    return len(operations)


def found_framework(town: Town, by: User | None, clauses: frozenset[str]) -> int:
    """What these clauses of section 3 set up, on the days of the policy's timetable; for a demo town."""
    wanted = existing.framework_operations(town, tree_of(town).on(today(town)), None)
    chosen = [operation for operation in wanted if operation.basis.clause in clauses]
    perform(town, by, chosen, Text("按通知设立", "set up by the notice"))
    return len(chosen)


def catch_up(permit: Permit) -> int:
    """Bring the tree in step with a ledger that was imported or edited by hand. Gives the number of units. The first time
    the organizations that stood before the drive are recorded too."""
    permit.require(Action.ORGANIZE)
    if not last_number(permit.town):
        record_existing(permit.town)
    return _catch_up(permit)


@transaction.atomic
def _catch_up(permit: Permit) -> int:
    town = permit.town
    Town.objects.select_for_update().get(pk=town.pk)
    now = tree_of(town).on(today(town))
    differing = out_of_step(live(town), now)
    operations = existing.catching_up(town, now, differing)
    title = Text("按台账补记党组织", "organizations entered from the ledger")
    perform(town, permit.user, operations, title, judge=False)
    return len(differing)
