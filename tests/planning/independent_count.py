"""What any arrangement can reach at most: required units covered first, then units established (1.4), as a counting program.

Units that may join the same organizations and count alike are one class; an organization is a pattern of members (three
of one, one of one and one of two, two of two) with the seats left over. Costs do not enter. HiGHS proves the answer.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import highspy
from independent_facts import Unit, may_follow

SEATS = 5
PATTERNS = ((3, 0), (1, 1), (0, 2))


@dataclass(frozen=True, slots=True)
class Reach:
    uncovered: int  # required units that no arrangement covers
    established: int  # of the base, once those are covered
    proven: bool


def most(
    units: dict[str, Unit], instructors: int, kept: list[tuple[str, str, list[str]]], village_counts: bool
) -> Reach:
    """``kept``: joint organizations that stand, as (form, host, units); others may still take their free seats."""
    return _Program(units, instructors, kept, village_counts).solve()


class _Program:
    def __init__(
        self,
        units: dict[str, Unit],
        instructors: int,
        kept: list[tuple[str, str, list[str]]],
        village_counts: bool,
    ) -> None:
        self.units, self.instructors, self.village_counts = units, instructors, village_counts
        inside = {unit_id for _, _, ids in kept for unit_id in ids}
        alone = [
            u
            for u in units.values()
            if u.id not in inside
            and (
                u.t >= 3
                or (u.form in ("separate", "seconded", "mobile") and u.full is None)
                or u.form == "seconded"
            )
        ]
        self.fixed = sum(u.in_base for u in alone) + sum(units[i].in_base for i in inside)
        self.instructors -= sum(u.form == "seconded" for u in alone)
        mobile = [u for u in units.values() if u.id not in inside and u not in alone and (u.mobile or 0) >= 3]
        taken = inside | {u.id for u in alone}
        free = [u for u in units.values() if u.id not in taken]
        self.mobile = {u.id for u in mobile}
        heads = [(u, u.members) for u in alone if u.leads and u.members <= 50]
        self.hosts: dict[str, tuple[int, int]] = {f"L{u.id}": (SEATS - 1, 50 - m) for u, m in heads}
        joins: dict[str, set[str]] = defaultdict(set)
        for unit in free:
            for head, _ in heads:
                if may_follow(head, unit):
                    joins[unit.id].add(f"L{head.id}")
        for number, (form, host_id, ids) in enumerate(kept):
            base = [units[i] for i in ids]
            room = (max(0, SEATS - len(base)), 50 - sum(u.members for u in base))
            if room[0] <= 0 or room[1] < 0:
                continue
            self.hosts[f"P{number}"] = room
            host = units[host_id]
            shared = frozenset.intersection(*(u.associations for u in base))
            for unit in free:
                fits = (
                    unit.territory is not None and unit.territory == host.territory if form in ("park", "zone")
                    else bool(shared & unit.associations) if form == "industry" else may_follow(host, unit)
                )  # fmt: skip
                if fits:
                    joins[unit.id].add(f"P{number}")
        self.classes: dict[tuple[object, ...], int] = defaultdict(int)
        for unit in free:
            kinds = {f"T{unit.territory}"} if unit.territory is not None else set()
            kinds |= {f"A{name}" for name in unit.associations}
            key = (min(unit.t, 2), unit.members, frozenset(kinds), frozenset(joins[unit.id]), unit.may_be_seconded,
                   unit.village is not None, unit.id in self.mobile, unit.required, unit.in_base)  # fmt: skip
            self.classes[key] += 1

    def solve(self) -> Reach:
        model = highspy.Highs()
        model.silent()
        model.setOptionValue("threads", 1)
        model.setOptionValue("time_limit", 20.0)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 0.99)
        supply: dict[str, list[list[object]]] = defaultdict(
            lambda: [[], [], []]
        )  # by kind: ones, twos, seats
        seats: dict[str, list[object]] = defaultdict(list)
        people: dict[str, list[object]] = defaultdict(list)
        seconded, uncovered, established = [], [], []
        integer = highspy.HighsVarType.kInteger
        for (t, members, kinds, hosts, second, village, mobile, required, base), size in self.classes.items():

            def variable(upper: float = size) -> object:
                return model.addVariable(lb=0, ub=upper, type=integer)

            inside = []
            for kind in kinds:
                if t:
                    giving = variable()
                    supply[kind][t - 1].append(giving)
                    inside.append(giving)
                seat = variable()
                supply[kind][2].append(seat)
                inside.append(seat)
            for host in hosts:
                seat = variable()
                seats[host].append(seat)
                people[host].append(members * seat)
                inside.append(seat)
            if second:
                inside.append(one := variable())
                seconded.append(one)
            if mobile:
                inside.append(variable())
            rest = variable()
            affiliated = variable() if village else None
            model.addConstr(sum(inside) + rest + (affiliated if village else 0) == size)
            if required:
                uncovered.append(rest)
            if base:
                established += inside + ([affiliated] if village and self.village_counts else [])
        for ones, twos, seat in supply.values():
            n = [model.addVariable(lb=0, ub=len(self.units), type=integer) for _ in PATTERNS]
            model.addConstr(sum(ones) == sum(p[0] * x for p, x in zip(PATTERNS, n, strict=True)))
            model.addConstr(sum(twos) == sum(p[1] * x for p, x in zip(PATTERNS, n, strict=True)))
            model.addConstr(sum(seat) <= sum((SEATS - sum(p)) * x for p, x in zip(PATTERNS, n, strict=True)))
        for host, (room, cap) in self.hosts.items():
            if seats[host]:
                model.addConstr(sum(seats[host]) <= room)
                model.addConstr(sum(people[host]) <= cap)
        if seconded:
            model.addConstr(sum(seconded) <= max(0, self.instructors))
        short = 0
        if uncovered:
            model.minimize(sum(uncovered))
            short = round(model.getObjectiveValue())
            model.addConstr(sum(uncovered) <= short)
        reached, proven = 0, True
        if established:
            model.maximize(sum(established))
            reached = round(model.getObjectiveValue())
            proven = model.getInfo().mip_dual_bound < reached + 1 - 1e-6
        return Reach(short, self.fixed + reached, proven)
