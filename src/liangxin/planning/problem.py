"""The planning problem as arrays: what is known of each unit, what the policy asks, what is fixed beforehand.

Everything that judges an arrangement (``cost``, ``check``) and everything that looks for one (the solver, a person's
drag on the screen, a rival method in a benchmark) reads this one value. ``build`` makes it from a classified ledger.
The mathematics is in docs/planning.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liangxin.planning.forms import INDUSTRY, JOINT, LEADER, NAMES, NONE, PARK, VILLAGE, ZONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger[Any]]  # int32, or what NumPy gives for positions
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

ELSEWHERE: Final = -2
"""A former host that is known but not among the problem's units."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a joint or seconded organization may be (clauses 2.1, 2.2; branch regulations art. 4 and 5)."""

    max_units: int = 5
    max_members: int = 50
    min_full_members: int = 3
    seconded_full_members: int = 2
    general_branch_members: int = 50
    committee_members: int = 100


@dataclass(frozen=True, slots=True)
class Weights:
    """The objective's figures, by form code where an array (see planner's table in docs/planning.md)."""

    per_unit: Floats  # [9]; a host of a leader-led organization pays 0
    per_organization: Floats  # [9]
    distance: float = 0.5  # per km from member to host
    distance_cap_km: float = 6.0
    industry: float = 0.5
    industry_same_group: float = 0.25
    industry_same_division: float = 0.5
    chain: float = -0.3
    pair_floor: float = 0.02
    village_distance: float = 0.5
    village_overload: float = 0.3  # for each unit of one village beyond its capacity
    village_capacity: int = 15
    stability: float = 0.15
    leader_radius_km: float = 0.25
    leader_division_radius_km: float = 0.8
    settled: float = 0.15  # stability where nothing changed in the unit's organization
    alone_wanted: float = 0.0  # a unit that 3.2 wants to stand alone, in a joint organization or a village
    alone_large: float = 0.0  # more for such a unit: in proportion to its staff up to ``alone_large_staff``
    alone_large_staff: int = 0
    filler: float = 0.0  # a unit without members that only 1.4 draws in: at no staff; less with more, see ``filler_staff``
    filler_staff: int = 0  # from this many staff on a filler costs nothing more
    filler_few: float = 0.0  # more for a filler with at most ``filler_few_staff``
    filler_few_staff: int = 0
    smaller_host: float = 0.0  # for each unit with more than twice the lead unit's staff
    fewer_members_host: float = 0.0  # for each unit with more full members than the lead unit
    no_candidate: float = 0.0  # a lead unit without a possible secretary
    bare_minimum: float = 0.0  # an organization that the loss of one full member would end


@dataclass(frozen=True, slots=True)
class Links:
    """Several values for each unit, as compressed rows: those of unit ``u`` are ``items[start[u]:start[u + 1]]``."""

    start: Ints
    items: Ints

    def of(self, unit: int) -> Ints:
        return self.items[self.start[unit] : self.start[unit + 1]]


