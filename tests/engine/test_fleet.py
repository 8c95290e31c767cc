"""Many towns: sums that are sums, a failing town that stops nobody, results kept or made anew, three engines alike."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook

from liangxin.cli import main
from liangxin.engine.engines import DaskCluster, Engine, InProcess, LocalProcesses
from liangxin.engine.fleet import RECORD_FILE, FleetResult, run_fleet
from liangxin.engine.fleet_job import Job, Outcome, Task, work
from liangxin.engine.fleet_summary import summary_document, totals, write_summary
from liangxin.files.town import write_town
from liangxin.findings import InputError
from liangxin.policy import load_policy
from liangxin.sample import make_town

DAY = date(2011, 8, 15)
INDICATORS = Task("indicators", load_policy("changle-2011-44", as_of=DAY))
NAMES = ("东镇", "南镇", "西镇")


def add_town(folder: Path, seed: int, units: int = 60, ledger: str = "ledger.parquet") -> None:
    sample = make_town(units, seed)
    folder.mkdir(parents=True)
    write_town(folder / "town.yaml", sample.town)
    sample.ledger.write_parquet(folder / ledger)


@pytest.fixture
def county(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    for seed, name in enumerate(NAMES):
        add_town(folder / name, seed)
    return folder


def states(result: FleetResult) -> dict[str, str]:
    return {
        town.name: "failed" if town.failed else "kept" if town.resumed else "done" for town in result.towns
    }


def result_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    return found


def test_totals_are_the_sums_of_the_towns(county: Path, tmp_path: Path) -> None:
    """Units, numerators and denominators of the summary equal those of the towns' own files, in JSON and in the workbook."""
    result = run_fleet(county, tmp_path / "out", INDICATORS, InProcess())
    own = [json.loads((tmp_path / "out" / name / "indicators.json").read_text("utf-8")) for name in NAMES]
    added = totals(result.towns)
    assert (added["towns"], added["units"]) == (3, 180)
    assert added["in_scope"] == sum(each["roster"]["in_scope"] for each in own)
    for place, each in enumerate(added["indicators"]):
        for key in ("numerator", "denominator", "unknown"):
            assert each["before"][key] == sum(town["indicators"][place]["before"][key] for town in own)
    write_summary(tmp_path, result)
    sheet = load_workbook(tmp_path / "summary.xlsx")["汇总"]
    header = [cell.value for cell in sheet[4]]
    column = header.index("总体组建率·分母") + 1
    rows = [sheet.cell(row, column).value for row in range(5, 8)]
    rate = next(each for each in added["indicators"] if each["id"] == "1.4")
    assert sum(rows) == rate["before"]["denominator"]
    written = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert written["totals"] == added


def test_a_failing_town_does_not_stop_the_others(county: Path, tmp_path: Path) -> None:
    """Its errors are in the summary, all of them; it has no folder; the others are done."""
    (county / "西镇" / "ledger.parquet").write_bytes(b"not a ledger")
    (county / "空镇").mkdir()
    result = run_fleet(county, tmp_path / "out", INDICATORS, InProcess())
    assert states(result) == {"东镇": "done", "南镇": "done", "空镇": "failed", "西镇": "failed"}
    towns = {town["folder"]: town for town in summary_document(result)["towns"]}
    assert [each["code"] for each in towns["空镇"]["errors"]] == ["no_town_file", "no_ledger"]
    assert towns["西镇"]["errors"] != []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["东镇", "南镇"]
    assert totals(result.towns)["failed"] == 2


def test_an_error_in_the_ledger_fails_the_town(tmp_path: Path) -> None:
    """A town is not computed from half a ledger: an unknown area is an error, as in ``liangxin check``."""
    add_town(tmp_path / "county" / "镇", seed=1)
    ledger = tmp_path / "county" / "镇" / "ledger.parquet"
    pl.read_parquet(ledger).with_columns(area=pl.lit("没有这个片")).write_parquet(ledger)
    result = run_fleet(tmp_path / "county", tmp_path / "out", INDICATORS, InProcess())
    assert states(result) == {"镇": "failed"}
    assert len(result.towns[0].findings) >= 60


