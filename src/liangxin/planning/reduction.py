"""What can be part of a solution at most delta above a bound: organizations listed as cores, and arcs of units without members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.cuts import ByUnit, Triple
from liangxin.planning.generation import Pricer, Relaxation

if TYPE_CHECKING:
    from liangxin.planning.block import Block
    from liangxin.planning.master import Duals
    from liangxin.planning.problem import Flags, Floats, Ints
    from liangxin.planning.stars import Stars

MOST_CORES: Final = 25_000
"""An integer program over more than this takes too long and too much memory."""
MOST_LISTED: Final = 100_000
_SLACK: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Kept:
    """What can be part of a solution below the bound + ``delta``."""

    core_star: Ints
    core_arcs: Ints  # padded with -1
    arcs: Flags  # arcs of units without members
    delta: float

    @property
    def size(self) -> int:
        return len(self.core_star) + int(self.arcs.sum())

    def with_also(self, other: Kept) -> Kept:
        """Both together; ``delta`` is this one's."""
        star = np.concatenate([self.core_star, other.core_star])
        arcs = np.concatenate([self.core_arcs, other.core_arcs])
        key = np.column_stack([star, np.sort(arcs, axis=1)])
        _, first = np.unique(key, axis=0, return_index=True)
        first.sort()
        return Kept(star[first], arcs[first], self.arcs | other.arcs, self.delta)


@dataclass(frozen=True, slots=True)
class Listed:
    """All cores up to a limit, each with the least reduced cost of an organization that has it."""

    star: Ints
    arcs: Ints
    value: Floats


def units_of_cores(stars: Stars, core_star: Ints, core_arcs: Ints) -> tuple[Ints, Ints]:
    """(unit, core) for every unit of every core, base units first."""
    sizes = np.array([len(base) for base in stars.base], dtype=np.int64)
    flat = np.array([unit for base in stars.base for unit in base], dtype=np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1] if len(sizes) else np.zeros(0, dtype=np.int64)
    count = sizes[core_star]
    owner = np.repeat(np.arange(len(core_star)), count)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    units = flat[np.repeat(starts[core_star], count) + offset]
    core, place = np.nonzero(core_arcs >= 0)
    joined = stars.arc_unit[core_arcs[core, place]]
    return np.concatenate([units, joined]), np.concatenate([owner, core])


class Reduction:
    """Bounds of every arc and core at given duals, for any delta.

    ``cuts`` are subset-row cuts with their duals (at most 0): a core that has two units of one costs that much more.
    """

    def __init__(self, block: Block, duals: Duals, cuts: list[tuple[Triple, float]] | None = None) -> None:
        from liangxin.planning.pricing import bound_arcs

        self.block, self.duals = block, duals
        self.cuts = [] if cuts is None else [each for each in cuts if each[1] < 0.0]
        self.pricer = Pricer(block)
        stars = block.stars
        self.price, self.base = self.pricer.prices(duals)
        self.arc_cost = self.pricer.arc_cost(duals)
        self.through: Floats
        self.through, _ = bound_arcs(
            block.problem.limits.min_full_members,
            stars.bounds,
            stars.arc_unit,
            self.arc_cost,
            stars.arc_counts,
            self.base,
            stars.base_t,
            stars.base_twos,
            stars.base_holders,
            self.pricer.sizes,
            stars.seats,
            block.cuts.of_star,
            block.cuts.rest,
            duals.thirds,
            duals.halves,
            stars.bare,
            self.price,
            duals.town.established,
        )
        self.already = np.zeros(stars.count)  # what the star's host adds to the bound, at most 0

    @classmethod
    def of(cls, relaxation: Relaxation) -> Reduction:
        """At the relaxation's duals; its bound counts what each host still saves."""
        reduction = cls(relaxation.master.block, relaxation.duals)
        reduction.already = reduction.pricer.by_host(relaxation.best)
        return reduction

    def listed(self, limit: Floats, useful: Flags, most: int) -> Listed | None:
        """All cores with a reduced cost up to ``limit[k]`` (by star); None where these are more than ``most``."""
        from liangxin.planning.cores import list_cores

        block, stars, duals = self.block, self.block.stars, self.duals
        star, arcs, value, complete = list_cores(
            limit,
            most,
            block.problem.limits.min_full_members,
            stars.bounds,
            stars.arc_unit,
            self.arc_cost,
            stars.arc_counts,
            useful,
            self.base,
            stars.base_t,
            stars.base_twos,
            stars.base_holders,
            self.pricer.sizes,
            stars.seats,
            stars.base_members,
            block.problem.members,
            block.problem.limits.max_members,
            block.cuts.of_star,
            block.cuts.rest,
            duals.thirds,
            duals.halves,
            stars.bare,
            self.price,
            duals.town.established,
            block.problem.t,
        )
        return Listed(star, arcs, value) if complete else None

    def keep(self, delta: float) -> Kept | None:
        """Everything within delta; None where that is more than ``MOST_CORES``."""
        useful = self.through - self.already[self.block.stars.arc_star()] <= delta + _SLACK
        found = self.listed(self.already + delta + _SLACK, useful, MOST_CORES)
        return None if found is None else self._kept(found, np.ones(len(found.star), dtype=np.bool_), delta)

    def price_and_keep(self, delta: float) -> tuple[float, Kept] | None:
        """What organizations add to the bound at these duals (at most 0), and everything within delta of that bound.

        None where too many cores come into question. The reduced costs are those with the cuts' duals in them.
        """
        found = self.listed(
            np.full(self.block.stars.count, delta + _SLACK), self.through <= delta + _SLACK, MOST_LISTED
        )
        if found is None:
            return None
        value = found.value + self._penalties(found)
        best = np.zeros(self.block.stars.count)
        np.minimum.at(best, found.star, value)
        self.already = self.pricer.by_host(best)
        inside = value - self.already[found.star] <= delta + _SLACK
        if np.count_nonzero(inside) > MOST_CORES:
            return None
        hosts = np.zeros(self.pricer.hosts)
        np.minimum.at(hosts, self.pricer.host_row, best)
        return float(hosts.sum()), self._kept(found, inside, delta)

    def _kept(self, found: Listed, inside: Flags, delta: float) -> Kept:
        stars = self.block.stars
        star, arcs = found.star[inside], found.arcs[inside]
        founded = np.zeros(stars.count, dtype=np.bool_)
        founded[star] = True
        of_arc = stars.arc_star()
        zeros = (self.through - self.already[of_arc] <= delta + _SLACK) & founded[of_arc]
        return Kept(star, arcs, zeros & (self.block.problem.t[stars.arc_unit] == 0), delta)

    def _penalties(self, found: Listed) -> Floats:
        """What the cuts' duals add to the reduced cost of each core."""
        more = np.zeros(len(found.star))
        if self.cuts:
            units, cores = units_of_cores(self.block.stars, found.star, found.arcs)
            holders = self.block.problem.t[units] > 0
            index = ByUnit(units[holders], cores[holders])
            for triple, dual in self.cuts:
                more[index.with_two(triple)] -= dual
        return more
