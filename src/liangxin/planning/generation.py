"""Column generation on one block: master and exact pricing in turn, smoothed duals, a bound that is valid at every round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.block import Block, Prices
from liangxin.planning.master import Duals, Master, single_worth

if TYPE_CHECKING:
    from collections.abc import Callable

    from liangxin.planning.problem import Floats, Ints

PER_STAR: Final = 4
SMOOTHING: Final = 0.5
_ZERO: Final = -1e-7


@dataclass(slots=True)
class Priced:
    """What pricing found at some duals."""

    bound: float
    best: Floats  # [K] least reduced cost of each star
    star: Ints
    arcs: Ints
    reduced: Floats


@dataclass(slots=True)
class Relaxation:
    """The linear relaxation, solved: ``bound`` is proven; ``value`` is the master's optimum (they meet when converged)."""

    master: Master
    duals: Duals  # those that gave ``bound``
    bound: float
    value: float
    rounds: int
    best: Floats  # least reduced cost of each star at ``duals``


class Pricer:
    """Calls the compiled pricing of a block's stars."""

    def __init__(self, block: Block) -> None:
        self.block = block
        stars, problem = block.stars, block.problem
        self.sizes = np.array([len(base) for base in stars.base], dtype=np.int32)
        self.base_star = np.repeat(np.arange(stars.count), self.sizes)
        self.base_unit = np.array([unit for base in stars.base for unit in base], dtype=np.int32)
        self.inside = problem.in_base.astype(np.float64) * problem.work_coverage_share
        hosts, self.host_row = np.unique(stars.host, return_inverse=True)
        self.hosts = len(hosts)

    def prices(self, duals: Duals) -> tuple[Floats, Floats]:
        """The price of every unit (its dual and its worth for 1.5) and the reduced cost of every base."""
        block, stars = self.block, self.block.stars
        price = np.zeros(block.problem.n)
        price[block.active] = duals.unit
        price += duals.town.reach * self.inside
        base = stars.base_cost - np.bincount(self.base_star, price[self.base_unit], stars.count)
        base -= duals.town.established * stars.base_counts
        return price, base

    def price(self, duals: Duals, per_star: int = PER_STAR, threshold: float = _ZERO) -> Priced:
        from liangxin.planning.pricing import price_stars

        block, stars = self.block, self.block.stars
        price, base = self.prices(duals)
        best, star, arcs, reduced = price_stars(
            per_star,
            threshold,
            block.problem.limits.min_full_members,
            stars.bounds,
            stars.arc_unit,
            stars.arc_cost,
            stars.arc_counts,
            base,
            stars.base_t,
            stars.base_twos,
            stars.base_holders,
            self.sizes,
            stars.seats,
            stars.crowded,
            stars.base_members,
            block.problem.members,
            block.problem.limits.max_members,
            block.cuts.of_star,
            block.cuts.rest,
            duals.thirds,
            duals.halves,
            price,
            duals.town.established,
        )
        return Priced(self._bound(duals, best), best, star, arcs, reduced)

    def _bound(self, duals: Duals, best: Floats) -> float:
        """Lagrangian: no unit hosts more than one organization, so each host adds at most its best reduced cost."""
        by_host = np.zeros(self.hosts)
        np.minimum.at(by_host, self.host_row, np.minimum(best, 0.0))
        return float(by_host.sum() + np.minimum(self.single_reduced(duals), 0.0).sum())

    def single_reduced(self, duals: Duals) -> Floats:
        """Reduced cost of every single."""
        block, singles = self.block, self.block.singles
        reduced = singles.cost - duals.unit[block.row_of[singles.unit]]
        placed = singles.place >= 0
        reduced[placed] -= duals.place[block.place_row[singles.place[placed]]]
        return reduced - single_worth(block, duals.town)

    def by_host(self, best: Floats) -> Floats:
        """For every star what its host already adds to the bound: the least of the host's stars, at most 0."""
        least = np.zeros(self.hosts)
        np.minimum.at(least, self.host_row, np.minimum(best, 0.0))
        return least[self.host_row]


def relax(
    block: Block,
    prices: Prices | None = None,
    *,
    tolerance: float = 2e-5,
    max_rounds: int = 200,
    start: Relaxation | None = None,  # of the same block at other prices: its columns are used again
    stop: Callable[[], bool] = lambda: False,
) -> Relaxation:
    """Solve the relaxation to a relative gap of ``tolerance``, or to ``max_rounds``; the bound holds in any case."""
    master = Master(block, prices) if start is None else start.master
    pricer = Pricer(block)
    if start is not None and prices is not None:
        master.reprice(prices)
    elif block.stars.count:
        guess = pricer.price(_first_guess(master), threshold=1e9)
        master.add_organizations(guess.star, guess.arcs)
    value, duals = master.solve()
    centre = duals
    bound, best, rounds = -np.inf, np.zeros(block.stars.count), 0
    smooth = False
    while True:
        rounds += 1
        trial = centre.towards(duals, SMOOTHING) if smooth else duals
        priced = pricer.price(trial)
        reached = priced.bound + master.right_side(trial)
        if reached > bound:
            bound, best, centre = reached, priced.best, trial
        smooth = True
        added = master.add_organizations(priced.star, priced.arcs)
        if (
            value - bound <= tolerance * max(1.0, abs(value + block.fixed_cost))
            or rounds >= max_rounds
            or stop()
        ):
            break
        if not added and trial is duals:
            break
        if not added:
            smooth = False  # mispriced: look at the master's own duals
            continue
        value, duals = master.solve()
    return Relaxation(master, centre, bound + block.fixed_cost, value + block.fixed_cost, rounds, best)


def _first_guess(master: Master) -> Duals:
    """Duals to begin with: a unit is worth its cheapest single; an established unit what joining a neighbour costs."""
    block = master.block
    singles, problem = block.singles, block.problem
    worth = np.zeros(len(block.active))
    rows = block.row_of[singles.unit]
    cheap = np.full(len(block.active), np.inf)
    np.minimum.at(cheap, rows, singles.cost)
    worth[block.must] = np.minimum(cheap[block.must], 2.0)
    cuts = len(block.cuts.rest)
    town = master.prices or Prices(established=float(problem.weights.per_unit.max()) / 2)
    return Duals(worth, np.zeros(len(block.places)), np.zeros(cuts), np.zeros(cuts), town)
