"""The tables of a plan that are not rosters of units: organizations, indicators, what is not met."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from liangxin.coverage.rate import Rate
from liangxin.files.dossier import Dossier
from liangxin.files.rosters import MEASURED_IN
from liangxin.files.tables import Cell, Column, Kind, Table
from liangxin.planning.plan import IndicatorChange, PlannedOrganization
from liangxin.wording import Text

STATUSES: Final = {
    "new": Text("拟新建", "to be founded"),
    "changed": Text("拟调整", "to be changed"),
    "dissolved": Text("拟撤销", "to be dissolved"),
    "existing": Text("保留", "kept"),
}
_ORDER: Final = tuple(STATUSES)
NAMES_SHOWN: Final = 40


def organizations(dossier: Dossier) -> Table:
    """The register of organizations (联合党支部登记表): new ones first; request and reply are filled in by hand."""
    forms = list(dossier.policy.forms)

    def place(organization: PlannedOrganization) -> tuple[int, int, str]:
        form = forms.index(organization.form) if organization.form in forms else len(forms)
        return _ORDER.index(organization.status), form, organization.organization_id

    columns = (
        Column(Text("序号", "No."), Kind.COUNT, 6, narrowest=4),
        Column(Text("党组织名称", "Organization"), Kind.TEXT, 34, narrowest=16),
        Column(Text("组建形式", "Form"), Kind.TEXT, 12, narrowest=8),
        Column(Text("状态", "State"), Kind.TEXT, 12, narrowest=6),
        Column(Text("主单位", "Lead unit"), Kind.TEXT, 28),
        Column(Text("所含单位", "Units"), Kind.WRAPPED, 50),
        Column(Text("单位数", "Number of units"), Kind.COUNT, total=True),
        Column(Text("正式党员合计", "Full members"), Kind.COUNT, total=True),
        Column(Text("党员合计", "Members"), Kind.COUNT, total=True),
        Column(Text("党建工作指导员", "Instructor"), Kind.CODE, 10),
        Column(Text("上级党组织", "Superior"), Kind.WRAPPED, 26),
        Column(Text("书记人选", "Secretary candidate"), Kind.TEXT, 10, narrowest=10),
        Column(Text("请示文号及日期", "Request no., date"), Kind.TEXT, 12, narrowest=12),
        Column(Text("批复文号及日期", "Reply no., date"), Kind.TEXT, 12, narrowest=12),
        Column(Text("选举日期", "Election"), Kind.TEXT, 10, narrowest=10),
        Column(Text("备案日期", "Filed on"), Kind.TEXT, 10, narrowest=10),
        Column(Text("备注", "Remark"), Kind.TEXT, 10, narrowest=8),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            organization.name,
            dossier.form_label(organization.form),
            STATUSES[organization.status],
            dossier.unit_name(organization.host),
            _members(dossier, organization),
            len(organization.unit_ids),
            organization.full_members,
            organization.members,
            organization.instructor_id,
            dossier.organization_name(organization.parent_id),
            *(None,) * 6,
        )
        for number, organization in enumerate(sorted(dossier.plan.organizations, key=place), start=1)
    ]
    return Table(
        Text("拟建党组织", "Organizations"),
        Text("{town}拟建（保留）党组织登记表", "{town}: register of organizations proposed and kept").fill(
            town=dossier.town.name
        ),
        columns,
        tuple(rows),
        MEASURED_IN,
        large_paper=True,
        counted=Text("个", "organizations"),
        notes=(
            Text(
                "请示、批复、选举、备案各栏由推进组在办理中填写；联合党组织各单位须签订挂靠承诺书。",
                "Request, reply, election and filing are filled in by the task group; each unit of a joint organization"
                " signs a commitment.",
            ),
        ),
    )


def _members(dossier: Dossier, organization: PlannedOrganization) -> Text:
    """The host first, then the others as planned."""
    others = [id for id in organization.unit_ids if id != organization.host]
    first = [organization.host] if organization.host in organization.unit_ids else []
    return unit_names(dossier, (*first, *others))


def unit_names(dossier: Dossier, ids: Sequence[str]) -> Text:
    """Names of units in one cell; a cell can show so many lines and no more, so a long list says where the rest is."""
    names = "、".join(dossier.unit_name(id) for id in ids[:NAMES_SHOWN])
    if len(ids) <= NAMES_SHOWN:
        return Text(names, names)
    return Text(
        "{names}等{count}家，见“一企一策名册”", "{names} and others, {count} units, see “One measure each”"
    ).fill(names=names, count=len(ids))


def met(rate: Rate, target: float | None) -> Text:
    """Whether a target is met, as far as the known facts tell."""
    if target is None:
        return Text("未设目标", "no target")
    if rate.value is None:
        return Text("基数待核", "base not yet known") if rate.unknown else Text("基数为零", "empty base")
    low = rate.value if rate.low is None else rate.low
    high = rate.value if rate.high is None else rate.high
    if low >= target:
        return Text("达标", "met")
    if high < target:
        return Text("未达标", "not met")
    return (
        Text("达标，待核后可能变化", "met, may change once facts are known")
        if rate.value >= target
        else Text("未达标，待核后可能达标", "not met, may be once facts are known")
    )


def span(rate: Rate) -> str | None:
    """The range that facts not yet known leave open; None when there is none."""
    if rate.low is None or rate.high is None or rate.low == rate.high:
        return None
    return f"{rate.low:.1%}—{rate.high:.1%}"


def rate_words(rate: Rate, measure: str = "rate") -> Text:
    """33.2% (or the plain number of an average) and 71/214，待核3 on a second line; — for an empty denominator."""
    if rate.value is None and not rate.unknown:
        return Text("—", "—")
    value = "—" if rate.value is None else f"{rate.value:.1%}" if measure == "rate" else f"{rate.value:.1f}"
    if rate.unknown:
        return Text("{value}\n{n}/{d}，待核{u}", "{value}\n{n}/{d}, {u} not known").fill(
            value=value, n=rate.numerator, d=rate.denominator, u=rate.unknown
        )
    return Text("{value}\n{n}/{d}", "{value}\n{n}/{d}").fill(
        value=value, n=rate.numerator, d=rate.denominator
    )


def indicators(dossier: Dossier) -> Table:
    """Each rate with numerator, denominator and 待核, before and after the plan."""
    columns = (
        Column(Text("条款", "Clause"), Kind.CODE, 8),
        Column(Text("指标", "Indicator"), Kind.WRAPPED, 40, narrowest=30),
        Column(Text("目标", "Target"), Kind.SHARE),
        Column(Text("时限", "Due"), Kind.DATE, 11, narrowest=10),
        Column(Text("现状：分子", "Now: numerator"), Kind.COUNT, narrowest=7),
        Column(Text("现状：分母", "Now: denominator"), Kind.COUNT, narrowest=7),
        Column(Text("现状：比率", "Now: rate"), Kind.SHARE, narrowest=7),
        Column(Text("现状：待核", "Now: not known"), Kind.COUNT, narrowest=7),
        Column(Text("现状：可能范围", "Now: range"), Kind.CODE, 16, narrowest=10),
        Column(Text("方案后：分子", "Planned: numerator"), Kind.COUNT, narrowest=7),
        Column(Text("方案后：分母", "Planned: denominator"), Kind.COUNT, narrowest=7),
        Column(Text("方案后：比率", "Planned: rate"), Kind.SHARE, narrowest=7),
        Column(Text("方案后：待核", "Planned: not known"), Kind.COUNT, narrowest=7),
        Column(Text("方案后：可能范围", "Planned: range"), Kind.CODE, 16, narrowest=10),
        Column(Text("方案后是否达标", "Met by the plan"), Kind.WRAPPED, 24, narrowest=8),
    )
    return Table(
        Text("指标", "Indicators"),
        Text("{town}非公有制企业党建覆盖指标", "{town}: coverage indicators").fill(town=dossier.town.name),
        columns,
        tuple(
            _indicator_row(change, dossier.measure_of(change.id), _clause(dossier, change.id))
            for change in dossier.plan.indicators
        ),
        MEASURED_IN,
        counted=Text("项", "indicators"),
        notes=(
            Text(
                "“待核”为因情况未核实、是否计入尚不能确定的单位数；“可能范围”为待核单位全部不利或全部有利时的比率。"
                "分母为零时比率记“—”。",
                "“Not known” counts units that may or may not belong, for want of facts; the range is the rate if all of"
                " them turn out against or in favour. An empty denominator shows —.",
            ),
        ),
    )


def _clause(dossier: Dossier, indicator_id: str) -> str | None:
    """The notice's own number of an indicator; one that only the annual return asks for has none."""
    clause = next(
        (item.clause.id for item in dossier.policy.indicators if item.id == indicator_id), indicator_id
    )
    return clause if clause[:1].isdigit() else None


