"""Writes to the tree: the core judges an operation, the journal keeps it, all in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.organizations.queries import strengths, tree_of

if TYPE_CHECKING:
    from liangxin.structure import Operation, Tree


@transaction.atomic
def perform(town: Town, by: User | None, operations: Sequence[Operation]) -> Tree:
    """Do operations, all or none. Raises InputError with every reason of the core why one cannot be.

    The town's row is locked first: two people changing the tree at once come one after the other, and the second is
    judged on what the first left.
    """
    from liangxin.files.operations_json import operation_to_json
    from liangxin.structure import apply_all

    Town.objects.select_for_update().get(pk=town.pk)
    before = replace(tree_of(town), strengths=strengths(town))
    after = apply_all(before, operations)
    known = {entry.number for entry in before.journal}
    StoredOperation.objects.bulk_create(
        StoredOperation(town=town, number=entry.number, document=operation_to_json(entry.operation), by=by)
        for entry in after.journal
        if entry.number not in known
    )
    return after
