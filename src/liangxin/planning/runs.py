"""One run of the solver over one problem: the best arrangement so far, what it leaves unmet, and what is proven."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.block import (
    ESTABLISHED_PRICE,
    REACH_PRICE,
    UNCOVERED_PRICE,
    Prices,
    Targets,
    build_block,
)
from liangxin.planning.check import check
from liangxin.planning.classes import Classes, group_alike
from liangxin.planning.compact import MOST_FLOWS, CompactProgram, flows_at_most
from liangxin.planning.cost import cost
from liangxin.planning.counting import CountingProgram
from liangxin.planning.first import answer_first
from liangxin.planning.forms import NONE
from liangxin.planning.handing import hand_out
from liangxin.planning.local_search import search_locally
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.scale import normal_weights, scaled_weights, usual_factor
from liangxin.planning.stages import Shortfall, Stages, measure_shortfall

if TYPE_CHECKING:
    from liangxin.planning.clock import Clock
    from liangxin.planning.options import PlanOptions

ONE_PIECE: Final = 3_200
"""Towns up to this many units are solved in one piece."""
_COUNTING_SHARE: Final = 0.3
_COUNTING_LEAST: Final = 2.0
_COUNTING_MOST: Final = 0.4
"""The counting program gets this share of the time, at least so many seconds, never more than the last share."""
_COUNTING_ALWAYS: Final = 0.5
"""Seconds that it gets even where the time is over: what is covered and established is worth that much."""
_PROVING_SHARE: Final = 0.3
"""Of the time: for stages that counts alone do not settle."""
_STAGED: Final = frozenset({"establishment", "work_coverage", "required"})
_EXCUSED: Final = frozenset({"form", "pinned", "together"})
"""Rules that units with nothing may break: they are left out, which the first stage counts."""
_ALIKE: Final = 0.6
"""With at most this share of classes among units, equal units are counted instead of named."""
_MOST_ARCS: Final = 2_500_000
"""Pairs of a lead unit and one that could join it; a market with more than that keeps its first answer, unproven."""
_MANY_CORES: Final = 1_000
"""With more cores than this, and than half the flows between classes, within the branching distance of the bound, the program
over classes takes over: so many organizations cost the same that one over cores hardly begins to branch."""
_TRIES: Final = 40
"""Of the local search that ends a run without proof: for each unit."""
_NEAR: Final = 1e-4
"""Shortfalls of 1.5 this near to each other are the same."""


def within_rules(problem: Problem, arrangement: Arrangement) -> bool:
    """Does it keep every rule but the targets of the stages?"""
    for each in check(problem, arrangement):
        left_out = bool(each.units) and all(arrangement.form[unit] == NONE for unit in each.units)
        if each.code not in _STAGED and not (each.code in _EXCUSED and left_out):
            return False
    return True


class Run:
    """It begins with the first answer. Costs inside are of ``problem``: the original's with weights brought to the usual
    scale; ``unit`` is what one of them is in the original's own. ``bound`` is in the original's; ``least`` holds the bounds
    of the stages."""

    def __init__(self, original: Problem, options: PlanOptions, clock: Clock) -> None:
        self.original, self.options, self.clock = original, options, clock
        self.least = Shortfall()
        self.bound = -np.inf
        self.prices = Prices()
        weights, largest = normal_weights(original.weights)
        problem = replace(original, weights=weights)
        self.arrangement = answer_first(problem)
        arranged = int(np.count_nonzero(self.arrangement.form != NONE))
        factor = usual_factor(cost(problem, self.arrangement).total, arranged)
        self.problem = replace(problem, weights=scaled_weights(weights, factor))
        self.unit = largest / factor
        self.shortfall = measure_shortfall(self.problem, self.arrangement)
        self.value = cost(self.problem, self.arrangement).total

    def count(self) -> None:
        """Stages (a) to (c): bounds, and an arrangement that reaches more where the first answer does not."""
        if self.shortfall == Shortfall():
            return
        program = CountingProgram(self.problem)
        seconds = max(_COUNTING_SHARE * self.options.time_limit, _COUNTING_LEAST)
        allowed = self.clock.lasting(
            max(min(seconds, _COUNTING_MOST * self.options.time_limit), _COUNTING_ALWAYS)
        )
        self.least, counts = program.solve(
            self.shortfall, allowed, self.options.seed, tidy=self.problem.n > ONE_PIECE
        )
        if counts is not None:
            self.offer(hand_out(program, counts))
        self._settle_reach()
        if not self.stages.proven and self.problem.n <= ONE_PIECE:
            self.prove(self.clock.shortened(_PROVING_SHARE * self.options.time_limit))

    @property
    def stages(self) -> Stages:
        return Stages(self.shortfall, self.least)

    def _settle_reach(self) -> None:
        if self.least.unreached >= self.shortfall.unreached - _NEAR:
            self.least = replace(self.least, unreached=self.shortfall.unreached)

    def prove(self, clock: Clock) -> None:
        """Stages that counts do not settle (units to be together or apart, forbidden hosts): the same solver, with what is
        unmet as the only cost."""
        problem = replace(self.problem, weights=scaled_weights(self.problem.weights, 0.0))
        whole = float(self.problem.n)
        least = [self.least.uncovered, self.least.unestablished, self.least.unreached]
        answer = [self.shortfall.uncovered, self.shortfall.unestablished]
        for stage in range(2):
            if least[stage] < answer[stage] - 1e-6:
                # The counts did better here than what could be arranged: their bounds of the stages after it do not hold.
                least[stage + 1 :] = [0.0] * (2 - stage)
        for stage, price in enumerate((UNCOVERED_PRICE, ESTABLISHED_PRICE, REACH_PRICE)):
            now = [self.shortfall.uncovered, self.shortfall.unestablished, self.shortfall.unreached]
            if least[stage] >= now[stage] - 1e-6 or clock.over():
                continue
            asked = [*now[:stage], least[stage], whole, whole][:3]
            targets = Targets(
                Shortfall(int(asked[0]), int(asked[1]), float(asked[2])), stage == 0, stage == 1, stage == 2
            )
            bound, arrangement = self.search(
                problem, targets, clock, 0.0, price * (now[stage] - least[stage])
            )
            self.offer(arrangement)
            proven = least[stage] + bound / price
            least[stage] = max(least[stage], float(np.ceil(proven - _NEAR)) if stage < 2 else proven)
        self.least = Shortfall(
            int(least[0]), int(least[1]), min(round(least[2], 9), self.shortfall.unreached)
        )
        self._settle_reach()

    def offer(self, arrangement: Arrangement) -> bool:
        """Take this arrangement if it is within the rules and better; whether it was."""
        if not within_rules(self.problem, arrangement):
            return False
        shortfall = measure_shortfall(self.problem, arrangement)
        value = cost(self.problem, arrangement).total
        if (shortfall, value) >= (self.shortfall, self.value):
            return False
        self.arrangement, self.shortfall, self.value = arrangement, shortfall, value
        return True

    def lower_cost(self) -> None:
        """Stage (d): the cost, with what the stages reached as rows."""
        classes = group_alike(self.problem)
        countable = flows_at_most(self.problem, classes.units) <= MOST_FLOWS
        alike = countable and classes.count <= _ALIKE * self.problem.n
        each = [[unit] for unit in range(self.problem.n)]
        if not alike and flows_at_most(self.problem, each) <= _MOST_ARCS:
            flows = flows_at_most(self.problem, classes.units)
            self._lower_cost_of_cores(max(_MANY_CORES, flows // 2) if countable else None)
        if countable and not self.is_proven and not self.clock.over():
            self._lower_cost_of_classes(classes)

    @property
    def is_proven(self) -> bool:
        """Is the gap that was asked for proven?"""
        return self.value - self.bound / self.unit <= self.options.gap * self.value

    def _lower_cost_of_cores(self, most_cores: int | None) -> None:
        """``most_cores``: where more of them are near the bound, a program over them does not even begin to branch; only the
        bound is taken."""
        from liangxin.planning.generation import relax
        from liangxin.planning.search import BRANCH_DELTA, Answer, Limits, search, tighten

        relaxation = relax(build_block(self.problem, Targets(self.shortfall)), self.arrangement, self.clock)
        self.prices = relaxation.duals.town.times(self.unit)
        self.bound = relaxation.bound * self.unit
        if self.clock.over():
            return
        limits = Limits(self.options.gap, clock=self.clock, seed=self.options.seed)
        tight = tighten(relaxation, self.arrangement, limits)
        self.bound = tight.bound * self.unit
        if most_cores is not None and tight.columns_within(BRANCH_DELTA, self.clock) > most_cores:
            return
        answer = search(tight, limits, Answer(self.arrangement, self.value, tight.bound))
        self.offer(answer.arrangement)
        self.bound = answer.bound * self.unit

    def _lower_cost_of_classes(self, classes: Classes) -> None:
        """Units alike as one; also where so many organizations cost the same that listing them is of no use."""
        program = CompactProgram(self.problem, classes, self.shortfall)
        bound, better = program.solve(
            self.arrangement, self.value, self.options.gap, self.clock, self.options.seed
        )
        if better is not None:
            self.offer(better)
        self.bound = max(self.bound, bound * self.unit)

    def tinker(self) -> None:
        """Local search on what was found: where the programs were cut short, never above what an evening would gain."""
        steps = _TRIES * self.problem.n
        found, kept = search_locally(self.problem, self.arrangement, self.clock, steps, self.options.seed)
        if kept:
            self.offer(found)

    def search(
        self,
        problem: Problem,
        targets: Targets,
        clock: Clock,
        gap: float,
        value: float,
    ) -> tuple[float, Arrangement]:
        """The bound and the best arrangement of a problem in one piece. ``value``: what the one we have is worth there."""
        from liangxin.planning.generation import relax
        from liangxin.planning.search import Answer, Limits, search, tighten

        block = build_block(problem, targets)
        relaxation = relax(block, self.arrangement, clock)
        if clock.over():
            return relaxation.bound, self.arrangement
        limits = Limits(gap, clock=clock, seed=self.options.seed)
        tight = tighten(relaxation, self.arrangement, limits)
        answer = search(tight, limits, Answer(self.arrangement, value, relaxation.bound))
        return answer.bound, answer.arrangement
