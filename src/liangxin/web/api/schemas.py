"""What goes in and out of the API. Fields of units are those of the one field table, as a mapping by name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Path, Query, Schema
from pydantic import Field

from liangxin.web.units.previews import Meanwhile, describe

TownCode = Annotated[str, Path(max_length=12, pattern=r"^[0-9A-Za-z-]+$")]
UnitId = Annotated[str, Path(max_length=200)]
Key = Annotated[int, Path(ge=1, le=2_147_483_647)]
Day = Annotated[date | None, Query(ge=date(1949, 10, 1), le=date(2999, 12, 31))]
RunNumber = Annotated[int, Query(ge=1, le=2_147_483_647)]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
PageSize = Annotated[int, Query(ge=1, le=500)]


class Words(Schema):
    zh: str
    en: str


class Wrong(Schema):
    """One thing wrong: ``field`` where it is about one field of the ledger."""

    code: str
    message: Words
    field: str = ""
    found: str = ""


class Clash(Schema):
    """A field that somebody else changed meanwhile: both values, nothing lost."""

    field: str
    theirs: Any = None
    ours: Any = None


class MeanwhileOut(Schema):
    """A value that somebody changed meanwhile, from what it was to what it is: ``field`` empty where the unit came (``after`` true) or went as a whole."""

    unit_id: str
    name: str
    field: str
    before: Any = None
    after: Any = None
    by: str
    at: datetime
    change_set: int
    message: Words

    @classmethod
    def of(cls, each: Meanwhile) -> MeanwhileOut:
        return cls(
            unit_id=each.unit.unit_id,
            name=str(each.unit),
            field=each.field,
            before=each.before,
            after=each.after,
            by=each.by,
            at=each.at,
            change_set=each.change_set,
            message=Words(**describe(each).as_dict()),
        )


class Refusal(Schema):
    """Every error of the API. ``seen``: the token of the preview of now, where another one was sent."""

    code: str
    message: Words
    findings: list[Wrong] = []
    clashes: list[Clash] = []
    version: int | None = None
    seen: str = ""
    changed: list[MeanwhileOut] = []


class TownOut(Schema):
    code: str
    name: str
    today: date
    policy: str
    overlays: list[str]
    actions: list[str]


class RateOut(Schema):
    """As counted; ``low`` and ``high`` bound the rate while facts are 待核."""

    numerator: int
    denominator: int
    unknown: int
    value: float | None
    low: float | None
    high: float | None


class CountOut(RateOut):
    """``withheld``: too small to be told to this reader; then the numbers are 0 and not the real ones."""

    id: str
    withheld: bool


class IndicatorOut(CountOut):
    label: Words
    clause: str
    measure: str
    target: float | None
    due: date | None


class IndicatorsOut(Schema):
    day: date
    policy: str
    indicators: list[IndicatorOut]


class UnitOut(Schema):
    """``values``: the ledger's fields that the person may read, null = 待核; ``verdicts``: what the policy says of it."""

    unit_id: str
    version: int | None = None
    values: dict[str, Any]
    verdicts: dict[str, Any]


class UnitsOut(Schema):
    total: int
    page: int
    size: int
    units: list[UnitOut]


class UnitPatch(Schema):
    """``version``: the one you read. ``seen``: the values you read; with them, disjoint edits of two people both stay.

    ``visit``: this was learnt at the door; it is recorded as a visit (send ``surveyed_on`` too).
    """

    version: int = Field(ge=0, le=2_147_483_647)
    values: dict[str, str | int | float | bool | list[str] | None] = Field(max_length=60)
    seen: dict[str, str | int | float | bool | list[str] | None] | None = Field(default=None, max_length=60)
    visit: bool = False


class UnitFilter(Schema):
    """The filters of the units page. "?" asks for 待核."""

    q: str = Field(
        "", max_length=80, description="words of the name, code, number, or pinyin (initials or in full)"
    )
    place: str = Field("", max_length=40, description="id of an area")
    kind: str = Field("", max_length=40)
    ownership: str = Field("", max_length=40)
    state: str = Field("", max_length=40)
    organization_form: str = Field("", max_length=40)
    task_group: str = Field("", max_length=40)
    unit_class: str = Field("", max_length=60, alias="class")
    indicator: str = Field("", max_length=80, description="ID:PART, e.g. 1.1:missing")
    missing: str = Field("", max_length=40, description="a field that is 待核")
    waits: str = Field("", max_length=40, description="a field that is 待核 and keeps a rule open")
    conflict: str = Field("", max_length=60)
    left: str = Field("", max_length=60, description="a scope rule that leaves units out")
    scope: str = Field("", max_length=1, description="1: the base only")
    unclear: str = Field(
        "", max_length=40, description="one of the eight clears that is not clear; any: any of them"
    )
    day: str = Field("", max_length=10, description="as at the end of an earlier day, YYYY-MM-DD")
    sort: str = Field("", max_length=40, description="a field; -field descending")


class ChangeSetOut(Schema):
    id: int
    at: datetime
    by: str
    kind: str
    title: Words
    size: int
    undoes: int | None
    undone_by: int | None


class ChangeSetsOut(Schema):
    total: int
    page: int
    size: int
    change_sets: list[ChangeSetOut]


class ChangeOut(Schema):
    unit_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChangesOut(ChangeSetOut):
    total: int
    page: int
    changes: list[ChangeOut]


class UndoneOut(Schema):
    """``taken_back``: units of which something was taken back; ``kept``: units of which something stayed, and
    ``kept_values``: what it is by now, whose and since when."""

    change_set: int
    taken_back: int
    kept: list[str]
    kept_values: list[MeanwhileOut]


class OrganizationOut(Schema):
    """Figures include all below; ``full_members`` null: not for you."""

    id: str
    name: str
    type: str
    parent: str
    line: str
    depth: int
    own_units: int
    units: int
    organizations: int
    full_members: int | None


class OrganizationsOut(Schema):
    day: date
    organizations: list[OrganizationOut]


class PlanOut(Schema):
    number: int
    name: Words
    by: str
    created: datetime
    done: bool
    published: bool
    as_of: date | None
    status: str
    objective: float | None
    gap: float | None


class PlanFilter(Schema):
    """The filters of a plan's list."""

    q: str = Field("", max_length=80, description="name, number, or the organization's name")
    area: str = Field("", max_length=40, description="a work area; ?: in none")
    form: str = Field("", max_length=40)
    change: str = Field("", max_length=40, description="kept, new, moved, split_off or none")
    status: str = Field("", max_length=40, description="existing, new, changed or dissolved")
    organization: str = Field("", max_length=80)
    conflicts: str = Field("", max_length=1, description="1: only units with a conflict")
    target: str = Field("", max_length=80, description="ID:PART of an indicator, as if carried out")


class PlanRowOut(Schema):
    unit_id: str
    name: str
    form: str
    organization_id: str | None
    organization: str | None
    change: str
    clause: str
    reason: Words


class PlanDetailOut(PlanOut):
    total: int
    page: int
    units: list[PlanRowOut]


class AreaOut(Schema):
    id: str
    name: str
    kind: str
    parent: str | None
    lon: float | None
    lat: float | None


class JobOut(Schema):
    """``share`` done, 0 to 1; ``stage``: what it does now; ``result``: what came of it (change_set, run, export …)."""

    id: int
    kind: str
    title: Words
    state: str
    share: float
    stage: Words | None
    result: dict[str, Any] | None
    created: datetime
    finished: datetime | None
    error: Words | None
