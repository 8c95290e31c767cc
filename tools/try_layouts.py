"""Writes random ledgers in random layouts, reads them back and counts silent differences (tests/files/random_ledgers.py).

``python tools/try_layouts.py [LAYOUTS] [FIRST SEED]``: 10,000 by default, from openpyxl, xlsxwriter and csv; one in five is
saved again by LibreOffice (xlsx, xls or ods) where that is installed. Prints each difference with its seed; exit code 1
when there is one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.files.random_ledgers import Written, differences, make_ledger

BATCH = 200
KINDS = ("openpyxl", "openpyxl", "xlsxwriter", "csv", "gbk")
SAVED_AS = ("xlsx", "xls", "ods")


def main() -> int:
    layouts = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    tried: Counter[str] = Counter()
    wrong = 0
    for start in range(first, first + layouts, BATCH):
        seeds = range(start, min(start + BATCH, first + layouts))
        with tempfile.TemporaryDirectory() as folder:
            made = [(seed, *_make(seed, Path(folder))) for seed in seeds]
            again = _saved_again([each for each in made if each[2] in SAVED_AS], Path(folder))
            for seed, written, kind in made:
                path = again.get(written.path, written.path)
                tried[kind if path != written.path else path.suffix] += 1
                for difference in differences(written, path):
                    wrong += 1
                    print(f"seed {seed} ({kind}): {difference}", flush=True)
        print(f"{sum(tried.values())} tried, {wrong} silent differences", flush=True)
    print(dict(tried))
    return 1 if wrong else 0


def _make(seed: int, folder: Path) -> tuple[Written, str]:
    random = Random(seed)
    written = make_ledger(random, folder, random.choice(KINDS))
    saved = written.path.suffix == ".xlsx" and random.random() < 0.33
    return written, random.choice(SAVED_AS) if saved else "as written"


def _saved_again(made: list[tuple[int, Written, str]], folder: Path) -> dict[Path, Path]:
    """Each workbook as LibreOffice saves it, by its former path."""
    program = shutil.which("soffice")
    found: dict[Path, Path] = {}
    for kind in SAVED_AS:
        paths = [written.path for _, written, saved in made if saved == kind]
        if program is None or not paths:
            continue
        aside = folder / kind
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = [
            program,
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(aside),
            *map(str, paths),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=900)
        found |= {path: aside / path.with_suffix(f".{kind}").name for path in paths}
    return found


if __name__ == "__main__":
    sys.exit(main())
