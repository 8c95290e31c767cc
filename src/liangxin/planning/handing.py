"""From counts to real units: which units of each class found organizations, take seats, or stay alone; near ones together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.forms import INDUSTRY, LEADER, NONE
from liangxin.planning.seating import Seating
from liangxin.planning.stars import arc_costs

if TYPE_CHECKING:
    from liangxin.planning.counting import CountingProgram, Counts, Kind
    from liangxin.planning.problem import Arrangement, Ints


def hand_out(program: CountingProgram, counts: Counts) -> Arrangement:
    """An arrangement with these counts; rules that counts do not know (apart, forbidden, the members' cap) may cost a few."""
    return _Handing(program, counts).arrangement()


class _Handing:
    def __init__(self, program: CountingProgram, counts: Counts) -> None:
        self.program, self.counts = program, counts
        self.problem = program.problem
        self.seating = Seating(program.problem)
        self.seating.free |= (self.problem.pinned_host == -1) & (
            self.problem.t < self.problem.limits.min_full_members
        )
        self.left = [list(each.units) for each in program.classes]

    def arrangement(self) -> Arrangement:
        for unit, form in self.counts.owner_form.items():
            self.seating.stay_alone(unit, form)
        joining: dict[int, list[int]] = {}
        sitting: dict[int, list[int]] = {}
        order = sorted(
            {*self.counts.joined, *self.counts.seated},
            key=lambda key: (
                self.program.kinds[key[1]].host < 0,
                self._rank(self.program.kinds[key[1]]),
                key,
            ),
        )
        for c, k in order:  # the choosy kinds first: leaders, associations, then territories
            joining.setdefault(k, []).extend(self._take(c, k, self.counts.joined.get((c, k), 0)))
            sitting.setdefault(k, []).extend(self._take(c, k, self.counts.seated.get((c, k), 0)))
        for k, kind in enumerate(self.program.kinds):
            if kind.host >= 0:
                self._one(k, kind, joining.get(k, []), sitting.get(k, []))
            else:
                self._many(k, kind, joining.get(k, []), sitting.get(k, []))
        for c, units in enumerate(self.left):
            for form in range(NONE):
                for _ in range(self.counts.alone.get((c, form), 0)):
                    if units:
                        self.seating.stay_alone(units.pop(), form)
        return self.seating.arrangement

    @staticmethod
    def _rank(kind: Kind) -> int:
        return 0 if kind.form == LEADER else 1 if kind.form == INDUSTRY else 2

    def _take(self, c: int, k: int, count: int) -> list[int]:
        """``count`` units of the class, those nearest to where they go."""
        units, kind = self.left[c], self.program.kinds[k]
        if not count:
            return []
        if count < len(units):
            array = np.array(units, dtype=np.int32)
            if kind.host >= 0:
                away = arc_costs(self.problem, kind.host, kind.form, array)
            else:
                x, y = np.nan_to_num(self.problem.x_km[array]), np.nan_to_num(self.problem.y_km[array])
                away = np.hypot(x - np.median(x), y - np.median(y))
            units = array[np.argsort(away, kind="stable")].tolist()
        taken, self.left[c] = units[:count], units[count:]
        return taken

    def _one(self, k: int, kind: Kind, joining: list[int], sitting: list[int]) -> None:
        if not any(self.counts.founded.get((k, pattern), 0) for pattern in kind.patterns):
            return
        units = [*kind.base, *joining]
        if len(units) == 1 and sitting:
            units.append(sitting.pop(0))
        group = self.seating.found(kind.form, units, kind.host, kind.place if kind.form == INDUSTRY else -1)
        for unit in sitting:
            if group >= 0:
                self.seating.join(group, unit)

    def _many(self, k: int, kind: Kind, joining: list[int], sitting: list[int]) -> None:
        association = kind.place if kind.form == INDUSTRY else -1
        groups = [
            self.seating.found(kind.form, list(base), host, association) for host, base in kind.standing
        ]
        founded = self.counts.founded
        wanted = (founded.get((k, (3, 0)), 0), founded.get((k, (1, 1)), 0), founded.get((k, (0, 2)), 0))
        if any(wanted):
            holders = np.array(joining, dtype=np.int32)
            groups += self.seating.group_holders(kind.form, holders, wanted, association)
        self._seat([group for group in groups if group >= 0], np.array(sitting, dtype=np.int32))

    def _seat(self, groups: list[int], units: Ints) -> None:
        """The cheapest seats first; then any that is free."""
        seating = self.seating
        cost, unit, group = seating.nearest_seats(groups, units)
        for place in np.argsort(cost, kind="stable").tolist():
            if not seating.placed[unit[place]]:
                seating.join(int(group[place]), int(unit[place]))
        roomy = [index for index in groups if seating.room(index) > 0]
        for each in units[~seating.placed[units]].tolist() if len(units) else ():
            while roomy and seating.room(roomy[-1]) == 0:
                roomy.pop()
            next((index for index in reversed(roomy) if seating.join(index, each)), None)
