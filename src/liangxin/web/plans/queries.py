"""Reads of plans: the list of runs, one plan by work area, its rows for a person."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from django.db import transaction
from django.db.models import Max

from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.plans.arranged import Laid, laid, organized, plan_of
from liangxin.web.plans.models import PlanPin, PlanRun, Publication
from liangxin.web.ui.rates import RateRow
from liangxin.web.units.live import Live, live
from liangxin.web.units.models import Change
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.planning.plan import Infeasible, Plan, PlannedOrganization, UnitDecision
    from liangxin.policy.model import Policy

T = TypeVar("T")
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
SOLVED: Final[dict[str, Text]] = {
    "optimal": Text("已证明最优", "proven optimal"),
    "gap_reached": Text("已到要求的精度", "as close as asked"),
    "time_limit": Text("到时限为止", "stopped at the time limit"),
}
NO_AREA: Final = "?"


def published(town: Town) -> PlanRun | None:
    """The plan that is the town's proposal now, or None before the first was published."""
    newest = Publication.objects.filter(town=town).select_related("run").first()
    return newest.run if newest is not None else None


def runs(town: Town) -> list[PlanRun]:
    """All runs, newest first, without their plans."""
    return list(
        PlanRun.objects.filter(town=town).defer("plan").select_related("by", "job", "based_on", "town")
    )


def changed_since(run: PlanRun, newest: int) -> bool:
    """Has the ledger changed since the run read it?"""
    return run.done and run.seq is not None and newest > run.seq


def other_policy(run: PlanRun, policy: Policy) -> bool:
    """Does the town follow another policy, or other overlays, than when the run was made?"""
    return run.done and (run.policy, tuple(run.overlays)) != (policy.id, policy.overlays)


def newest_change(town: Town) -> int:
    return Change.objects.filter(town=town).aggregate(last=Max("pk"))["last"] or 0


@dataclass(frozen=True, slots=True)
class Target:
    """One target of a run before and after, as the list of runs and a plan's page show it."""

    id: str
    label: Text
    before: RateRow
    after: RateRow


def targets(run: PlanRun, today: Any) -> list[Target]:
    """From the summary: no plan has to be read for it."""
    from datetime import date

    from liangxin.coverage.rate import Rate

    found: list[Target] = []
    for each in run.summary.get("indicators", ()):
        label = Text(each["label"]["zh"], each["label"]["en"])
        due = date.fromisoformat(each["due"]) if each["due"] else None
        sides = [
            RateRow(each["id"], label, Rate(**each[side]), each["target"], due, today)
            for side in ("before", "after")
        ]
        found.append(Target(each["id"], label, *sides))
    return found


@dataclass(frozen=True, slots=True)
class Row:
    """One unit of a plan. ``organization`` None: no organization is planned for it."""

    unit_id: str
    name: str
    area: str
    task_group: str
    members: int | None
    staff: int | None
    decision: UnitDecision
    organization: PlannedOrganization | None


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan joined with the live ledger. ``rows``: by area, form, organization, lead unit first."""

    run: PlanRun
    plan: Plan
    rows: tuple[Row, ...]
    organizations: Mapping[str, PlannedOrganization]
    area_of: Mapping[str, str]  # organization -> the work area of its first unit
    groups_of: Mapping[str, frozenset[str]]  # organization -> task groups of its units


KEPT: Final = 24
_lock = threading.Lock()
_kept: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()


def forget() -> None:
    """For tests, whose database is rolled back."""
    _kept.clear()


def once(key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
    """What was made for this key, or make it. Not kept inside a transaction, which may be rolled back."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            known: T = _kept[key]
            return known
    made = make()
    if not transaction.get_connection().in_atomic_block:
        with _lock:
            _kept[key] = made
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return made


def key_of(what: str, run: PlanRun, shown: Live) -> tuple[Hashable, ...]:
    policy = shown.policy
    return (what, run.pk, run.town.version, shown.seq, policy.id, policy.overlays, policy.as_of)


def view(run: PlanRun, shown: Live) -> PlanView:
    return once(key_of("view", run, shown), lambda: _view(run, shown))


