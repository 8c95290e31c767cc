"""What the overview counts: today, on an earlier day, by part, since yesterday, over the drive, and what is blocked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.utils import timezone

from liangxin.coverage.rate import Rate
from liangxin.policy.model import Policy
from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FIELDS, Field
from liangxin.registry.small_counts import small
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.overview import telling
from liangxin.web.overview.models import DayFigures
from liangxin.web.policies.queries import load, today
from liangxin.web.ui.rates import RateRow
from liangxin.web.units.filter_words import in_general
from liangxin.web.units.live import Live, as_of, end_of, live, on_day
from liangxin.web.units.models import ChangeSet
from liangxin.web.units.sheets import names
from liangxin.wording import Text

MORNING: Final = time(8, 0)
TREND_DAYS: Final = 92  # at most a quarter is drawn


def rates_on(town: Town, day: date) -> dict[str, Rate]:
    """The rates at the end of a past day, by that day's rules; for today and later, those of this moment."""
    from liangxin.coverage import classify, count

    if day >= today(town):
        return _now(live(town))
    policy = load(town, day)
    basis = f"{policy.id}|{policy.sha256}|{policy.as_of}"
    kept = DayFigures.objects.filter(town=town, day=day, basis=basis).first()
    if kept is None:
        counted = count(classify(as_of(town, end_of(day)), policy))
        figures = {
            id: [rate.numerator, rate.denominator, rate.unknown, rate.low, rate.high]
            for id, rate in counted.items()
        }
        if day < timezone.localdate() and (town.today is None or day < town.today):
            kept, _ = DayFigures.objects.get_or_create(
                town=town, day=day, basis=basis, defaults={"figures": figures}
            )
        return counted
    return {id: Rate(*figures) for id, figures in kept.figures.items()}


def _now(shown: Live) -> dict[str, Rate]:
    from liangxin.coverage import count

    return shown.once(("rates",), lambda: count(shown.classified))


def readable_rates(permit: Permit, day: date) -> dict[str, Rate]:
    """``rates_on`` for a person: a small town's own numbers would show its members as much as a part's would."""
    return telling.readable(permit, load(permit.town, day), rates_on(permit.town, day))


