"""Make a plan: build the problem, solve it, and say everything that plan.json holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liangxin.planning.alternatives import Alternatives
from liangxin.planning.build import WORK_COVERAGE, Built, build
from liangxin.planning.cost import cost
from liangxin.planning.explain import CLAUSE, Explainer
from liangxin.planning.forms import NAMES
from liangxin.planning.options import PlanOptions
from liangxin.planning.organizations import Organizations, organize
from liangxin.planning.plan import (
    Conflict,
    ContactReport,
    IndicatorChange,
    InstructorContacts,
    Plan,
    RosterSummary,
    SolverReport,
    StageReport,
    UnitDecision,
)
from liangxin.planning.solve import solve
from liangxin.planning.unmet import unmet
from liangxin.registry.roster import freeze
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification
    from liangxin.planning.problem import Arrangement
    from liangxin.planning.solution import Solution
    from liangxin.registry.town import Town


def make_plan(classification: Classification, town: Town, *, options: PlanOptions | None = None) -> Plan:
    """The plan for a classified ledger. ``parent_id`` of new organizations is None until ``structure`` places them.

    Raises:
        InputError: the town's areas have an unknown parent or a cycle.
        Cancelled: the caller asked to stop.
    """
    options = options or PlanOptions()
    built = build(classification, town, options=options)
    solution = solve(built.problem, options)
    return describe(classification, town, built, solution, options)


def describe(
    classification: Classification, town: Town, built: Built, solution: Solution, options: PlanOptions
) -> Plan:
    """The plan that says a solution: organizations, a reason for every unit, alternatives, indicators, what cannot be met."""
    policy, arrangement = classification.policy, solution.arrangement
    organizations = organize(built, arrangement, cost(built.problem, arrangement), town)
    areas = {area.id: area.name for area in town.areas}
    frame = _as_planned(built, arrangement, organizations)
    indicators = _indicators(classification, frame)
    return Plan(
        policy_id=policy.id,
        overlays=policy.overlays,
        as_of=policy.as_of,
        roster=_roster(classification),
        units=_decisions(classification, built, solution, organizations, areas, frame),
        organizations=organizations.planned,
        indicators=indicators,
        infeasible=unmet(
            built, arrangement, areas, solution.stages, _work_coverage(classification, indicators)
        ),
        solver=SolverReport(
            objective=round(solution.objective, 6),
            bound=round(solution.bound, 6),
            gap=round(solution.gap, 6),
            seconds=round(solution.seconds, 2),
            status=solution.status,
            seed=options.seed,
            stages=_stages(solution),
        ),
        moved=_moved(built, arrangement, organizations, options),
        contacts=_contacts(built, organizations),
    )


def _contacts(built: Built, organizations: Organizations) -> ContactReport:
    contacts, instructors, ids = organizations.contacts, built.contacts.instructors, built.problem.unit_ids
    units_of: dict[int, list[str]] = {}
    for unit in contacts.without.tolist():
        units_of.setdefault(int(contacts.of_unit[unit]), []).append(ids[unit])
    asked = contacts.asked[contacts.of_unit[contacts.asked] < 0]
    return ContactReport(
        asked=len(contacts.asked),
        not_served=tuple(ids[unit] for unit in asked.tolist()),
        instructors=tuple(
            InstructorContacts(
                instructor.id,
                int(built.contacts.rooms[row]),
                ids[int(contacts.seconded_to[row])] if contacts.seconded_to[row] >= 0 else None,
                tuple(units_of.get(row, ())),
            )
            for row, instructor in enumerate(instructors)
        ),
    )


def _stages(solution: Solution) -> tuple[StageReport, ...]:
    reached, least = solution.stages.reached, solution.stages.bound
    return (
        StageReport("uncovered", reached.uncovered, least.uncovered),
        StageReport("unestablished", reached.unestablished, least.unestablished),
        StageReport("unreached", round(reached.unreached, 6), round(least.unreached, 6)),
    )


def _as_planned(built: Built, arrangement: Arrangement, organizations: Organizations) -> pl.DataFrame:
    """What ``coverage.count`` takes: each unit's form and organization, and whom an instructor reaches."""
    import polars as pl

    return pl.DataFrame(
        {
            "unit_id": list(built.problem.unit_ids),
            "form": [NAMES[form] for form in arrangement.form.tolist()],
            "organization_id": list(organizations.of_unit),
            "work_covered": [
                True if covered else None
                for covered in organizations.contacts.covering(built.contacts).tolist()
            ],
        },
        schema={
            "unit_id": pl.String,
            "form": pl.String,
            "organization_id": pl.String,
            "work_covered": pl.Boolean,
        },
    )


