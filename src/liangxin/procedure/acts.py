"""What somebody can do with a case, as values. Each that gives another person work has its own time limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liangxin.procedure.actor import Actor
from liangxin.procedure.election import Vote
from liangxin.procedure.matter import Matter
from liangxin.procedure.serial import Serial
from liangxin.procedure.table import ProcedureId
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that shows the work done: its name, and the SHA-256 of what was uploaded."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """The committee meeting: the day, those entitled and present, and those in favour. Counts, no names."""

    held_on: date
    entitled: int
    present: int
    in_favour: int


@dataclass(frozen=True, slots=True)
class Jointly:
    """One document for several cases: their ids in the order of its text, and the title of the reply."""

    cases: tuple[str, ...]
    title: Text


@dataclass(frozen=True, slots=True)
class Start:
    """发起: the case begins at the first step."""

    procedure: ProcedureId
    matter: Matter


@dataclass(frozen=True, slots=True)
class Revise:
    """修改: another matter in the place of the first, while the case is at its first step."""

    matter: Matter


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """办理: go on by a transition of the table. ``on``: day of the document or the vote; today where not given.

    ``jointly``: where the document decides several cases under one number (``procedure.apply_jointly``).
    """

    transition: str
    on: date | None = None
    reason: str = ""
    serial: Serial | None = None
    minutes: Minutes | None = None
    vote: Vote | None = None
    evidence: tuple[Evidence, ...] = ()
    jointly: Jointly | None = None


@dataclass(frozen=True, slots=True)
class Return:
    """退回: back to an earlier step, with the reason."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """转办: another person with the same right takes the case over, by a day."""

    to: Actor
    by: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delegate:
    """委托: for some days another person acts in one's place on this case."""

    to: Actor
    since: date
    until: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Countersign:
    """加签: another person is asked first; the case waits until the answer."""

    to: Actor
    by: date
    question: str


@dataclass(frozen=True, slots=True)
class Answer:
    """加签意见: the answer of the person asked."""

    agrees: bool
    opinion: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """收回加签: the question is taken back, so that the case does not wait for ever."""

    from_person: str
    reason: str


@dataclass(frozen=True, slots=True)
class Remind:
    """催办: somebody who has had the case in hand asks for it to be dealt with by a day."""

    by: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class CopyTo:
    """抄送: others get to see the case; nothing waits for them."""

    to: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class Withdraw:
    """撤回: the initiator takes it back to the first step, while nobody has decided yet."""

    reason: str


Act = (
    Start
    | Revise
    | Take
    | Return
    | HandOver
    | Delegate
    | Countersign
    | Answer
    | TakeBack
    | Remind
    | CopyTo
    | Withdraw
)
