"""Where many towns are worked on, behind one protocol: this process, local processes, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any, Protocol

from liangxin.engine.fleet_job import Job, Outcome, broke
from liangxin.findings import InputError

Work = Callable[[Job], Outcome]


class Engine(Protocol):
    """Does ``work`` for every job and gives each outcome as it comes, in any order; never fewer than there were jobs.

    Jobs are taken only as fast as they are worked on, so that a province's ledgers are not all in memory at once.
    """

    def run(self, work: Work, jobs: Iterable[Job]) -> Iterator[Outcome]: ...


class InProcess:
    """One town after the other, here."""

    def run(self, work: Work, jobs: Iterable[Job]) -> Iterator[Outcome]:
        return map(work, jobs)


class LocalProcesses:
    """``count`` processes of this machine. One that dies (memory, a crash) costs its own town only."""

    def __init__(self, count: int) -> None:
        if count < 1:
            raise ValueError(f"at least one process, not {count}")
        self.count = count

    def run(self, work: Work, jobs: Iterable[Job]) -> Iterator[Outcome]:
        waiting = iter(jobs)
        pool = _pool(self.count)
        try:
            running = {pool.submit(work, job): job for job in islice(waiting, 2 * self.count)}
            while running:
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                suspects: list[Job] = []
                for future in done:
                    job = running.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        suspects.append(job)
                    else:
                        yield _settled(future, job)
                if suspects:  # a process died and took the pool along; any town in it may be the cause
                    suspects += running.values()
                    running.clear()
                    pool.shutdown(wait=False, cancel_futures=True)
                    for job in suspects:
                        yield _by_itself(work, job)
                    pool = _pool(self.count)
                for job in islice(waiting, 2 * self.count - len(running)):
                    running[pool.submit(work, job)] = job
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _pool(count: int) -> ProcessPoolExecutor:
    """Fresh processes rather than forks: numba, polars and the solver all hold threads that a fork would break."""
    from multiprocessing import get_context

    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


def _by_itself(work: Work, job: Job) -> Outcome:
    with _pool(1) as pool:
        return _settled(pool.submit(work, job), job)


def _settled(future: Future[Outcome], job: Job) -> Outcome:
    fault = future.exception()
    if fault is None:
        return future.result()
    return broke(job, f"{type(fault).__name__}: {fault}")


class DaskCluster:
    """A Dask cluster at ``address`` (tcp://host:8786), or one of this machine when there is none given."""

    def __init__(self, address: str | None = None) -> None:
        try:
            import distributed
        except ModuleNotFoundError as missing:
            raise InputError.of(
                "no_dask",
                "没有安装 Dask。请先运行：pip install 'liangxin[province]'，或改用 --engine processes",
                "Dask is not installed. Run: pip install 'liangxin[province]', or use --engine processes",
            ) from missing
        self._distributed: Any = distributed
        self.address = address

    def run(self, work: Work, jobs: Iterable[Job]) -> Iterator[Outcome]:
        waiting = iter(jobs)
        with self._client() as client:
            ahead = max(2 * len(client.scheduler_info()["workers"]), 2)
            running = self._distributed.as_completed()
            by_key: dict[str, Job] = {}
            for job in islice(waiting, ahead):
                running.add(self._submit(client, work, job, by_key))
            while by_key:
                future = next(running)
                job = by_key.pop(future.key)
                fault = future.exception()
                yield broke(job, f"{type(fault).__name__}: {fault}") if fault is not None else future.result()
                future.release()
                for job in islice(waiting, 1):
                    running.add(self._submit(client, work, job, by_key))

    def _submit(self, client: Any, work: Work, job: Job, by_key: dict[str, Job]) -> Any:
        future = client.submit(work, job, key=f"liangxin-{job.fingerprint}-{job.name}", pure=True)
        by_key[future.key] = job
        return future

    def _client(self) -> Any:
        try:
            if self.address is not None:
                return self._distributed.Client(self.address, timeout=20)
            return self._distributed.Client(processes=True, threads_per_worker=1, dashboard_address=None)
        except (OSError, ValueError) as fault:
            raise InputError.of(
                "no_scheduler",
                f"连不上 Dask 调度器“{self.address}”",
                f'No Dask scheduler answers at "{self.address}"',
                found=str(fault),
            ) from fault
