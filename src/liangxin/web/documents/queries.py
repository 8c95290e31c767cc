"""What can be handed out: which documents there are, how many rows each has now, which units stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import QuerySet

from liangxin.files.tables import UNITS
from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.documents.models import Export
from liangxin.web.plans import queries as plans
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanRun
from liangxin.web.units.live import Live
from liangxin.web.units.queries import Filter, found, readable, rows_found
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification

LEDGER_KINDS: Final = ("xlsx", "csv", "parquet")
LOG_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Document:
    """One thing to hand out. ``rows``: what its file holds now; None where it is not a list."""

    id: str
    label: Text
    purpose: Text
    kinds: tuple[str, ...]
    rows: int | None = None
    counted: Text = UNITS

    @property
    def stem(self) -> str:
        return self.id.rpartition(".")[0] or self.id


def within(permit: Permit, shown: Live) -> Classification:
    """The classification of the units that the person may take out of the site."""
    from liangxin.coverage import Classification

    return Classification(frame=readable(permit, shown, Action.EXPORT), policy=shown.policy)


def ledger(permit: Permit, shown: Live, wanted: Filter) -> pl.DataFrame:
    """The rows of the units list under the same filter, as far as they may be exported."""
    import polars as pl

    mine = readable(permit, shown, Action.EXPORT)["unit_id"]
    return found(permit, shown, wanted).filter(pl.col("unit_id").is_in(mine.implode()))


def ledger_size(permit: Permit, shown: Live, wanted: Filter) -> int:
    """How many rows ``ledger`` has."""
    if permit.scope(Action.EXPORT) == permit.scope(Action.READ_UNITS):
        return len(rows_found(permit, shown, wanted))
    return ledger(permit, shown, wanted).height


def ledger_document(permit: Permit, shown: Live) -> Document:
    """The ledger without a filter."""
    purpose = Text("按单位名单的筛选", "with the filters of the units list")
    rows = ledger_size(permit, shown, Filter())
    return Document("ledger", Text("两新组织摸底台账", "ledger"), purpose, LEDGER_KINDS, rows)


def fields(permit: Permit) -> tuple[str, ...]:
    return permit.fields


def reads_every_field(permit: Permit) -> bool:
    """The rosters have columns of membership: they are for those who may read all fields."""
    return set(permit.fields) == set(FIELDS)


def whole_town(permit: Permit) -> bool:
    return permit.reach(Action.EXPORT) is Reach.TOWN


def roster_ids(permit: Permit, shown: Live, run: PlanRun | None) -> dict[str, list[str]]:
    """unit ids by roster, by the same rules as the files: the page's number is the file's number."""
    from liangxin.coverage import rosters

    mine = within(permit, shown)
    listed = {
        "should-but-not-yet": rosters.should_but_not_yet(mine),
        "members-without-organization": rosters.members_without_organization(mine),
        "split-off": rosters.split_off(mine),
        "left-base": rosters.left_base(mine),
        **{f"size-{id}": frame for id, frame in rosters.size_lists(mine).items()},
    }
    found_ids = {id: frame["unit_id"].to_list() for id, frame in listed.items()}
    if run is not None and whole_town(permit):
        known = set(mine.frame["unit_id"].to_list())
        planned = {each.unit_id for each in plan_of(run).units if each.change == "split_off"} & known
        found_ids["split-off"] = sorted({*found_ids["split-off"], *planned})
    return found_ids


def rosters_of(permit: Permit, shown: Live, run: PlanRun | None) -> list[Document]:
    """The rosters with their numbers of now, counted once in a state of the ledger for a plan, which never changes."""
    key = ("rosters", permit.scope(Action.EXPORT), permit.town.version, run and run.pk)
    counts = shown.once(key, lambda: {id: len(each) for id, each in roster_ids(permit, shown, run).items()})

    def roster(id: str, label: Text, purpose: Text) -> Document:
        return Document(id, label, purpose, ("xlsx",), counts[id])

    made = [
        roster(
            "should-but-not-yet",
            Text("应建未建名册", "Should have an organization and have none"),
            Text(
                "必须覆盖的类别，或正式党员3名以上，现未建立",
                "in a class that must be covered, or three full members, and no organization",
            ),
        ),
        roster(
            "members-without-organization",
            Text("有党员未建名册", "Members but no organization"),
            Text("有党员但未建立党组织，一企一策（4.1）", "one measure for each unit (4.1)"),
        ),
        roster(
            "split-off",
            Text("剥离名单", "To be split off"),
            Text(
                "在联合党组织里、已有正式党员3名以上（2.1）",
                "in a joint organization with three full members by now (2.1)",
            ),
        ),
        roster(
            "left-base",
            Text("移出基数名单", "Left out of the base"),
            Text("不计入基数的单位和理由", "units that are not counted, and why"),
        ),
    ]
    for item in shown.policy.size_lists:
        purpose = Text("{words}（{clause}）", "{words} ({clause})").fill(
            words=item.when.words(), clause=item.clause.id
        )
        made.append(roster(f"size-{item.id}", Text(f"{item.label.zh}名单", f"{item.label.en}"), purpose))
    if counts["size-unknown"]:
        made.append(
            roster(
                "size-unknown",
                Text("规模待核名单", "Size not yet known"),
                Text("还不能归入以上各名单", "on none of the size lists yet"),
            )
        )
    return made


def tables_of(permit: Permit, shown: Live) -> list[Document]:
    """Counts of the whole town, small ones too: for those who export all of it."""
    from liangxin.coverage.annual import annual_return

    if not whole_town(permit):
        return []
    items = Text("项", "indicators")
    lines = Text("行", "lines")
    lines_of_return = shown.once(
        ("lines of the annual return", permit.town.version),
        lambda: len(annual_return(shown.classified, organization_types(permit)).rows),
    )
    return [
        Document(
            "indicators",
            Text("指标完成情况", "Indicators"),
            Text("各项指标的分子、分母、待核和差距", "numerator, denominator, to verify, gap"),
            ("xlsx",),
            len(shown.policy.indicators),
            items,
        ),
        Document(
            "annual-return",
            Text("年报统计表", "Annual return"),
            Text(
                "按年报口径，各种组建状态的单位数",
                "units by state of organization, as the annual return asks",
            ),
            ("xlsx",),
            lines_of_return,
            lines,
        ),
    ]


def organization_types(permit: Permit) -> dict[str, str]:
    return {each.id: each.type for each in permit.town.as_core().organizations}


def plan_run(permit: Permit) -> PlanRun | None:
    """The plan that the plan's documents are made from: the published one, else the newest that is done."""
    run = plans.published(permit.town)
    if run is not None:
        return run
    return PlanRun.objects.filter(town=permit.town, finished__isnull=False).exclude(plan="").first()


