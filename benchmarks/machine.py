"""The machine in generic words, so that figures can be placed without saying whose machine it was."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_gb() -> int | None:
    """Memory of the machine, in whole GB, where the system tells."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    total = next((line for line in lines if line.startswith("MemTotal:")), None)
    return None if total is None else round(int(total.split()[1]) / 1024**2)


def describe() -> str:
    """One line: cores, memory, system, Python."""
    memory = memory_gb()
    parts = [f"{cores()} cores", f"{memory} GB" if memory else "", platform.system(), platform.machine()]
    return ", ".join(part for part in [*parts, f"Python {platform.python_version()}"] if part)
