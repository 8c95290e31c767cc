"""Units whose cells of organizations said something else than the tree, on the day cells stopped being typed.

``carry_over`` compares the two once a town, after the upgrade: where only one of them speaks it is taken; where both speak
and differ, the cells stay and count as they are and the unit is listed, until the office chooses one of the two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction
from django.utils import timezone

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.organizations import placing
from liangxin.web.organizations.models import CarriedOver, UndecidedPlace
from liangxin.web.organizations.queries import last_number, villages
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import write
from liangxin.wording import Text, counted

if TYPE_CHECKING:
    from liangxin.structure.ledger_columns import Stated

CHOICES: Final = (UndecidedPlace.LEDGER, UndecidedPlace.TREE)
_CARRIED: Final = Text("台账里的党组织并入组织体系", "organizations of the ledger entered into the tree")


@dataclass(frozen=True, slots=True)
class Undecided:
    """``ledger`` and ``tree``: the three columns as either says them, ids as names."""

    unit_id: str
    name: str
    ledger: Mapping[str, str | None]
    tree: Mapping[str, str | None]


def undecided_places(town: Town) -> list[Undecided]:
    """Those that wait, in the order of their numbers."""
    waiting = placing.undecided(town)
    if not waiting:
        return []
    now = placing.today_tree(town)
    forms = {id: each.ledger.get("organization_form") for id, each in waiting.items()}
    columns = placing.columns_of(town, now, forms)
    return [
        Undecided(id, str(getattr(each.unit, "name", "")), each.ledger, columns[id])
        for id, each in sorted(waiting.items())
    ]


def decide(permit: Permit, choices: Mapping[str, str]) -> ChangeSet:
    """Take the ledger's word or the tree's for some units (one of ``CHOICES``), as one change set that can be undone.

    Raises:
        InputError: a unit that does not wait, or what the ledger says cannot be turned into operations; then nothing is done.
    """
    permit.require(Action.ORGANIZE)
    with transaction.atomic():
        Town.objects.select_for_update().get(pk=permit.town.pk)
        waiting = placing.undecided(permit.town)
        unknown = sorted(set(choices) - set(waiting))
        if unknown or not choices:
            raise InputError.of(
                "undecided-unit",
                "这家单位没有要定的党组织，可能别人刚定过",
                "Nothing is to be decided of this unit; perhaps somebody just did",
                found="、".join(unknown[:10]),
            )
        stated = [
            _stated(id, waiting[id].ledger if choice == UndecidedPlace.LEDGER else {})
            for id, choice in choices.items()
        ]
        title = Text(
            f"核定{len(choices)}家单位的党组织",
            f"Decide the organization of {counted(len(choices), 'unit', 'units')}",
        )
        done = write(permit.town, permit.user, "edit", title, [], stated=stated, judge=False)
        for id, choice in choices.items():
            row = waiting[id]
            row.decided, row.by, row.at = choice, permit.user, timezone.now()
            row.save(update_fields=["decided", "by", "at"])
        detail = dict(Counter(choices.values())) | {"change_set": done.pk}
        record(permit.user, permit.town, "organizations.decide", "town", permit.town.code, detail=detail)
    return done


def _stated(unit_id: str, ledger: Mapping[str, Any]) -> Stated:
    """All that the ledger says; nothing: the unit's columns are to follow the tree."""
    from liangxin.structure.ledger_columns import Stated

    said = {name: ledger.get(name) for name in placing.COLUMNS} if ledger else {}
    if said and said["organization_id"] is not None:
        said = {name: value for name, value in said.items() if value is not None}
    return Stated(unit_id, said)


@transaction.atomic
def carry_over(town: Town) -> int:
    """Once for a town of an earlier version. Gives how many units wait for a decision.

    An empty journal says nothing, so the organizations of the ledger are entered; an organization recorded without a form
    takes the one that all its units have in the ledger. What is left where both speak and differ is listed.
    """
    Town.objects.select_for_update().get(pk=town.pk)
    if CarriedOver.objects.filter(town=town).exists():
        return 0
    CarriedOver.objects.create(town=town)
    units = {
        str(values["unit_id"]): values
        for values in Unit.objects.filter(town=town, removed=False, merged_into=None).values(
            "pk", "unit_id", *placing.COLUMNS
        )
    }
    stated = _first_list(town, units) if not last_number(town) else _missing_forms(town, units)
    if stated:
        write(town, None, "edit", _CARRIED, [], stated=stated, judge=False)
    now = placing.today_tree(town)
    forms = {id: values["organization_form"] for id, values in units.items()}
    columns = placing.columns_of(town, now, forms)
    waiting = [
        UndecidedPlace(
            town=town, unit_id=values["pk"], ledger={name: values[name] for name in placing.COLUMNS}
        )
        for id, values in units.items()
        if any(values[name] != columns[id][name] for name in placing.COLUMNS)
    ]
    for row in waiting:
        row.save()
    detail = {"units": len(stated), "undecided": len(waiting)}
    record(None, town, "organizations.carry_over", "town", town.code, detail=detail)
    return len(waiting)


def _first_list(town: Town, units: Mapping[str, Mapping[str, Any]]) -> list[Stated]:
    """What the ledger says of organizations and can be entered as it is."""
    said = [_stated(id, values) for id, values in units.items() if values["organization_id"] is not None]
    if not said:
        return []
    refused = {unit for unit, _ in placing.place(town, said, judge=False).findings}
    return [each for each in said if each.unit_id not in refused]


def _missing_forms(town: Town, units: Mapping[str, Mapping[str, Any]]) -> list[Stated]:
    """The forms of organizations that were recorded without one, where all their units have the same in the ledger."""
    from liangxin.structure.ledger_columns import Stated, form_of

    now, places = placing.today_tree(town), villages(town)
    said: list[Stated] = []
    for each in now.organizations.values():
        held = [units[id] for id in each.units if id in units]
        known = {values["organization_form"] for values in held} - {None}
        if form_of(now, each.id, places) is None and len(known) == 1 and known != {"none"}:
            form = known.pop()
            said += [
                Stated(str(values["unit_id"]), {"organization_form": form})
                for values in held
                if values["organization_form"] == form
                and values["organization_id"] in (each.id, each.name)
                and values["superior_id"]
                in (each.parent, now.organizations[each.parent].name if each.parent else None)
            ]
    return said


def carry_over_all() -> None:
    """At the start of the site, after the database was upgraded: each town that was not carried over yet."""
    for town in Town.objects.exclude(pk__in=CarriedOver.objects.values("town")):
        carry_over(town)
