"""What a long command is doing, on standard error: each stage with its time. Silent unless a person is watching."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from liangxin.cli.columns import width
from liangxin.cli.language import say, tell
from liangxin.wording import Text


class Stages:
    """``begin`` a stage ends the one before it with its time; ``share`` shows how much of it is done."""

    def __init__(self, *, watched: bool) -> None:
        self._watched = watched
        self._stage: Text | None = None
        self._started = 0.0

    def begin(self, stage: Text) -> None:
        self.end()
        self._stage, self._started = stage, time.perf_counter()
        self._line("…")

    def share(self, done: float) -> None:
        """``done``: 0 to 1."""
        if self._stage is not None:
            filled = round(20 * min(max(done, 0.0), 1.0))
            self._line(f"{'█' * filled}{'░' * (20 - filled)} {done:4.0%}")

    def at(self, stage: Text, done: float) -> None:
        """Where a job is that tells its stage each time: a new one begins."""
        if stage != self._stage:
            self.begin(stage)
        self.share(done)

    def end(self) -> None:
        if self._stage is None:
            return
        took = time.perf_counter() - self._started
        self._line(say(f"{took:.1f} 秒", f"{took:.1f} s"), "\n")
        self._stage = None

    def _line(self, words: str, ending: str = "") -> None:
        if not self._watched or self._stage is None:
            return
        name = tell(self._stage)
        room = " " * max(34 - width(name), 1)
        sys.stderr.write(f"\r\x1b[2K  {name}{room}{words}{ending}")
        sys.stderr.flush()


@contextmanager
def stages() -> Iterator[Stages]:
    """Stages that end with the block; a line left open by an error is closed before the error is told."""
    made = Stages(watched=sys.stderr.isatty())
    try:
        yield made
    except BaseException:
        if made._watched and made._stage is not None:
            sys.stderr.write("\n")
        raise
    made.end()
