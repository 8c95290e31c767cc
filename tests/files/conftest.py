"""A town of twelve units with a plan made by hand: small enough to count on one's fingers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from liangxin.coverage import classify, count
from liangxin.files.dossier import Dossier
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
    UnitDecision,
)
from liangxin.policy import load_policy
from liangxin.registry.fields import ledger_schema
from liangxin.registry.town import Area, Instructor, OrganizationRecord, TaskGroup, Town
from liangxin.wording import Text

DAY = date(2011, 8, 15)

TOWN = Town(
    name="石溪镇",
    code="330683199",
    areas=(
        Area("A1", "第一工作片", "work_area", centre=(120.60, 29.47)),
        Area("A2", "第二工作片", "work_area", centre=(120.64, 29.47)),
        Area("V1", "上水村", "village", "A1", (120.601, 29.471)),
        Area("V2", "下水村", "village", "A2", (120.641, 29.471)),
        Area("P1", "工业园区东片", "park_area", "A1", (120.605, 29.475)),
    ),
    bodies={"committee": "中共石溪镇委员会"},
    instructors=(Instructor("I1"), Instructor("I2")),
    task_groups=(
        TaskGroup("G1", "第一推进组", ("A1",), head="镇人大主席"),
        TaskGroup("G2", "第二推进组", ("A2",)),
    ),
    organizations=(
        OrganizationRecord("O1", "第一工作片党总支", "general_branch", area="A1"),
        OrganizationRecord("O2", "新昌联合党支部", "joint_branch", parent="O1"),
        OrganizationRecord("O3", "下水村党支部", "branch", area="V2"),
    ),
)


def unit(unit_id: str, name: str, **facts: Any) -> dict[str, Any]:
    """An operating private enterprise in the first area with no organization; ``facts`` say what is different."""
    usual: dict[str, Any] = {
        "kind": "enterprise",
        "ownership": "private",
        "state": "operating",
        "area": "A1",
        "village": "V1",
        "staff": 20,
        "revenue": 100.0,
        "full_members": 0,
        "probationary_members": 0,
        "mobile_members": 0,
        "organization_form": "none",
    }
    return {**dict.fromkeys(ledger_schema()), "unit_id": unit_id, "name": name, **usual, **facts}


LEDGER = [
    unit("1", "永和电机有限公司", uscc="91330683700000001X", staff=120, revenue=2600.0, full_members=4),
    unit("2", "永顺&<兴达>电机厂", staff=60, revenue=800.0, full_members=2, park="P1", lon=120.605, lat=29.475),
    unit("3", "=SUM(A1)机械厂", full_members=1, park="P1", lon=120.606, lat=29.476),
    unit("4", "𠮷祥五金厂", full_members=1, probationary_members=1, park="P1", lon=120.607, lat=29.476),
    unit("5", "茂源茶叶有限公司", area="A2", village="V2", full_members=1),
    unit("6", "和顺服饰有限公司", area="A2", village="V2", staff=35),
    unit("7", "大成厨具有限公司", staff=None, revenue=None, full_members=None, probationary_members=None),
    unit("8", "新昌齿轮有限公司", staff=55, revenue=450.0, full_members=3, organization_form="park", organization_id="O2", park="P1"),
    unit("9", "新联机械有限公司", full_members=1, organization_form="park", organization_id="O2", park="P1"),
    unit("10", "已停业包装厂", state="suspended", full_members=2),
    unit("11", "已注销印刷厂", state="deregistered"),
    unit("12", "阳光幼儿园", kind="civil_non_enterprise", ownership=None, area="A2", village="V2", staff=52, full_members=1),
]  # fmt: skip

ORGANIZATIONS = (
    PlannedOrganization("N1", "永和电机有限公司党支部", "branch", "separate", "1", ("1",), 4, 4, None, "O1", "new", 0.0),
    PlannedOrganization("N2", "永顺&<兴达>电机厂联合党支部", "joint_branch", "park", "2", ("2", "3", "4"), 4, 5, None, "O1", "new", 1.3),
    PlannedOrganization("O3", "下水村党支部", "branch", "village", "V2", ("5", "12"), 2, 2, None, None, "changed", 1.8),
    PlannedOrganization("N3", "新昌齿轮有限公司党支部", "branch", "separate", "8", ("8",), 3, 3, None, "O1", "new", 0.15),
    PlannedOrganization("O2", "新昌联合党支部", "joint_branch", "park", "9", ("9",), 1, 1, None, "O1", "dissolved", 0.0),
)  # fmt: skip


def decide(
    unit_id: str, form: str, organization: str | None, change: str, clause: str, **more: Any
) -> UnitDecision:
    reason = Text(f"按{clause}", f"by {clause}")
    return UnitDecision(unit_id, (), None, form, organization, change, clause, reason, **more)  # type: ignore[arg-type]


DECISIONS = (
    decide("1", "separate", "N1", "new", "2.1", alternatives=(Alternative("leader", "1", 0.25),)),
    decide("2", "park", "N2", "new", "2.3"),
    decide("3", "park", "N2", "new", "2.3"),
    decide("4", "park", "N2", "new", "2.3"),
    decide("5", "village", "O3", "new", "2.7"),
    decide("6", "none", None, "none", "4.4", instructor_id="I1"),
    decide("7", "none", None, "none", "4.4", unknown=("staff", "full_members")),
    decide("8", "separate", "N3", "split_off", "2.1"),
    decide("9", "none", None, "none", "4.4", instructor_id="I1"),
    decide(
        "12",
        "village",
        "O3",
        "new",
        "2.7",
        conflicts=(
            Conflict(
                "stand_alone_without_three",
                "3.2",
                Text(
                    "阳光幼儿园按三（二）应单独组建，但正式党员只有1名",
                    "asked to stand alone, has 1 full member",
                ),
            ),
        ),
    ),
)  # fmt: skip


@pytest.fixture(scope="session")
def dossier() -> Dossier:
    policy = load_policy("changle-2011-44", as_of=DAY)
    classification = classify(pl.DataFrame(LEDGER, schema=ledger_schema()), policy)
    classes = dict(
        zip(classification.frame["unit_id"], classification.frame["classes"].to_list(), strict=True)
    )
    decisions = tuple(replace(each, classes=tuple(classes[each.unit_id])) for each in DECISIONS)
    planned = pl.DataFrame(
        {"unit_id": [each.unit_id for each in decisions], "form": [each.form for each in decisions]}
    )
    before, after = count(classification), count(classification, planned)
    plan = Plan(
        policy_id=policy.id,
        overlays=(),
        as_of=DAY,
        roster=RosterSummary(12, 10, {"deregistered": 1, "suspended": 1}, "ab12" * 16),
        units=decisions,
        organizations=ORGANIZATIONS,
        indicators=tuple(
            IndicatorChange(item.id, item.label, before[item.id], after[item.id], item.target, item.due)
            for item in policy.indicators
        ),
        infeasible=(
            Infeasible(
                ("9",),
                "1.1",
                Text(
                    "新联机械有限公司3公里内只有正式党员1名，联合组建至少需要3名",
                    "1 full member within 3 km; 3 are needed",
                ),
            ),
        ),
        solver=SolverReport(3.25, 3.25, 0.0, 0.1, "optimal", 0),
        moved=("5",),
        contacts=ContactReport(
            asked=4,
            not_served=("5", "7"),
            instructors=(
                InstructorContacts("I1", 2, None, ("6", "9")),
                InstructorContacts("I2", 2, None, ()),
            ),
        ),
    )
    return Dossier(classification, plan, TOWN)
