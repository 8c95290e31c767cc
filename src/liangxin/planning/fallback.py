"""An arrangement without any search, for when the time is up before the solver has one: what stands, stays; the others alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liangxin.planning.check import joint_violations
from liangxin.planning.forms import ALONE, NONE
from liangxin.planning.mending import mend
from liangxin.planning.problem import Arrangement

if TYPE_CHECKING:
    from liangxin.planning.block import Block


def fallback(block: Block) -> Arrangement:
    """Organizations that are pinned as they are, every other unit in its cheapest form without partners, then mended."""
    problem, stars, singles = block.problem, block.stars, block.singles
    arrangement = Arrangement.nothing(problem.n)
    cheapest: dict[int, tuple[float, int]] = {
        unit: (0.0, int(form)) for unit, form in enumerate(block.fixed_form.tolist()) if form >= 0
    }
    for unit, form, price in zip(
        singles.unit.tolist(), singles.form.tolist(), singles.cost.tolist(), strict=True
    ):
        cheapest[unit] = min(cheapest.get(unit, (price, form)), (price, form))
    for unit, (_, form) in cheapest.items():
        arrangement.form[unit], arrangement.host[unit] = form, unit if form in ALONE else -1
    taken: set[int] = set()
    for k, base in enumerate(stars.base):
        form, host = int(stars.form[k]), int(stars.host[k])
        stuck = any(arrangement.form[unit] == NONE for unit in base)
        if stuck and not taken & set(base) and not joint_violations(problem, form, host, base):
            arrangement.form[list(base)], arrangement.host[list(base)] = form, host
            taken |= set(base)
    mend(problem, arrangement)
    return arrangement