def _indicator_row(change: IndicatorChange, measure: str, clause: str | None) -> tuple[Cell, ...]:
    def cells(rate: Rate) -> tuple[Cell, ...]:
        value: Cell = "—" if rate.value is None else rate.value
        if measure == "average" and rate.value is not None:
            value = f"{rate.value:.1f}"
        return rate.numerator, rate.denominator, value, rate.unknown, span(rate)

    return (
        clause,
        change.label,
        change.target,
        change.due,
        *cells(change.before),
        *cells(change.after),
        met(change.after, change.target),
    )


def infeasible(dossier: Dossier) -> Table:
    """What the plan cannot do, named with its numbers."""
    columns = (
        Column(Text("序号", "No."), Kind.COUNT, 6, narrowest=4),
        Column(Text("条款", "Clause"), Kind.CODE, 10),
        Column(Text("未满足的要求及原因", "What is not met, and why"), Kind.WRAPPED, 60, narrowest=30),
        Column(Text("单位数", "Number of units"), Kind.COUNT, total=True),
        Column(Text("涉及单位", "Units"), Kind.WRAPPED, 50, narrowest=20),
        Column(Text("处理意见", "Decision"), Kind.TEXT, 20, narrowest=16),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            number,
            part.clause,
            part.text,
            len(part.unit_ids),
            unit_names(dossier, part.unit_ids),
            None,
        )
        for number, part in enumerate(dossier.plan.infeasible, start=1)
    ]
    return Table(
        Text("未满足", "Not met"),
        Text("{town}组建方案中未满足的部分", "{town}: what the plan does not meet").fill(
            town=dossier.town.name
        ),
        columns,
        tuple(rows),
        MEASURED_IN,
        counted=Text("项", "parts"),
        empty=Text("没有未满足的要求", "Everything asked for is met"),
    )
