"""Reading a ledger of 100,000 rows and 42 columns with every check; beside it the same reading a row at a time.

``python -m benchmarks reading [UNITS]``. The peer is what an office's script would be: openpyxl in its read-only mode
and the same conversion of each cell by the same field table, without checks across cells and rows, without findings
by cell. It runs on a tenth of the rows and its time is scaled. The other two lines show what the workbook back costs.
``first`` is the first reading of a fresh process that does nothing else, as ``liangxin check`` does it.
"""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from benchmarks.measured import in_own_process, own_peak_kb
from liangxin.files import annotated
from liangxin.files.annotated import write_annotated
from liangxin.files.ledger import read_ledger, write_ledger
from liangxin.files.town import read_town, write_town
from liangxin.registry.fields import FIELDS
from liangxin.registry.town import Town
from liangxin.registry.values import read_value
from liangxin.sample import make_town

RUNS = 3
PEER_SHARE = 10  # the peer reads one row in ten
EDITED_UNITS = 5_000


@dataclass(frozen=True, slots=True)
class Timed:
    """``cpu``: processor time of all threads, which other work on the machine changes less."""

    wall: float
    cpu: float


def timed(work: Callable[[], object]) -> Timed:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timed(time.perf_counter() - wall, time.process_time() - cpu)


def best(work: Callable[[], object], runs: int = RUNS) -> Timed:
    return min((timed(work) for _ in range(runs)), key=lambda result: result.wall)


def row_by_row(path: Path) -> int:
    """The peer: every cell of every row, converted as ours are; how many cells held something."""
    import openpyxl

    labels = {field.label.zh: field for field in FIELDS.values()} | {"年营业收入(万元)": FIELDS["revenue"]}
    sheet = openpyxl.load_workbook(path, read_only=True)["台账"]
    rows = sheet.iter_rows(min_row=3, values_only=True)
    fields = [labels[str(header)] for header in next(rows)]
    known = 0
    for row in rows:
        values = [read_value(field, cell).value for field, cell in zip(fields, row, strict=True)]
        known += sum(value is not None for value in values)
    return known


def measure(units: int, folder: Path) -> None:
    made = make_town(units, seed=7)
    _read_all(folder, units, made.ledger, made.town)
    _peer(folder, units, made.ledger.head(units // PEER_SHARE))
    _give_back(folder, made.ledger)


def first(path: Path, town_file: Path) -> None:
    """In a process of its own: the first reading of all, as JSON on one line."""
    town = read_town(town_file)
    found = timed(lambda: read_ledger(path, town=town))
    print(json.dumps({"wall": found.wall, "cpu": found.cpu, "own_peak_kb": own_peak_kb()}))


def _read_all(folder: Path, units: int, ledger: pl.DataFrame, town: Town) -> None:
    write_town(folder / "town.yaml", town)
    for ending in (".xlsx", ".csv", ".parquet"):
        path = folder / f"ledger{ending}"
        write_ledger(path, ledger)
        if ending == ".xlsx":
            _read_one(f"{units:,} rows from xlsx (limit 6 s of processor time)", path, ledger, town)
            saved = _saved_by_an_office_program(path)
            if saved is not None:
                _read_one("the same as LibreOffice saves it", saved, ledger, town)
        else:
            _read_one(f"{units:,} rows from {ending[1:]}", path, ledger, town)


def _read_one(what: str, path: Path, ledger: pl.DataFrame, town: Town) -> None:
    first = in_own_process("benchmarks.reading", ["first", str(path), str(path.parent / "town.yaml")], 600)
    again = best(lambda: read_ledger(path, town=town))
    same = read_ledger(path, town=town).frame.equals(ledger)
    size = path.stat().st_size / 1e6
    _line(
        what,
        again,
        f"first {first['wall']:.1f} s, {first['peak_mb']:,.0f} MB; file {size:.1f} MB; reads back the same: {same}",
    )


def _saved_by_an_office_program(path: Path) -> Path | None:
    """The workbook opened and saved again, its texts in one shared table, as users' files have them. None without LibreOffice."""
    program = shutil.which("soffice")
    if program is None:
        return None
    saved = path.with_name(f"saved{path.suffix}")
    with tempfile.TemporaryDirectory() as aside:
        subprocess.run(
            [program, "--headless", "--convert-to", "xlsx", "--outdir", aside, str(path)],
            check=True,
            capture_output=True,
            timeout=600,
        )
        shutil.move(Path(aside) / path.name, saved)
    return saved


def _peer(folder: Path, units: int, part: pl.DataFrame) -> None:
    path = folder / "part.xlsx"
    write_ledger(path, part)
    seconds = timed(lambda: row_by_row(path))
    scale = units / part.height
    _line(
        "openpyxl, a row at a time",
        Timed(seconds.wall * scale, seconds.cpu * scale),
        f"scaled from {part.height:,} rows",
    )


def _give_back(folder: Path, ledger: pl.DataFrame) -> None:
    """Both ways of giving a workbook back, on one size: what an edited copy costs, and writing anew."""
    path = folder / "small.xlsx"
    write_ledger(path, ledger.head(EDITED_UNITS))
    read = read_ledger(path)
    limit = annotated.EDITABLE_CELLS
    for words, allowed in (("edited in a copy", limit), ("written anew", 0)):
        annotated.EDITABLE_CELLS = allowed  # type: ignore[misc]
        seconds = timed(lambda: write_annotated(folder / "back.xlsx", read))
        _line(f"{EDITED_UNITS:,} rows given back, {words}", seconds, "")
    annotated.EDITABLE_CELLS = limit  # type: ignore[misc]


def _line(what: str, result: Timed, note: str) -> None:
    print(f"{what:<42} {result.wall:>8.2f} s   processor {result.cpu:>8.2f} s   {note}".rstrip())


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["first"]:
        first(Path(arguments[1]), Path(arguments[2]))
        return
    units = int(arguments[0]) if arguments else 100_000
    with tempfile.TemporaryDirectory() as folder:
        measure(units, Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
