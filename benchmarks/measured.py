"""Run one measurement in a process of its own and watch the memory of its whole process tree."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SAMPLE_SECONDS = 0.05


def in_own_process(module: str, arguments: list[str], time_limit: float) -> dict[str, Any]:
    """Run ``python -m module arguments``; its last line of output is a JSON object.

    Gives that object with ``peak_mb`` added (proportional share of memory over the process tree, sampled every 50 ms,
    or the largest single process where that is more), or ``{"error": ...}`` when it failed or ran out of time.
    """
    command = [sys.executable, "-m", module, *arguments]
    begun = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=Path.cwd(),
    )
    peak_kb = 0
    while True:
        try:
            out, err = process.communicate(timeout=SAMPLE_SECONDS)
            break
        except subprocess.TimeoutExpired:
            peak_kb = max(peak_kb, tree_memory_kb(process.pid))
            if time.perf_counter() - begun > time_limit:
                os.killpg(process.pid, 9)
                process.communicate()
                return {"error": f"stopped after {time_limit:.0f} s", "peak_mb": peak_kb / 1024}
    if process.returncode:
        last = err.strip().splitlines()[-1:] or [f"exit code {process.returncode}"]
        return {"error": last[0][:200], "peak_mb": peak_kb / 1024}
    found: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    own_kb = int(found.pop("own_peak_kb", 0))
    return found | {"peak_mb": max(peak_kb, own_kb) / 1024}


def own_peak_kb() -> int:
    """The largest resident size that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def tree_memory_kb(pid: int) -> int:
    """Proportional memory of a process and everything it started; 0 where the system does not tell."""
    return sum(_memory_kb(each) for each in (pid, *_below(pid)))


def _below(pid: int) -> list[int]:
    try:
        words = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has ended meanwhile
        return []
    children = [int(word) for word in words]
    return children + [each for child in children for each in _below(child)]


def _memory_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