def test_resume_keeps_what_has_not_changed(county: Path, tmp_path: Path) -> None:
    """A changed ledger, a lost file, a touched file and another policy day are worked on again; the rest is kept."""
    out = tmp_path / "out"
    first = run_fleet(county, out, INDICATORS, InProcess())
    again = run_fleet(county, out, INDICATORS, InProcess(), resume=True)
    assert states(again) == dict.fromkeys(NAMES, "kept")
    assert totals(again.towns) == totals(first.towns)
    make_town(60, 9).ledger.write_parquet(county / "东镇" / "ledger.parquet")
    assert states(run_fleet(county, out, INDICATORS, InProcess(), resume=True))["东镇"] == "done"
    (out / "南镇" / "indicators.json").unlink()
    (out / "西镇" / "indicators.json").write_text("{}")
    repaired = run_fleet(county, out, INDICATORS, InProcess(), resume=True)
    assert states(repaired) == {"东镇": "kept", "南镇": "done", "西镇": "done"}
    other = Task("indicators", load_policy("changle-2011-44", as_of=date(2018, 12, 1)))
    assert set(states(run_fleet(county, out, other, InProcess(), resume=True)).values()) == {"done"}


def test_without_resume_everything_is_worked_on(county: Path, tmp_path: Path) -> None:
    """The default trusts nothing."""
    run_fleet(county, tmp_path / "out", INDICATORS, InProcess())
    result = run_fleet(county, tmp_path / "out", INDICATORS, InProcess())
    assert set(states(result).values()) == {"done"}