def _view(run: PlanRun, shown: Live) -> PlanView:
    from liangxin.registry.places import work_areas

    plan = plan_of(run)
    town = run.town.as_core()
    order = {area.id: place for place, area in enumerate(town.areas)}
    forms = {form: place for place, form in enumerate(FORMS)}
    organizations = {each.organization_id: each for each in plan.organizations}
    areas = work_areas(shown.frame, town).to_list()
    facts = {
        unit_id: (name, area or NO_AREA, group or "", members, staff)
        for (unit_id, name, group, members, staff), area in zip(
            shown.frame.select("unit_id", "name", "task_group", "full_members", "staff").iter_rows(),
            areas,
            strict=True,
        )
    }
    rows = [
        Row(
            each.unit_id,
            *facts.get(each.unit_id, (each.unit_id, NO_AREA, "", None, None)),
            each,
            organizations.get(each.organization_id or ""),
        )
        for each in plan.units
    ]
    area_of: dict[str, str] = {}
    groups: dict[str, set[str]] = {}
    for row in rows:
        if row.organization is not None:
            organization_id = row.organization.organization_id
            if row.unit_id == row.organization.host or organization_id not in area_of:
                area_of[organization_id] = row.area
            groups.setdefault(organization_id, set()).add(row.task_group)

    def place(row: Row) -> tuple[Any, ...]:
        at = area_of[row.organization.organization_id] if row.organization else row.area
        return (
            order.get(at, len(order)),
            forms.get(row.decision.form, 99),
            row.organization.name if row.organization else "",
            row.organization is not None and row.unit_id != row.organization.host,
            row.unit_id,
        )

    rows.sort(key=place)
    return PlanView(
        run,
        plan,
        tuple(rows),
        organizations,
        area_of,
        {organization: frozenset(each) for organization, each in groups.items()},
    )


def mine(permit: Permit, action: Action = Action.READ_UNITS) -> frozenset[str] | None:
    """The task groups whose units the person may see; None: all of the town."""
    if permit.reach(action) is Reach.TOWN:
        return None
    return permit.groups(action)


def readable_rows(permit: Permit, shown: PlanView) -> list[Row]:
    groups = mine(permit)
    return [row for row in shown.rows if groups is None or row.task_group in groups]


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
    target: tuple[str, str] | None = None
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
        if given.get("target") and (target not in ids or part not in ("numerator", "denominator", "missing")):
            refused.append(Text("没有这个指标", "There is no such indicator"))
            target = ""
        return cls(
            area=choice("area", areas),
            form=choice("form", FORMS),
            change=choice("change", CHANGES),
            status=choice("status", STATUSES),
            organization=given.get("organization", "")[:80],
            words=given.get("q", "").strip()[:80],
            conflicts=given.get("conflicts") == "1",
            infeasible=infeasible,
            target=(target, part) if target else None,
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
        words = wanted.words.lower()
        rows = [
            row
            for row in rows
            if words in row.name.lower()
            or row.unit_id.lower().startswith(words)
            or (row.organization and words in row.organization.name.lower())
        ]
    return rows


def behind_target(run: PlanRun, now: Live, indicator_id: str, part: str) -> frozenset[str]:
    """The units behind a number of the plan's targets, counted as if it were carried out on the ledger of now."""
    from liangxin.coverage import listing

    return frozenset(
        listing(
            now.classified,
            indicator_id,
            part,
            once(key_of("frame", run, now), lambda: planned_frame(laid(run, now))),
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
                True if unit in organizations.reached else None for unit in range(plan.built.problem.n)
            ],
        },
        schema={
            "unit_id": pl.String,
            "form": pl.String,
            "organization_id": pl.String,
            "work_covered": pl.Boolean,
        },
    )


@dataclass(slots=True)
class AreaRow:
    """One work area of a plan in numbers: units by form, organizations, what is new, what is moved."""

    id: str
    name: str
    units: int = 0
    forms: dict[str, int] = field(default_factory=dict)
    organizations: int = 0
    new: int = 0
    moved: int = 0
    split_off: int = 0
    conflicts: int = 0

    @property
    def altered(self) -> tuple[tuple[str, int], ...]:
        return (("moved", self.moved), ("split_off", self.split_off))


