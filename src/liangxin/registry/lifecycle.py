"""The life cycle of a unit: which state may follow which, from which day, on what evidence, and what it does to the base.

Nothing is deleted. A unit that is gone stays with its state and date, so that every rate can be asked for as of a day.
Whether a state leaves the base is a scope rule of the policy; ``usual_effect`` is what the annual return does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from liangxin.findings import Finding, InputError
from liangxin.registry.fields import STATES
from liangxin.wording import Text

Effect = Literal["in_base", "out_of_base"]

_EFFECTS: Final[dict[str, Effect]] = {
    "operating": "in_base",
    "suspended": "out_of_base",
    "shell": "out_of_base",
    "not_found": "out_of_base",
    "deregistered": "out_of_base",
    "moved_out": "out_of_base",
}

_ALIVE: Final = ("operating", "suspended", "shell", "not_found", "deregistered", "moved_out")
ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    "operating": tuple(state for state in _ALIVE if state != "operating"),
    "suspended": tuple(state for state in _ALIVE if state != "suspended"),
    "shell": tuple(state for state in _ALIVE if state != "shell"),
    "not_found": tuple(state for state in _ALIVE if state != "not_found"),
    "moved_out": ("operating", "deregistered"),  # it may come back
    "deregistered": (),  # the end: a firm founded anew has a new code and is a new unit
}
"""State: the states that may follow. From not yet known (None) every state may follow."""

NEEDS_EVIDENCE: Final = frozenset({"shell", "not_found", "deregistered", "moved_out"})
"""States that take a unit out of the base for good: the change says what shows it (a visit, a notice, a certificate)."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """One entry of a unit's history."""

    unit_id: str
    state: str
    since: date
    evidence: str = ""
    by: str = ""  # the task group or account that entered it


def usual_effect(state: str | None) -> Effect:
    """Whether a unit in this state usually counts in the base; a state not yet known keeps it in."""
    return "in_base" if state is None else _EFFECTS[state]


def state_on(history: Iterable[StateChange], day: date) -> str | None:
    """The state in force on a day; None before the first entry."""
    in_force = [change for change in history if change.since <= day]
    return max(in_force, key=lambda change: change.since).state if in_force else None


def add(history: tuple[StateChange, ...], change: StateChange) -> tuple[StateChange, ...]:
    """The history with one more change at its end.

    Raises:
        InputError: all that is wrong: an unknown state, another unit, a change that is not allowed, a day not after
            the last entry's, or no evidence where it is needed.
    """
    findings = list(_faults(history, change))
    if findings:
        raise InputError(findings)
    return (*history, change)


def _faults(history: tuple[StateChange, ...], change: StateChange) -> Iterable[Finding]:
    if change.state not in STATES:
        words = [word.zh for word in STATES.values()]
        yield Finding(
            "not_a_choice",
            Text("没有这个经营状况", "There is no such state"),
            found=change.state,
            accepted=Text("、".join(words), ", ".join(STATES)),
            column_of="state",
        )
        return
    if change.state in NEEDS_EVIDENCE and not change.evidence.strip():
        yield Finding(
            "no_evidence",
            Text(
                f"改为“{STATES[change.state].zh}”要写明依据（走访记录、公告、注销证明等）",
                f'A change to "{STATES[change.state].en}" needs evidence (a visit, a notice, a certificate)',
            ),
            column_of="state",
        )
    if not history:
        return
    last = history[-1]
    if last.unit_id != change.unit_id:
        yield Finding(
            "other_unit",
            Text("这是另一家单位的记录", "This is the history of another unit"),
            found=change.unit_id,
            column_of="unit_id",
        )
    if change.since <= last.since:
        yield Finding(
            "not_after",
            Text(
                f"日期应在上一次变更（{last.since}）之后",
                f"The day should be after the last change ({last.since})",
            ),
            found=str(change.since),
            column_of="state",
        )
    if change.state not in ALLOWED[last.state]:
        after = [STATES[state] for state in ALLOWED[last.state]]
        yield Finding(
            "not_allowed",
            Text(
                f"“{STATES[last.state].zh}”不能改为“{STATES[change.state].zh}”",
                f'"{STATES[last.state].en}" cannot become "{STATES[change.state].en}"',
            ),
            accepted=Text("、".join(state.zh for state in after), ", ".join(state.en for state in after))
            if after
            else Text(
                "注销的单位不再变更，重新成立的按新单位登记",
                "nothing: register a firm founded anew as a new unit",
            ),
            column_of="state",
        )
