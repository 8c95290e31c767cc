"""The command as a person types it: ``liangxin --help``, and ``liangxin plan`` from a workbook of 2,000 units to all its files.

``python -m benchmarks commands [UNITS]``. Beside ``--help`` the same of other Python programs. Beside ``plan`` the script that
an office's programmer would write (``benchmarks/peers/by_hand.py``): the same workbook read with openpyxl, neighbours put
together, one workbook and one Word list written; no rules beside the numbers of 1.1-1.3, no reasons, bound, chart or map.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from liangxin.files.ledger import write_ledger
from liangxin.files.town import write_town
from liangxin.sample import make_town

HELP_RUNS, PLAN_SEEDS = 15, (1, 2, 3)
HELP_LIMIT, PLAN_LIMIT = 0.3, 25.0  # seconds, issue 2
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True)
class Ran:
    """``cpu``: user and system time of the command and whatever it started."""

    wall: float
    cpu: float


def run(command: list[str]) -> Ran:
    """Raises CalledProcessError where the command does not end well: a time of a failure is no time."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"LANG": "zh_CN.UTF-8"})
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Ran(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def helping() -> None:
    commands = {
        f"liangxin --help (limit {HELP_LIMIT} s)": [str(BIN / "liangxin"), "--help"],
        "python -c pass": [sys.executable, "-c", "pass"],
        "django-admin --help": [str(BIN / "django-admin"), "--help"],
        "pip --help": [sys.executable, "-m", "pip", "--help"],
    }
    for what, command in commands.items():
        run(command)  # the disk's cache is warm for all alike
        times = [run(command) for _ in range(HELP_RUNS)]
        longest = max(each.wall for each in times)
        _line(
            what,
            median(each.wall for each in times),
            median(each.cpu for each in times),
            f"most {longest:.2f} s",
        )


def planning(units: int, folder: Path) -> None:
    for seed in PLAN_SEEDS:
        town = folder / f"town-{seed}"
        town.mkdir()
        made = make_town(units, seed)
        write_ledger(town / "ledger.xlsx", made.ledger)
        write_town(town / "town.yaml", made.town)
        inputs = [str(town / "ledger.xlsx"), "--town", str(town / "town.yaml"), "--as-of", "2011-08-15"]
        ours = run([str(BIN / "liangxin"), "plan", *inputs, "--out", str(town / "out")])
        files = sorted(path.name for path in (town / "out").iterdir())
        _line(
            f"liangxin plan, {units:,} units, seed {seed} (limit {PLAN_LIMIT:.0f} s)",
            ours.wall,
            ours.cpu,
            f"{len(files)} files",
        )
        script = run(
            [
                sys.executable,
                "-m",
                "benchmarks.peers.by_hand",
                str(town / "ledger.xlsx"),
                str(town / "by-hand"),
            ]
        )
        _line(f"a script with openpyxl and python-docx, seed {seed}", script.wall, script.cpu, "2 files")


def _line(what: str, wall: float, cpu: float, note: str) -> None:
    print(f"{what:<60} {wall:>8.2f} s   processor {cpu:>8.2f} s   {note}")


def main(arguments: list[str]) -> None:
    units = int(arguments[0]) if arguments else 2_000
    helping()
    with tempfile.TemporaryDirectory() as folder:
        planning(units, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
