"""What the solver answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liangxin.planning.block import Prices
    from liangxin.planning.plan import SolverStatus
    from liangxin.planning.problem import Arrangement
    from liangxin.planning.stages import Stages


@dataclass(frozen=True, slots=True)
class Solution:
    """``objective`` is ``cost(problem, arrangement).total``; ``bound`` is proven for every arrangement that leaves no more
    unmet than this one; ``stages`` says what is unmet and what is proven of that. ``prices``: what one more established
    unit, instructor or reached unit is worth."""

    arrangement: Arrangement
    objective: float
    bound: float
    seconds: float
    status: SolverStatus
    prices: Prices
    stages: Stages

    @property
    def gap(self) -> float:
        """Between 0 and 1: how far the objective may at most be above the least there is."""
        if self.objective <= self.bound:
            return 0.0
        return min((self.objective - self.bound) / max(abs(self.objective), 1e-9), 1.0)
