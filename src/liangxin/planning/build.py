"""From a classified ledger and a town to the planning problem."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.contacts import contact_facts, contact_room
from liangxin.planning.existing import Existing, take_back, with_existing, with_previous
from liangxin.planning.forms import (
    ALL_FORMS,
    CODE,
    INDUSTRY,
    JOINT,
    LEADER,
    MOBILE,
    NAMES,
    NONE,
    ORGANIZED,
    PARK,
    SECONDED,
    SEPARATE,
    VILLAGE,
    ZONE,
    bit,
)
from liangxin.planning.options import PlanOptions
from liangxin.planning.pins import with_pins
from liangxin.planning.problem import Limits, Links, Problem, Weights, links
from liangxin.registry.places import positions, work_areas

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification
    from liangxin.planning.contacts import ContactFacts
    from liangxin.planning.plan import Infeasible
    from liangxin.planning.problem import Flags, Floats, Ints
    from liangxin.policy.model import NamingRules, Policy
    from liangxin.registry.town import Town

ESTABLISHMENT: Final = "establishment"  # roles of indicators: 1.4 and 1.5 of the notice
WORK_COVERAGE: Final = "work_coverage"


@dataclass(frozen=True, slots=True)
class Built:
    """The problem, the classified rows it is about (in its order), and what was found on the way."""

    problem: Problem
    frame: pl.DataFrame
    existing: Existing
    refused_pins: tuple[Infeasible, ...]
    contacts: ContactFacts
    naming: NamingRules
    pinned: frozenset[int] = frozenset()  # units that a person's pin, in force, names
    establishment_target: float | None = None  # the share of 1.4
    planned_before: dict[str, tuple[int, int]] = field(
        default_factory=dict
    )  # the earlier plan's ids by (form, host)
    names_before: dict[str, str] = field(default_factory=dict)  # the earlier plan's names by id


def build_problem(
    classification: Classification, town: Town, *, options: PlanOptions | None = None
) -> Problem:
    """The problem alone; ``build`` gives what belongs to it as well."""
    return build(classification, town, options=options).problem


def build(classification: Classification, town: Town, *, options: PlanOptions | None = None) -> Built:
    """Units are the rows in scope, of every kind; the base of 1.4 is that indicator's own denominator.

    Households, social organizations and the like are arranged as well where they have members or a target asks for it;
    they raise no rate that does not count them. A fact not yet known (待核) makes no unit required, no separate and
    no seconded organization: full members not known count as none when a joint organization is added up.
    """
    options = options or PlanOptions()
    frame = classification.frame.filter("in_scope")
    problem = _facts(frame, classification.policy, town)
    existing = Existing.none(problem.n)
    planned: dict[str, tuple[int, int]] = {}
    if options.previous is not None:
        problem, planned = with_previous(problem, options.previous)
    ids = frame["organization_id"].to_list()
    forms = frame["organization_form"].to_list()
    known = frame["forming_members"].is_not_null().to_numpy()
    problem, existing = with_existing(
        problem, ids, forms, town.organizations, known, _unclear(frame), keep=options.keep_existing
    )
    standing = int(np.count_nonzero(problem.stays & (problem.allowed == bit(SECONDED))))
    # units that have an instructor keep theirs, also where the town's file names fewer
    problem = replace(problem, instructors=max(problem.instructors, standing))
    problem, existing, refused = with_pins(problem, existing, options.pins)
    problem = take_back(problem, existing)
    contacts = contact_facts(frame, classification.policy, town, problem.in_base)
    problem = replace(problem, covered_anyway=contacts.covered_anyway)
    before = options.previous.organizations if options.previous is not None else ()
    names = {each.organization_id: each.name for each in before if each.status != "dissolved"}
    policy = classification.policy
    refused_ids = {unit_id for each in refused for unit_id in each.unit_ids}
    wanted = {pin.unit_id for pin in options.pins.pin} - refused_ids
    pinned = frozenset(unit for unit, unit_id in enumerate(problem.unit_ids) if unit_id in wanted)
    item = next((each for each in policy.indicators if each.role == ESTABLISHMENT), None)
    return Built(
        problem,
        frame,
        existing,
        refused,
        contacts,
        policy.naming,
        pinned,
        item.target if item is not None else None,
        planned,
        names,
    )


def _facts(frame: pl.DataFrame, policy: Policy, town: Town) -> Problem:
    n = frame.height
    at = positions(frame, town)
    index = {unit_id: row for row, unit_id in enumerate(frame["unit_id"].to_list())}
    territory, territory_ids = _codes(_coalesced(frame, "park", "venue", "village"))
    work_area, work_area_ids = _codes(work_areas(frame, town).to_list())
    place, place_ids = _codes(frame["village"].to_list())
    association_ids = tuple(
        sorted({name for names in frame["association"].to_list() for name in names or ()})
    )
    association_code = {name: code for code, name in enumerate(association_ids)}
    place_at = _place_positions(place_ids, town, frame)
    industry, digits = _industries(frame["industry"].to_list())
    limits = _limits(policy)
    t = _ints(frame["forming_members"])
    chain, named = _chain(frame, index)
    allowed = _allowed(frame, policy, t, limits)
    in_base, needed = _base(frame, policy)
    share = next((item.target or 0.0 for item in policy.indicators if item.role == WORK_COVERAGE), 0.0)
    capacities = [contact_room(instructor, policy) for instructor in town.instructors]
    return Problem(
        unit_ids=tuple(frame["unit_id"].to_list()),
        t=t,
        members=_known_members(frame, policy),
        staff=_ints(frame["staff"], -1),
        x_km=at["x_km"].to_numpy().astype(np.float64),
        y_km=at["y_km"].to_numpy().astype(np.float64),
        industry=industry,
        industry_digits=digits,
        territory=territory,
        in_park=frame["park"].is_not_null().to_numpy(),
        associations=links(
            [sorted({association_code[a] for a in names or ()}) for names in frame["association"].to_list()]
        ),
        work_area=work_area,
        place=place,
        can_lead=_can_lead(frame, policy, named) & (t >= limits.min_full_members),
        chain=chain,
        required=frame["required"].fill_null(False).to_numpy(),
        in_base=in_base,
        covering=_covering(frame, policy),
        counted=_counted(frame, policy),
        allowed=allowed,
        policy_forms=allowed,
        pinned_host=np.full(n, -1, dtype=np.int32),
        previous_form=np.full(n, -1, dtype=np.int32),
        previous_host=np.full(n, -1, dtype=np.int32),
        territory_ids=territory_ids,
        association_ids=association_ids,
        work_area_ids=work_area_ids,
        place_ids=place_ids,
        place_x_km=place_at[0],
        place_y_km=place_at[1],
        limits=limits,
        weights=_weights(policy),
        establishment_needed=needed,
        work_coverage_share=float(share),
        instructors=len(town.instructors),
        instructor_capacity=sum(capacities) / len(capacities) if capacities else 25.0,
        stays=np.zeros(n, dtype=np.bool_),
        wants_alone=(frame["asked_form"] == "separate").fill_null(False).to_numpy()
        & (t == limits.seconded_full_members)
        & ((allowed >> SECONDED & 1) == 1),
        candidate=_candidates(frame),
    )


def _unclear(frame: pl.DataFrame) -> Ints:
    """[n] mask of the joint forms, and of the mobile-member branch, for which the unit's own cell is empty (待核)."""

    def empty(name: str) -> Flags:
        column = frame[name]
        none = column.is_null()
        if column.dtype.is_nested():
            none = none | (column.list.len() == 0).fill_null(True)
        flags: Flags = none.to_numpy()
        return flags

    mask = np.where(empty("park"), bit(PARK), 0)
    mask |= np.where(empty("venue") | empty("village"), bit(ZONE), 0)
    mask |= np.where(empty("association"), bit(INDUSTRY), 0)
    mask |= np.where(empty("chain_unit_ids") & empty("leader_unit_id"), bit(LEADER), 0)
    mask |= np.where(empty("mobile_members"), bit(MOBILE), 0)
    return mask.astype(np.int32)


