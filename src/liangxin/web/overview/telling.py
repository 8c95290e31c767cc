"""What of the rates a person is told: small numbers about members are withheld from those who may not read the units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from liangxin.coverage.rate import Rate
from liangxin.policy.model import Indicator, Policy
from liangxin.registry.access import Action, Reach
from liangxin.registry.cross_tables import Withheld, withhold_in_tables
from liangxin.registry.small_counts import about_members, small
from liangxin.web.accounts.permission import Permit
from liangxin.web.units.live import Live
from liangxin.wording import Text

PARTS: Final = {
    "area": Text("按工作片", "By work area"),
    "task_group": Text("按推进组", "By task group"),
    "kind": Text("按单位类别", "By kind"),
}
"""The tables of the overview, by the ledger's column."""


def readable(permit: Permit, policy: Policy, rates: Mapping[str, Rate]) -> dict[str, Rate]:
    """The town's rates by indicator."""
    return {id: rate.withheld() if untold(permit, policy, id, rate) else rate for id, rate in rates.items()}


def untold(permit: Permit, policy: Policy, id: str, *rates: Rate) -> bool:
    """Whether these rates of an indicator are withheld from a person, all of them together: it is about members, or the
    policy of now does not know it, and a number in one of them is small."""
    return _kept_from(permit, policy, id) and any(_small(rate) for rate in rates)


def untold_change(permit: Permit, policy: Policy, id: str, before: Rate, after: Rate) -> bool:
    """Whether two rates side by side are withheld: by ``untold``, or because what is between them is small."""
    between = (abs(getattr(after, part) - getattr(before, part)) for part in ("numerator", "denominator"))
    return untold(permit, policy, id, before, after) or (
        _kept_from(permit, policy, id) and any(small(count) for count in between)
    )


def of_parts(
    permit: Permit,
    shown: Live,
    indicator: Indicator,
    part: str,
    rates: Sequence[Rate],
    values: Sequence[str | None],
) -> list[Rate]:
    """An indicator's rates by area, group or kind, of the parts named by ``values`` (None: units that are in none)."""
    if not _kept_from(permit, shown.policy, indicator.id):
        return list(rates)
    gone = _withheld(shown, indicator.id)
    if gone.total:  # the town's own number stands above: then no part can be shown
        return [rate.withheld() for rate in rates]
    hidden = gone.values[list(PARTS).index(part)] if gone.values else frozenset()
    return [rate.withheld() if value in hidden else rate for value, rate in zip(values, rates, strict=True)]


def _withheld(shown: Live, indicator: str) -> Withheld:
    """What the tables by area, group and kind must not show, reckoned together, once in a state of the ledger."""
    from liangxin.coverage import count_crossings

    def reckon() -> Withheld:
        crossed = count_crossings(shown.classified, list(PARTS), [indicator])
        measures = [crossed[f"{name}:{indicator}"].to_list() for name in ("denominator", "numerator")]
        return withhold_in_tables(crossed.select(list(PARTS)).rows(), measures)

    return shown.once(("withheld", indicator), reckon)


def _kept_from(permit: Permit, policy: Policy, id: str) -> bool:
    """Whether small numbers of this indicator are: a person who reads the units reads them there."""
    if permit.reach(Action.READ_UNITS) is Reach.TOWN:
        return False
    indicator = next((each for each in policy.indicators if each.id == id), None)
    if indicator is None:
        return True
    numerator = indicator.numerator.fields if indicator.numerator is not None else frozenset()
    return about_members(indicator.denominator.fields | numerator)


def _small(rate: Rate) -> bool:
    return small(rate.numerator) or small(rate.denominator)
