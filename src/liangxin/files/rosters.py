"""The rosters of units that go into the meeting (4.1, 2.1, 1.1): which unit, what it is, what is proposed for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from liangxin.coverage import rosters as coverage
from liangxin.files.dossier import Dossier
from liangxin.files.measures import due, measure, state
from liangxin.files.tables import Cell, Column, Kind, Table
from liangxin.planning.plan import UnitDecision
from liangxin.registry.fields import FIELDS
from liangxin.wording import Text, join

Row = Mapping[str, Any]
CellOf = Callable[[Dossier, Row, UnitDecision | None], Cell]

MEASURED_IN: Final = Text("家、人、万元", "units, people, 10,000 yuan")
_TEXT, _WRAPPED, _CODE, _COUNT = Kind.TEXT, Kind.WRAPPED, Kind.CODE, Kind.COUNT


def _class_words(dossier: Dossier, row: Row, decision: UnitDecision | None) -> Cell:
    return dossier.class_labels(row["classes"]) if row["classes"] else None


def _form_now(dossier: Dossier, row: Row, decision: UnitDecision | None) -> Cell:
    return dossier.form_label(row["organization_form"])


def _remark(dossier: Dossier, row: Row, decision: UnitDecision | None) -> Cell:
    """What somebody has to look at: contradictions of the rules, then facts not yet known, then the ledger's remark."""
    parts: list[Text] = []
    if decision is not None:
        parts += [conflict.text for conflict in decision.conflicts]
        if decision.unknown:
            parts.append(
                Text("待核：{fields}", "not yet known: {fields}").fill(
                    fields=dossier.field_labels(decision.unknown)
                )
            )
    if row["remark"]:
        parts.append(Text(row["remark"], row["remark"]))
    return join(parts) if parts else None


def _field(name: str) -> CellOf:
    return lambda dossier, row, decision: row[name]


def _planned(what: Callable[[Dossier, Row, UnitDecision], Cell]) -> CellOf:
    return lambda dossier, row, decision: None if decision is None else what(dossier, row, decision)


# name: (column, how its cell is found). Every roster below picks from these, so the same word means the same everywhere.
_CELLS: Final[dict[str, tuple[Column, CellOf]]] = {
    "unit_id": (Column(FIELDS["unit_id"].label, _CODE, 12), _field("unit_id")),
    "name": (Column(FIELDS["name"].label, _TEXT, 22, narrowest=12), _field("name")),
    "uscc": (Column(FIELDS["uscc"].label, _CODE, 20, fact=True), _field("uscc")),
    "kind": (Column(FIELDS["kind"].label, _TEXT, 14, fact=True), lambda d, r, u: _words("kind", r)),
    "area": (
        Column(FIELDS["area"].label, _TEXT, 12, fact=True),
        lambda d, r, u: d.area_name(r["area"]),
    ),
    "village": (
        Column(FIELDS["village"].label, _TEXT, 10, fact=True),
        lambda d, r, u: d.area_name(r["village"]),
    ),
    "site": (Column(Text("园区、市场、楼宇", "Park or venue"), _TEXT, 12), lambda d, r, u: d.site(r)),
    "staff": (Column(FIELDS["staff"].label, _COUNT, fact=True, total=True), _field("staff")),
    "revenue": (Column(FIELDS["revenue"].label, Kind.AMOUNT, fact=True, total=True), _field("revenue")),
    "full": (Column(Text("正式党员", "Full members"), _COUNT, fact=True, total=True), _field("full_members")),
    "probationary": (
        Column(Text("预备党员", "Probationary members"), _COUNT, fact=True, total=True),
        _field("probationary_members"),
    ),
    "mobile": (
        Column(Text("流动党员", "Mobile members"), _COUNT, fact=True, total=True),
        _field("mobile_members"),
    ),
    "members_units": (
        Column(FIELDS["member_units"].label, _COUNT, fact=True, total=True),
        _field("member_units"),
    ),
    "full_time_staff": (
        Column(Text("专职人员", "Full-time staff"), _COUNT, fact=True, total=True),
        _field("full_time_staff"),
    ),
    "classes": (Column(Text("所属类别", "Classes"), _WRAPPED, 16), _class_words),
    "form_now": (Column(Text("现有形式", "Form now"), _TEXT, 10, narrowest=8, fact=True), _form_now),
    "organization_now": (
        Column(Text("现所在党组织", "Organization now"), _WRAPPED, 22),
        lambda d, r, u: d.organization_name(r["organization_id"]),
    ),
    "form": (
        Column(Text("拟采取形式", "Form proposed"), _TEXT, 10, narrowest=8),
        _planned(lambda d, r, u: d.form_label(u.form)),
    ),
    "organization": (
        Column(Text("拟建（所属）党组织", "Organization proposed"), _WRAPPED, 20),
        _planned(lambda d, r, u: d.organization_name(u.organization_id)),
    ),
    "instructor": (
        Column(Text("党建工作指导员", "Instructor"), _CODE, 8),
        _planned(lambda d, r, u: u.instructor_id),
    ),
    "clause": (Column(Text("依据条款", "Clause"), _CODE, 6), _planned(lambda d, r, u: u.clause)),
    "reason": (Column(Text("理由", "Reason"), _WRAPPED, 34), _planned(lambda d, r, u: u.reason)),
    "measure": (Column(Text("对策措施", "Measure"), _WRAPPED, 26), _planned(measure)),
    "task_group": (
        Column(FIELDS["task_group"].label, _TEXT, 12, fact=True),
        lambda d, r, u: d.task_group_name(r),
    ),
    "due": (
        Column(Text("完成时限", "Due"), Kind.DATE, 11, narrowest=10),
        _planned(lambda d, r, u: due(d, u)),
    ),
    "state": (Column(Text("状态", "State"), _TEXT, 8, narrowest=8), _planned(lambda d, r, u: state(u))),
    "reason_none": (Column(FIELDS["reason_none"].label, _WRAPPED, 20, fact=True), _field("reason_none")),
    "reply": (Column(Text("批复文号", "Reply no."), _TEXT, 14, narrowest=10), lambda d, r, u: None),
    "remark": (Column(FIELDS["remark"].label, _WRAPPED, 24, narrowest=8), _remark),
    "state_of_business": (
        Column(FIELDS["state"].label, _TEXT, 10, fact=True),
        lambda d, r, u: _words("state", r),
    ),
}