def test_the_task_has_one_identity_in_every_process(county: Path, tmp_path: Path) -> None:
    """Resuming in another process finds the same fingerprints: no order of sets, no address in memory."""
    import subprocess
    import sys

    code = (
        "from datetime import date; from liangxin.engine.fleet_job import Task; from liangxin.policy import load_policy;"
        "print(Task('indicators', load_policy('changle-2011-44', as_of=date(2011, 8, 15))).identity())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "12345"}
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert made.stdout.strip() == INDICATORS.identity()


def test_a_partition_may_have_several_parts(tmp_path: Path) -> None:
    """``town=CODE`` with any parquet files in it is one town; a unit that stands in two parts is refused."""
    folder = tmp_path / "county" / "town=330683101"
    add_town(folder, seed=4, ledger="part-0.parquet")
    frame = pl.read_parquet(folder / "part-0.parquet")
    frame.head(40).write_parquet(folder / "part-0.parquet")
    frame.tail(20).write_parquet(folder / "part-1.parquet")
    result = run_fleet(tmp_path / "county", tmp_path / "out", INDICATORS, InProcess())
    assert (states(result), result.towns[0].numbers["units"]) == ({"330683101": "done"}, 60)
    frame.tail(21).write_parquet(folder / "part-1.parquet")
    result = run_fleet(tmp_path / "county", tmp_path / "out", INDICATORS, InProcess())
    assert [finding.code for finding in result.towns[0].findings][-1] == "unit_twice"


def test_the_workbook_wins_over_the_same_as_parquet(tmp_path: Path) -> None:
    """People edit the workbook; the parquet beside it may be older."""
    from liangxin.files.ledger import write_ledger

    add_town(tmp_path / "county" / "镇", seed=4)
    write_ledger(tmp_path / "county" / "镇" / "ledger.xlsx", make_town(60, 4).ledger.head(50))
    result = run_fleet(tmp_path / "county", tmp_path / "out", INDICATORS, InProcess())
    assert result.towns[0].numbers["units"] == 50


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_a_folder_without_towns_is_refused(tmp_path: Path, folder: str) -> None:
    """One clear message, nothing written."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError):
        run_fleet(tmp_path / folder, tmp_path / "out", INDICATORS, InProcess())
    assert not (tmp_path / "out").exists()


def test_two_folders_for_one_town_are_refused(tmp_path: Path) -> None:
    """Their results would overwrite each other."""
    add_town(tmp_path / "a", 1)
    add_town(tmp_path / "town=a", 1)
    with pytest.raises(InputError, match="a"):
        run_fleet(tmp_path, tmp_path / "out", INDICATORS, InProcess())


@pytest.fixture
def processes() -> Engine:
    return LocalProcesses(2)


@pytest.fixture
def dask() -> Engine:
    return DaskCluster()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["processes", "dask"])
def test_every_engine_gives_the_same_bytes(
    county: Path, tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    """Here, in local processes and on a cluster: the same files and the same summary, the failing town included."""
    (county / "坏镇").mkdir()
    here = run_fleet(county, tmp_path / "here", INDICATORS, InProcess())
    there = run_fleet(county, tmp_path / "there", INDICATORS, request.getfixturevalue(engine))
    assert totals(there.towns) == totals(here.towns)
    assert states(there) == states(here)
    for name in NAMES:
        for path in (tmp_path / "here" / name).iterdir():
            assert path.read_bytes() == (tmp_path / "there" / name / path.name).read_bytes()


def dies_in_the_second(job: Job) -> Outcome:
    """As if the system had killed the process for want of memory."""
    if job.name == "南镇":
        os._exit(9)
    return work(job)


@pytest.mark.slow
def test_a_process_that_dies_costs_its_own_town_only(county: Path, processes: Engine) -> None:
    """The towns that were in the same pool are done all the same."""
    from liangxin.engine.fleet_towns import find_towns

    jobs = [Job(town.name, town.name, INDICATORS, town.contents()) for town in find_towns(county)]
    outcomes = {each.name: each for each in processes.run(dies_in_the_second, jobs)}
    assert {name: each.failed for name, each in outcomes.items()} == {
        "东镇": False,
        "南镇": True,
        "西镇": False,
    }
    assert [finding.code for finding in outcomes["南镇"].findings] == ["broke"]


def test_a_fault_of_the_program_is_told_not_raised(county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The outcome names the exception."""
    import liangxin.coverage

    def broken(*_: object) -> None:
        raise ZeroDivisionError("somewhere deep")

    monkeypatch.setattr(liangxin.coverage, "classify", broken)
    outcome = work(
        Job("东镇", "x", INDICATORS, {p.name: p.read_bytes() for p in (county / "东镇").iterdir()})
    )
    assert outcome.failed
    assert [finding.found for finding in outcome.findings] == ["ZeroDivisionError: somewhere deep"]


class Lazy:
    """Counts how many jobs are taken before the first outcome is asked for."""

    def __init__(self) -> None:
        self.taken = 0

    def run(self, work: Callable[[Job], Outcome], jobs: Iterable[Job]) -> Iterator[Outcome]:
        for job in jobs:
            self.taken += 1
            yield work(job)


def test_jobs_are_made_as_they_are_taken(county: Path, tmp_path: Path) -> None:
    """A province's ledgers are not all in memory at once: a town's files are read when its turn comes."""
    seen: list[int] = []
    engine = Lazy()
    run_fleet(county, tmp_path / "out", INDICATORS, engine, on_town=lambda *_: seen.append(engine.taken))
    assert seen == [1, 2, 3]


def test_dask_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the message names it."""
    import sys

    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r"liangxin\[province\]"):
        DaskCluster()


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
        raise SystemExit(0)
    return int(ended.value.code or 0)


def test_the_command_plans_every_town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each town's folder holds all its files; exit 1 and the reason when one town failed; --resume keeps the others."""
    county, out = tmp_path / "county", tmp_path / "out"
    add_town(county / "东镇", seed=3, units=80)
    (county / "坏镇").mkdir()
    arguments = ("fleet", "plan", str(county), "--as-of", "2011-08-15", "--out", str(out))
    assert run(*arguments) == 1
    said = capsys.readouterr()
    assert "坏镇：没有台账" in said.err
    assert "完成 1，沿用 0，没有结果 1" in said.out
    assert {"plan.json", "plan.xlsx", "network.pdf", RECORD_FILE} <= {
        path.name for path in (out / "东镇").iterdir()
    }
    plan = json.loads((out / "东镇" / "plan.json").read_text(encoding="utf-8"))
    numbers = result_of(out / "东镇")["numbers"]
    assert {each["id"]: each["after"] for each in numbers["indicators"]} == {
        each["id"]: each["after"] for each in plan["indicators"]
    }
    (county / "坏镇").rmdir()
    assert run(*arguments, "--resume") == 0
    assert "完成 0，沿用 1，没有结果 0" in capsys.readouterr().out


def test_wrong_usage(county: Path, tmp_path: Path) -> None:
    """A scheduler without Dask, processes without processes: exit 2."""
    shared = ("fleet", "indicators", str(county), "--out", str(tmp_path / "out"))
    assert run(*shared, "--scheduler", "tcp://127.0.0.1:1") == 2
    assert run(*shared, "--processes", "2") == 2
    assert run(*shared, "--engine", "ray") == 2
