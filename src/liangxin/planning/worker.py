"""Solves blocks at given prices: in this process, or in local processes that keep their blocks between rounds.

A local process is the same Python with this module in it, talking in pickles over its standard input and output. It inherits no threads and no locks, unlike a fork, and does not run the caller's main module,
unlike ``multiprocessing``'s spawn. Each block is solved alone, so the answers do not depend on how blocks are shared out.
"""

from __future__ import annotations

import contextlib
import ctypes
import pickle
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Protocol

import numpy as np

from liangxin.planning.block import Block, Prices, build_block
from liangxin.planning.fallback import fallback

if TYPE_CHECKING:
    from liangxin.planning.generation import Relaxation
    from liangxin.planning.problem import Arrangement, Floats, Problem
    from liangxin.planning.search import Limits
    from liangxin.planning.tightened import Tightened

_SERVE: Final = "from liangxin.planning.worker import serve; serve()"


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A block's relaxation at given prices. ``used``: established, instructors, reach, fixed units left out."""

    bound: float
    used: Floats
    unit_price: Floats  # dual of every unit of the block, 0 for those decided beforehand
    fixed_counts: int
    fixed_organized: int


@dataclass(frozen=True, slots=True)
class Searched:
    """``bound`` is the block's alone; ``floor`` and ``unit_price`` hold beside organizations from outside (``search``)."""

    arrangement: Arrangement
    value: float
    bound: float
    floor: float
    unit_price: Floats  # of every unit of the block


@dataclass(frozen=True, slots=True)
class Part:
    """A block to be solved. ``closed``: no organization can reach into it from another."""

    problem: Problem
    closed: bool


class Crew(Protocol):
    def relax(self, prices: Prices) -> list[Relaxed]: ...

    def tighten(self, prices: Prices, limits: Limits) -> list[Relaxed]: ...

    def search(self, prices: Prices, limits: Limits) -> list[Searched]: ...

    def close(self) -> None: ...


class _Bench:
    """Some blocks and what is known of them so far."""

    def __init__(self, parts: list[Part]) -> None:
        problems = [part.problem for part in parts]
        self.closed = [part.closed for part in parts]
        self.blocks: list[Block] = [build_block(problem) for problem in problems]
        self.relaxations: list[Relaxation | None] = [None] * len(parts)
        self.tightened: list[Tightened | None] = [None] * len(parts)

    def relax(self, index: int, prices: Prices) -> Relaxed:
        from liangxin.planning.generation import relax

        block = self.blocks[index]
        relaxation = relax(block, prices, start=self.relaxations[index])
        self.relaxations[index] = relaxation
        return self._relaxed(index, relaxation.bound, relaxation.master.used(), relaxation.duals.unit)

    def tighten(self, index: int, prices: Prices, limits: Limits) -> Relaxed:
        """The relaxation with cuts at these prices; it is kept for ``search`` at the same prices."""
        from liangxin.planning.search import settle, tighten

        tight = self.tightened[index]
        if tight is not None:
            tight.reprice(prices)
            settle(tight, limits)
        if tight is None or not tight.settled:
            self.relax(index, prices)
            relaxation = self.relaxations[index]
            if relaxation is None:
                raise RuntimeError("a block was just relaxed")
            tight = tighten(relaxation, prices, limits, closed=self.closed[index])
        self.tightened[index] = tight
        if tight.settled:
            self.relaxations[index] = None  # it goes on without, and the memory is needed
        tight.close()
        _give_back_memory()
        return self._relaxed(index, tight.bound, tight.used, tight.duals.unit)

    def _relaxed(self, index: int, bound: float, used: Floats, unit_price: Floats) -> Relaxed:
        block = self.blocks[index]
        price = np.zeros(block.problem.n)
        price[block.active] = unit_price
        return Relaxed(bound, used, price, block.fixed_counts, block.fixed_organized)

    def search(self, index: int, prices: Prices, limits: Limits) -> Searched:
        from liangxin.planning.search import search

        tight = self.tightened[index]
        if tight is None:
            raise RuntimeError("a block is tightened before it is searched")
        waiting = sum(each is not None for each in self.tightened)
        answer = search(tight, limits.shared(waiting))
        self.tightened[index] = None  # the columns are not needed any more
        _give_back_memory()
        price = np.zeros(self.blocks[index].problem.n)
        price[self.blocks[index].active] = answer.unit_price
        arrangement = fallback(self.blocks[index]) if answer.arrangement is None else answer.arrangement
        return Searched(arrangement, answer.value, answer.bound, answer.floor, price)


