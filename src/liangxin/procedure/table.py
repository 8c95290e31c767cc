"""The shape of a procedure as data: steps, and the transitions between them. The two families fill it (5.2, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal

from liangxin.registry.access import Action
from liangxin.wording import Text

ProcedureId = Literal["plan_approval", "founding"]


class Need(Enum):
    """What a transition asks for before it can be taken."""

    REASON = "reason"
    EVIDENCE = "evidence"
    ROSTER = "roster"
    COMMITMENTS = "commitments"
    OPERATIONS = "operations"
    MINUTES = "minutes"
    SERIAL = "serial"
    VOTE = "vote"
    FAILED_VOTE = "failed_vote"


NEED_LABELS: Final[Mapping[Need, Text]] = MappingProxyType(
    {
        Need.REASON: Text("写明理由", "a reason"),
        Need.EVIDENCE: Text("附佐证材料", "evidence attached"),
        Need.ROSTER: Text("单位名册", "the roster of units"),
        Need.COMMITMENTS: Text("每个挂靠单位的承诺书日期", "the day of each attached unit's commitment"),
        Need.OPERATIONS: Text("写明办成后党组织怎样变动", "what changes in the organizations"),
        Need.MINUTES: Text("会议日期和纪要", "the day of the meeting and its minutes"),
        Need.SERIAL: Text("发文字号", "the serial number of the document"),
        Need.VOTE: Text("选举结果", "the result of the election"),
        Need.FAILED_VOTE: Text("未选出的选举结果", "the result of an election that did not fill the seats"),
    }
)


class Guard(Enum):
    """A transition that is open only where this is so of the matter."""

    IMPORTANT = "important"
    NOT_IMPORTANT = "not_important"
    ELECTION_DUE = "election_due"
    APPOINTED = "appointed"
    NO_ELECTION = "no_election"


GUARD_LABELS: Final[Mapping[Guard, Text]] = MappingProxyType(
    {
        Guard.IMPORTANT: Text("属重大问题", "an important matter"),
        Guard.NOT_IMPORTANT: Text("不属重大问题", "not an important matter"),
        Guard.ELECTION_DUE: Text("应当选举", "an election is due"),
        Guard.APPOINTED: Text("书记由上级任命", "the secretary is appointed"),
        Guard.NO_ELECTION: Text("不需要选举", "no election is due"),
    }
)

Effect = Literal["", "perform", "annul"]
"""What a transition does to the dated tree: nothing, the matter's operations, or their annulment."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a case can stand. ``action``: who handles it, by the permission table; None on final steps.

    ``term``: id of the policy's time limit for it; "" where there is none.
    """

    id: str
    label: Text
    action: Action | None
    clause: str
    term: str = ""

    @property
    def final(self) -> bool:
        return self.action is None


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one of ``sources`` to ``target``, taken by somebody with ``action``.

    ``decides``: the organization has spoken; what lies before can no longer be returned to or withdrawn, only annulled.
    ``paper``: the kind of document made of it (``procedure.paper``), "" for none.
    """

    id: str
    label: Text
    sources: tuple[str, ...]
    target: str
    action: Action
    clause: str
    needs: tuple[Need, ...] = ()
    guard: Guard | None = None
    paper: str = ""
    effect: Effect = ""
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Procedure:
    """One family. ``steps`` are in the order of the way through; the first is where a case begins."""

    id: ProcedureId
    label: Text
    clause: str
    steps: Mapping[str, Step]
    transitions: Mapping[str, Transition]

    @property
    def first(self) -> Step:
        return next(iter(self.steps.values()))

    def from_step(self, step: str) -> Iterator[Transition]:
        return (each for each in self.transitions.values() if step in each.sources)

    def order(self, step: str) -> int:
        return list(self.steps).index(step)


def procedure(
    id: ProcedureId, label: Text, clause: str, steps: tuple[Step, ...], transitions: tuple[Transition, ...]
) -> Procedure:
    """The table with its lines by id."""
    return Procedure(
        id,
        label,
        clause,
        MappingProxyType({step.id: step for step in steps}),
        MappingProxyType({each.id: each for each in transitions}),
    )
