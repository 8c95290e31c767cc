"""Organizations by industry that would reach across blocks: what they could save at most at the prices found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import INDUSTRY
from liangxin.planning.stars import arc_costs

if TYPE_CHECKING:
    from liangxin.planning.block import Prices
    from liangxin.planning.problem import Floats, Ints, Problem


def loss_across(problem: Problem, parts: list[Ints], unit_price: list[Floats], prices: Prices) -> float:
    """How much the sum of the blocks' bounds must be lowered to hold for the whole town.

    Every star of an association is priced over the whole town at the blocks' own duals; each host can save at most its
    best reduced cost. Pins (together, apart, forbidden) are not looked at: that only allows more, so the bound holds.
    """
    from liangxin.planning.pricing import NEVER

    price = np.zeros(problem.n)
    for units, own in zip(parts, unit_price, strict=True):
        price[units] = own
    worth = price + prices.reach * problem.work_coverage_share * problem.in_base
    counts = problem.in_base & ((problem.counted >> INDUSTRY & 1) == 1)
    worth = worth + prices.established * counts
    least = problem.limits.min_full_members
    free = (problem.pinned_host < 0) & (problem.t < least) & ((problem.allowed >> INDUSTRY & 1) == 1)
    members: dict[int, list[int]] = {}
    for unit in np.flatnonzero((problem.allowed >> INDUSTRY & 1) == 1).tolist():
        for association in problem.associations.of(unit):
            members.setdefault(int(association), []).append(unit)
    part_of = np.full(problem.n, -1)
    for index, units in enumerate(parts):
        part_of[units] = index
    best = np.zeros(problem.n)
    for association, listed in members.items():
        units = np.array(listed, dtype=np.int32)
        if len(set(part_of[units].tolist())) < 2:
            continue
        open_units = units[free[units]]
        t = problem.t[open_units]
        for host in units[(problem.t[units] >= 1) & (problem.t[units] < least)].tolist():
            if problem.pinned_host[host] not in (-1, host):
                continue
            base = [
                host,
                *np.flatnonzero((problem.pinned_host == host) & (np.arange(problem.n) != host)).tolist(),
            ]
            if any(association not in problem.associations.of(unit) for unit in base):
                continue
            fixed = float(problem.weights.per_organization[INDUSTRY])
            fixed += sum(unit_cost(problem, unit, INDUSTRY, host) - float(worth[unit]) for unit in base)
            reduced = arc_costs(problem, host, INDUSTRY, open_units) - worth[open_units]
            reduced[open_units == host] = NEVER
            seats = problem.limits.max_units - len(base)
            value = _best(
                fixed, int(problem.t[base].sum()), seats, [reduced[t == c] for c in range(3)], least
            )
            best[host] = min(best[host], value)
    return float(-best.sum())


def _best(own: float, base_t: int, seats: int, classes: list[Floats], least: int) -> float:
    """The least reduced cost of any organization of one star: the best few of each class, every pattern."""
    top = []
    for reduced in classes:
        few = (
            np.sort(np.partition(reduced, seats - 1)[:seats])
            if len(reduced) > seats > 0
            else np.sort(reduced)[:seats]
        )
        top.append(np.concatenate([[0.0], np.cumsum(few)]))
    zeros = np.minimum.accumulate(top[0])
    best = 0.0
    for a2 in range(len(top[2])):
        for a1 in range(min(len(top[1]), seats - a2 + 1)):
            if base_t + a1 + 2 * a2 >= least:
                left = min(seats - a1 - a2, len(zeros) - 1)
                best = min(best, own + float(top[1][a1] + top[2][a2] + zeros[left]))
    return best