def _candidates(frame: pl.DataFrame) -> Flags:
    """Who has a possible secretary: one is named, or the owner is a member. 待核 is not no, so it costs nothing."""
    named = frame["secretary_candidate"].fill_null(True).to_numpy()
    owner = (frame["owner_identity"] == "member").fill_null(False).to_numpy()
    result: Flags = named.astype(np.bool_) | owner.astype(np.bool_)
    return result


def _ints(column: pl.Series, missing: int = 0) -> Ints:
    return column.fill_null(missing).to_numpy().astype(np.int32)


def _coalesced(frame: pl.DataFrame, *names: str) -> list[str | None]:
    import polars as pl

    values: list[str | None] = frame.select(pl.coalesce(*names).alias("value"))["value"].to_list()
    return values


def _codes(values: list[str | None]) -> tuple[Ints, tuple[str, ...]]:
    ids = tuple(sorted({value for value in values if value is not None}))
    code = {value: index for index, value in enumerate(ids)}
    return np.array([-1 if value is None else code[value] for value in values], dtype=np.int32), ids


def _place_positions(
    ids: tuple[str, ...],
    town: Town,
    frame: pl.DataFrame,
) -> tuple[Floats, Floats]:
    """Centres of the villages on the units' plane: found by placing a unit without coordinates in each."""
    import polars as pl

    if not ids:
        return np.zeros(0), np.zeros(0)
    empty = frame.head(0)
    probes = pl.DataFrame(
        {"unit_id": list(ids), "village": list(ids)}, schema={"unit_id": pl.String, "village": pl.String}
    )
    probes = pl.concat(
        [empty.select("unit_id", "lon", "lat", "venue", "park", "village", "area"), probes], how="diagonal"
    )
    placed = positions(probes, town)
    known = (placed["placed_by"] == "village").to_numpy()
    x, y = placed["x_km"].to_numpy(), placed["y_km"].to_numpy()
    return np.where(known, x, np.nan), np.where(known, y, np.nan)