def plan_documents() -> list[Document]:
    from liangxin.engine.town_files import OUTPUTS

    return [
        Document(output.name, PLAN_LABELS[output.name], output.purpose, (output.name.rpartition(".")[2],))
        for output in OUTPUTS
    ]


PLAN_LABELS: Final[dict[str, Text]] = {
    "implementation-plan.docx": Text("实施方案", "Implementation plan"),
    "implementation-plan.pdf": Text("实施方案（PDF）", "Implementation plan, PDF"),
    "plan.xlsx": Text("方案名册和登记表", "Workbook of the plan"),
    "network.pdf": Text("党组织分布网络图（打印）", "Network chart for print"),
    "network.svg": Text("党组织分布网络图（网页）", "Network chart for the web"),
    "task-groups.docx": Text("推进组名单", "Roster of task groups"),
    "map.geojson": Text("方案地图数据", "Map data of the plan"),
    "indicators.json": Text("方案前后指标", "Indicators before and after"),
    "plan.json": Text("完整方案数据", "The whole plan as data"),
}


def log(permit: Permit) -> QuerySet[Export]:
    """Exports that the person may look at: the whole town's for those who export all of it, else their own."""
    rows = Export.objects.filter(town=permit.town).select_related("by")
    return rows if whole_town(permit) else rows.filter(by=permit.user)
