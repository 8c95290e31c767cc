"""One measure for each unit (一企一策, clause 4.1): what is to be done there, in one sentence, and by when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from liangxin.files.dossier import Dossier, has_members
from liangxin.planning.plan import UnitDecision
from liangxin.wording import Text

STATES: Final = {
    "kept": Text("保持现状", "kept"),
    "new": Text("拟新建", "to be founded"),
    "moved": Text("拟调整", "to be changed"),
    "split_off": Text("拟剥离单建", "to be split off"),
    "none": Text("暂不组建", "none for now"),
}

_FOUND = Text(
    "指导单位准备成立党组织的请示，报批后召开党员大会选举",
    "help the unit prepare its request; after the reply, hold the members' meeting and election",
)
_MEASURES: Final = {
    "separate": _FOUND,
    "seconded": Text(
        "选派党建工作指导员并转入组织关系，凑足3名正式党员后单独组建",
        "second an instructor and move the membership relation in; with 3 full members, found its own",
    ),
    "mobile": Text(
        "核实流动党员的组织关系，与流出地党组织商定后成立流动党员支部",
        "check the mobile members' relations, agree with their place of origin, then found a mobile-member branch",
    ),
    "village": Text(
        "与{host}党组织协商挂靠，单位签订挂靠承诺书",
        "agree the affiliation with the organization of {host}; the unit signs a commitment",
    ),
}
_JOINT_HOST: Final = Text(
    "作为主单位牵头，会同{count}家单位筹建联合党组织，收齐挂靠承诺书后报批",
    "as lead unit prepare the joint organization with {count} more units; collect the commitments, then submit",
)
_JOINT_MEMBER: Final = Text(
    "签订挂靠承诺书，由主单位{host}牵头加入联合党组织",
    "sign the commitment and join the joint organization led by {host}",
)
_KEPT: Final = Text("保持现有组织，规范运行", "keep the organization as it is and run it by the rules")
_SPLIT_OFF: Final = Text(
    "已具备单独组建条件，从{old}剥离，另行报批成立",
    "qualifies for its own organization: split off from {old} and submit separately",
)
_TRAIN_MEMBERS: Final = Text(
    "现有党员编入就近党组织过组织生活，培养发展党员，条件具备时组建",
    "members take part in the nearest organization; train applicants and found when possible",
)
_WORK_COVERAGE: Final = Text(
    "选配党建工作指导员，推动工会等群团组织建设，培养入党积极分子，开展业主培训",
    "assign an instructor, promote a trade union and other mass organizations, train applicants and the owner",
)
_INFEASIBLE: Final = Text(
    "暂无可行形式，报领导小组专题研究", "no form is possible: to be put before the leading group"
)


def measure(dossier: Dossier, row: Mapping[str, Any], decision: UnitDecision) -> Text:
    """What is to be done at this unit."""
    if decision.form == "none":
        if row["required"]:
            return _INFEASIBLE
        return _TRAIN_MEMBERS if has_members(row) else _WORK_COVERAGE
    if decision.change == "kept":
        return _KEPT
    if decision.change == "split_off":
        old = dossier.organization_name(row["organization_id"])
        return _SPLIT_OFF.fill(
            old=f"“{old}”" if old else Text("原联合党组织", "its present joint organization")
        )
    if decision.form in _MEASURES:
        host = _host_name(dossier, decision)
        return _MEASURES[decision.form].fill(host=host)
    organization = dossier.organizations.get(decision.organization_id or "")
    if organization is None or len(organization.unit_ids) < 2:
        return _FOUND
    if organization.host == decision.unit_id:
        return _JOINT_HOST.fill(count=len(organization.unit_ids) - 1)
    return _JOINT_MEMBER.fill(host=dossier.unit_name(organization.host))


def _host_name(dossier: Dossier, decision: UnitDecision) -> str | Text:
    organization = dossier.organizations.get(decision.organization_id or "")
    if organization is not None:
        return dossier.unit_name(organization.host)
    row = dossier.units[decision.unit_id]
    return dossier.area_name(row["village"]) or Text("所在村（社区）", "its village or community")


def due(dossier: Dossier, decision: UnitDecision) -> date | None:
    """Establishment by 4.3, work coverage by 4.4; nothing is due where all stays as it is."""
    if decision.change == "kept":
        return None
    return dossier.due("4.4" if decision.form == "none" else "4.3")


def state(decision: UnitDecision) -> Text:
    return STATES[decision.change]