def _give_back_memory() -> None:
    """Hand freed memory back to the system where the C library can (glibc); elsewhere nothing happens."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


class Here:
    """All blocks in this process."""

    def __init__(self, parts: list[Part]) -> None:
        self.bench = _Bench(parts)

    def relax(self, prices: Prices) -> list[Relaxed]:
        return [self.bench.relax(index, prices) for index in range(len(self.bench.blocks))]

    def tighten(self, prices: Prices, limits: Limits) -> list[Relaxed]:
        return [self.bench.tighten(index, prices, limits) for index in range(len(self.bench.blocks))]

    def search(self, prices: Prices, limits: Limits) -> list[Searched]:
        return [self.bench.search(index, prices, limits) for index in range(len(self.bench.blocks))]

    def close(self) -> None:
        self.bench = _Bench([])


class Processes:
    """Blocks shared out over local processes, the largest first to whoever has least.

    Raises OSError where no process can be started; the caller then works ``Here``.
    """

    def __init__(self, parts: list[Part], count: int) -> None:
        self.shares: list[list[int]] = [[] for _ in range(count)]
        load = [0] * count
        for index in sorted(range(len(parts)), key=lambda index: (-parts[index].problem.n, index)):
            least = load.index(min(load))
            self.shares[least].append(index)
            load[least] += parts[index].problem.n
        self.total = len(parts)
        self.running = [
            subprocess.Popen([sys.executable, "-c", _SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            for _ in self.shares
        ]
        for process, share in zip(self.running, self.shares, strict=True):
            _send(process.stdin, [parts[index] for index in share])

    def relax(self, prices: Prices) -> list[Relaxed]:
        return self._ask("relax", prices)

    def tighten(self, prices: Prices, limits: Limits) -> list[Relaxed]:
        return self._ask("tighten", prices, limits)

    def search(self, prices: Prices, limits: Limits) -> list[Searched]:
        return self._ask("search", prices, limits)

    def _ask(self, *message: object) -> list[Any]:
        """One message to all; answers by block."""
        for process in self.running:
            _send(process.stdin, message)
        answers: list[Any] = [None] * self.total
        for process, share in zip(self.running, self.shares, strict=True):
            for index in share:
                answers[index] = _receive(process.stdout)
        failed = next((answer for answer in answers if isinstance(answer, Exception)), None)
        if failed is not None:
            raise RuntimeError("a planning process failed") from failed
        return answers

    def close(self) -> None:
        for process in self.running:
            process.kill()
            process.communicate()


def _send(stream: Any, value: object) -> None:
    pickle.dump(value, stream, protocol=pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _receive(stream: Any) -> Any:
    try:
        return pickle.load(stream)
    except EOFError as ended:
        raise RuntimeError("a planning process ended before it answered") from ended


def work(inlet: BinaryIO, outlet: BinaryIO) -> None:
    """Serve one caller until it closes the pipe."""
    try:
        bench = _Bench(pickle.load(inlet))
        while True:
            name, *arguments = pickle.load(inlet)
            for index in range(len(bench.blocks)):
                try:
                    answer = getattr(bench, name)(index, *arguments)
                except Exception as failed:  # noqa: BLE001 - handed to the caller, who raises it
                    answer = failed
                _send(outlet, answer)
    except EOFError:
        return


def serve() -> None:
    """What a local process runs."""
    work(sys.stdin.buffer, sys.stdout.buffer)
