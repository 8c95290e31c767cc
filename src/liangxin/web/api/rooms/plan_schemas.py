"""What goes in and out where plans are made, tried and compared."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from liangxin.web.api.schemas import PlanOut, RateOut, Words
from liangxin.web.api.typed import Line
from liangxin.web.plans import services

PlanNumber = Annotated[int, Field(ge=1, le=2_147_483_647)]


class RunIn(Schema):
    """``time_limit`` in seconds; ``based_on``: the number of the plan before, whose pins and arrangement it starts from."""

    name: Annotated[str, Field(max_length=60)] = ""
    time_limit: Annotated[float, Field(ge=services.SHORTEST, le=services.LONGEST)] = 60
    seed: Annotated[int, Field(ge=0, le=999_999_999)] = 0
    keep_existing: bool = True
    based_on: PlanNumber | None = None


class TargetOut(Schema):
    """``withheld``: too small to be told to this reader; the numbers of both sides are 0 and not the real ones."""

    withheld: bool
    id: str
    label: Words
    target: float | None
    due: date | None
    before: RateOut
    after: RateOut


class PlanAreaOut(Schema):
    id: str
    name: str
    units: int
    forms: dict[str, int]
    organizations: int
    new: int
    moved: int
    split_off: int
    conflicts: int


class OutOfReachOut(Schema):
    """Something that cannot be met, with both numbers in the sentence."""

    clause: str
    message: Words
    units: list[str]


class FiguresOut(PlanOut):
    """``stale``: the ledger has changed since; ``hidden``: parts out of reach that name units which you may not read."""

    stale: bool
    other_policy: bool
    targets: list[TargetOut]
    areas: list[PlanAreaOut]
    out_of_reach: list[OutOfReachOut]
    hidden: int


class MoveIn(Schema):
    """``target``: org:<id> of an organization of the plan, or form:<form>; empty for together and apart."""

    kind: Literal["pin", "forbid", "together", "apart"] = "pin"
    units: list[Line] = Field(max_length=60)
    target: Line = ""


class TrialOut(Schema):
    """``extra``: how the objective changes; ``refused``: what no run could do; ``established``: before, after, needed (1.4)."""

    title: Words
    extra: float
    total: float
    broken: list[Words]
    mended: list[Words]
    refused: list[Words]
    established: tuple[int, int, int]


class DestinationOut(Schema):
    target: str
    words: Words


class DestinationsOut(Schema):
    label: Words
    places: list[DestinationOut]


class PinOut(Schema):
    """``settled``: this plan was solved with it already."""

    id: int
    kind: str
    units: list[str]
    form: str
    host: str
    by: str
    at: datetime
    settled: bool


class PinsOut(Schema):
    """``hidden``: pins about units that you may not read."""

    pins: list[PinOut]
    hidden: int


class TermOut(Schema):
    label: Words
    first: float
    second: float


class MovedUnitOut(Schema):
    unit_id: str
    name: str
    form_before: str | None
    form_after: str | None
    from_name: str
    to_name: str


class ComparedTargetOut(Schema):
    id: str
    withheld: bool
    first: RateOut | None
    second: RateOut | None


class ComparedOut(Schema):
    """Both judged on the ledger of now. ``hidden``: units placed differently that you may not read."""

    targets: list[ComparedTargetOut]
    terms: list[TermOut]
    totals: tuple[float, float]
    total: int
    page: int
    moves: list[MovedUnitOut]
    hidden: int


class WhatIfIn(Schema):
    """``parameters``: by id, a number or true/false in place of the policy's."""

    parameters: dict[Line, bool | float] = Field(max_length=100)
    aspect: Literal[
        "classes", "asked_form", "possible_forms", "required", "status", "conflicts", "in_scope"
    ] = "classes"


class ChangedUnitOut(Schema):
    unit_id: str
    name: str
    before: Words
    after: Words


class ChangedRateOut(Schema):
    id: str
    withheld: bool
    before: RateOut | None
    after: RateOut | None


class WhatIfOut(Schema):
    """``counts``: units that move, by aspect, null where it would show one or two of another group; ``units``: those of one
    aspect that you may read; ``hidden``: how many more, null likewise. Nothing is kept."""

    counts: dict[str, int | None]
    rates: list[ChangedRateOut]
    total: int
    page: int
    units: list[ChangedUnitOut]
    hidden: int | None