@dataclass(frozen=True, slots=True)
class Problem:
    """n units (those of the ledger that are in scope) and the rules for arranging them.

    Indices: units 0..n-1 in the ledger's order; territories, places, work areas and associations by their ids' tuples.
    -1 means "none" or "not known" in every index array.
    """

    unit_ids: tuple[str, ...]
    t: Ints  # full members that count for forming an organization
    members: Ints  # all members, for the cap of a joint organization
    staff: Ints  # -1 待核
    x_km: Floats  # east, north of the town's middle; NaN when no place is known
    y_km: Floats
    industry: Ints  # 4-digit code with missing digits as 0; -1 unknown
    industry_digits: Ints  # how many of the digits are known: 0, 2, 3, 4
    territory: Ints  # the unit's park, else its venue, else its village
    in_park: Flags  # its territory is a park: the form there is "park", elsewhere "zone"
    associations: Links
    work_area: Ints
    place: Ints  # where a village affiliation would go
    can_lead: Flags  # may host a leader-led organization
    chain: Links  # industry-chain links and named leaders, in both directions
    required: Flags  # of the classes of 1.1-1.3
    in_base: Flags  # of the denominator of 1.4
    covering: Ints  # [n] bit mask: the forms that cover this unit in the sense of 1.1-1.3
    counted: Ints  # [n] bit mask: the forms with which this unit counts as established in 1.4
    allowed: Ints  # [n] bit mask of the forms that the policy, what exists and the pins allow
    pinned_host: Ints  # [n] the organization (its host) in which the unit stays; -1 free
    previous_form: Ints  # [n] form before, -1 no organization before
    previous_host: Ints  # [n] host before: a unit, or a place for a village affiliation; -1 unknown
    territory_ids: tuple[str, ...]
    association_ids: tuple[str, ...]
    work_area_ids: tuple[str, ...]
    place_ids: tuple[str, ...]
    place_x_km: Floats
    place_y_km: Floats
    limits: Limits
    weights: Weights
    establishment_needed: int  # units of the base that must count, 1.4
    work_coverage_share: float  # 1.5: share of the units without an organization that instructors must reach
    instructors: int
    instructor_capacity: float  # units without an organization that one instructor can reach, on average
    forbidden: frozenset[tuple[int, int, int]] = frozenset()  # (unit, form or -1, host or -1)
    together: tuple[tuple[int, ...], ...] = ()
    apart: tuple[tuple[int, ...], ...] = ()
    stays: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))  # pinned as it exists
    policy_forms: Ints = field(
        default_factory=lambda: np.zeros(0, dtype=np.int32)
    )  # ``allowed``, policy alone
    settled: Flags = field(
        default_factory=lambda: np.zeros(0, dtype=np.bool_)
    )  # nothing changed in its organization
    wants_alone: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    candidate: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))  # a possible secretary
    covered_anyway: Flags = field(
        default_factory=lambda: np.zeros(0, dtype=np.bool_)
    )  # work-covered without an organization and without an instructor of the town (1.5)

    def __post_init__(self) -> None:
        for name in ("settled", "wants_alone", "candidate", "covered_anyway"):
            if len(getattr(self, name)) != self.n:
                object.__setattr__(self, name, np.zeros(self.n, dtype=np.bool_))

    @property
    def n(self) -> int:
        return len(self.unit_ids)

    @property
    def base_size(self) -> int:
        return int(self.in_base.sum())

    @property
    def reach_asked(self) -> Floats:
        """[n] What each unit without an organization asks of the instructors for 1.5: the target's share of a unit, and a whole
        unit less where it is covered already. All of them together are at most what the instructors reach."""
        asked: Floats = self.in_base * (self.work_coverage_share - self.covered_anyway * self.counts_reach)
        return asked

    @property
    def counts_reach(self) -> bool:
        """Is 1.5 asked for at all?"""
        return self.work_coverage_share > 0.0

    def allows(self, unit: int, form: int) -> bool:
        return bool(self.allowed[unit] >> form & 1)

    def covers(self, unit: int, form: int) -> bool:
        """Does this form cover the unit in the sense of 1.1-1.3?"""
        return bool(self.covering[unit] >> form & 1)

    def counts(self, unit: int, form: int) -> bool:
        """Does the unit count as established (1.4) with this form?"""
        return bool(self.counted[unit] >> form & 1)

    def territory_form(self, unit: int) -> int:
        return PARK if self.in_park[unit] else ZONE

    def is_forbidden(self, unit: int, form: int, host: int) -> bool:
        """By a person's pin. ``host`` is a unit for organizations, -1 for a village affiliation or nothing."""
        if not self.forbidden:
            return False
        return any(
            key in self.forbidden
            for key in ((unit, form, -1), (unit, form, host), (unit, -1, host))
            if key[1:] != (-1, -1)
        )


@dataclass(slots=True)
class Arrangement:
    """An answer: each unit's form code and host.

    ``host``: the lead unit's index for a joint organization (the lead unit's own index for itself), the unit's own
    index for separate, seconded and mobile, -1 for a village affiliation and for none.
    """

    form: Ints
    host: Ints

    @classmethod
    def nothing(cls, n: int) -> Arrangement:
        """Nobody has an organization."""
        return cls(np.full(n, NONE, dtype=np.int32), np.full(n, -1, dtype=np.int32))

    def copy(self) -> Arrangement:
        return Arrangement(self.form.copy(), self.host.copy())

    def groups(self) -> dict[tuple[int, int], list[int]]:
        """Joint organizations: (host, form) to the units in it, ascending."""
        found: dict[tuple[int, int], list[int]] = {}
        for unit in np.flatnonzero(np.isin(self.form, JOINT)):
            found.setdefault((int(self.host[unit]), int(self.form[unit])), []).append(int(unit))
        return found


