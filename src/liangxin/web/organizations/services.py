"""Writes to the tree: the core judges an operation, the journal keeps it, the ledger follows; all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from liangxin.registry.access import Action
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.organizations import existing, placing
from liangxin.web.organizations.queries import last_number, tree_of
from liangxin.web.policies.queries import today
from liangxin.web.units.previews import StalePreviewError
from liangxin.web.units.services import write
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import Operation, Tree

_UPDATE = Text("调整党组织体系", "change the organizations")


@transaction.atomic
def perform(
    town: Town,
    by: User | None,
    operations: Sequence[Operation],
    title: Text | None = None,
    *,
    judge: bool = True,
    seen: int | None = None,
) -> Tree:
    """Do operations, all or none. Raises InputError with every reason of the core why one cannot be.

    The town's row is locked first: two people changing the tree at once come one after the other, and the second is
    judged on what the first left. The ledger's columns of units whose organization, form or superior is another one today
    follow as one change set named ``title``, so every indicator follows the tree with the same commit.

    Args:
        judge: False where facts are entered that stand already: no minimum of members is asked of them.
        seen: the journal's last number when somebody saw what would change; StalePreviewError is raised where it is another by now.
    """
    Town.objects.select_for_update().get(pk=town.pk)
    if seen is not None and (now := last_number(town)) != seen:
        raise StalePreviewError(now)
    placed = placing.place(town, (), operations, judge=judge)
    if placed.changed_units():
        write(town, by, "edit", title or _UPDATE, [], placed=placed)
    else:
        placing.store(None, town, by, placed)
    return placed.tree


def carry_out(permit: Permit, operations: Sequence[Operation], title: Text, seen: int | None = None) -> Tree:
    """``perform`` for a person: only with the permission to organize, and where given only what was seen."""
    permit.require(Action.ORGANIZE)
    return perform(permit.town, permit.user, operations, title, seen=seen)


@transaction.atomic
def record_existing(town: Town) -> int:
    """Once, while the journal is empty: the town committee and the organizations of the town file that stood before the
    drive. Gives the number of entries. Units come into them as lists name them (``units.services.write``)."""
    Town.objects.select_for_update().get(pk=town.pk)
    if last_number(town):
        return 0
    operations = existing.ground_operations(town, ())
    perform(town, None, operations, judge=False)
    return len(operations)


def record_ground(permit: Permit) -> int:
    """``record_existing`` for a person: only with the permission to organize."""
    permit.require(Action.ORGANIZE)
    return record_existing(permit.town)


def found_framework(town: Town, by: User | None, clauses: frozenset[str]) -> int:
    """What these clauses of section 3 set up, on the days of the policy's timetable; for a demo town."""
    wanted = existing.framework_operations(town, tree_of(town).on(today(town)), None)
    chosen = [operation for operation in wanted if operation.basis.clause in clauses]
    perform(town, by, chosen, Text("按通知设立", "set up by the notice"))
    return len(chosen)
