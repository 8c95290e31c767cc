"""A Dask cluster over TCP, as a province has one: a scheduler, two workers, one of them killed in the middle."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from liangxin.engine.engines import DaskCluster, InProcess
from liangxin.engine.fleet import run_fleet
from liangxin.engine.fleet_job import Outcome, Task
from liangxin.files.town import write_town
from liangxin.findings import InputError
from liangxin.policy import read_policy
from liangxin.sample import make_town

PLANS = Task("plan", read_policy("changle-2011-44", as_of=date(2011, 8, 15)), time_limit=20)
TOWNS = ("东镇", "南镇", "西镇", "北镇")
COMMAND = "from distributed.cli.dask_{0} import main; main()"


def started(what: str, scheduler: Path, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND.format(what), "--scheduler-file", str(scheduler), "--no-dashboard", *arguments],
        cwd=scheduler.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The scheduler's address and its two workers, on free ports of this machine."""
    file = folder / "scheduler.json"
    local = ("--host", "127.0.0.1")
    running = [started("scheduler", file, *local, "--port", "0")]
    try:
        limit = time.monotonic() + 60
        while not file.exists() or not file.read_text().strip():
            assert time.monotonic() < limit and running[0].poll() is None
            time.sleep(0.05)
        running += [started("worker", file, *local, "--no-nanny", "--nthreads", "1") for _ in range(2)]
        yield str(json.loads(file.read_text())["address"]), running[1:]
    finally:
        for process in running:
            process.kill()
            process.wait()


def outputs(folder: Path) -> dict[str, Any]:
    """Each town's plan and figures, without how long the solver took."""
    found: dict[str, Any] = {}
    for name in TOWNS:
        plan = json.loads((folder / name / "plan.json").read_text(encoding="utf-8"))
        plan["solver"].pop("seconds")
        found[name] = plan, json.loads((folder / name / "indicators.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    """After the first town one of two workers is killed: the other does its towns too, and every plan is as made here."""
    from distributed import Client

    for seed, name in enumerate(TOWNS):
        sample = make_town(40, seed)
        (tmp_path / "county" / name).mkdir(parents=True)
        write_town(tmp_path / "county" / name / "town.yaml", sample.town)
        sample.ledger.write_parquet(tmp_path / "county" / name / "ledger.parquet")
    here = run_fleet(tmp_path / "county", tmp_path / "here", PLANS, InProcess())
    assert [False] * 4 == [town.failed for town in here.towns]
    with cluster(tmp_path) as (address, workers), Client(address, timeout=60) as watching:
        assert address.startswith("tcp://127.0.0.1:")
        watching.wait_for_workers(2, timeout=60)

        def kill_one(town: Outcome, *_: object) -> None:
            if workers[0].poll() is None:
                assert 2 == len(watching.nthreads())
                workers[0].kill()

        there = run_fleet(
            tmp_path / "county", tmp_path / "there", PLANS, DaskCluster(address), on_town=kill_one
        )
        assert [-9, None] == [each.poll() for each in workers]
        assert 1 == len(watching.nthreads())
    assert [False] * 4 == [town.failed for town in there.towns], [
        each.found for town in there.towns for each in town.findings
    ]
    assert outputs(tmp_path / "here") == outputs(tmp_path / "there")


def test_a_scheduler_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear sentence with the address, no stack of exceptions."""
    from tests.web.served import free_port

    engine = DaskCluster(f"tcp://127.0.0.1:{free_port()}")
    real = engine._distributed.Client
    monkeypatch.setattr(engine._distributed, "Client", lambda address, timeout: real(address, timeout=1))
    with pytest.raises(InputError, match="连不上 Dask 调度器"):
        next(iter(engine.run(lambda job: None, [])))  # type: ignore[arg-type,return-value]
