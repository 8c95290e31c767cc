from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from django.db.models import Max

from liangxin.web.areas.models import Town
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.units.live import live

if TYPE_CHECKING:
    from liangxin.structure import Tree

_lock = threading.Lock()
_kept: OrderedDict[tuple[int, int], Tree] = OrderedDict()
KEPT = 16


def strengths(town: Town) -> dict[str, int | None]:
    """Forming members of each unit in the live ledger: what the tree's minimum of three is judged on."""
    frame = live(town).classified.frame
    return dict(zip(frame["unit_id"].to_list(), frame["forming_members"].to_list(), strict=True))


def tree_of(town: Town) -> Tree:
    """The town's dated tree: the stored journal, replayed by the core. Kept until the journal grows.

    What was decided once is replayed without asking again whether it had enough members: the ledger has moved on since.
    ``services.perform`` puts today's strengths in before it judges a new operation.
    """
    from liangxin.files.operations_json import operation_from_json
    from liangxin.structure import Tree, apply_all

    last = StoredOperation.objects.filter(town=town).aggregate(last=Max("number"))["last"] or 0
    key = (town.pk, last)
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    stored = StoredOperation.objects.filter(town=town).values_list("document", flat=True)
    tree = apply_all(Tree(), [operation_from_json(document) for document in stored])
    with _lock:
        _kept[key] = tree
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return tree