def _industries(codes: list[str | None]) -> tuple[Ints, Ints]:
    """Digits of GB/T 4754 codes ("C3811", "3811", "38"), filled up with zeros, and how many are known."""
    values, known = [], []
    for code in codes:
        digits = "".join(character for character in code or "" if character.isdigit())[:4]
        values.append(int(digits.ljust(4, "0")) if len(digits) >= 2 else -1)
        known.append(len(digits) if len(digits) >= 2 else 0)
    return np.array(values, dtype=np.int32), np.array(known, dtype=np.int32)


def _limits(policy: Policy) -> Limits:
    """The joint forms share their limits; where they differ, the strictest is taken for all."""
    joint = [form.limits for form in policy.forms.values() if form.arrangement == "joint"]
    usual = Limits()
    parameters = {
        id: policy.parameter(id)
        for id in ("seconded_members", "general_branch_members", "committee_members")
        if id in policy.parameters
    }
    return Limits(
        max_units=int(
            min((limits.get("max_units", usual.max_units) for limits in joint), default=usual.max_units)
        ),
        max_members=int(
            min((limits.get("max_members", usual.max_members) for limits in joint), default=usual.max_members)
        ),
        min_full_members=int(max((limits.get("min_full_members", 3) for limits in joint), default=3)),
        seconded_full_members=int(parameters.get("seconded_members", usual.seconded_full_members)),
        general_branch_members=int(parameters.get("general_branch_members", usual.general_branch_members)),
        committee_members=int(parameters.get("committee_members", usual.committee_members)),
    )


def _weights(policy: Policy) -> Weights:
    planning = policy.planning
    return Weights(
        per_unit=np.array([planning.per_unit.get(name, 0.0) for name in NAMES]),
        per_organization=np.array([planning.per_organization.get(name, 0.0) for name in NAMES]),
        distance=planning.distance,
        distance_cap_km=planning.distance_cap_km,
        industry=planning.industry,
        industry_same_group=planning.industry_same_group,
        industry_same_division=planning.industry_same_division,
        chain=planning.chain,
        pair_floor=planning.pair_floor,
        village_distance=planning.village_distance,
        village_overload=planning.village_overload,
        village_capacity=planning.village_capacity,
        stability=planning.stability,
        leader_radius_km=planning.leader_radius_km,
        leader_division_radius_km=planning.leader_division_radius_km,
        settled=planning.settled,
        alone_wanted=planning.alone_wanted,
        alone_large=planning.alone_large,
        alone_large_staff=planning.alone_large_staff,
        filler=planning.filler,
        filler_staff=planning.filler_staff,
        filler_few=planning.filler_few,
        filler_few_staff=planning.filler_few_staff,
        smaller_host=planning.smaller_host,
        fewer_members_host=planning.fewer_members_host,
        no_candidate=planning.no_candidate,
        bare_minimum=planning.bare_minimum,
    )


def _certain(frame: pl.DataFrame, expression: pl.Expr, unknown: bool = False) -> Flags:
    """A rule over the frame as flags, a constant one too; 待核 counts as ``unknown``."""
    return frame.with_columns(expression.fill_null(unknown).alias("value"))["value"].to_numpy()


