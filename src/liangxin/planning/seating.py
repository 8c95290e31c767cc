"""An arrangement that is put together step by step: organizations founded, seats taken, units left alone; rules kept throughout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.alone import forms_alone, uncovering_forms
from liangxin.planning.forms import INDUSTRY, LEADER, NONE, ORGANIZED
from liangxin.planning.problem import Arrangement, may_join
from liangxin.planning.stars import arc_costs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liangxin.planning.problem import Flags, Floats, Ints, Problem

_CHUNK: Final = 600
"""Holders that are grouped at once; more are taken in pieces that lie together."""
NEAREST: Final = 6


@dataclass(slots=True)
class Group:
    """A joint organization. ``association``: the one that all its units share, of an industry organization, else -1."""

    host: int
    form: int
    units: list[int]
    load: int
    association: int = -1


class Seating:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.alone = forms_alone(problem)
        self.uncovering = uncovering_forms(problem, self.alone)
        self.arrangement = Arrangement.nothing(problem.n)
        self.placed = np.zeros(problem.n, dtype=np.bool_)
        self.groups: list[Group] = []
        self.loads = np.zeros(max(len(problem.place_ids), 1), dtype=np.int64)
        self.particular = {unit for unit, _, _ in problem.forbidden}
        self.apart: dict[int, list[set[int]]] = {}
        for units in problem.apart:
            for unit in units:
                self.apart.setdefault(unit, []).append(set(units))
        self.free = (problem.pinned_host == -1) & (problem.t < problem.limits.min_full_members)
        for units in problem.together:
            self.free[list(units)] = False

    def covers(self, unit: int, form: int) -> bool:
        return not self.uncovering[unit] >> form & 1

    def stay_alone(self, unit: int, form: int) -> None:
        """``form`` without partners; NONE leaves the unit as it is at the start."""
        self.arrangement.form[unit] = form
        self.arrangement.host[unit] = unit if form in ORGANIZED else -1
        self.placed[unit] = form != NONE
        if form == 6:
            self.loads[self.problem.place[unit]] += 1

    def found(self, form: int, units: list[int], host: int = -1, association: int = -1) -> int:
        """Found an organization of these units; its index. Without ``host`` the cheapest of them leads. -1 where the rules
        do not allow it."""
        problem = self.problem
        load = int(problem.members[units].sum())
        if load > problem.limits.max_members or self._clash(units):
            return -1
        if host < 0:
            able = [
                unit
                for unit in units
                if 1 <= problem.t[unit] < problem.limits.min_full_members
                and not any(
                    problem.is_forbidden(each, form, unit) for each in units if each in self.particular
                )
            ]
            if not able:
                return -1
            array = np.array(units, dtype=np.int32)
            host = min(
                able,
                key=lambda unit: (float(arc_costs(problem, unit, form, array[array != unit]).sum()), unit),
            )
        self.groups.append(Group(host, form, list(units), load, association))
        self.arrangement.form[units], self.arrangement.host[units] = form, host
        self.placed[units] = True
        return len(self.groups) - 1

    def fits(self, index: int, unit: int) -> bool:
        """May this unit take a seat here? Territory and line are the caller's business, save for units with rules of their own."""
        problem, group = self.problem, self.groups[index]
        if len(group.units) >= problem.limits.max_units:
            return False
        if group.load + problem.members[unit] > problem.limits.max_members:
            return False
        if not problem.allows(unit, group.form):
            return False
        if unit in self.particular and problem.is_forbidden(unit, group.form, group.host):
            return False
        return unit not in self.apart or not any(
            whole & set(group.units) - {unit} for whole in self.apart[unit]
        )

    def join(self, index: int, unit: int) -> bool:
        """Take a seat where it fits; whether it did."""
        if not self.fits(index, unit):
            return False
        group = self.groups[index]
        group.units.append(unit)
        group.load += int(self.problem.members[unit])
        self.arrangement.form[unit], self.arrangement.host[unit] = group.form, group.host
        self.placed[unit] = True
        return True

    def room(self, index: int) -> int:
        return self.problem.limits.max_units - len(self.groups[index].units)

    def _clash(self, units: Iterable[int]) -> bool:
        whole = set(units)
        return any(len(rule & whole) > 1 for unit in whole if unit in self.apart for rule in self.apart[unit])

    def complete(self, form: int, base: list[int], host: int, near: Ints) -> int:
        """An organization of a given base, others taken from ``near`` as far as it needs them; -1 where it cannot be."""
        problem = self.problem
        association = self.shared_association(form, base)
        if form == INDUSTRY and association < 0:
            return -1
        able = near[self.free[near] & ~self.placed[near] & ((problem.allowed[near] >> form & 1) == 1)]
        able = able[~np.isin(able, base)]
        if form == INDUSTRY:
            able = np.array(
                [unit for unit in able.tolist() if association in problem.associations.of(unit)],
                dtype=np.int32,
            )
        elif form == LEADER:
            able = np.array([u for u in able.tolist() if may_join(problem, u, host, form)], dtype=np.int32)
        order = able[np.argsort(arc_costs(problem, host, form, able), kind="stable")] if len(able) else able
        units = list(base)
        need = problem.limits.min_full_members - int(problem.t[units].sum())
        for unit in sorted(order.tolist(), key=lambda u: problem.t[u] != min(max(need, 0), 2)):
            if need <= 0 and len(units) >= 2:
                break
            useful = problem.t[unit] > 0 if need > 0 else True
            if useful and len(units) < problem.limits.max_units and not self._clash([*units, unit]):
                if unit in self.particular and problem.is_forbidden(unit, form, host):
                    continue
                units.append(unit)
                need -= int(problem.t[unit])
        if need > 0 or len(units) < 2:
            return -1
        return self.found(form, units, host, association)

    def shared_association(self, form: int, units: list[int]) -> int:
        if form != INDUSTRY:
            return -1
        shared = set(self.problem.associations.of(units[0]).tolist())
        for unit in units[1:]:
            shared &= set(self.problem.associations.of(unit).tolist())
        return min(shared, default=-1)

    def group_holders(
        self, form: int, holders: Ints, wanted: tuple[int, int, int] | None = None, association: int = -1
    ) -> list[int]:
        """Found organizations from units with one and two members: as many as there can be, or ``wanted``: so many of three
        ones, of a one and a two, of two twos. Near ones together. Indices of the groups."""
        founded: list[int] = []
        left = wanted
        pieces = self._pieces(holders)
        waiting: list[int] = []
        for index, piece in enumerate(pieces):
            part = np.array([*waiting, *piece.tolist()], dtype=np.int32)
            made, waiting, left = self._group_piece(form, part, left, last=index == len(pieces) - 1)
            for units in made:
                group = self.found(form, units, association=association)
                if group >= 0:
                    founded.append(group)
        return founded

    def _pieces(self, holders: Ints) -> list[Ints]:
        if len(holders) <= _CHUNK:
            return [holders]
        x = np.nan_to_num(self.problem.x_km[holders])
        y = np.nan_to_num(self.problem.y_km[holders])
        strips = max(int(np.sqrt(len(holders) / _CHUNK)), 1)
        strip = np.minimum(np.argsort(np.argsort(x, kind="stable")) * strips // len(x), strips - 1)
        order = np.lexsort((np.where(strip % 2 == 0, y, -y), strip))
        return np.array_split(holders[order], -(-len(holders) // _CHUNK))

    def _group_piece(
        self, form: int, units: Ints, left: tuple[int, int, int] | None, *, last: bool
    ) -> tuple[list[list[int]], list[int], tuple[int, int, int] | None]:
        """Groups of this piece, the units that wait for the next one, and what is left to found."""
        problem = self.problem
        t = problem.t[units]
        ones, twos = np.flatnonzero(t == 1), np.flatnonzero(t == 2)
        most = left or (len(units),) * 3
        if problem.limits.max_units < 3:
            most = (0, most[1], most[2])
        pairs = min(len(ones), len(twos), most[1])
        doubles = min((len(twos) - pairs) // 2, most[2])
        triples = min((len(ones) - pairs) // 3, most[0])
        if not pairs + doubles + triples:
            return [], ([] if last else units.tolist()), left
        rows = [arc_costs(problem, host, form, units) for host in units.tolist()]
        away = np.array(rows)
        away = away + away.T
        open_ = np.ones(len(units), dtype=np.bool_)
        found: list[list[int]] = []
        order = np.argsort(away[np.ix_(ones, twos)], axis=None, kind="stable") if pairs else np.zeros(0, int)
        self._pair(order, ones, twos, open_, pairs, found)
        if doubles:
            rest = twos[open_[twos]]
            square = away[np.ix_(rest, rest)] + np.where(np.tri(len(rest)) > 0, np.inf, 0.0)
            self._pair(np.argsort(square, axis=None, kind="stable"), rest, rest, open_, doubles, found)
        for _ in range(triples):
            rest = ones[open_[ones]]
            seed = rest[int(np.argmax(away[np.ix_(rest, rest)].sum(axis=1)))] if len(rest) > 3 else rest[0]
            others = rest[rest != seed]
            near = others[np.argsort(away[seed, others], kind="stable")[:2]]
            chosen = [int(seed), *near.tolist()]
            open_[chosen] = False
            found.append(chosen)
        spent = None if left is None else (left[0] - triples, left[1] - pairs, left[2] - doubles)
        waiting = [] if last else units[open_].tolist()
        return [units[chosen].tolist() for chosen in found], waiting, spent

    @staticmethod
    def _pair(
        order: Ints, first: Ints, second: Ints, open_: Flags, count: int, found: list[list[int]]
    ) -> None:
        width = len(second)
        for flat in order.tolist():
            if not count:
                return
            a, b = int(first[flat // width]), int(second[flat % width])
            if a != b and open_[a] and open_[b]:
                open_[[a, b]] = False
                found.append([a, b])
                count -= 1

    def seat_costs(self, groups: list[int], units: Ints) -> Floats:
        """[groups, units] what each unit would cost in each group."""
        return np.array(
            [
                arc_costs(self.problem, self.groups[index].host, self.groups[index].form, units)
                for index in groups
            ]
        ).reshape(len(groups), len(units))

    def nearest_seats(self, groups: list[int], units: Ints) -> tuple[Floats, Ints, Ints]:
        """(cost, unit, group) of every unit and the few groups with a seat that are cheapest for it."""
        open_ = [index for index in groups if self.room(index) > 0]
        if not open_ or not len(units):
            return np.zeros(0), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
        cost = self.seat_costs(open_, units)
        few = min(NEAREST, len(open_))
        top = np.argpartition(cost, few - 1, axis=0)[:few]
        flat = np.take_along_axis(cost, top, axis=0)
        group = np.array(open_, dtype=np.int32)[top]
        return flat.ravel(), np.tile(units, few), group.ravel()

    def settle_rest(self, units: Iterable[int], instructors: int) -> int:
        """What is left without partners: a form that covers, the cheapest first; an instructor only where nothing else does.
        How many instructors are left."""
        from liangxin.planning.cost import unit_cost
        from liangxin.planning.forms import SECONDED

        problem = self.problem
        for unit in units:
            mask = int(self.alone[unit])
            forms = [form for form in range(9) if mask >> form & 1 and self.covers(unit, form)]
            if instructors <= 0 or any(form != SECONDED for form in forms):
                forms = [form for form in forms if form != SECONDED]
            if not forms:
                continue
            form = min(
                forms,
                key=lambda code: (
                    float(problem.weights.per_organization[code])
                    + unit_cost(problem, unit, code, unit if code in ORGANIZED else -1),
                    code,
                ),
            )
            instructors -= form == SECONDED
            self.stay_alone(unit, form)
        return instructors
