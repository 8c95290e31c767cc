"""The worker's sign of life: a file in the data folder, so that it can be given and read while the database is busy.

Times are of the clock that nobody sets (seconds since the machine started), so that a changed clock makes no worker look dead.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FILE: Final = "worker.alive"
SILENT_AFTER: Final = 30.0  # seconds without a sign after which the worker is said not to run
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Heartbeat:
    path: Path

    @classmethod
    def of(cls, data: Path) -> Heartbeat:
        return cls(data / FILE)

    def give(self) -> None:
        """Written over in place: also on a full disk. OSError where the folder cannot be written."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.pwrite(descriptor, f"{_boot()} {time.monotonic():020.3f}\n".encode(), 0)
        finally:
            os.close(descriptor)

    def silence(self) -> float:
        """Seconds since the last sign; infinite where none was given since the machine started."""
        try:
            boot, _, given = self.path.read_text(encoding="ascii").strip().partition(" ")
            return max(time.monotonic() - float(given), 0.0) if boot == _boot() else float("inf")
        except (FileNotFoundError, ValueError):
            return float("inf")

    @property
    def silent(self) -> bool:
        return self.silence() > SILENT_AFTER


def _boot() -> str:
    global _boot_id
    if _boot_id is None:
        _boot_id = _BOOT.read_text(encoding="ascii").strip() if _BOOT.exists() else "-"
    return _boot_id


_boot_id: str | None = None
