"""Column generation on one block: master and exact pricing in turn, smoothed duals, a bound that is valid at every round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.block import Block, Prices
from liangxin.planning.clock import Clock
from liangxin.planning.master import Duals, Master, right_side, signed_town, single_worth

if TYPE_CHECKING:
    from liangxin.planning.problem import Arrangement, Floats, Ints

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
        self.inside = problem.reach_asked
        hosts, self.host_row = np.unique(stars.host, return_inverse=True)
        self.hosts = len(hosts)

    def prices(self, duals: Duals) -> tuple[Floats, Floats]:
        """The price of every unit (its dual and its worth for 1.5) and the reduced cost of every base."""
        block, stars = self.block, self.block.stars
        price = np.zeros(block.problem.n)
        price[block.active] = duals.unit
        price += duals.town.reach * self.inside
        base = stars.base_cost - np.bincount(self.base_star, price[self.base_unit], stars.count)
        base -= duals.town.established * stars.base_counts + duals.town.uncovered * stars.base_uncovers
        return price, base

    def arc_cost(self, duals: Duals) -> Floats:
        """The cost of every arc with the price of leaving its unit uncovered."""
        stars = self.block.stars
        cost: Floats = stars.arc_cost - duals.town.uncovered * stars.arc_uncovers
        return cost

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
            self.arc_cost(duals),
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
            stars.bare,
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
    start: Arrangement | None = None,
    clock: Clock | None = None,
    *,
    tolerance: float = 2e-5,
    max_rounds: int = 200,
) -> Relaxation:
    """Solve the relaxation to a relative gap of ``tolerance``, to ``max_rounds``, or until the time is over; the bound holds
    in any case. ``start``: an arrangement that meets the block's targets, so that the master has a solution."""
    clock = clock or Clock()
    master = Master(block)
    pricer = Pricer(block)
    if start is not None:
        master.add_organizations(*organizations_of(block, start))
    if block.stars.count:
        guess = pricer.price(_first_guess(master), threshold=1e9)
        master.add_organizations(guess.star, guess.arcs)
    first = _first_guess(master)
    priced = pricer.price(first)
    bound = priced.bound + right_side(block, first)
    best, centre, rounds, value = priced.best, first, 0, np.inf
    smooth = False
    solved = master.solve(clock)
    while solved is not None:
        value, duals = solved
        rounds += 1
        trial = centre.towards(duals, SMOOTHING) if smooth else duals
        priced = pricer.price(trial)
        reached = priced.bound + right_side(block, trial)
        if reached > bound:
            bound, best, centre = reached, priced.best, trial
        smooth = True
        added = master.add_organizations(priced.star, priced.arcs)
        if value - bound <= tolerance * max(1.0, abs(value + block.fixed_cost)) or rounds >= max_rounds:
            break
        if clock.over():
            break
        if not added and trial is duals:
            break
        if not added:
            smooth = False  # mispriced: look at the master's own duals
            continue
        solved = master.solve(clock)
    return Relaxation(master, centre, bound + block.fixed_cost, value + block.fixed_cost, rounds, best)


def organizations_of(block: Block, arrangement: Arrangement) -> tuple[Ints, Ints]:
    """The joint organizations of an arrangement as (star, arcs padded with -1); those that are in no star are left out."""
    stars = block.stars
    widest = max(1, int(stars.seats.max())) if stars.count else 1
    of_host: dict[tuple[int, int], list[int]] = {}
    for k, key in enumerate(zip(stars.host.tolist(), stars.form.tolist(), strict=True)):
        of_host.setdefault(key, []).append(k)
    chosen: list[int] = []
    arcs: list[list[int]] = []
    for key, units in arrangement.groups().items():
        for k in of_host.get(key, ()):
            rest = set(units) - set(stars.base[k])
            if not set(stars.base[k]) <= set(units) or len(rest) > stars.seats[k]:
                continue
            first, last = int(stars.bounds[k, 0]), int(stars.bounds[k, 3])
            found = first + np.flatnonzero(np.isin(stars.arc_unit[first:last], list(rest)))
            if len(found) == len(rest):
                chosen.append(k)
                arcs.append(found.tolist() + [-1] * (widest - len(found)))
                break
    return np.array(chosen, dtype=np.int32), np.array(arcs, dtype=np.int32).reshape(len(arcs), widest)


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
    town = signed_town(block, Prices(established=float(problem.weights.per_unit.max()) / 2))
    return Duals(worth, np.zeros(len(block.places)), np.zeros(cuts), np.zeros(cuts), town)
