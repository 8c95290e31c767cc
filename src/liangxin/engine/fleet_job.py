"""One town's work, the same in this process, in a local process and on a cluster: bytes in, bytes out, no shared disk."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from liangxin import __version__
from liangxin.engine.fleet_towns import TOWN_FILE
from liangxin.findings import Finding, InputError, Severity
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Classification, Rate
    from liangxin.policy.model import Policy
    from liangxin.registry.town import Town

Kind = Literal["plan", "indicators"]
INDICATORS_FILE: Final = "indicators.json"


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked of every town. ``lang``: the language of rosters and documents."""

    kind: Kind
    policy: Policy
    time_limit: float = 60.0
    gap: float = 0.001
    seed: int = 0
    lang: Lang = "zh"

    def identity(self) -> str:
        """The same for the same task and program, in every process."""
        asked = (
            (self.kind, self.time_limit, self.gap, self.seed, self.lang)
            if self.kind == "plan"
            else (self.kind,)
        )
        return hashlib.sha256(repr((__version__, asked, _plain(self.policy))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Job:
    """One town of a task, ready to be sent anywhere. ``contents``: the town file and the ledger's file or parts."""

    name: str
    fingerprint: str
    task: Task
    contents: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one town. ``numbers`` are those of the summary, empty when the town failed."""

    name: str
    fingerprint: str
    findings: tuple[Finding, ...]
    numbers: dict[str, Any]
    files: dict[str, bytes]
    seconds: float

    @property
    def failed(self) -> bool:
        return not self.numbers


def failure(name: str, mark: str, findings: tuple[Finding, ...], seconds: float = 0.0) -> Outcome:
    """A town that has no result, with every reason."""
    return Outcome(name, mark, findings, {}, {}, seconds)


def broke(job: Job, what: str, seconds: float = 0.0) -> Outcome:
    """A town whose work ended in a fault of the program or of the machine, told in its own words."""
    message = Text(
        "处理时出了故障，这个镇没有结果", "Something broke while it was worked on; this town has no result"
    )
    return failure(job.name, job.fingerprint, (Finding("broke", message, found=what),), seconds)


def work(job: Job) -> Outcome:
    """Read, check and compute one town. Whatever is wrong with it is in the outcome; nothing is raised."""
    begun = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="liangxin-") as scratch:
            numbers, files, warnings = _result(job, Path(scratch))
    except InputError as refused:
        return failure(job.name, job.fingerprint, refused.findings, time.perf_counter() - begun)
    except Exception as fault:  # noqa: BLE001 - one town's fault must not stop the others; it is told, and exit is 1
        return broke(job, f"{type(fault).__name__}: {fault}", time.perf_counter() - begun)
    return Outcome(job.name, job.fingerprint, warnings, numbers, files, time.perf_counter() - begun)


def _result(job: Job, scratch: Path) -> tuple[dict[str, Any], dict[str, bytes], tuple[Finding, ...]]:
    inputs, made = scratch / "in", scratch / "out"
    inputs.mkdir()
    made.mkdir()
    for name, data in job.contents.items():
        (inputs / name).write_bytes(data)
    town, frame, warnings = _read(inputs)
    write = _plan if job.task.kind == "plan" else _indicators
    numbers = write(job.task, town, frame, made)
    files = {path.name: path.read_bytes() for path in sorted(made.iterdir())}
    return numbers, files, warnings


def _read(folder: Path) -> tuple[Town, pl.DataFrame, tuple[Finding, ...]]:
    """Town and ledger; every error of both files is raised together."""
    import polars as pl

    from liangxin.files.ledger import read_ledger
    from liangxin.files.town import read_town

    found: list[Finding] = []
    town: Town | None = None
    try:
        town = read_town(folder / TOWN_FILE)
    except InputError as refused:
        found += refused.findings
    frames: list[pl.DataFrame] = []
    for path in sorted(path for path in folder.iterdir() if path.name != TOWN_FILE):
        try:
            ledger = read_ledger(path, town=town)
        except InputError as refused:
            found += refused.findings
            continue
        found += ledger.findings
        frames.append(ledger.frame)
    if town is None or not frames or any(finding.severity is Severity.ERROR for finding in found):
        raise InputError(found)
    frame = pl.concat(frames)
    if len(frames) > 1:
        _no_unit_twice(frame)
    return town, frame, tuple(found)


def _no_unit_twice(frame: pl.DataFrame) -> None:
    """Within one file the reader sees to it; over the parts of a partition we do."""
    twice = frame.filter(frame["unit_id"].is_duplicated())["unit_id"].unique().sort().to_list()
    if twice:
        message = Text("编号在几个分区文件里重复", "The same unit no. stands in several parts")
        raise InputError(
            [Finding("unit_twice", message, found=unit_id, column_of="unit_id") for unit_id in twice]
        )


def _plan(task: Task, town: Town, frame: pl.DataFrame, folder: Path) -> dict[str, Any]:
    from liangxin.engine.town_files import write_all
    from liangxin.engine.town_run import run_town
    from liangxin.planning.options import PlanOptions

    options = PlanOptions(time_limit=task.time_limit, gap=task.gap, seed=task.seed, processes=1)
    result = run_town(frame, town, task.policy, options)
    write_all(result, folder, lang=task.lang)
    plan = result.plan
    rates = {each.id: (each.before, each.after) for each in plan.indicators}
    return _numbers(town, result.classification, rates) | {
        "organizations": sum(each.status != "dissolved" for each in plan.organizations),
        "new_organizations": sum(each.status == "new" for each in plan.organizations),
        "infeasible": len(plan.infeasible),
        "solver": {"objective": plan.solver.objective, "bound": plan.solver.bound, "gap": plan.solver.gap,
                   "status": plan.solver.status},
    }  # fmt: skip


def _indicators(task: Task, town: Town, frame: pl.DataFrame, folder: Path) -> dict[str, Any]:
    import json

    from liangxin.coverage import classify, count

    classification = classify(frame, task.policy)
    numbers = _numbers(town, classification, {id: (rate, None) for id, rate in count(classification).items()})
    document = {
        "format": "liangxin.indicators/1",
        "town": numbers["town"],
        "policy": {"id": task.policy.id, "overlays": list(task.policy.overlays)},
        "as_of": task.policy.as_of.isoformat(),
        "roster": {"units": numbers["units"], "in_scope": numbers["in_scope"]},
        "indicators": [
            {key: value for key, value in each.items() if key != "after"}
            | {"target": item.target, "due": item.due.isoformat() if item.due else None}
            for each, item in zip(numbers["indicators"], task.policy.indicators, strict=True)
        ],
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    (folder / INDICATORS_FILE).write_text(text + "\n", encoding="utf-8")
    return numbers


def _numbers(
    town: Town, classification: Classification, rates: Mapping[str, tuple[Rate, Rate | None]]
) -> dict[str, Any]:
    """What the summary adds up, plain enough for JSON."""
    frame = classification.frame
    return {
        "town": {"name": town.name, "code": town.code},
        "units": frame.height,
        "in_scope": int(frame["in_scope"].sum()),
        "indicators": [
            {
                "id": item.id,
                "label": item.label.as_dict(),
                "before": _rate(rates[item.id][0]),
                "after": _rate(rates[item.id][1]),
            }
            for item in classification.policy.indicators
        ],
    }


def _rate(rate: Rate | None) -> dict[str, Any] | None:
    if rate is None:
        return None
    return {
        "numerator": rate.numerator,
        "denominator": rate.denominator,
        "unknown": rate.unknown,
        "low": rate.low,
        "high": rate.high,
    }


def _plain(value: object) -> object:
    """A policy as nested tuples whose text is the same in every process (sets have no order of their own)."""
    if is_dataclass(value) and not isinstance(value, type):
        return (
            type(value).__name__,
            *((each.name, _plain(getattr(value, each.name))) for each in fields(value) if each.compare),
        )
    if isinstance(value, Mapping):
        return tuple((str(key), _plain(each)) for key, each in value.items())
    if isinstance(value, frozenset | set):
        return tuple(sorted(repr(_plain(each)) for each in value))
    if isinstance(value, tuple | list):
        return tuple(_plain(each) for each in value)
    return repr(value)
