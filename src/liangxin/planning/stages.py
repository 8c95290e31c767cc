"""What comes before cost, in order: fewest units left out, most established up to the target, the reach of instructors.

Each stage has what an arrangement reaches and a bound that no arrangement beats. Costs do not enter, so weights of any
scale give the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.alone import forms_alone, uncovering_forms
from liangxin.planning.check import tally

if TYPE_CHECKING:
    from liangxin.planning.problem import Arrangement, Problem


@dataclass(frozen=True, slots=True, order=True)
class Shortfall:
    """What an arrangement leaves unmet; the order is that of the stages.

    ``uncovered``: units left out. ``unestablished``: units short of the target of 1.4. ``unreached``: units without an
    organization short of what the instructors should reach (1.5).
    """

    uncovered: int = 0
    unestablished: int = 0
    unreached: float = 0.0


@dataclass(frozen=True, slots=True)
class Stages:
    """``reached``: of the arrangement. ``bound``: the least that is proven possible, each for arrangements that do as well
    in the stages before it."""

    reached: Shortfall
    bound: Shortfall

    @property
    def uncovered_proven(self) -> bool:
        return self.bound.uncovered >= self.reached.uncovered

    @property
    def established_proven(self) -> bool:
        return self.bound.unestablished >= self.reached.unestablished

    @property
    def reach_proven(self) -> bool:
        return self.bound.unreached >= self.reached.unreached - 1e-6

    @property
    def proven(self) -> bool:
        return self.uncovered_proven and self.established_proven and self.reach_proven


def measure_shortfall(problem: Problem, arrangement: Arrangement) -> Shortfall:
    """What this arrangement leaves unmet."""
    uncovering = uncovering_forms(problem, forms_alone(problem))
    uncovered = int(np.count_nonzero(uncovering >> arrangement.form & 1))
    counts = tally(problem, arrangement)
    short = max(problem.establishment_needed - counts.established, 0)
    reach = max(counts.reach_needed() - counts.reachable(problem), 0.0)
    return Shortfall(uncovered, short, round(reach, 9))
