"""The one table of fields. Import, export, forms, checks, documents, API and privacy all read it; a field is named once.

An empty cell means 待核 (not yet known): neither zero nor no. In a frame it is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from liangxin.registry.spellings import HEADERS
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl


class FieldType(Enum):
    """What a value is. Polars types: String, Int64, Float64, Date, Boolean, String (choice), String, List(String)."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    REFERENCE = "reference"
    REFERENCES = "references"  # several, written with ";" in a cell


class Reader(Enum):
    """Who may read a field (the privacy class; the permission table joins it with group and area)."""

    REGISTER = "register"  # facts of the public business register
    SURVEY = "survey"  # what the task groups found out: staff within the drive
    MEMBERSHIP = (
        "membership"  # counts of members: staff whose area it is; hidden where a count would show a person
    )


class Section(Enum):
    """Where a field stands in the unit's form and among the columns to choose, in the order asked at the door."""

    BASICS = "basics"
    SIZE = "size"
    MEMBERS = "members"
    ORGANIZATION = "organization"
    PLACE = "place"
    LINKS = "links"
    WORK = "work"
    SURVEY = "survey"


class Clear(Enum):
    """The eight clears 八清 of clause 4.1."""

    NATURE = "nature"
    BUSINESS = "business"
    STAFF = "staff"
    OWNER = "owner"
    MEMBERS = "members"
    ORGANIZATION = "organization"
    AFFILIATION = "affiliation"
    DIRECTION = "direction"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the ledger. ``choices`` maps the stored value to its words; ``aliases`` are other headers in use."""

    name: str
    label: Text
    type: FieldType
    reader: Reader
    section: Section
    aliases: tuple[str, ...] = ()
    unit: Text | None = None
    choices: Mapping[str, Text] | None = None
    clear: Clear | None = None
    minimum: float | None = None
    maximum: float | None = None
    required: bool = False


def _choices(**words: tuple[str, str]) -> Mapping[str, Text]:
    return MappingProxyType({value: Text(zh, en) for value, (zh, en) in words.items()})


KINDS: Final = _choices(
    enterprise=("企业", "enterprise"),
    household=("个体工商户", "self-employed business"),
    civil_non_enterprise=("民办非企业单位", "civil non-enterprise unit"),
    intermediary=("社会中介组织", "intermediary"),
    social_group=("社会团体", "social group"),
    cooperative=("农民专业合作社", "farmers' cooperative"),
)
OWNERSHIPS: Final = _choices(
    private=("私营", "private"),
    foreign=("外商投资", "foreign-invested"),
    hmt=("港澳台投资", "invested from Hong Kong, Macao or Taiwan"),
    collective=("集体", "collective"),
    state=("国有", "state-owned"),
    mixed=("混合", "mixed"),
    individual=("个体", "individual"),
)
STATES: Final = _choices(
    operating=("正常", "operating"),
    suspended=("停业", "suspended"),
    shell=("空壳", "shell"),
    not_found=("查无", "not found"),
    deregistered=("注销", "deregistered"),
    moved_out=("迁出", "moved out"),
)
OWNER_IDENTITIES: Final = _choices(
    member=("中共党员", "Party member"),
    other_party=("民主党派", "member of a democratic party"),
    none=("群众", "not a member"),
)
FORMS: Final = _choices(
    separate=("单独组建", "separate"),
    seconded=("派员帮建", "seconded"),
    park=("园区联建", "park joint"),
    industry=("行业统建", "industry joint"),
    leader=("龙头领建", "leader-led joint"),
    zone=("区域合建", "zone joint"),
    village=("村企联建", "village affiliation"),
    mobile=("流动党员支部", "mobile-member branch"),
    none=("未建", "none"),
)

_PEOPLE = Text("人", "people")
_UNITS = Text("家", "units")


def _field(
    name: str, zh: str, en: str, type_: FieldType, reader: Reader, section: Section, **more: object
) -> Field:
    return Field(name, Text(zh, en), type_, reader, section, HEADERS.get(name, ()), **more)  # type: ignore[arg-type]


_T, _R, _S = FieldType, Reader, Section
_ALL: Final[tuple[Field, ...]] = (
    _field("unit_id", "编号", "Unit no.", _T.TEXT, _R.REGISTER, _S.BASICS, required=True),
    _field("uscc", "统一社会信用代码", "Credit code", _T.TEXT, _R.REGISTER, _S.BASICS),
    _field("name", "单位名称", "Name", _T.TEXT, _R.REGISTER, _S.BASICS, required=True),
    _field("kind", "单位类别", "Kind", _T.CHOICE, _R.REGISTER, _S.BASICS, choices=KINDS, clear=Clear.NATURE),
    _field(
        "ownership",
        "经济类型",
        "Ownership",
        _T.CHOICE,
        _R.REGISTER,
        _S.BASICS,
        choices=OWNERSHIPS,
        clear=Clear.NATURE,
    ),
    _field(
        "state", "经营状况", "State", _T.CHOICE, _R.SURVEY, _S.BASICS, choices=STATES, clear=Clear.BUSINESS
    ),
    _field("industry", "行业代码", "Industry code", _T.TEXT, _R.REGISTER, _S.BASICS),
    _field(
        "staff",
        "从业人数",
        "Staff",
        _T.INTEGER,
        _R.SURVEY,
        _S.SIZE,
        unit=_PEOPLE,
        minimum=0,
        maximum=300_000,
        clear=Clear.STAFF,
    ),
    _field(
        "revenue",
        "年营业收入",
        "Annual revenue",
        _T.NUMBER,
        _R.SURVEY,
        _S.SIZE,
        unit=Text("万元", "10,000 yuan"),
        minimum=0,
        clear=Clear.BUSINESS,
    ),
    _field(
        "member_units", "会员单位数", "Member units", _T.INTEGER, _R.SURVEY, _S.SIZE, unit=_UNITS, minimum=0
    ),
    _field(
        "full_time_staff",
        "专职工作人员数",
        "Full-time staff",
        _T.INTEGER,
        _R.SURVEY,
        _S.SIZE,
        unit=_PEOPLE,
        minimum=0,
    ),
    _field(
        "owner_identity",
        "业主身份",
        "Owner's identity",
        _T.CHOICE,
        _R.MEMBERSHIP,
        _S.MEMBERS,
        choices=OWNER_IDENTITIES,
        clear=Clear.OWNER,
    ),
    _field("owner_is_secretary", "业主兼任书记", "Owner is secretary", _T.BOOLEAN, _R.MEMBERSHIP, _S.MEMBERS),
    _field(
        "full_members",
        "正式党员数",
        "Full members",
        _T.INTEGER,
        _R.MEMBERSHIP,
        _S.MEMBERS,
        unit=_PEOPLE,
        minimum=0,
        maximum=20_000,
        clear=Clear.MEMBERS,
    ),
    _field(
        "probationary_members",
        "预备党员数",
        "Probationary members",
        _T.INTEGER,
        _R.MEMBERSHIP,
        _S.MEMBERS,
        unit=_PEOPLE,
        minimum=0,
        maximum=5_000,
        clear=Clear.MEMBERS,
    ),
    _field(
        "mobile_members",
        "流动党员数",
        "Mobile members",
        _T.INTEGER,
        _R.MEMBERSHIP,
        _S.MEMBERS,
        unit=_PEOPLE,
        minimum=0,
        maximum=5_000,
    ),
    _field(
        "graduate_mobile_members",
        "大学生流动党员数",
        "Graduate mobile members",
        _T.INTEGER,
        _R.MEMBERSHIP,
        _S.MEMBERS,
        unit=_PEOPLE,
        minimum=0,
        maximum=5_000,
    ),
    _field(
        "organization_id",
        "所属党组织",
        "Organization",
        _T.REFERENCE,
        _R.SURVEY,
        _S.ORGANIZATION,
        clear=Clear.ORGANIZATION,
    ),
    _field(
        "organization_form",
        "组建形式",
        "Form",
        _T.CHOICE,
        _R.SURVEY,
        _S.ORGANIZATION,
        choices=FORMS,
        clear=Clear.ORGANIZATION,
    ),
    _field(
        "superior_id",
        "隶属党组织",
        "Superior organization",
        _T.REFERENCE,
        _R.SURVEY,
        _S.ORGANIZATION,
        clear=Clear.AFFILIATION,
    ),
    _field(
        "intended_form",
        "组建方向",
        "Intended form",
        _T.CHOICE,
        _R.SURVEY,
        _S.ORGANIZATION,
        choices=FORMS,
        clear=Clear.DIRECTION,
    ),
    _field("area", "工作片", "Work area", _T.REFERENCE, _R.REGISTER, _S.PLACE, clear=Clear.AFFILIATION),
    _field("village", "村(社区)", "Village or community", _T.REFERENCE, _R.REGISTER, _S.PLACE),
    _field("park", "园区", "Park", _T.REFERENCE, _R.REGISTER, _S.PLACE),
    _field("venue", "市场楼宇街区", "Market, building or street", _T.REFERENCE, _R.REGISTER, _S.PLACE),
    _field("association", "行业协会(商会)", "Associations", _T.REFERENCES, _R.SURVEY, _S.LINKS),
    _field("leader_unit_id", "龙头企业", "Leading enterprise", _T.REFERENCE, _R.SURVEY, _S.LINKS),
    _field("chain_unit_ids", "上下游企业", "Industry-chain links", _T.REFERENCES, _R.SURVEY, _S.LINKS),
    _field(
        "lon",
        "经度",
        "Longitude",
        _T.NUMBER,
        _R.REGISTER,
        _S.PLACE,
        unit=Text("°，WGS 84", "degrees, WGS 84"),
        minimum=73,
        maximum=136,
    ),
    _field(
        "lat",
        "纬度",
        "Latitude",
        _T.NUMBER,
        _R.REGISTER,
        _S.PLACE,
        unit=Text("°，WGS 84", "degrees, WGS 84"),
        minimum=3,
        maximum=54,
    ),
    _field("instructor_id", "党建工作指导员", "Instructor", _T.REFERENCE, _R.SURVEY, _S.WORK),
    _field("union", "工会", "Trade union", _T.BOOLEAN, _R.SURVEY, _S.WORK),
    _field("youth_league", "共青团", "Youth League", _T.BOOLEAN, _R.SURVEY, _S.WORK),
    _field("womens_federation", "妇联", "Women's federation", _T.BOOLEAN, _R.SURVEY, _S.WORK),
    _field(
        "applicants",
        "入党积极分子数",
        "Applicants in training",
        _T.INTEGER,
        _R.MEMBERSHIP,
        _S.MEMBERS,
        unit=_PEOPLE,
        minimum=0,
        maximum=20_000,
    ),
    _field("owner_trained_on", "业主培训日期", "Owner trained on", _T.DATE, _R.SURVEY, _S.WORK),
    _field(
        "secretary_candidate", "有无书记人选", "Secretary candidate", _T.BOOLEAN, _R.SURVEY, _S.ORGANIZATION
    ),
    _field("conditions_mature", "条件是否成熟", "Conditions mature", _T.BOOLEAN, _R.SURVEY, _S.ORGANIZATION),
    _field("reason_none", "未建原因", "Reason for none", _T.TEXT, _R.SURVEY, _S.ORGANIZATION),
    _field("task_group", "推进组", "Task group", _T.REFERENCE, _R.SURVEY, _S.SURVEY),
    _field("surveyed_on", "摸底日期", "Surveyed on", _T.DATE, _R.SURVEY, _S.SURVEY),
    _field("remark", "备注", "Remark", _T.TEXT, _R.SURVEY, _S.SURVEY),
)

SECTIONS: Final[Mapping[Section, Text]] = MappingProxyType(
    {
        Section.BASICS: Text("基本情况", "Basics"),
        Section.SIZE: Text("规模", "Size"),
        Section.MEMBERS: Text("业主和党员", "Owner and members"),
        Section.ORGANIZATION: Text("党组织", "Organization"),
        Section.PLACE: Text("位置", "Place"),
        Section.LINKS: Text("联系", "Links"),
        Section.WORK: Text("工作覆盖", "Work coverage"),
        Section.SURVEY: Text("摸底", "Survey"),
    }
)

FIELDS: Final[Mapping[str, Field]] = MappingProxyType({field.name: field for field in _ALL})
"""Every field by its canonical name, in the ledger's column order."""


def ledger_schema() -> dict[str, pl.DataType]:
    """The Polars type of every canonical column, in order. A ledger frame has exactly these columns."""
    import polars as pl

    types: dict[FieldType, pl.DataType] = {
        FieldType.TEXT: pl.String(),
        FieldType.INTEGER: pl.Int64(),
        FieldType.NUMBER: pl.Float64(),
        FieldType.DATE: pl.Date(),
        FieldType.BOOLEAN: pl.Boolean(),
        FieldType.CHOICE: pl.String(),
        FieldType.REFERENCE: pl.String(),
        FieldType.REFERENCES: pl.List(pl.String()),
    }
    return {field.name: types[field.type] for field in _ALL}
