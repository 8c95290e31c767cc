"""The list of a plan: what a filter asks for, the units behind a number, the organizations as headings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from liangxin.registry.fields import FORMS
from liangxin.registry.pinyin import is_found
from liangxin.web.accounts.permission import Permit
from liangxin.web.plans.arranged import Laid, laid, organized
from liangxin.web.plans.models import PlanRun
from liangxin.web.plans.viewing import NO_AREA, PlanView, Row, key_of, mine, readable_rows
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.live import Live
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Part
    from liangxin.planning.plan import PlannedOrganization

PAGE_SIZE: Final = 60
FEWEST_SHOWN: Final = (
    5  # units over which members are added up for people who may not read the units themselves
)
CHANGES: Final[dict[str, Text]] = {
    "kept": Text("不变", "kept"),
    "new": Text("新建", "new"),
    "moved": Text("调整", "moved"),
    "split_off": Text("剥离", "split off"),
    "none": Text("不组建", "none"),
}
STATUSES: Final[dict[str, Text]] = {
    "existing": Text("原有", "existing"),
    "new": Text("新成立", "new"),
    "changed": Text("有变动", "changed"),
    "dissolved": Text("撤销", "dissolved"),
}

TARGET_PARTS: Final[tuple[Part, ...]] = ("numerator", "denominator", "missing")


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list of a plan shows. Unknown values are said in ``refused`` and dropped."""

    area: str = ""
    form: str = ""
    change: str = ""
    status: str = ""
    organization: str = ""
    words: str = ""
    conflicts: bool = False
    infeasible: int | None = None
    target: tuple[str, Part] | None = None
    refused: tuple[Text, ...] = ()

    @classmethod
    def read(cls, given: Mapping[str, str], shown: PlanView) -> Filter:
        refused: list[Text] = []

        def choice(name: str, known: Mapping[str, Any]) -> str:
            value = given.get(name, "")
            if value and value not in known:
                refused.append(Text(f"没有“{value[:20]}”这一项", f'There is no "{value[:20]}"'))
                return ""
            return value

        areas = {area.id: 1 for area in shown.run.town.as_core().areas} | {NO_AREA: 1}
        number = given.get("infeasible", "")
        infeasible = int(number) if number.isdecimal() and number.isascii() and len(number) < 7 else None
        if infeasible is not None and infeasible >= len(shown.plan.infeasible):
            infeasible = None
        target, _, part = given.get("target", "").partition(":")
        ids = {each.id for each in shown.plan.indicators}
        of = next((each for each in TARGET_PARTS if each == part), None)
        known = (target, of) if target in ids and of is not None else None
        if given.get("target") and known is None:
            refused.append(Text("没有这个指标", "There is no such indicator"))
        return cls(
            area=choice("area", areas),
            form=choice("form", FORMS),
            change=choice("change", CHANGES),
            status=choice("status", STATUSES),
            organization=given.get("organization", "")[:80],
            words=given.get("q", "").strip()[:80],
            conflicts=given.get("conflicts") == "1",
            infeasible=infeasible,
            target=known,
            refused=tuple(refused),
        )


def found(permit: Permit, shown: PlanView, wanted: Filter, now: Live) -> list[Row]:
    """The rows a filter asks for, of those the person may read."""
    rows = readable_rows(permit, shown)
    if wanted.area:
        rows = [
            row
            for row in rows
            if (shown.area_of[row.organization.organization_id] if row.organization else row.area)
            == wanted.area
        ]
    if wanted.form:
        rows = [row for row in rows if row.decision.form == wanted.form]
    if wanted.change:
        rows = [row for row in rows if row.decision.change == wanted.change]
    if wanted.status:
        rows = [row for row in rows if row.organization and row.organization.status == wanted.status]
    if wanted.organization:
        rows = [
            row
            for row in rows
            if row.organization and row.organization.organization_id == wanted.organization
        ]
    if wanted.conflicts:
        rows = [row for row in rows if row.decision.conflicts]
    if wanted.infeasible is not None:
        ids = set(shown.plan.infeasible[wanted.infeasible].unit_ids)
        rows = [row for row in rows if row.unit_id in ids]
    if wanted.target is not None:
        behind = behind_target(shown.run, now, *wanted.target)
        rows = [row for row in rows if row.unit_id in behind]
    if wanted.words:
        words = wanted.words
        rows = [
            row
            for row in rows
            if is_found(row.name, words)
            or row.unit_id.lower().startswith(words.lower())
            or (row.organization and is_found(row.organization.name, words))
        ]
    return rows


def behind_target(run: PlanRun, now: Live, indicator_id: str, part: Part) -> frozenset[str]:
    """The units behind a number of the plan's targets, counted as if it were carried out on the ledger of now."""
    from liangxin.coverage import listing

    return frozenset(
        listing(
            now.classified,
            indicator_id,
            part,
            MEMORY.get(key_of("frame", run, now), lambda: planned_frame(laid(run, now))),
        )["unit_id"].to_list()
    )


def planned_frame(plan: Laid) -> pl.DataFrame:
    """What ``coverage.count`` takes to count as if planned."""
    import polars as pl

    from liangxin.planning.forms import NAMES

    organizations = organized(plan)
    return pl.DataFrame(
        {
            "unit_id": list(plan.built.problem.unit_ids),
            "form": [NAMES[form] for form in plan.arrangement.form.tolist()],
            "organization_id": list(organizations.of_unit),
            "work_covered": [
                True if covered else None
                for covered in organizations.contacts.covering(plan.built.contacts).tolist()
            ],
        },
        schema={
            "unit_id": pl.String,
            "form": pl.String,
            "organization_id": pl.String,
            "work_covered": pl.Boolean,
        },
    )


@dataclass(frozen=True, slots=True)
class Group:
    """An organization's heading in the list and the rows of it on this page. Members None: not for this person."""

    organization: PlannedOrganization | None
    form: str
    lead: str
    units: int
    full_members: int | None
    members: int | None
    rows: list[Row]

    @property
    def alone(self) -> bool:
        """One unit with an organization of its own: a row says it all, no heading is needed."""
        return self.organization is not None and self.units == 1 and self.form != "village"


def grouped(permit: Permit, shown: PlanView, rows: list[Row]) -> list[Group]:
    groups = mine(permit)
    names = {row.unit_id: row.name for row in shown.rows}
    made: list[Group] = []
    for row in rows:
        last = made[-1] if made else None
        same = last is not None and (
            last.organization is row.organization
            if row.organization is not None
            else last.organization is None and last.form == row.decision.form
        )
        if last is not None and same:
            last.rows.append(row)
            continue
        each = row.organization
        if each is None:
            made.append(Group(None, row.decision.form, "", 0, None, None, [row]))
            continue
        open_to_all = groups is None or shown.groups_of[each.organization_id] <= groups
        told = open_to_all or len(each.unit_ids) >= FEWEST_SHOWN
        made.append(
            Group(
                each,
                each.form,
                "" if each.form == "village" or len(each.unit_ids) == 1 else names.get(each.host, ""),
                len(each.unit_ids),
                each.full_members if told else None,
                each.members if told else None,
                [row],
            )
        )
    return made
