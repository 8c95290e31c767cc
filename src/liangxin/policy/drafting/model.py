"""A draft: what was found in a notice, each with its sentence, and what was not used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from liangxin.wording import Text

Kind = Literal["indicator", "class", "form", "clears", "cap", "instructor", "milestone", "groups", "body"]
Certainty = Literal["sure", "likely"]
Measure = Literal["coverage", "establishment", "work_coverage", "separate", "members"]
Base = Literal["enterprise", "social", "social_group", "civil_non_enterprise", "intermediary", "two_new"]

KINDS: Final[dict[Kind, Text]] = {
    "indicator": Text("指标", "Indicator"),
    "class": Text("类别", "Class"),
    "form": Text("组建形式", "Form"),
    "clears": Text("几清", "Clears"),
    "cap": Text("上限", "Cap"),
    "instructor": Text("指导员", "Instructors"),
    "milestone": Text("时间", "Day"),
    "groups": Text("推进组", "Task groups"),
    "body": Text("机构", "Body"),
}
MEASURES: Final[dict[Measure, Text]] = {
    "coverage": Text("组织覆盖率", "coverage by organizations"),
    "establishment": Text("组建率", "establishment rate"),
    "work_coverage": Text("工作覆盖率", "work coverage"),
    "separate": Text("单独组建率", "separate establishment rate"),
    "members": Text("有党员", "has members"),
}
BASES: Final[dict[Base, Text]] = {
    "enterprise": Text("企业", "enterprises"),
    "social": Text("社会组织", "social organizations"),
    "social_group": Text("社会团体", "social groups"),
    "civil_non_enterprise": Text("民办非企业单位", "civil non-enterprise units"),
    "intermediary": Text("社会中介组织", "intermediaries"),
    "two_new": Text("两新组织", "two-new organizations"),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch of the notice. ``start``, ``end``: characters of the whole text; ``clause``: its numbering, as 三（二）.

    ``plain``: the same in half-width signs and Arabic figures, for reading by rule. ``paragraph``: the line it stands in.
    """

    text: str
    plain: str
    start: int
    end: int
    clause: str
    paragraph: int
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """``staff >= 80``. ``field``: a name of the ledger's, or scale, trade, no_members, unfounded. ``any_of``: alternatives instead."""

    field: str
    sign: str = ""
    value: float = 0
    any_of: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Days that a sentence names, both included; ``start`` is None where only the end is named."""

    start: date | None
    due: date
    said: str


@dataclass(frozen=True, slots=True)
class Card:
    """One rule that was found. Which of the facts are filled depends on the kind.

    ``what``: form, stage, body or cap (units, members) by its id; ``target``: a share; ``number``: of a cap, groups, clears.
    ``items``: lists of the notice (clears, lines). ``open``: what the notice leaves open and somebody decides.
    """

    id: str
    kind: Kind
    sentence: Sentence
    rule: Text
    certainty: Certainty = "likely"
    open: tuple[Text, ...] = ()
    what: str = ""
    base: Base = "enterprise"
    conditions: tuple[Condition, ...] = ()
    measure: Measure = "coverage"
    target: float | None = None
    number: int | None = None
    span: Span | None = None
    items: tuple[str, ...] = ()
    also: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What the notice says of itself; empty or None where it does not."""

    title: str = ""
    serial: str = ""
    addressees: str = ""
    issued_on: date | None = None
    issued_on_guessed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """``sentences``: of the body, without title, addressees, serial and day of issue. ``remainder``: sentences with a number, a day or a duty that no card uses. ``contradictions``: pairs of cards."""

    heading: Heading
    sentences: tuple[Sentence, ...]
    cards: tuple[Card, ...]
    remainder: tuple[Sentence, ...]
    contradictions: tuple[tuple[Card, Card], ...] = ()
