"""Organizations that stand already: those that keep the rules stay, the others are repaired.

A joint organization stays with its units in its form around its lead unit; others may join. A unit in it that has three
full members by now is split off (2.1). What is left and breaks a rule (too few full members, too many units, more than
one territory) is dissolved: its units are free, but pay the price of stability when they do not find together again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from liangxin.planning.check import Violation, joint_violations
from liangxin.planning.cost import organization_cost
from liangxin.planning.forms import (
    ALONE,
    CODE,
    JOINT,
    LEADER,
    MOBILE,
    NAMES,
    NONE,
    SECONDED,
    SEPARATE,
    VILLAGE,
    bit,
)
from liangxin.planning.problem import ELSEWHERE, Problem
from liangxin.registry.fields import FORMS
from liangxin.wording import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liangxin.planning.plan import Plan, PlannedOrganization
    from liangxin.planning.problem import Flags, Ints
    from liangxin.registry.town import OrganizationRecord


@dataclass(frozen=True, slots=True)
class Broken:
    """An organization that cannot stay as it is."""

    organization_id: str
    units: tuple[int, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class Existing:
    """What stood before. ``organization_of``: by unit, its organization's id or "" where it had none.

    ``key_of``: organization id to the (form, host) by which the solver knows it, for those that had units in scope.
    """

    organization_of: tuple[str, ...]
    key_of: dict[str, tuple[int, int]] = field(default_factory=dict)
    split_off: frozenset[int] = frozenset()
    assumed: dict[int, int] = field(
        default_factory=dict
    )  # full members taken for granted where they are 待核
    broken: tuple[Broken, ...] = ()
    lent: dict[int, int] = field(
        default_factory=dict
    )  # more of them, on units whose own are known: in sums of the solver only

    @classmethod
    def none(cls, n: int) -> Existing:
        return cls(("",) * n)


def with_previous(problem: Problem, plan: Plan) -> tuple[Problem, dict[str, tuple[int, int]]]:
    """The problem with each unit's form and host of an earlier plan as what it had before, and the plan's organizations.

    Organizations in which nothing changed are ``settled``: moving one of their units costs more. Where the lead unit of a joint organization can lead no more, the organization goes on under the cheapest of its other
    units that can: it keeps its id, and its units have not moved.
    """
    index = {unit_id: unit for unit, unit_id in enumerate(problem.unit_ids)}
    places = {place_id: place for place, place_id in enumerate(problem.place_ids)}
    form, host = problem.previous_form.copy(), problem.previous_host.copy()
    settled = problem.settled.copy()
    key_of: dict[str, tuple[int, int]] = {}
    for organization in plan.organizations:
        code = CODE[organization.form]
        units = [index[unit_id] for unit_id in organization.unit_ids if unit_id in index]
        if not units:
            continue
        if code == VILLAGE:
            at = places.get(organization.host, ELSEWHERE)
        else:
            at = index.get(organization.host, ELSEWHERE)
            if code in JOINT:
                staying = [
                    unit for unit in units if problem.t[unit] < problem.limits.min_full_members or unit == at
                ]
                best, violations = _host(problem, code, at, staying)
                if violations and at in staying:
                    best, violations = _host(problem, code, -1, [unit for unit in staying if unit != at])
                at = at if violations else best
            key_of[organization.organization_id] = (code, at)
        form[units], host[units] = code, at
        settled[units] = code != VILLAGE and _is_as_planned(problem, organization, units, at)
    return replace(problem, previous_form=form, previous_host=host, settled=settled), key_of


def _is_as_planned(problem: Problem, organization: PlannedOrganization, units: list[int], host: int) -> bool:
    """Nothing changed: the same units under the same lead unit, with the same members."""
    return (
        len(units) == len(organization.unit_ids)
        and problem.unit_ids[host] == organization.host
        and int(problem.t[units].sum()) == organization.full_members
        and int(problem.members[units].sum()) == organization.members
    )


def with_existing(
    problem: Problem,
    organization_ids: Sequence[str | None],
    forms: Sequence[str | None],
    records: Sequence[OrganizationRecord],
    known: Flags,
    unclear: Ints,
    *,
    keep: bool = True,
) -> tuple[Problem, Existing]:
    """Enter what the ledger says of the present. ``unclear`` [n]: mask of the joint forms of which the unit's own cell (park,
    venue, association, chain) is 待核: that is no reason to dissolve an organization, nor is its size. ``keep`` pins what keeps the rules; what an earlier plan says stays.

    ``known``: whose full members are known. An organization that stands is taken at its word: where its full members are
    待核, as many are assumed as it needs to stand, and named in ``Existing.assumed``.
    """
    record = {item.id: item for item in records}
    form_of = [
        _form_before(problem, unit, organization, name, record)
        for unit, (organization, name) in enumerate(zip(organization_ids, forms, strict=True))
    ]
    problem, assumed, lent = _at_its_word(problem, organization_ids, form_of, known)
    index = {unit_id: unit for unit, unit_id in enumerate(problem.unit_ids)}
    previous_form, previous_host = problem.previous_form.copy(), problem.previous_host.copy()
    pinned, allowed, stays = problem.pinned_host.copy(), problem.allowed.copy(), problem.stays.copy()
    planned = previous_form >= 0
    joint: dict[tuple[str, int], list[int]] = {}
    key_of: dict[str, tuple[int, int]] = {}

    def before(unit: int, form: int, host: int) -> None:
        if not planned[unit]:
            previous_form[unit], previous_host[unit] = form, host

    def stay(unit: int, host: int, *open_forms: int) -> None:
        if keep:
            pinned[unit], allowed[unit], stays[unit] = host, allowed[unit] & bit(*open_forms), True

    for unit, (organization, form) in enumerate(zip(organization_ids, form_of, strict=True)):
        if form == NONE:
            continue
        if form == VILLAGE:
            before(unit, VILLAGE, int(problem.place[unit]))
        elif form in ALONE:
            before(unit, form, unit)
            if organization:
                key_of[organization] = (form, unit)
            if form == SECONDED and problem.allows(unit, SECONDED):
                stay(unit, unit, SECONDED)
            elif form == MOBILE and (problem.allows(unit, form) or unclear[unit] >> form & 1):
                if keep:
                    allowed[unit] |= bit(MOBILE)
                stay(unit, unit, form)
            elif (
                form == SEPARATE
                and problem.t[unit] >= problem.limits.min_full_members
                and problem.allows(unit, form)
            ):
                stay(unit, unit, form, *((LEADER,) if problem.can_lead[unit] else ()))
        else:
            joint.setdefault((organization or f"{NAMES[form]}:{unit}", form), []).append(unit)

    split: set[int] = set()
    broken: list[Broken] = []
    for (organization, form), units in joint.items():
        given = record.get(organization)
        wanted = index.get(given.host or "", -1) if given is not None else -1
        grown = [
            unit
            for unit in units
            if problem.t[unit] >= problem.limits.min_full_members
            and not (form == LEADER and problem.can_lead[unit] and wanted in (-1, unit))
        ]
        rest = [unit for unit in units if unit not in grown]
        split.update(grown)
        host, violations = _host(problem, form, wanted, rest, unclear)
        key_of[organization] = (form, host)
        for unit in units:
            before(unit, form, host if host >= 0 else ELSEWHERE)
        if violations:
            broken.append(Broken(organization, tuple(units), tuple(violations)))
            continue
        for unit in rest:
            if unclear[unit] >> form & 1 and keep:
                allowed[unit] |= bit(form)
            stay(unit, host, form)
    made = replace(
        problem,
        previous_form=previous_form,
        previous_host=previous_host,
        pinned_host=pinned,
        allowed=allowed,
        stays=stays,
    )
    return made, Existing(
        tuple(id or "" for id in organization_ids), key_of, frozenset(split), assumed, tuple(broken), lent
    )


def _at_its_word(
    problem: Problem, organization_ids: Sequence[str | None], form_of: Sequence[int], known: Flags
) -> tuple[Problem, dict[int, int], dict[int, int]]:
    """Full members that organizations which stand must have, given to their units whose members are 待核; what is still missing
    is lent to their other units."""
    least = problem.limits.min_full_members
    assumed: dict[int, int] = {}
    lent: dict[int, int] = {}
    joint: dict[str, list[int]] = {}
    for unit, form in enumerate(form_of):
        if form in JOINT and organization_ids[unit]:
            joint.setdefault(organization_ids[unit] or "", []).append(unit)
        elif form in ALONE and not known[unit]:
            assumed[unit] = problem.limits.seconded_full_members if form == SECONDED else least
    for units in joint.values():
        missing = least - int(problem.t[units].sum())
        for unit in units:
            if missing > 0 and not known[unit]:
                assumed[unit] = min(missing, least - 1)
                missing -= assumed[unit]
        if known[units].all():
            continue
        # the unit that is not known may have all three; in the sums no unit of a joint organization has more than two
        for unit in sorted(units, key=lambda unit: (-int(problem.t[unit]), unit)):
            if missing > 0 and known[unit] and problem.t[unit] < least - 1:
                lent[unit] = min(missing, least - 1 - int(problem.t[unit]))
                missing -= lent[unit]
    if not assumed:
        return problem, {}, {}
    t, members, allowed = problem.t.copy(), problem.members.copy(), problem.policy_forms.copy()
    for unit, count in assumed.items():
        t[unit] = count
        members[unit] = max(int(members[unit]), count)
        if form_of[unit] in ALONE:
            allowed[unit] = bit(form_of[unit])
    for unit, count in lent.items():
        t[unit] += count
    return replace(problem, t=t, members=members, allowed=allowed, policy_forms=allowed), assumed, lent


def take_back(problem: Problem, existing: Existing) -> Problem:
    """The problem without what was lent to units whose organization does not stay."""
    t = problem.t.copy()
    for unit, count in existing.lent.items():
        if not problem.stays[unit]:
            t[unit] -= count
    return replace(problem, t=t)


def _form_before(
    problem: Problem,
    unit: int,
    organization: str | None,
    name: str | None,
    record: dict[str, OrganizationRecord],
) -> int:
    """The ledger's form, else the organization's own; without either, an organization of its own if it could be one."""
    if name is None and organization:
        name = record[organization].form if organization in record else None
        if name is None:
            alone = problem.t[unit] >= problem.limits.min_full_members
            name = "separate" if alone else "village" if problem.place[unit] >= 0 else None
    return CODE[name] if name else NONE


def _host(
    problem: Problem, form: int, wanted: int, units: list[int], unclear: Ints | None = None
) -> tuple[int, list[Violation]]:
    """The lead unit under which these units keep the rules: the one on record, else the cheapest; and what breaks, if none."""
    first = [wanted] if wanted in units else []
    others = [unit for unit in units if unit not in first and problem.t[unit] >= 1]
    others.sort(key=lambda host: (organization_cost(problem, form, host, units), host))
    best: tuple[int, list[Violation]] | None = None
    for host in (*first, *others):
        violations = joint_violations(problem, form, host, units)
        violations += [
            Violation("form", _not_open(form), (unit,)) for unit in units if not problem.allows(unit, form)
        ]
        if unclear is not None:
            violations = [each for each in violations if not _excused(each, form, units, unclear)]
        if not violations:
            return host, []
        if best is None or len(violations) < len(best[1]):
            best = (host, violations)
    if best is not None:
        return best
    host = units[0] if units else -1
    return host, joint_violations(problem, form, host, units) if units else [
        Violation("units", Text("原有单位都已退出", "All its units have left"), ())
    ]


def _excused(violation: Violation, form: int, units: list[int], unclear: Ints) -> bool:
    """A soft limit, or a place or line that is not known: no reason to take apart what stands."""
    if violation.code == "units":
        return len(units) > 1
    if violation.code == "association":
        return any(unclear[unit] >> form & 1 for unit in units)
    if violation.code in ("may_join", "form"):
        return any(unclear[unit] >> form & 1 for unit in violation.units)
    return False


def _not_open(form: int) -> Text:
    label = FORMS[NAMES[form]]
    return Text(f"单位不再符合{label.zh}的条件", f"A unit no longer meets the condition of {label.en}")