def rows(policy: Policy, rates: dict[str, Rate], day: date) -> tuple[list[RateRow], list[RateRow]]:
    """The targets of the notice, and the other figures that have no target."""
    made = [
        RateRow(each.id, each.label, rates[each.id], each.target, each.due, day, each.measure == "average")
        for each in policy.indicators
        if each.id in rates
    ]
    return [row for row in made if row.target is not None], [row for row in made if row.target is None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How quickly units got into the numerator so far, and how quickly they must from now on; units a day."""

    so_far: float | None
    needed: float | None

    @property
    def enough(self) -> bool | None:
        if self.needed is None or self.so_far is None:
            return None
        return self.so_far >= self.needed


def pace(town: Town, row: RateRow, start: Rate | None) -> Pace:
    if row.rate.hidden or (start is not None and start.hidden):
        return Pace(None, None)
    days = (row.today - town.drive_starts).days
    so_far = (row.rate.numerator - start.numerator) / days if start is not None and days > 0 else None
    return Pace(so_far, row.pace)


def by_part(permit: Permit, part: str, day: date) -> list[tuple[str, Any, tuple[RateRow, ...]]]:
    """(value, name, rates) for each area, group or kind at the end of a day; the least covered part is not put first: no ranking."""
    from liangxin.coverage import count_by

    shown = on_day(permit.town, day)
    wanted = [each for each in shown.policy.indicators if each.target is not None]
    ids = [each.id for each in wanted]
    counted = shown.once(("rates by", part), lambda: count_by(shown.classified, part, ids))
    order: Mapping[str, str | Text]
    if part == "area":
        order = {area.id: area.name for area in permit.town.as_core().areas if area.kind == "work_area"}
    elif part == "task_group":
        order = names(permit.town, "task_groups")
    else:
        order = FIELDS["kind"].choices or {}
    listed: list[tuple[str, Any]] = [(value, order[value]) for value in order if value in counted]
    listed += [(value, value) for value in counted if value is not None and value not in order]
    if None in counted:
        listed.append(("?", Text("待核", "to verify")))
    shown_rates = {
        each.id: telling.of_parts(
            permit,
            shown,
            each,
            part,
            [counted[None if value == "?" else value][each.id] for value, _ in listed],
            [None if value == "?" else value for value, _ in listed],
        )
        for each in wanted
    }
    return [
        (
            value,
            label,
            tuple(
                RateRow(each.id, each.label, shown_rates[each.id][at], each.target, each.due, day)
                for each in wanted
            ),
        )
        for at, (value, label) in enumerate(listed)
    ]


@dataclass(frozen=True, slots=True)
class Since:
    """What changed since a morning: rates then and now, units touched, and what people did."""

    moment: datetime
    moved: tuple[tuple[RateRow, Rate], ...]  # now, then
    units: int
    sets: tuple[ChangeSet, ...]


def since_yesterday(permit: Permit) -> Since:
    """Since 08:00 of the day before the town's day."""
    from liangxin.coverage import classify, count
    from liangxin.web.units.models import Change
    from liangxin.web.units.sheets import change_sets

    town = permit.town
    moment = timezone.make_aware(datetime.combine(today(town) - timedelta(days=1), MORNING))
    changes = Change.objects.filter(town=town, change_set__at__gt=moment)
    shown = live(town)
    touched = shown.once(("touched since", moment), lambda: changes.values("unit_id").distinct().count())
    moved: list[tuple[RateRow, Rate]] = []
    if touched:
        counted = shown.once(("rates at", moment), lambda: count(classify(as_of(town, moment), shown.policy)))
        then, now = (telling.readable(permit, shown.policy, rates) for rates in (counted, _now(shown)))
        moved = [
            (row, then[row.id])
            for group in rows(shown.policy, now, today(town))
            for row in group
            if not (row.average or row.rate.hidden or then[row.id].hidden)
            and (then[row.id].numerator, then[row.id].denominator, then[row.id].unknown)
            != (row.rate.numerator, row.rate.denominator, row.rate.unknown)
        ]
    sets = (
        tuple(change_sets(permit).filter(at__gt=moment)[:8])
        if permit.reach(Action.READ_UNITS) is not Reach.NONE
        else ()
    )
    return Since(moment, tuple(moved), touched, sets)


def trend(permit: Permit) -> list[tuple[date, dict[str, Rate]]]:
    """The rates at the end of each day from the start of the drive to the town's day."""
    town = permit.town
    last = today(town)
    first = max(town.drive_starts, last - timedelta(days=TREND_DAYS - 1))
    return [
        (day, readable_rates(permit, day))
        for day in (first + timedelta(days=at) for at in range((last - first).days + 1))
    ]


@dataclass(frozen=True, slots=True)
class Mine:
    """What waits for a task group's person: units of the group, those nobody visited, those with something unclear."""

    groups: tuple[str, ...]
    units: int
    not_surveyed: int
    unclear: int


def mine(permit: Permit) -> Mine | None:
    """None for those who work on the whole town or on no unit."""
    import polars as pl

    from liangxin.web.units.queries import readable

    if permit.reach(Action.EDIT_UNITS) is not Reach.GROUP:
        return None
    frame = readable(permit, live(permit.town), Action.EDIT_UNITS).filter(pl.col("in_scope"))
    known = names(permit.town, "task_groups")
    return Mine(
        tuple(known.get(id, id) for id in sorted(permit.groups(Action.EDIT_UNITS))),
        frame.height,
        frame["surveyed_on"].null_count(),
        frame.filter(pl.col("not_clear").list.len() > 0).height,
    )


@dataclass(frozen=True, slots=True)
class Blocked:
    """Something that keeps units from moving on, with its number and its list."""

    label: Text
    clause: str
    units: int
    query: str


_MISSING: Final = {
    "surveyed_on": Text("还没有摸底", "not surveyed yet"),
    "task_group": Text("没有分到推进组", "in no task group"),
}
_Numbers = list[tuple[str, int]]


def _held_up(shown: Live) -> tuple[_Numbers, _Numbers, dict[str, int]]:
    """Units of the base by the fact they wait for, by conflict, and by the field nobody filled in."""
    import polars as pl

    frame = shown.classified.frame.filter(pl.col("in_scope"))
    waiting, clashing = (
        frame.select(pl.col(name).explode()).drop_nulls().group_by(name).len().sort(name).rows()
        for name in ("unknown", "conflicts")
    )
    return waiting, clashing, {name: frame[name].null_count() for name in _MISSING}


def blocked(permit: Permit, day: date) -> list[Blocked]:
    """Facts that are missing where they matter, units nobody surveyed, and conflicts, the most first."""
    shown = on_day(permit.town, day)
    policy = shown.policy
    found: list[Blocked] = []
    waiting, clashing, missing = shown.once(("blocked",), lambda: _held_up(shown))
    for name, number in waiting:
        field: Field = FIELDS[name]
        label = Text(f"{field.label.zh}待核，影响归类", f"{field.label.en} to verify, and it matters")
        found.append(Blocked(label, "4.1", number, f"waits={name}"))
    rules = {rule.id: rule for rule in policy.conflicts}
    for id, number in clashing:
        if small(number) and permit.reach(Action.READ_UNITS) is not Reach.TOWN:
            continue  # most conflicts are about members: one or two units would be known by them
        found.append(
            Blocked(in_general(rules[id].message, policy), rules[id].clause.id, number, f"conflict={id}")
        )
    for name, label in _MISSING.items():
        number = missing[name]
        if number:
            found.append(Blocked(label, "4.1", number, f"missing={name}&scope=1"))
    return sorted(found, key=lambda each: -each.units)


def towns(permits: list[Permit]) -> list[tuple[Town, dict[str, RateRow]]]:
    """Each town with its targets of today by indicator; empty where the person may not see the figures."""
    found = []
    for permit in permits:
        shown: list[RateRow] = []
        if permit.may(Action.SEE_FIGURES):
            day = today(permit.town)
            shown = rows(load(permit.town, day), readable_rates(permit, day), day)[0]
        found.append((permit.town, {row.id: row for row in shown}))
    return found
