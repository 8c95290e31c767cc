"""A first answer at once, by plain rules: what stands stays, members found what they can, seats are filled where it costs least.

NumPy only, so that it never waits for a compiler. It is the incumbent from then on: nothing worse is ever returned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.check import joint_violations
from liangxin.planning.cost import unit_cost
from liangxin.planning.forms import ALONE, INDUSTRY, JOINT, LEADER, NONE, SEPARATE, VILLAGE, bit
from liangxin.planning.seating import Seating
from liangxin.planning.stars import Shape, arc_costs, fits_base, led_by, standing_size

if TYPE_CHECKING:
    from liangxin.planning.problem import Arrangement, Floats, Ints, Problem


def answer_first(problem: Problem) -> Arrangement:
    """An arrangement within the rules; targets are met as far as these rules of thumb can."""
    work = _First(problem)
    work.keep_standing()
    work.found_in_territories()
    work.cover_required()
    work.found_leftovers()
    work.fill_for_establishment()
    return work.seating.arrangement


class _First:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.seating = Seating(problem)
        self.shape = Shape(problem)
        self.instructors = problem.instructors
        self.at_territory: dict[int, list[int]] = {}  # groups by territory
        self.at_association: dict[int, list[int]] = {}
        self.led: dict[int, list[int]] = {}  # leader groups by work area

    def keep_standing(self) -> None:
        """Organizations that are pinned, units that must be together, and units with three full members."""
        problem, seating = self.problem, self.seating
        for host in np.unique(problem.pinned_host[problem.pinned_host >= 0]).tolist():
            if problem.pinned_host[host] not in (-1, host):
                continue
            base = [host, *self.shape.pinned.get(host, ())]
            if len(base) == 1 and any(seating.alone[host] >> form & 1 for form in ALONE):
                self._settle([host])
            elif not self._found_standing(base, host) and not self._found_base(base, host):
                self._settle(base)
        for whole in problem.together:
            if not seating.placed[list(whole)].any():
                self._found_whole(list(whole))
        grown = np.flatnonzero((problem.t >= problem.limits.min_full_members) & (problem.pinned_host == -1))
        self._settle([unit for unit in grown.tolist() if not seating.placed[unit]])
        for unit in grown[~seating.placed[grown] & problem.can_lead[grown]].tolist():
            if unit in self.shape.bound_together:
                continue
            self._found_base([unit], unit)  # nothing but leading is open to it

    def _found_standing(self, base: list[int], host: int) -> bool:
        """What stands as it is, whatever is 待核 of where its units belong, and whatever its size."""
        problem = self.problem
        if len(base) < 2 or standing_size(problem, host) < len(base):
            return False
        for form in JOINT:
            open_ = all(problem.allows(unit, form) for unit in base)
            if open_ and not joint_violations(problem, form, host, base):
                shared = self.seating.shared_association(form, base)
                group = self.seating.found(form, base, host, shared)
                if group >= 0 and (form != INDUSTRY or shared >= 0):
                    self._note(group)
                return group >= 0
        return False

    def _settle(self, units: list[int]) -> None:
        self.instructors = self.seating.settle_rest(units, self.instructors)

    def _near(self, host: int, form: int) -> Ints:
        problem = self.problem
        if form == LEADER:
            return self.shape.by_area.get(int(problem.work_area[host]), np.zeros(0, dtype=np.int32))
        if form == INDUSTRY:
            fellows = {
                u for each in problem.associations.of(host) for u in self.shape.by_association[int(each)]
            }
            return np.array(sorted(fellows), dtype=np.int32)
        return self.shape.by_territory[int(problem.territory[host])]

    def _forms(self, host: int) -> list[int]:
        problem = self.problem
        if problem.t[host] >= problem.limits.min_full_members:
            return [LEADER] if problem.can_lead[host] and problem.work_area[host] >= 0 else []
        if problem.t[host] < 1:
            return []
        here = [problem.territory_form(host)] if problem.territory[host] >= 0 else []
        return [*here, *([INDUSTRY] if len(problem.associations.of(host)) else [])]

    def _found_base(self, base: list[int], host: int) -> bool:
        for form in self._forms(host):
            association = self.seating.shared_association(form, base)
            if form == INDUSTRY and association < 0:
                continue
            if len(base) > self.problem.limits.max_units or not fits_base(
                self.problem, base, form, association
            ):
                continue
            group = self.seating.complete(form, base, host, self._near(host, form))
            if group >= 0:
                self._note(group)
                return True
        return False

    def _found_whole(self, whole: list[int]) -> None:
        """Under one of its own units, else under the cheapest unit near it that could lead it."""
        problem = self.problem
        others = {unit for form in (*JOINT,) for unit in self._possible_hosts(whole, form)}
        for host in (*whole, *sorted(others - set(whole))):
            if self.seating.placed[host] and problem.t[host] < problem.limits.min_full_members:
                continue
            if problem.pinned_host[host] not in (-1, host):
                continue
            if self._found_base([host, *(unit for unit in whole if unit != host)], host):
                return

    def _possible_hosts(self, whole: list[int], form: int) -> list[int]:
        problem = self.problem
        if form == LEADER:
            near = self.shape.by_area.get(int(problem.work_area[whole[0]]), np.zeros(0, dtype=np.int32))
            return near[problem.can_lead[near]].tolist()  # type: ignore[no-any-return]
        if form == INDUSTRY:
            return [
                u for each in problem.associations.of(whole[0]) for u in self.shape.by_association[int(each)]
            ]
        return self.shape.by_territory[int(problem.territory[whole[0]])].tolist()  # type: ignore[no-any-return]

    def _note(self, index: int) -> None:
        group = self.seating.groups[index]
        if group.form == LEADER:
            self.led.setdefault(int(self.problem.work_area[group.host]), []).append(index)
        elif group.form == INDUSTRY:
            self.at_association.setdefault(group.association, []).append(index)
        else:
            self.at_territory.setdefault(int(self.problem.territory[group.host]), []).append(index)

    def _open_units(self, units: Ints, form: int) -> Ints:
        able = self.seating.free[units] & ~self.seating.placed[units]
        result: Ints = units[able & ((self.problem.allowed[units] >> form & 1) == 1)]
        return result

    def found_in_territories(self) -> None:
        for territory, units in self.shape.by_territory.items():
            if territory < 0:
                continue
            form = self.problem.territory_form(int(units[0]))
            holders = self._open_units(units[self.problem.t[units] >= 1], form)
            if len(holders) >= 2:
                for group in self.seating.group_holders(form, holders):
                    self._note(group)

    def found_leftovers(self) -> None:
        """Members that their territory left over, by association, where that covers them or 1.4 needs it."""
        for association, listed in sorted(self.shape.by_association.items()):
            units = self._open_units(np.array(listed, dtype=np.int32), INDUSTRY)
            holders = units[self.problem.t[units] >= 1]
            needed = self.seating.uncovering[holders] >> self.seating.arrangement.form[holders] & 1
            if len(holders) >= 2 and (needed.any() or self._short() > 0):
                for group in self.seating.group_holders(INDUSTRY, holders, association=association):
                    self._note(group)

    def _seats(self, units: Ints) -> tuple[Floats, Ints, Ints]:
        """Candidates (cost, unit, group) of these units in all kinds of groups."""
        problem = self.problem
        parts: list[tuple[Floats, Ints, Ints]] = []
        flags = np.zeros(problem.n, dtype=np.bool_)
        flags[units] = True
        for territory, groups in self.at_territory.items():
            here = self.shape.by_territory[territory]
            parts.append(self.seating.nearest_seats(groups, here[flags[here]]))
        for association, groups in self.at_association.items():
            here = np.array(self.shape.by_association[association], dtype=np.int32)
            parts.append(self.seating.nearest_seats(groups, here[flags[here]]))
        for area, groups in self.led.items():
            here = self.shape.by_area[area]
            here = here[flags[here]]
            for index in groups:
                host = self.seating.groups[index].host
                near = here[led_by(problem, host, here)] if len(here) else here
                parts.append(
                    (arc_costs(problem, host, LEADER, near), near, np.full(len(near), index, dtype=np.int32))
                )
        parts += self._new_leaders(flags)
        if not parts:
            return np.zeros(0), np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
        cost, unit, group = (np.concatenate([part[i] for part in parts]) for i in range(3))
        order = np.lexsort((group, unit, cost))
        return cost[order], unit[order].astype(np.int32), group[order].astype(np.int32)

    def _new_leaders(self, flags: np.ndarray) -> list[tuple[Floats, Ints, Ints]]:
        """Leading enterprises that stand alone so far: group -1 - host."""
        problem, parts = self.problem, []
        able = problem.can_lead & (self.seating.arrangement.form == SEPARATE) & (problem.work_area >= 0)
        able &= (problem.allowed >> LEADER & 1) == 1
        for host in np.flatnonzero(able).tolist():
            if host in self.shape.pinned:
                continue  # it could lead only with those that are pinned to it, and they do not fit
            here = self.shape.by_area[int(problem.work_area[host])]
            here = here[flags[here]]
            near = here[led_by(problem, host, here)] if len(here) else here
            if len(near) and not problem.is_forbidden(host, LEADER, host):
                opening = float(
                    problem.weights.per_organization[LEADER] - problem.weights.per_organization[SEPARATE]
                )
                opening += unit_cost(problem, host, LEADER, host) - unit_cost(problem, host, SEPARATE, host)
                costs = arc_costs(problem, host, LEADER, near) + max(opening, 0.0)
                parts.append((costs, near, np.full(len(near), -1 - host, dtype=np.int32)))
        return parts

    def _take_seat(self, unit: int, group: int) -> bool:
        """Sit down; a leading enterprise that stands alone begins to lead with its first unit."""
        seating = self.seating
        if group >= 0:
            form = seating.groups[group].form
            if form == INDUSTRY and seating.groups[group].association not in self.problem.associations.of(
                unit
            ):
                return False
            return seating.join(group, unit)
        host = -1 - group
        if seating.arrangement.form[host] != SEPARATE:
            index = next(
                (
                    i
                    for i in self.led.get(int(self.problem.work_area[host]), ())
                    if seating.groups[i].host == host
                ),
                -1,
            )
            return index >= 0 and seating.join(index, unit)
        if not self.problem.allows(unit, LEADER) or self.problem.is_forbidden(unit, LEADER, host):
            return False
        index = seating.found(LEADER, [host, unit], host)
        if index >= 0:
            self._note(index)
        return index >= 0

    def cover_required(self) -> None:
        """Required units: a seat that is no dearer than their village, else the village, else any seat, else an instructor."""
        problem, seating = self.problem, self.seating
        waiting = np.flatnonzero(
            seating.free & ~seating.placed & ((seating.uncovering >> NONE & 1) == 1)
        ).astype(np.int32)
        village = np.full(problem.n, np.inf)
        for unit in waiting.tolist():
            if seating.alone[unit] >> VILLAGE & 1 and seating.covers(unit, VILLAGE):
                village[unit] = unit_cost(problem, unit, VILLAGE, -1)
        cost, units, groups = self._seats(waiting)
        for price, unit, group in zip(cost.tolist(), units.tolist(), groups.tolist(), strict=True):
            form = seating.groups[group].form if group >= 0 else LEADER
            if seating.placed[unit] or price > village[unit] or not seating.covers(unit, form):
                continue
            self._take_seat(unit, group)
        left = [unit for unit in waiting.tolist() if not seating.placed[unit]]
        self._settle([unit for unit in left if np.isfinite(village[unit])])
        for unit in left:
            if not seating.placed[unit]:
                self._any_seat(unit, only_covering=True)
        self._settle([unit for unit in left if not seating.placed[unit]])

    def _any_seat(self, unit: int, *, only_covering: bool) -> bool:
        problem = self.problem
        groups = [*self.at_territory.get(int(problem.territory[unit]), ())]
        for each in problem.associations.of(unit).tolist():
            groups += self.at_association.get(each, ())
        return any(
            self._take_seat(unit, group)
            for group in groups
            if self.seating.room(group) > 0
            and (not only_covering or self.seating.covers(unit, self.seating.groups[group].form))
        )

    def _short(self) -> int:
        form = self.seating.arrangement.form
        problem = self.problem
        counted = problem.in_base & ((problem.counted >> form & 1) == 1)
        return problem.establishment_needed - int(np.count_nonzero(counted))

    def fill_for_establishment(self) -> None:
        """1.4: the cheapest seats and affiliations that count, until it is met."""
        problem, seating = self.problem, self.seating
        short = self._short()
        if short <= 0:
            return
        form = seating.arrangement.form
        idle = np.flatnonzero(
            (problem.pinned_host == -1)
            & problem.in_base
            & ((problem.counted >> form & 1) == 0)
            & np.isin(form, (NONE, VILLAGE))
        ).astype(np.int32)
        idle = idle[seating.free[idle] | (problem.t[idle] >= problem.limits.min_full_members)]
        able = idle[seating.free[idle]]
        cost, units, groups = self._seats(able)
        villages = [
            unit
            for unit in idle.tolist()
            if seating.alone[unit] >> VILLAGE & 1 and problem.counts(unit, VILLAGE) and form[unit] == NONE
        ]
        price = np.array([unit_cost(problem, unit, VILLAGE, -1) for unit in villages])
        beyond = price + problem.weights.village_overload
        cost = np.concatenate([cost, price, beyond])
        units = np.concatenate([units, np.array(villages * 2, dtype=np.int32)])
        groups = np.concatenate(
            [groups, np.full(len(villages), -problem.n - 2), np.full(len(villages), -problem.n - 3)]
        )
        mark = -problem.n - 2
        counted = dict.fromkeys(idle.tolist(), False)
        for place in np.argsort(cost, kind="stable").tolist():
            if short <= 0:
                return
            unit, group = int(units[place]), int(groups[place])
            if counted[unit]:
                continue
            if group <= mark:
                full = seating.loads[problem.place[unit]] >= problem.weights.village_capacity
                if seating.arrangement.form[unit] != NONE or (group == mark and full):
                    continue
                seating.stay_alone(unit, VILLAGE)
            else:
                joint = seating.groups[group].form if group >= 0 else LEADER
                before = int(seating.arrangement.form[unit])
                if not problem.counts(unit, joint) or before not in (NONE, VILLAGE):
                    continue
                if seating.uncovering[unit] >> joint & 1 > seating.uncovering[unit] >> before & 1:
                    continue
                if not self._take_seat(unit, group):
                    continue
                if before == VILLAGE:
                    seating.loads[problem.place[unit]] -= 1
            counted[unit] = True
            short -= 1
        for unit in able.tolist():
            if short <= 0:
                return
            before = int(seating.arrangement.form[unit])
            if counted[unit] or not self._counts_everywhere(unit):
                continue
            if self._any_seat(unit, only_covering=bool(problem.required[unit])):
                if before == VILLAGE:
                    seating.loads[problem.place[unit]] -= 1
                short -= 1

    def _counts_everywhere(self, unit: int) -> bool:
        return not ~int(self.problem.counted[unit]) & bit(*JOINT)