def by_area(shown: PlanView) -> list[AreaRow]:
    """Counts for the whole town: they name no unit, so everybody who may see plans sees them."""
    names = {area.id: area.name for area in shown.run.town.as_core().areas}
    found: dict[str, AreaRow] = {}
    for row in shown.rows:
        at = shown.area_of[row.organization.organization_id] if row.organization else row.area
        area = found.setdefault(at, AreaRow(at, names.get(at, "")))
        area.units += 1
        area.forms[row.decision.form] = area.forms.get(row.decision.form, 0) + 1
        area.new += row.decision.change == "new"
        area.moved += row.decision.change == "moved"
        area.split_off += row.decision.change == "split_off"
        area.conflicts += bool(row.decision.conflicts)
    for organization, at in shown.area_of.items():
        found[at].organizations += shown.organizations[organization].form != "village"
    return list(found.values())


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


def infeasible(permit: Permit, shown: PlanView) -> tuple[list[tuple[int, Infeasible]], int]:
    """What cannot be met, numbered as in the plan; and how many parts name units the person may not read."""
    groups = mine(permit)
    own = None if groups is None else {row.unit_id for row in shown.rows if row.task_group in groups}
    told: list[tuple[int, Infeasible]] = []
    hidden = 0
    for number, each in enumerate(shown.plan.infeasible):
        if own is None or set(each.unit_ids) <= own:
            told.append((number, each))
        else:
            hidden += 1
    return told, hidden


def pins(permit: Permit, run: PlanRun) -> tuple[list[PlanPin], int]:
    """The draft's pins about units the person may read, and the number of the others."""
    rows = list(run.pins.select_related("by"))
    groups = mine(permit)
    if groups is None:
        return rows, 0
    own = {row.unit_id for row in view(run, live(run.town)).rows if row.task_group in groups}
    shown = [each for each in rows if set(each.units) <= own]
    return shown, len(rows) - len(shown)


def choices(
    permit: Permit, plan: Laid, shown: PlanView, unit_id: str
) -> list[tuple[Text, list[tuple[str, str]]]]:
    """Where a unit could go, for the plain list: what it may join, nearest first; on its own; every one of its area."""
    import numpy as np

    from liangxin.planning.forms import CODE, JOINT
    from liangxin.planning.problem import may_join
    from liangxin.web.ui.language import current

    problem, unit = plan.built.problem, plan.index[unit_id]
    near: list[tuple[float, str, str]] = []
    others: list[tuple[str, str]] = []
    here = next(row for row in shown.rows if row.unit_id == unit_id)
    for each in plan.plan.organizations:
        if each.status == "dissolved" or unit_id in each.unit_ids or each.host not in plan.index:
            continue
        host = plan.index[each.host]
        joint = CODE[each.form] in JOINT
        form = CODE[each.form] if joint else CODE["leader"]
        if (joint or problem.can_lead[host]) and may_join(problem, unit, host, form):
            away = float(
                np.hypot(problem.x_km[unit] - problem.x_km[host], problem.y_km[unit] - problem.y_km[host])
            )
            near.append((99.0 if np.isnan(away) else away, f"org:{each.organization_id}", each.name))
        elif joint and shown.area_of.get(each.organization_id) == here.area:
            others.append((f"org:{each.organization_id}", each.name))
    near.sort()
    lang = current()
    alone = [
        (f"form:{form}", FORMS[form].in_language(lang))
        for form in ("separate", "seconded", "mobile", "village", "none")
        if form != here.decision.form
    ]
    listed = [
        (Text("可以加入的，近的在前", "It may join, nearest first"), [(value, f"{words} · {away:.1f} km") for away, value, words in near[:40]]),
        (Text("不联合", "Not joint"), alone),
        (Text("本片其他联合党组织", "Other joint organizations of its area"), others[:100]),
    ]  # fmt: skip
    return [each for each in listed if each[1]]
