"""Cutting a town into blocks between which no organization can reach, and a problem down to one block's units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.forms import VILLAGE
from liangxin.planning.problem import ELSEWHERE, Problem, links

if TYPE_CHECKING:
    from liangxin.planning.problem import Ints


class _Unions:
    """Disjoint sets of keys."""

    def __init__(self) -> None:
        self.above: dict[object, object] = {}

    def find(self, key: object) -> object:
        path = []
        while self.above.setdefault(key, key) != key:
            path.append(key)
            key = self.above[key]
        for passed in path:
            self.above[passed] = key
        return key

    def join(self, a: object, b: object) -> None:
        self.above[self.find(b)] = self.find(a)


def components(problem: Problem, *, with_associations: bool = True) -> list[Ints]:
    """Sets of units between which nothing but the town-wide targets connects, in the order of their first units.

    Units are connected by a territory, a work area, a place for village affiliations, pins, and associations.
    Without associations the sets are finer; organizations by industry may then reach across them.
    """
    unions = _Unions()
    for unit in range(problem.n):
        own = ("unit", unit)
        unions.find(own)
        for kind, index in (
            ("territory", problem.territory[unit]),
            ("area", problem.work_area[unit]),
            ("place", problem.place[unit]),
            ("unit", problem.pinned_host[unit]),
        ):
            if index >= 0:
                unions.join((kind, int(index)), own)
        if with_associations:
            for association in problem.associations.of(unit):
                unions.join(("association", int(association)), own)
    for units in (*problem.together, *problem.apart):
        for unit in units[1:]:
            unions.join(("unit", units[0]), ("unit", unit))
    found: dict[object, list[int]] = {}
    for unit in range(problem.n):
        found.setdefault(unions.find(("unit", unit)), []).append(unit)
    return [np.array(units, dtype=np.int32) for units in found.values()]


def blocks(problem: Problem, largest: int) -> list[Ints]:
    """Connected sets as they are; one that is larger than ``largest`` is cut where only associations connect."""
    parts: list[Ints] = []
    for units in components(problem):
        parts += [units] if len(units) <= largest else _pieces(problem, units, largest)
    return parts


def _pieces(problem: Problem, units: Ints, largest: int) -> list[Ints]:
    """Sets that only associations connect, joined with the nearest first as long as they stay within ``largest``.

    Organizations by industry pay for distance, so the fewest useful ones are cut where places that are near stay together.
    """
    part = restrict(problem, units)
    atoms = components(part, with_associations=False)
    x = np.array([np.nanmean(part.x_km[atom]) for atom in atoms])
    y = np.array([np.nanmean(part.y_km[atom]) for atom in atoms])
    first, second = np.triu_indices(len(atoms), 1)
    away = np.hypot(x[first] - x[second], y[first] - y[second])
    group = list(range(len(atoms)))
    size = {index: len(atom) for index, atom in enumerate(atoms)}

    def root(index: int) -> int:
        while group[index] != index:
            index = group[index]
        return index

    for pair in np.lexsort((second, first, away)):
        a, b = root(int(first[pair])), root(int(second[pair]))
        if a != b and size[a] + size[b] <= largest:
            group[b] = a
            size[a] += size[b]
    members: dict[int, list[Ints]] = {}
    for index, atom in enumerate(atoms):
        members.setdefault(root(index), []).append(atom)
    return [units[np.sort(np.concatenate(each))] for each in members.values()]


def restrict(problem: Problem, units: Ints) -> Problem:
    """The problem of these units alone (ascending), with its own indices 0..len(units)-1; places and ids stay.

    The town-wide targets stay the whole town's: a block is solved with prices for them, not with the rows.
    """
    new = np.full(problem.n + 2, -1, dtype=np.int32)
    new[units] = np.arange(len(units))
    new[-2] = ELSEWHERE  # index -2
    new[-1] = -1

    def unit_index(index: Ints) -> Ints:
        return np.where((index >= 0) & (new[index] < 0), ELSEWHERE, new[index]).astype(np.int32)

    inside = set(units.tolist())
    previous = problem.previous_host[units]
    return replace(
        problem,
        unit_ids=tuple(problem.unit_ids[unit] for unit in units.tolist()),
        t=problem.t[units],
        members=problem.members[units],
        staff=problem.staff[units],
        x_km=problem.x_km[units],
        y_km=problem.y_km[units],
        industry=problem.industry[units],
        industry_digits=problem.industry_digits[units],
        territory=problem.territory[units],
        in_park=problem.in_park[units],
        associations=links([problem.associations.of(unit).tolist() for unit in units.tolist()]),
        work_area=problem.work_area[units],
        place=problem.place[units],
        can_lead=problem.can_lead[units],
        chain=links(
            [new[[o for o in problem.chain.of(u).tolist() if o in inside]].tolist() for u in units.tolist()]
        ),
        required=problem.required[units],
        in_base=problem.in_base[units],
        covering=problem.covering[units],
        counted=problem.counted[units],
        allowed=problem.allowed[units],
        pinned_host=new[problem.pinned_host[units]],
        previous_form=problem.previous_form[units],
        previous_host=np.where(
            problem.previous_form[units] == VILLAGE, previous, unit_index(previous)
        ).astype(np.int32),
        forbidden=frozenset(
            (int(new[unit]), form, int(new[host]) if host >= 0 else -1)
            for unit, form, host in problem.forbidden
            if unit in inside and (host < 0 or host in inside)
        ),
        together=tuple(
            tuple(int(new[unit]) for unit in whole) for whole in problem.together if whole[0] in inside
        ),
        apart=tuple(tuple(int(new[unit]) for unit in whole) for whole in problem.apart if whole[0] in inside),
        stays=problem.stays[units],
        policy_forms=problem.policy_forms[units],
        settled=problem.settled[units],
        wants_alone=problem.wants_alone[units],
        candidate=problem.candidate[units],
        covered_anyway=problem.covered_anyway[units],
    )
