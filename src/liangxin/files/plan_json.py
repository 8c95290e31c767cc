"""plan.json (``liangxin.plan/1``) out and in. What is written and read again is the same Plan.

>>> from pathlib import Path
>>> plan = read_plan(Path("out/plan.json"))  # doctest: +SKIP
>>> plan.solver.gap  # doctest: +SKIP
0.0007
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from liangxin.coverage.rate import Rate
from liangxin.files.json_reading import Node, parse_json
from liangxin.planning.plan import (
    Alternative,
    Conflict,
    ContactReport,
    IndicatorChange,
    Infeasible,
    InstructorContacts,
    Plan,
    PlannedOrganization,
    RosterSummary,
    SolverReport,
    StageReport,
    UnitDecision,
)
from liangxin.registry.fields import FORMS

FORMAT: Final = "liangxin.plan/1"
CHANGES: Final = ("kept", "new", "moved", "split_off", "none")
ORGANIZATION_STATUSES: Final = ("existing", "new", "changed", "dissolved")
SOLVER_STATUSES: Final = ("optimal", "gap_reached", "time_limit")
STAGES: Final = ("uncovered", "unestablished", "unreached")
ASKED_FORMS: Final = ("separate", "any")


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan as the JSON document of the interface."""
    return {
        "format": FORMAT,
        "policy": {"id": plan.policy_id, "overlays": list(plan.overlays)},
        "as_of": plan.as_of.isoformat(),
        "roster": {
            "units": plan.roster.units,
            "in_scope": plan.roster.in_scope,
            "left_out": dict(plan.roster.left_out),
            "sha256": plan.roster.sha256,
        },
        "units": [_unit(decision) for decision in plan.units],
        "organizations": [_organization(organization) for organization in plan.organizations],
        "indicators": [indicator_document(indicator) for indicator in plan.indicators],
        "infeasible": [
            {
                "unit_ids": list(part.unit_ids),
                "clause": part.clause,
                "proven": part.proven,
                **part.text.as_dict(),
            }
            for part in plan.infeasible
        ],
        "moved": list(plan.moved),
        "contacts": {
            "asked": plan.contacts.asked,
            "served": plan.contacts.served,
            "not_served": list(plan.contacts.not_served),
            "instructors": [_instructor(each) for each in plan.contacts.instructors],
        },
        "solver": {
            "objective": plan.solver.objective,
            "bound": plan.solver.bound,
            "gap": plan.solver.gap,
            "seconds": plan.solver.seconds,
            "status": plan.solver.status,
            "seed": plan.solver.seed,
            "stages": [
                {"id": stage.id, "reached": stage.reached, "least": stage.least}
                for stage in plan.solver.stages
            ],
        },
    }


def indicator_document(indicator: IndicatorChange) -> dict[str, Any]:
    return {
        "id": indicator.id,
        "label": indicator.label.as_dict(),
        "before": rate_document(indicator.before),
        "after": rate_document(indicator.after),
        "target": indicator.target,
        "due": indicator.due.isoformat() if indicator.due else None,
    }


def rate_document(rate: Rate) -> dict[str, Any]:
    """``low`` and ``high`` bound the rate while facts are 待核; null where the denominator may be empty."""
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "unknown": rate.unknown,
        "low": rate.low,
        "high": rate.high,
    }


def _unit(decision: UnitDecision) -> dict[str, Any]:
    return {
        "unit_id": decision.unit_id,
        "classes": list(decision.classes),
        "asked_form": decision.asked_form,
        "form": decision.form,
        "organization_id": decision.organization_id,
        "change": decision.change,
        "clause": decision.clause,
        "reason": decision.reason.as_dict(),
        "alternatives": [
            {"form": other.form, "host": other.host, "extra_cost": other.extra_cost}
            for other in decision.alternatives
        ],
        "conflicts": [
            {"id": conflict.id, "clause": conflict.clause, **conflict.text.as_dict()}
            for conflict in decision.conflicts
        ],
        "unknown": list(decision.unknown),
        "instructor_id": decision.instructor_id,
    }


def _instructor(contacts: InstructorContacts) -> dict[str, Any]:
    return {
        "instructor_id": contacts.instructor_id,
        "capacity": contacts.capacity,
        "seconded_to": contacts.seconded_to,
        "unit_ids": list(contacts.unit_ids),
    }


def _organization(organization: PlannedOrganization) -> dict[str, Any]:
    return {
        "organization_id": organization.organization_id,
        "name": organization.name,
        "type": organization.type,
        "form": organization.form,
        "host": organization.host,
        "unit_ids": list(organization.unit_ids),
        "full_members": organization.full_members,
        "members": organization.members,
        "instructor_id": organization.instructor_id,
        "parent_id": organization.parent_id,
        "status": organization.status,
        "cost": organization.cost,
    }


