"""Solves blocks one after another: in this process, or in local processes that share them.

A local process is the same Python with this module in it, talking in pickles over its standard input and output. It inherits no threads and no locks, unlike a fork, and does not run the caller's main module,
unlike ``multiprocessing``'s spawn. Each block is solved alone, so the answers do not depend on how blocks are shared out.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from liangxin.planning.clock import Clock
from liangxin.planning.memory import give_back_memory
from liangxin.planning.options import Pins, PlanOptions
from liangxin.planning.runs import Run

if TYPE_CHECKING:
    from liangxin.planning.problem import Arrangement, Problem

_SERVE: Final = "from liangxin.planning.worker import serve; serve()"
_GRACE: Final = 0.5
"""Seconds that a process may be late before it is not waited for any longer."""
_LOOK: Final = 0.1
_WORTH_STARTING: Final = 4.0
"""With fewer seconds left no process is started."""


@dataclass(frozen=True, slots=True)
class Part:
    """A block to be solved as a town of its own. ``start``: an arrangement to begin with, if there is one."""

    problem: Problem
    start: Arrangement | None


def solve_part(part: Part, options: PlanOptions, clock: Clock) -> Arrangement:
    """The best arrangement of a block within the time."""
    run = Run(part.problem, options, clock)
    if part.start is not None:
        run.offer(part.start)
    if not clock.over():
        run.count()
    if run.value > 0.0 and not clock.over():
        run.lower_cost()
    give_back_memory()
    return run.arrangement


def solve_parts(parts: list[Part], options: PlanOptions, clock: Clock) -> list[Arrangement]:
    """Arrangements by part. Whatever the clock stops is the first answer of its part."""
    plain = PlanOptions(options.time_limit, options.gap, options.seed, pins=Pins())
    count = min(options.processes or min(os.cpu_count() or 1, 2), len(parts))
    if count > 1 and clock.left() > _WORTH_STARTING:
        try:
            return _in_processes(parts, plain, clock, count)
        except OSError:
            pass  # no process can be started here; one process gives the same answers
    return _solve_in_turn(parts, list(range(len(parts))), plain, clock)


def _solve_in_turn(
    parts: list[Part], indices: list[int], options: PlanOptions, clock: Clock
) -> list[Arrangement]:
    answers = []
    for done, index in enumerate(indices):
        left = clock.left()
        own = clock.shortened(left / (len(indices) - done)) if left < float("inf") else clock
        answers.append(solve_part(parts[index], replace(options, time_limit=min(left, 1e6)), own))
    return answers


def _in_processes(parts: list[Part], options: PlanOptions, clock: Clock, count: int) -> list[Arrangement]:
    """Blocks shared out over local processes, the largest first to whoever has least. Raises OSError where none can start."""
    shares: list[list[int]] = [[] for _ in range(count)]
    load = [0] * count
    for index in sorted(range(len(parts)), key=lambda index: (-parts[index].problem.n, index)):
        least = load.index(min(load))
        shares[least].append(index)
        load[least] += parts[index].problem.n
    arrived: queue.Queue[tuple[int, Any]] = queue.Queue()
    running = [
        subprocess.Popen([sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in shares
    ]
    answers: dict[int, Arrangement] = {}
    try:
        for process, share in zip(running, shares, strict=True):
            job = ([parts[index] for index in share], options, min(clock.left(), 1e6))
            pickle.dump(job, process.stdin, protocol=pickle.HIGHEST_PROTOCOL)  # type: ignore[arg-type]
            process.stdin.flush()  # type: ignore[union-attr]
            threading.Thread(target=_listen, args=(process.stdout, share, arrived), daemon=True).start()
        late = 0.0
        while len(answers) < len(parts) and late <= _GRACE:
            late += _LOOK if clock.over() else 0.0
            try:
                index, answer = arrived.get(timeout=_LOOK)
            except queue.Empty:
                continue
            if isinstance(answer, Exception):
                raise RuntimeError("a planning process failed") from answer
            answers[index] = answer
    finally:
        for process in running:
            process.kill()
            process.wait()
    return [answers[index] if index in answers else _first(parts[index]) for index in range(len(parts))]


def _first(part: Part) -> Arrangement:
    from liangxin.planning.first import answer_first

    return part.start if part.start is not None else answer_first(part.problem)


def _listen(stream: BinaryIO, share: list[int], arrived: queue.Queue[tuple[int, Any]]) -> None:
    try:
        for index in share:
            arrived.put((index, pickle.load(stream)))
    except EOFError:
        arrived.put((share[0], RuntimeError("a planning process ended before it answered")))
    except (OSError, ValueError, pickle.UnpicklingError) as failed:
        arrived.put((share[0], failed))


def work(inlet: BinaryIO, outlet: BinaryIO) -> None:
    """Solve the blocks that come in, one after another, and answer each as it is done."""
    parts, options, seconds = pickle.load(inlet)
    clock = Clock().shortened(seconds)
    for done, part in enumerate(parts):
        answer: object
        try:
            left = clock.left()
            own = clock.shortened(left / (len(parts) - done))
            answer = solve_part(part, replace(options, time_limit=left), own)
        except Exception as failed:  # noqa: BLE001 - handed to the caller, who raises it
            answer = failed
        pickle.dump(answer, outlet, protocol=pickle.HIGHEST_PROTOCOL)
        outlet.flush()


def serve() -> None:
    """What a local process runs."""
    work(sys.stdin.buffer, sys.stdout.buffer)
