"""What an expression can name: the fields of the ledger, and for rules about organizations the facts of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from liangxin.registry.fields import FIELDS, FORMS, FieldType
from liangxin.wording import Text


class ValueType(Enum):
    """The types of the language. A choice is TEXT whose name lists its ``choices``."""

    CONDITION = "condition"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    LIST = "list"

    @property
    def label(self) -> Text:
        return _TYPE_LABELS[self]


_TYPE_LABELS: Final = {
    ValueType.CONDITION: Text("条件（真或假）", "a condition (true or false)"),
    ValueType.NUMBER: Text("数字", "a number"),
    ValueType.TEXT: Text("文字", "text"),
    ValueType.DATE: Text("日期", "a date"),
    ValueType.LIST: Text("多个值的列表", "a list of values"),
}


@dataclass(frozen=True, slots=True)
class Name:
    """One thing that an expression can name: a column of the frame that the rule is evaluated on."""

    name: str
    type: ValueType
    label: Text
    choices: Mapping[str, Text] | None = None


class Subject(Enum):
    """What a rule is about, which decides the names it sees."""

    UNIT = "unit"
    COUNTED_UNIT = "counted_unit"  # indicators: a unit whose work coverage has been decided
    ORGANIZATION = "organization"
    PROPOSAL = "proposal"  # a task group's plan, counted (5.2)


_OF_FIELD: Final = {
    FieldType.TEXT: ValueType.TEXT,
    FieldType.INTEGER: ValueType.NUMBER,
    FieldType.NUMBER: ValueType.NUMBER,
    FieldType.DATE: ValueType.DATE,
    FieldType.BOOLEAN: ValueType.CONDITION,
    FieldType.CHOICE: ValueType.TEXT,
    FieldType.REFERENCE: ValueType.TEXT,
    FieldType.REFERENCES: ValueType.LIST,
}

UNIT_NAMES: Final[Mapping[str, Name]] = MappingProxyType(
    {
        # a plain dict: rules are sent to other processes, and a read-only view cannot be
        field.name: Name(
            field.name, _OF_FIELD[field.type], field.label, dict(field.choices) if field.choices else None
        )
        for field in FIELDS.values()
    }
)

WORK_COVERED: Final = Name("work_covered", ValueType.CONDITION, Text("工作覆盖", "Work coverage"))

ORGANIZATION_TYPES: Final[Mapping[str, Text]] = MappingProxyType(
    {
        "party_committee": Text("党委", "Party committee"),
        "working_committee": Text("党工委", "working committee"),
        "general_branch": Text("党总支", "general branch"),
        "joint_general_branch": Text("联合党总支", "joint general branch"),
        "branch": Text("党支部", "branch"),
        "joint_branch": Text("联合党支部", "joint branch"),
        "group": Text("党小组", "Party group"),
        "leading_group": Text("领导小组", "leading group"),
    }
)


def _organization_names() -> dict[str, Name]:
    number, date_, condition = ValueType.NUMBER, ValueType.DATE, ValueType.CONDITION
    listed = [
        Name("org_id", ValueType.TEXT, Text("党组织编号", "Organization no.")),
        Name("org_name", ValueType.TEXT, Text("党组织名称", "Organization")),
        Name("org_type", ValueType.TEXT, Text("党组织类型", "Organization type"), dict(ORGANIZATION_TYPES)),
        Name("org_form", ValueType.TEXT, Text("党组织组建形式", "Form of the organization"), dict(FORMS)),
        Name("org_units", number, Text("覆盖单位数", "Units covered")),
        Name("org_units_with_three", number, Text("够单建条件的单位数", "Units that could stand alone")),
        Name("org_full_members", number, Text("党组织正式党员数", "Full members of the organization")),
        Name("org_probationary_members", number, Text("党组织预备党员数", "Its probationary members")),
        Name("org_members", number, Text("党组织党员数", "Members of the organization")),
        Name("org_mobile_members", number, Text("党组织流动党员数", "Its mobile members")),
        Name("has_committee", condition, Text("已设支部委员会", "Has a branch committee")),
        Name("has_secretary", condition, Text("已有书记或人选", "Has a secretary or a candidate")),
        Name("org_founded_on", date_, Text("成立日期", "Founded on")),
        Name("org_requested_on", date_, Text("请示日期", "Requested on")),
        Name("org_replied_on", date_, Text("批复日期", "Replied on")),
        Name("org_elected_on", date_, Text("选举日期", "Elected on")),
        Name("org_filed_on", date_, Text("备案日期", "Filed on")),
    ]
    return {name.name: name for name in listed}


ORGANIZATION_NAMES: Final[Mapping[str, Name]] = MappingProxyType(_organization_names())
"""The columns of the frame on which organization rules are evaluated: String, Int64, Boolean or Date, null = 待核."""


def _proposal_names() -> dict[str, Name]:
    listed = {
        "plan_units": Text("方案涉及的单位数", "Units of the plan"),
        "plan_organizations": Text("方案新建的党组织数", "New organizations of the plan"),
        "plan_general_branches": Text("方案新建的党总支数", "New general branches of the plan"),
        "plan_upgrades": Text("方案升格的党组织数", "Organizations the plan upgrades"),
        "plan_dissolved": Text("方案撤销的党组织数", "Organizations the plan dissolves"),
        "plan_required_left_out": Text(
            "应建而方案没有安排的单位数", "Required units that the plan leaves out"
        ),
        "plan_conflicts": Text("方案里的矛盾数", "Conflicts in the plan"),
    }
    return {name: Name(name, ValueType.NUMBER, label) for name, label in listed.items()}


PROPOSAL_NAMES: Final[Mapping[str, Name]] = MappingProxyType(_proposal_names())
"""What the list of important matters sees of a plan: counts, Int64."""

NAMES: Final[Mapping[Subject, Mapping[str, Name]]] = MappingProxyType(
    {
        Subject.UNIT: UNIT_NAMES,
        Subject.COUNTED_UNIT: MappingProxyType({**UNIT_NAMES, WORK_COVERED.name: WORK_COVERED}),
        Subject.ORGANIZATION: ORGANIZATION_NAMES,
        Subject.PROPOSAL: PROPOSAL_NAMES,
    }
)
