"""What is sent to act on cases, and what is told before: words and numbers as the pages' forms have them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, Field

from liangxin.web.api.schemas import Words
from liangxin.web.api.typed import Count, Day, Line, PersonId, Sentence, Version, printable


class MinutesIn(Schema):
    """The committee's meeting, in counts."""

    held_on: Day
    entitled: Count
    present: Count
    in_favour: Count


class VoteIn(Schema):
    """An election: votes in ballot order, no names. ``earlier``: seats filled before; ``reduced_to``: seats left."""

    held_on: Day
    entitled: Count
    present: Count
    seats: Count
    votes: list[Annotated[int, Field(ge=0, le=99_999)]] = Field(max_length=30)
    earlier: Count | None = None
    reduced_to: Count | None = None


class FileIn(Schema):
    """A file as base64: PDF, JPG, PNG, docx or xlsx. All files of a request are at most some 3 MB; larger ones on the page."""

    name: Line
    content: str


class DeedIn(Schema):
    """What a transition asks for (``needs`` of the case's options). ``serial`` empty: the next number; ``on``: the document's
    day, today where not given."""

    on: Day | None = None
    reason: Sentence = ""
    serial: Line = ""
    minutes: MinutesIn | None = None
    vote: VoteIn | None = None


class ActIn(DeedIn):
    """``act``: a transition, or return, withdraw, hand_over, delegate, countersign, answer, take_back, remind, copy_to.

    ``version``: the one you read. ``to``: ids of people (options); ``words``: question, opinion or reminder; ``person``:
    whose question is taken back; ``whole``: with annul, the whole of a reply that decided several cases.
    """

    act: Line
    version: Version
    evidence: list[FileIn] = Field(default=[], max_length=10)
    step: Line = ""
    to: list[PersonId] = Field(default=[], max_length=200)
    by: Day | None = None
    since: Day | None = None
    until: Day | None = None
    agrees: bool | None = None
    words: Sentence = ""
    person: PersonId | None = None
    whole: bool = False


class ChosenIn(Schema):
    id: PersonId
    version: Version


class TogetherIn(DeedIn):
    """The same transition for several like cases, all or none. ``one_document``: one reply under one number for all."""

    act: Line
    cases: list[ChosenIn] = Field(min_length=1, max_length=200)
    one_document: bool = False


class RequestIn(Schema):
    """One change of the organizations that is asked for. ``values``: the fields of that form of the organizations' page:
    name, type, form, parent, host, area, to, units (one a line), members, others, heir, axis, reason, clause."""

    kind: Literal[
        "found", "attach", "release", "split_off", "upgrade", "adjust", "transfer", "merge", "dissolve"
    ]
    organization: Line = ""
    values: dict[Line, Sentence | list[Line]] = Field(default={}, max_length=30)
    leadership: Literal["elected", "appointed", "temporary"] = "elected"


class PlanIn(Schema):
    """Whose part of the published plan is sent to the leading group."""

    groups: list[Line] = Field(max_length=200)


class FoundingsIn(Schema):
    """Organizations of an approved plan that are asked for (``key`` of the list)."""

    organizations: list[Line] = Field(max_length=200)


class ReviseIn(Schema):
    """Before it is sent: days of commitments by unit, how the secretary comes, members as the ledger has them now."""

    version: Version
    commitments: dict[Line, Day | None] = Field(default={}, max_length=2_000)
    leadership: Literal["", "elected", "appointed", "temporary"] = ""
    refresh: bool = False


class StandInIn(Schema):
    """委托: for these days another person acts on all of one's cases."""

    to: PersonId
    since: Day
    until: Day
    reason: Sentence = ""


class ReserveIn(Schema):
    what: Line


class VoidIn(Schema):
    reason: Line


class RegisterIn(Schema):
    """A register by body and year; ``first``: the first number kept here, earlier ones are on paper.

    ``issuer``: empty the town committee, working_committee, leading_group, or the id of an organization above others."""

    body: Annotated[str, Field(max_length=12), AfterValidator(printable)]
    year: Annotated[int, Field(ge=1949, le=2999)]
    first: Annotated[int, Field(ge=0, le=99_999)] = 1
    issuer: Line = ""


class WayOut(Schema):
    """``needs``: what it asks for; ``blocked``: why it cannot be done yet."""

    act: str
    label: Words
    needs: list[Words]
    blocked: list[Words]


class PersonOut(Schema):
    id: int
    name: str


class OptionsOut(Schema):
    """What you may do with a case now. ``returns``: steps it can go back to; ``people``: whom it can be passed on to."""

    version: int
    next_serial: str
    ways: list[WayOut]
    others: list[WayOut]
    returns: list[str]
    people: list[PersonOut]


class BegunOut(Schema):
    cases: list[int]


class ProposalOut(Schema):
    group: str
    name: str
    units: int
    under_way: int | None


class AskedOut(Schema):
    """``missing``: the organization that has to stand first."""

    key: str
    title: str
    units: int
    under_way: int | None
    missing: str


class StandInOut(Schema):
    id: int
    giver: str
    taker: str
    since: date
    until: date
    ended: bool
    own: bool


class NumberOut(Schema):
    """``cases``: those of its document that you may see; ``what`` is empty where it is another group's."""

    id: int
    serial: str
    state: Literal["reserved", "issued", "void"]
    on: date
    what: str
    reason: str
    cases: list[int]


class NumbersOut(Schema):
    total: int
    page: int
    next: str
    registers: list[str]
    numbers: list[NumberOut]