def write_plan(path: Path, plan: Plan) -> None:
    """One unit and one organization a line, so that two plans can be compared with any text tool."""
    document = plan_document(plan)
    lines = [f"{json.dumps(key)}: {_value(key, value)}" for key, value in document.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _value(key: str, value: Any) -> str:
    if key in ("units", "organizations", "indicators", "infeasible") and value:
        return "[\n" + ",\n".join("  " + _json(item) for item in value) + "\n]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def read_plan(path: Path) -> Plan:
    """The plan as written. InputError with every fault, each with its path inside the document."""
    return parse_plan(path.read_bytes(), name=path.name)


def parse_plan(text: str | bytes, *, name: str = "plan.json") -> Plan:
    """The plan of a file's text, or of its bytes in UTF-8. ``name``: what messages call it. InputError as ``read_plan``."""
    root = parse_json(text, FORMAT, name=name)
    policy, roster, solver = root.at("policy"), root.at("roster"), root.at("solver")
    plan = Plan(
        policy_id=policy.at("id").text(),
        overlays=policy.at("overlays").texts(),
        as_of=root.at("as_of").date(),
        roster=RosterSummary(
            units=roster.at("units").whole(),
            in_scope=roster.at("in_scope").whole(),
            left_out={key: value.whole() for key, value in roster.at("left_out").entries()},
            sha256=roster.at("sha256").text(),
        ),
        units=tuple(_read_unit(node) for node in root.at("units").items()),
        organizations=tuple(_read_organization(node) for node in root.at("organizations").items()),
        indicators=tuple(_read_indicator(node) for node in root.at("indicators").items()),
        infeasible=tuple(
            Infeasible(
                node.at("unit_ids").texts(),
                node.at("clause").text(),
                node.wording(),
                node.at("proven", optional=True).yes(otherwise=False),
            )
            for node in root.at("infeasible").items()
        ),
        solver=SolverReport(
            objective=solver.at("objective").number(),
            bound=solver.at("bound").number(),
            gap=solver.at("gap").number(),
            seconds=solver.at("seconds").number(),
            status=solver.at("status").choice(SOLVER_STATUSES),  # type: ignore[arg-type]
            seed=solver.at("seed").whole(),
            stages=tuple(
                StageReport(
                    node.at("id").choice(STAGES), node.at("reached").number(), node.at("least").number()
                )
                for node in solver.at("stages", optional=True).items()
            ),
        ),
        moved=root.at("moved", optional=True).texts(),
        contacts=_read_contacts(root.at("contacts", optional=True)),
    )
    root.finish()
    return plan


def _read_unit(node: Node) -> UnitDecision:
    return UnitDecision(
        unit_id=node.at("unit_id").text(),
        classes=node.at("classes").texts(),
        asked_form=node.at("asked_form").choice_or_none(ASKED_FORMS),
        form=node.at("form").choice(tuple(FORMS)),
        organization_id=node.at("organization_id").text_or_none(),
        change=node.at("change").choice(CHANGES),  # type: ignore[arg-type]
        clause=node.at("clause").text(),
        reason=node.at("reason").wording(),
        alternatives=tuple(
            Alternative(
                other.at("form").choice(tuple(FORMS)),
                other.at("host").text_or_none(),
                other.at("extra_cost").number(),
            )
            for other in node.at("alternatives").items()
        ),
        conflicts=tuple(
            Conflict(conflict.at("id").text(), conflict.at("clause").text(), conflict.wording())
            for conflict in node.at("conflicts").items()
        ),
        unknown=node.at("unknown").texts(),
        instructor_id=node.at("instructor_id", optional=True).text_or_none(),
    )


def _read_contacts(node: Node) -> ContactReport:
    """Plans of before instructors were assigned have none."""
    return ContactReport(
        asked=node.at("asked").whole(),
        instructors=tuple(
            InstructorContacts(
                each.at("instructor_id").text(),
                each.at("capacity").whole(),
                each.at("seconded_to").text_or_none(),
                each.at("unit_ids").texts(),
            )
            for each in node.at("instructors").items()
        ),
        not_served=node.at("not_served").texts(),
    )


def _read_organization(node: Node) -> PlannedOrganization:
    return PlannedOrganization(
        organization_id=node.at("organization_id").text(),
        name=node.at("name").text(),
        type=node.at("type").text(),
        form=node.at("form").choice(tuple(FORMS)),
        host=node.at("host").text(),
        unit_ids=node.at("unit_ids").texts(),
        full_members=node.at("full_members").whole(),
        members=node.at("members").whole(),
        instructor_id=node.at("instructor_id").text_or_none(),
        parent_id=node.at("parent_id").text_or_none(),
        status=node.at("status").choice(ORGANIZATION_STATUSES),  # type: ignore[arg-type]
        cost=node.at("cost").number(),
    )


def _read_indicator(node: Node) -> IndicatorChange:
    return IndicatorChange(
        id=node.at("id").text(),
        label=node.at("label").wording(),
        before=_read_rate(node.at("before")),
        after=_read_rate(node.at("after")),
        target=node.at("target").number_or_none(),
        due=node.at("due").date_or_none(),
    )


def _read_rate(node: Node) -> Rate:
    return Rate(
        numerator=node.at("numerator").whole(),
        denominator=node.at("denominator").whole(),
        unknown=node.at("unknown").whole(),
        low=node.at("low", optional=True).number_or_none(),
        high=node.at("high", optional=True).number_or_none(),
    )
