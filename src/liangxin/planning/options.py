"""What a person asks of the planner: how long, how close, what is pinned, what it may tell on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from liangxin.planning.plan import Plan


@dataclass(frozen=True, slots=True)
class Pin:
    """One unit, and the form, the host, or both. ``host`` is the lead unit's id; it is not used for a village."""

    unit_id: str
    form: str | None = None
    host: str | None = None


@dataclass(frozen=True, slots=True)
class Pins:
    """A person's word. ``pin``: the unit has this form and host. ``forbid``: it does not. ``together``: these units are in
    one joint organization. ``apart``: no two of them are."""

    pin: tuple[Pin, ...] = ()
    forbid: tuple[Pin, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()


class Progress(Protocol):
    """Called on the way with the stage's id and how much of the whole is done (0 to 1)."""

    def __call__(self, stage: str, share: float) -> None: ...


class Cancelled(Exception):
    """The caller asked to stop before there was an answer."""


@dataclass(slots=True)
class Cancellation:
    """Set ``requested`` from anywhere; the solver looks at it between steps and raises ``Cancelled``."""

    requested: bool = False

    def request(self) -> None:
        self.requested = True


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """``gap``: stop when this close to the proven bound. ``time_limit`` (seconds) is the last resort: the solver stops by
    counted limits first, so that the same input and seed give the same plan on any machine that is not too slow. The
    relaxation and a first program are finished even where the time is over: there is always a plan worth looking at.
    ``processes``: local processes for towns that fall into blocks; None takes as many as there are cores, at most 2.
    ``previous``: the plan to stay close to. ``keep_existing``: organizations that keep the rules stay as they are.
    """

    time_limit: float = 60.0
    gap: float = 0.001
    seed: int = 0
    processes: int | None = None
    previous: Plan | None = None
    pins: Pins = field(default_factory=Pins)
    keep_existing: bool = True
    progress: Progress | None = None
    cancellation: Cancellation | None = None