def links(rows: list[list[int]]) -> Links:
    """Compressed rows from a list of lists.

    >>> links([[2], [], [0, 1]]).of(2).tolist()
    [0, 1]
    """
    start = np.zeros(len(rows) + 1, dtype=np.int32)
    start[1:] = np.cumsum([len(row) for row in rows])
    return Links(start, np.array([item for row in rows for item in row], dtype=np.int32))


def distance_km(problem: Problem, a: int, b: int) -> float:
    """Straight distance between two units, never above the cap of the objective; the cap when a place is not known."""
    cap = problem.weights.distance_cap_km
    away = float(np.hypot(problem.x_km[a] - problem.x_km[b], problem.y_km[a] - problem.y_km[b]))
    return cap if np.isnan(away) else min(away, cap)


def place_distance_km(problem: Problem, unit: int) -> float:
    """Distance from a unit to the centre of its village, never above the cap; 0 when either place is not known."""
    place = problem.place[unit]
    if place < 0:
        return 0.0
    away = float(
        np.hypot(
            problem.x_km[unit] - problem.place_x_km[place], problem.y_km[unit] - problem.place_y_km[place]
        )
    )
    return 0.0 if np.isnan(away) else min(away, problem.weights.distance_cap_km)


def industry_distance(problem: Problem, a: int, b: int) -> float:
    """0 same class, then same group (3 digits), same division (2 digits), else 1; 1 when one is not known."""
    first, second = int(problem.industry[a]), int(problem.industry[b])
    digits = min(int(problem.industry_digits[a]), int(problem.industry_digits[b]))
    if digits >= 4 and first == second:
        return 0.0
    if digits >= 3 and first // 10 == second // 10:
        return problem.weights.industry_same_group
    if digits >= 2 and first // 100 == second // 100:
        return problem.weights.industry_same_division
    return 1.0


def chain_linked(problem: Problem, a: int, b: int) -> bool:
    return bool((problem.chain.of(a) == b).any())


def stays_with(problem: Problem, unit: int, host: int) -> bool:
    """Is the unit in this organization already, and stays? Then unknown facts and soft limits are no reason against it."""
    return bool(problem.stays[unit]) and int(problem.pinned_host[unit]) == host


def may_join(problem: Problem, unit: int, host: int, form: int) -> bool:
    """May ``unit`` be a plain member of ``host``'s joint organization of this form, looking at place and line only?

    Park and zone: one territory. Industry: an association in common (that the whole group has one in common is the
    group's rule). Leader: one work area and a chain link, or very near, or near and of one division.
    """
    if form in (PARK, ZONE):
        return bool(
            problem.territory[unit] >= 0
            and problem.territory[unit] == problem.territory[host]
            and problem.territory_form(host) == form
        )
    if form == INDUSTRY:
        return bool(np.intersect1d(problem.associations.of(unit), problem.associations.of(host)).size)
    if form == LEADER:
        if problem.work_area[unit] < 0 or problem.work_area[unit] != problem.work_area[host]:
            return False
        if chain_linked(problem, unit, host):
            return True
        weights = problem.weights
        away = float(
            np.hypot(problem.x_km[unit] - problem.x_km[host], problem.y_km[unit] - problem.y_km[host])
        )
        one_division = industry_distance(problem, unit, host) <= weights.industry_same_division
        return away <= weights.leader_radius_km or (
            one_division and away <= weights.leader_division_radius_km
        )
    raise ValueError(f"{NAMES[form]} is not a joint form")


def had_organization(problem: Problem, unit: int) -> bool:
    """Before this plan, also when only affiliated with a village."""
    return bool(problem.previous_form[unit] >= 0)


def unchanged(problem: Problem, unit: int, form: int, host: int) -> bool:
    """Is this the same organization in the same form as before? An unknown former host counts as the same."""
    if form != problem.previous_form[unit]:
        return False
    before = problem.previous_host[unit]
    if form == VILLAGE:
        return bool(before < 0 or before == problem.place[unit])
    return bool(before < 0 or before == host)
