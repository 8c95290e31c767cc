"""What if a number of the policy were another: the same ledger under a copy of the policy. Nothing is kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.policy.model import Indicator, Parameter, Policy
from liangxin.registry.small_counts import small
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.overview.telling import untold_change
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.live import Live
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage.movement import Movement
    from liangxin.coverage.rate import Rate

LARGEST: Final = 10_000_000
ASPECTS: Final = ("classes", "asked_form", "possible_forms", "required", "status", "conflicts", "in_scope")


@dataclass(frozen=True, slots=True)
class Asked:
    """One parameter with what the person typed; ``wrong`` says why it cannot be read."""

    parameter: Parameter
    value: float | bool | str
    source: Text
    typed: str
    wrong: Text | None = None

    @property
    def is_truth(self) -> bool:
        return isinstance(self.value, bool)

    @property
    def changed(self) -> bool:
        return self.wrong is None and self.typed != shown(self.value)

    @property
    def new(self) -> float | bool:
        if self.is_truth:
            return self.typed == "true"
        number = float(self.typed)
        return int(number) if number.is_integer() else number


def shown(value: float | bool | str) -> str:
    """A value as the form shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, (int, float)) and abs(value) < 1e6 else str(value)


def read(policy: Policy, given: Mapping[str, str]) -> list[Asked]:
    """Every number and yes/no of the policy; an empty box leaves the value as it is."""
    found: list[Asked] = []
    for parameter in policy.parameters.values():
        value = parameter.on(policy.as_of)
        if isinstance(value.value, str):
            continue
        typed = given.get(f"p-{parameter.id}", "").strip()[:40] or shown(value.value)
        wrong = None
        if isinstance(value.value, bool):
            if typed not in ("true", "false"):
                wrong = Text("只能选“是”或“否”", "Choose yes or no")
        else:
            try:
                number = float(typed)
            except ValueError:
                number = math.nan
            if not 0 <= number <= LARGEST:
                wrong = Text(f"要填0至{LARGEST:,}之间的数字", f"A number from 0 to {LARGEST:,}")
        found.append(Asked(parameter, value.value, value.source, typed, wrong))
    return found


def moved(town: Town, now: Live, changed: list[Asked]) -> Movement:
    """Who moves; kept a while, since the list behind each count is asked for next."""
    from liangxin.coverage.movement import movement

    values = {each.parameter.id: each.new for each in changed}
    key = ("what-if", town.pk, now.seq, now.policy.key, tuple(values.items()))
    return MEMORY.get(key, lambda: movement(now.frame, now.policy, now.policy.with_values(values)))


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is told of who moves. A count is None where other groups' units in it are so few that it would show them.

    ``mine``: the moves of units that the person may read. ``rates``: before and after, of the indicators that differ.
    """

    counts: Mapping[str, int | None]
    touched: int | None
    mine: pl.DataFrame
    rates: tuple[tuple[Indicator, Rate | None, Rate | None], ...]

    @property
    def withheld(self) -> bool:
        return None in self.counts.values() or any(
            rate.hidden for _, *pair in self.rates for rate in pair if rate is not None
        )


def told(permit: Permit, now: Live, found: Movement) -> Told:
    import polars as pl

    from liangxin.web.units.queries import readable

    moves = found.moves
    mine = moves.filter(pl.col("unit_id").is_in(readable(permit, now)["unit_id"].implode()))

    def count(every: int, own: int) -> int | None:
        return None if small(every - own) else every

    own = dict(mine.group_by("aspect").len().iter_rows())
    rates = []
    for each in now.policy.indicators:
        before, after = found.rates[each.id]
        if before == after:
            continue
        if before and after and untold_change(permit, now.policy, each.id, before, after):
            before, after = before.withheld(), after.withheld()
        rates.append((each, before, after))
    return Told(
        {aspect: count(every, own.get(aspect, 0)) for aspect, every in found.counts().items()},
        count(moves["unit_id"].n_unique(), mine["unit_id"].n_unique()),
        mine,
        tuple(rates),
    )


def words(policy: Policy, aspect: str, value: str | None) -> Text:
    """A cell of the movement as a person reads it."""
    from liangxin.registry.fields import FORMS

    if aspect in ("required", "in_scope"):
        truth = {"true": Text("是", "yes"), "false": Text("否", "no")}
        return truth.get(value or "", Text("待核", "to verify"))
    if value is None:
        return Text("无", "none") if aspect != "status" else Text("不在基数", "outside the base")
    labels: dict[str, Text] = {
        "classes": {each.id: each.label for each in policy.classes},
        "possible_forms": dict(FORMS),
        "asked_form": {"separate": Text("单独组建", "separate"), "any": Text("形式不限", "any form")},
        "status": {each.id: each.label for each in policy.statuses} | {"unknown": Text("待核", "to verify")},
        "conflicts": {each.id: Text(each.clause.id, each.clause.id) for each in policy.conflicts},
    }[aspect]
    parts = [labels.get(each, Text(each, each)) for each in value.split(" ")]
    return Text("、".join(each.zh for each in parts), ", ".join(each.en for each in parts))
