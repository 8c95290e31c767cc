"""What the solver answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liangxin.planning.block import Prices
    from liangxin.planning.plan import SolverStatus
    from liangxin.planning.problem import Arrangement


@dataclass(frozen=True, slots=True)
class Solution:
    """``objective`` is ``cost(problem, arrangement).total``; ``bound`` is proven for every arrangement that leaves no more
    targets unmet than this one. ``prices``: what one more established unit, instructor or reached unit is worth."""

    arrangement: Arrangement
    objective: float
    bound: float
    seconds: float
    status: SolverStatus
    prices: Prices

    @property
    def gap(self) -> float:
        return max(self.objective - self.bound, 0.0) / max(abs(self.objective), 1e-9)
