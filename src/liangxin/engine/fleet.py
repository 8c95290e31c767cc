"""Many towns: find them, skip what is done, work on the rest, keep each result whole, add the numbers up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from liangxin.engine.engines import Engine
from liangxin.engine.fleet_job import Job, Outcome, Task, failure, work
from liangxin.engine.fleet_towns import TownFolder, find_towns, fingerprint
from liangxin.files.whole import output_folder
from liangxin.findings import Finding
from liangxin.wording import Text

RECORD_FILE: Final = "result.json"
RECORD_FORMAT: Final = "liangxin.fleet-result/1"


@dataclass(frozen=True, slots=True)
class TownState:
    """How one town came out. ``resumed``: its result of an earlier run still holds and was kept."""

    name: str
    numbers: dict[str, Any]
    findings: tuple[Finding, ...]
    seconds: float
    resumed: bool

    @property
    def failed(self) -> bool:
        return not self.numbers


@dataclass(frozen=True, slots=True)
class FleetResult:
    """Every town of the folder, in order of name."""

    task: Task
    towns: tuple[TownState, ...]

    @property
    def failed(self) -> tuple[TownState, ...]:
        return tuple(town for town in self.towns if town.failed)


OnTown = Callable[[TownState, int, int], None]


def run_fleet(
    folder: Path,
    out: Path,
    task: Task,
    engine: Engine,
    *,
    resume: bool = False,
    on_town: OnTown | None = None,
) -> FleetResult:
    """Do ``task`` for every town of ``folder``; each gets a folder of its own in ``out``, whole or not at all.

    Args:
        resume: keep the result of a town whose inputs, task and program have not changed and whose files are all there
            as they were written; every other town is worked on again. A town that fails keeps the files of an earlier
            run, and the summary says that it failed.
        on_town: told each town as it is done, with how many are done and how many there are.

    Raises:
        InputError: ``folder`` holds no towns.
        OSError: ``out`` cannot be written.
    """
    towns = find_towns(folder)
    identity = task.identity()
    states: dict[str, TownState] = {}

    def done(state: TownState) -> None:
        states[state.name] = state
        if on_town is not None:
            on_town(state, len(states), len(towns))

    def jobs() -> Iterator[Job]:
        for town in towns:
            job = _job(town, task, identity)
            if isinstance(job, Outcome):
                done(_state(job))
                continue
            kept = whole_result(out / town.name, job.fingerprint) if resume else None
            if kept is not None:
                done(TownState(town.name, kept["numbers"], (), 0.0, resumed=True))
                continue
            yield job

    for outcome in engine.run(work, jobs()):
        if not outcome.failed:
            _keep(out / outcome.name, outcome)
        done(_state(outcome))
    return FleetResult(task, tuple(states[town.name] for town in towns))


def _job(town: TownFolder, task: Task, identity: str) -> Job | Outcome:
    """The town's job, or at once the outcome of a town whose files are missing or cannot be read."""
    missing = town.missing()
    if missing:
        return failure(town.name, "", missing)
    try:
        contents = town.contents()
    except OSError as fault:
        message = Text("这个镇的文件读不出来", "This town's files cannot be read")
        return failure(town.name, "", (Finding("unreadable", message, found=str(fault)),))
    return Job(town.name, fingerprint(contents, identity), task, contents)


def _state(outcome: Outcome) -> TownState:
    return TownState(outcome.name, outcome.numbers, outcome.findings, outcome.seconds, resumed=False)


def _keep(folder: Path, outcome: Outcome) -> None:
    record = {
        "format": RECORD_FORMAT,
        "fingerprint": outcome.fingerprint,
        "numbers": outcome.numbers,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in outcome.files.items()},
    }
    with output_folder(folder) as scratch:
        for name, data in outcome.files.items():
            (scratch / name).write_bytes(data)
        text = json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2)
        (scratch / RECORD_FILE).write_text(text + "\n", encoding="utf-8")


def whole_result(folder: Path, mark: str) -> dict[str, Any] | None:
    """The record of an earlier run, if it is of exactly these inputs and every file of it is there unchanged."""
    try:
        record = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
        if record["format"] != RECORD_FORMAT or record["fingerprint"] != mark:
            return None
        for name, written in record["files"].items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != written:
                return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # absent or damaged: worked on again
        return None
    found: dict[str, Any] = record
    return found