def _known_members(frame: pl.DataFrame, policy: Policy) -> Ints:
    definition = policy.definitions.get("known_members")
    if definition is not None:
        return _ints(frame.select(definition.expression.polars().alias("value"))["value"].cast(int))
    return _ints(frame["full_members"]) + _ints(frame["probationary_members"])


def _chain(frame: pl.DataFrame, index: dict[str, int]) -> tuple[Links, Flags]:
    """Chain links and named leaders as links in both directions; and which units are named as a leader."""
    near: list[set[int]] = [set() for _ in range(frame.height)]
    named = np.zeros(frame.height, dtype=np.bool_)
    for unit, (others, leader) in enumerate(frame.select("chain_unit_ids", "leader_unit_id").iter_rows()):
        for other_id in (*(others or ()), leader):
            other = index.get(other_id)
            if other is not None and other != unit:
                near[unit].add(other)
                near[other].add(unit)
        if leader in index:
            named[index[leader]] = True
    return links([sorted(row) for row in near]), named


def _can_lead(frame: pl.DataFrame, policy: Policy, named: Flags) -> Flags:
    form = policy.forms.get("leader")
    if form is None:
        return np.zeros(frame.height, dtype=np.bool_)
    return named | _certain(frame, (form.host_when or form.when).polars())


def _base(frame: pl.DataFrame, policy: Policy) -> tuple[Flags, int]:
    """Who is in the denominator of 1.4 (role establishment), and how many of them must be established."""
    indicator = next((item for item in policy.indicators if item.role == ESTABLISHMENT), None)
    if indicator is None:
        return np.zeros(frame.height, dtype=np.bool_), 0
    base = _certain(frame, indicator.denominator.polars())
    return base, math.ceil((indicator.target or 0.0) * int(base.sum()) - 1e-9)


def _form_mask(forms: frozenset[str]) -> int:
    return bit(*(CODE[form] for form in forms if form in CODE))


def _without_members(frame: pl.DataFrame, policy: Policy) -> Flags:
    from liangxin.coverage.tally import has_members

    return ~_certain(frame, has_members(policy))


def _covering(frame: pl.DataFrame, policy: Policy) -> Ints:
    """The forms that all indicators with a target of 100% which a unit is in accept as covered."""
    mask = np.full(frame.height, ALL_FORMS & ~bit(NONE), dtype=np.int32)
    for item in policy.indicators:
        if item.target is None or item.target < 1.0 or not item.forms:
            continue
        inside = _certain(frame, item.denominator.polars())
        mask[inside] &= _form_mask(item.forms)
        if not item.count_without_members:
            mask[inside & _without_members(frame, policy)] &= ~bit(*JOINT)
    return mask


def _counted(frame: pl.DataFrame, policy: Policy) -> Ints:
    item = next((item for item in policy.indicators if item.role == ESTABLISHMENT), None)
    if item is None:
        return np.full(frame.height, bit(*ORGANIZED), dtype=np.int32)
    mask = np.full(frame.height, _form_mask(item.forms), dtype=np.int32)
    if not item.count_without_members:
        mask[_without_members(frame, policy)] &= ~bit(*JOINT)
    return mask


def _allowed(frame: pl.DataFrame, policy: Policy, t: Ints, limits: Limits) -> Ints:
    """What the policy's own conditions leave open. An organization of one's own needs certain facts; joining or being
    affiliated is open unless it is certain that it is not. ``none`` is open to every unit that is not required."""
    mask = np.zeros(frame.height, dtype=np.int32)
    for name, form in policy.forms.items():
        if name not in CODE:
            continue
        code = CODE[name]
        alone = code in (SEPARATE, SECONDED, MOBILE)
        mask[_certain(frame, form.when.polars(), unknown=not alone)] |= bit(code)
    mask[frame["village"].is_null().to_numpy()] &= ~bit(VILLAGE)
    mask[~frame["required"].fill_null(False).to_numpy()] |= bit(NONE)
    mask[t >= limits.min_full_members] &= ~bit(*(code for code in JOINT if NAMES[code] != "leader"))
    grown = (t >= limits.min_full_members) & ((mask & bit(SEPARATE)) != 0)
    mask[grown] &= ~bit(NONE, VILLAGE)  # three full members must form an organization (constitution, art. 30)
    return mask