def _words(name: str, row: Row) -> Text | None:
    value, choices = row[name], FIELDS[name].choices
    return None if value is None or choices is None else choices[value]


def _table(dossier: Dossier, sheet: Text, title: Text, names: str, rows: Iterable[Row], **more: Any) -> Table:
    """A roster: a running number, then the named columns of _CELLS."""
    picked = [_CELLS[name] for name in names.split()]
    made = tuple(
        (number, *(cell(dossier, row, dossier.decisions.get(row["unit_id"])) for _, cell in picked))
        for number, row in enumerate(rows, start=1)
    )
    columns = (Column(Text("序号", "No."), _COUNT, 6, narrowest=4), *(column for column, _ in picked))
    town = dossier.town.name
    return Table(sheet, title.fill(town=town), columns, made, MEASURED_IN, **{"frozen": 3, **more})


def one_measure_each(dossier: Dossier) -> Table:
    """一企一策: every unit of the base, what is proposed, why, who does it and by when."""
    return _table(
        dossier,
        Text("一企一策名册", "One measure each"),
        Text("{town}“两新”组织党建“一企一策”名册", "{town}: one measure for each unit"),
        "unit_id name uscc area village site staff revenue full probationary mobile classes form_now form"
        " organization instructor clause reason measure task_group due state remark",
        dossier.in_scope,
        large_paper=True,
    )


def should_but_not_yet(dossier: Dossier) -> Table:
    """应建未建: at least three full members or a class of 1.1-1.3, and certainly no organization."""
    return _table(
        dossier,
        Text("应建未建名册", "Should but not yet"),
        Text("{town}应建未建党组织单位名册", "{town}: units that should have an organization and have none"),
        "unit_id name uscc area site staff revenue full probationary mobile classes reason_none form"
        " organization measure task_group due state reply remark",
        dossier.in_order(coverage.should_but_not_yet(dossier.classification)),
        large_paper=True,
        notes=(
            Text(
                "口径：正式党员3名以上，或属于必须覆盖的类别（1.1—1.3），现未建立党组织。",
                "Basis: at least 3 full members, or a class that must be covered (1.1-1.3), and no organization now.",
            ),
        ),
    )


