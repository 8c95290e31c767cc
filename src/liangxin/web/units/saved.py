"""Lists that a person keeps under a name: filter and columns. Theirs alone, and nothing of the town is in them."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.units.models import SavedList

NOT_KEPT = ("page", "column", "csrfmiddlewaretoken", "name")


def saved_lists(permit: Permit) -> list[SavedList]:
    return list(SavedList.objects.filter(town=permit.town, by=permit.user))


def address(kept: SavedList) -> str:
    """The query string that opens the list with its columns."""
    query = QueryDict(kept.query, mutable=True)
    query.setlist("column", kept.columns)
    return query.urlencode()


@transaction.atomic
def save(permit: Permit, name: str, query: str, columns: tuple[str, ...]) -> SavedList:
    """Keep the list under a name; a name used before now means this list.

    Raises:
        InputError: no name, one over 40 characters, or too many lists kept.
    """
    permit.require(Action.READ_UNITS)
    name = " ".join(name.split())
    if not name or len(name) > 40:
        raise InputError.of(
            "list-name", "给这个筛选起个名字，1 到 40 个字", "Give the list a name of 1 to 40 characters"
        )
    mine = SavedList.objects.filter(town=permit.town, by=permit.user)
    if not mine.filter(name=name).exists() and mine.count() >= SavedList.MOST:
        raise InputError.of(
            "list-many",
            f"最多保存 {SavedList.MOST} 个，请先删去不用的",
            f"At most {SavedList.MOST} are kept; delete one first",
        )
    asked = QueryDict(query, mutable=True)
    for parameter in NOT_KEPT:
        asked.pop(parameter, None)
    kept, _ = SavedList.objects.update_or_create(
        town=permit.town,
        by=permit.user,
        name=name,
        defaults={"query": asked.urlencode()[:1000], "columns": list(columns)},
    )
    return kept


@transaction.atomic
def forget(permit: Permit, pk: int) -> None:
    """Delete a list of one's own; another's does not exist."""
    SavedList.objects.filter(town=permit.town, by=permit.user, pk=pk).delete()
