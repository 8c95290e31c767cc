"""The time a run may take, and whether somebody asked to stop it: looked at between steps, given to HiGHS within them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from liangxin.planning.options import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from liangxin.planning.options import Cancellation

_LEAST_SECONDS: Final = 0.01


@dataclass(frozen=True, slots=True)
class Clock:
    """``deadline`` and ``now`` in seconds of one clock; without a deadline there is always time."""

    deadline: float = float("inf")
    cancellation: Cancellation | None = None
    now: Callable[[], float] = field(default=time.monotonic)

    def left(self) -> float:
        """Seconds left, never below 0. Raises Cancelled when the caller asked for it."""
        if self.cancellation is not None and self.cancellation.requested:
            raise Cancelled
        return max(self.deadline - self.now(), 0.0)

    def over(self) -> bool:
        return self.left() <= 0.0

    def lasting(self, seconds: float) -> Clock:
        """The same clock with so many seconds left, whatever this one has."""
        return Clock(self.now() + seconds, self.cancellation, self.now)

    def shortened(self, seconds: float) -> Clock:
        """The same clock with at most so many seconds left."""
        return Clock(min(self.deadline, self.now() + seconds), self.cancellation, self.now)


def run_within(highs: Any, clock: Clock) -> bool:
    """Run HiGHS until it is done or the time is over; whether it came to its own end.

    HiGHS keeps one run clock over all runs of an instance, so the limit is what has run plus what is left.
    """
    import highspy

    left = clock.left()
    if left < float("inf"):
        highs.setOptionValue("time_limit", highs.getRunTime() + max(left, _LEAST_SECONDS))
    highs.run()
    return bool(highs.getModelStatus() != highspy.HighsModelStatus.kTimeLimit)