def _roster(classification: Classification) -> RosterSummary:
    """The frozen base: how many rows, how many in scope, who was left out and why, and a fingerprint of the facts."""
    frame = classification.frame
    reasons = frame["left_out"].drop_nulls().value_counts(sort=True, name="count")
    left_out = {str(row["left_out"]): int(row["count"]) for row in reasons.iter_rows(named=True)}
    frozen = freeze(frame, frame, classification.policy.as_of)
    return RosterSummary(frozen.units, int(frame["in_scope"].sum()), left_out, frozen.sha256)


def _decisions(
    classification: Classification,
    built: Built,
    solution: Solution,
    organizations: Organizations,
    areas: dict[str, str],
    planned: pl.DataFrame,
) -> tuple[UnitDecision, ...]:
    arrangement = solution.arrangement
    explainer = Explainer(built, arrangement, organizations, areas)
    alternatives = Alternatives(built.problem, arrangement, solution.prices)
    conflicts = _conflicts(classification, planned)
    guides = [
        built.contacts.instructors[row].id if row >= 0 else None for row in organizations.contacts.of_unit
    ]
    decisions: list[UnitDecision] = []
    rows = built.frame.select("unit_id", "classes", "asked_form", "unknown")
    for unit, (unit_id, classes, asked, unknown) in enumerate(rows.iter_rows()):
        others = alternatives.of(unit)
        form = NAMES[int(arrangement.form[unit])]
        decisions.append(
            UnitDecision(
                unit_id=unit_id,
                classes=tuple(classes or ()),
                asked_form=asked,
                form=form,
                organization_id=organizations.of_unit[unit],
                change=explainer.change(unit),
                clause=CLAUSE[form],
                reason=explainer.reason(unit, others),
                alternatives=others,
                conflicts=conflicts.get(unit_id, ()),
                unknown=tuple(unknown or ()),
                instructor_id=guides[unit],
            )
        )
    return tuple(decisions)


def _conflicts(classification: Classification, planned: pl.DataFrame) -> dict[str, tuple[Conflict, ...]]:
    """The policy's contradictions of each unit as they stand once the plan is carried out."""
    import polars as pl

    from liangxin.coverage import classify
    from liangxin.coverage.planned import as_planned
    from liangxin.coverage.reasons import conflict_sentences
    from liangxin.registry.fields import FIELDS

    after = as_planned(classification, planned).select(pl.col(name) for name in FIELDS)
    found: dict[str, list[Conflict]] = {}
    for row in conflict_sentences(classify(after, classification.policy)).iter_rows(named=True):
        conflict = Conflict(row["conflict"], row["clause"], Text(row["zh"], row["en"]))
        found.setdefault(row["unit_id"], []).append(conflict)
    return {unit_id: tuple(conflicts) for unit_id, conflicts in found.items()}


def _indicators(classification: Classification, planned: pl.DataFrame) -> tuple[IndicatorChange, ...]:
    from liangxin.coverage import count

    before, after = count(classification), count(classification, planned)
    return tuple(
        IndicatorChange(item.id, item.label, before[item.id], after[item.id], item.target, item.due)
        for item in classification.policy.indicators
    )


def _work_coverage(
    classification: Classification, indicators: tuple[IndicatorChange, ...]
) -> IndicatorChange | None:
    """The indicator of 1.5, if the policy has one."""
    roles = [item.role for item in classification.policy.indicators]
    return next((each for each, role in zip(indicators, roles, strict=True) if role == WORK_COVERAGE), None)


def _moved(
    built: Built, arrangement: Arrangement, organizations: Organizations, options: PlanOptions
) -> tuple[str, ...]:
    """Units of the earlier plan whose form or organization is another one now."""
    if options.previous is None:
        return ()
    index = {unit_id: unit for unit, unit_id in enumerate(built.problem.unit_ids)}
    moved: list[str] = []
    for decision in options.previous.units:
        unit = index.get(decision.unit_id)
        if unit is None:
            continue
        now = NAMES[int(arrangement.form[unit])], organizations.of_unit[unit]
        if now != (decision.form, decision.organization_id):
            moved.append(decision.unit_id)
    return tuple(moved)