def members_without_organization(dossier: Dossier) -> Table:
    """4.1: the roster of units that have members and no organization."""
    return _table(
        dossier,
        Text("有党员未建名册", "Members, no organization"),
        Text("{town}有党员但未建立党组织单位名册", "{town}: units with Party members and no organization"),
        "unit_id name uscc area village site staff full probationary mobile reason_none form organization"
        " measure task_group due remark",
        dossier.in_order(coverage.members_without_organization(dossier.classification)),
        large_paper=True,
    )


def size_lists(dossier: Dossier) -> list[Table]:
    """The lists by size class of 4.1, and one of the units of which the size is not yet known: none is lost."""
    names = (
        "unit_id name uscc kind area village site staff revenue full probationary form_now task_group remark"
    )
    social = (
        "unit_id name uscc kind area village staff members_units full_time_staff full probationary form_now"
        " task_group remark"
    )
    by_list = coverage.size_lists(dossier.classification)
    lists: list[Table] = []
    for item in dossier.policy.size_lists:
        rows = dossier.in_order(by_list[item.id])
        title = Text("{town}{label}名单", "{town}: {label}").fill(town="{town}", label=item.label)
        lists.append(_table(dossier, _tab(item.label), title, social if _social(rows) else names, rows))
    rest = dossier.in_order(by_list["unknown"])
    if rest:
        lists.append(
            _table(
                dossier,
                Text("规模待核", "Size not yet known"),
                Text("{town}规模待核单位名单", "{town}: units of which the size is not yet known"),
                names,
                rest,
                notes=(
                    Text(
                        "从业人数、营业收入或单位类别尚未核实，不能归入以上各名单。",
                        "Staff, revenue or kind is not yet known, so they are on none of the lists above.",
                    ),
                ),
            )
        )
    return lists


def _tab(label: Text) -> Text:
    """A short name for the sheet: 从业80人以上企业及工商户 is 80人以上."""
    short = re.sub("从业|营业收入|(企业及工商户|企业)$", "", label.zh)
    return Text(short or label.zh, label.en)


def _social(rows: list[dict[str, Any]]) -> bool:
    """Only social organizations, of which member units and full-time staff are asked."""
    return bool(rows) and {row["kind"] for row in rows} <= {
        "civil_non_enterprise",
        "intermediary",
        "social_group",
    }


def split_off(dossier: Dossier) -> Table:
    """2.1: units of a joint organization that now have three full members, and whatever else the plan splits off."""
    wanted = {decision.unit_id for decision in dossier.plan.units if decision.change == "split_off"}
    wanted |= set(coverage.split_off(dossier.classification)["unit_id"].to_list())
    return _table(
        dossier,
        Text("剥离名单", "Split off"),
        Text(
            "{town}拟从联合党组织剥离单独组建单位名单",
            "{town}: units to be split off from a joint organization",
        ),
        "unit_id name uscc area site staff full probationary organization_now form organization reason"
        " task_group due remark",
        (row for id, row in dossier.units.items() if id in wanted),
        large_paper=True,
    )


def left_base(dossier: Dossier) -> Table:
    """Who is not in the base and why: the denominators of all rates rest on it."""
    labels = {rule.id: rule for rule in dossier.policy.scope}
    rows = dossier.in_order(coverage.left_base(dossier.classification))
    table = _table(
        dossier,
        Text("移出基数", "Left out of the base"),
        Text("{town}移出基数单位名单", "{town}: units left out of the base"),
        "unit_id name uscc kind area state_of_business staff full remark",
        rows,
    )
    why: list[tuple[Cell, Cell]] = []
    for row in rows:
        rule = labels.get(row["left_out"])
        why.append((rule.label, rule.clause.id) if rule else (row["left_out"], None))
    columns = (
        *table.columns[:-1],
        Column(Text("移出理由", "Why"), _WRAPPED, 34),
        Column(Text("依据", "Clause"), _CODE, 8),
    )
    return Table(
        table.sheet,
        table.title,
        (*columns, table.columns[-1]),
        tuple((*row[:-1], *reason, row[-1]) for row, reason in zip(table.rows, why, strict=True)),
        table.measures,
        table.frozen,
    )
