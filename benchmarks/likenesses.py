"""Planning on towns of every likeness, at every limit, alone and beside two busy processes, with the peers in the same run.

``python -m benchmarks.likenesses [--sizes 1000] [--towns "town;market, spread"] [--limits 1,5,60] [--search 60] [--to NAME]``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.likeness_run import OURS, TOWNS
from benchmarks.machine import describe
from benchmarks.measured import in_own_process
from benchmarks.peers.methods import PEERS

RESULTS = Path(__file__).parent / "results"
PROCESS_SECONDS = 1_800.0
BUSY = 2
OVERRUN = "5% + 1 s"

Answer = dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.likenesses", description=__doc__)
    parser.add_argument("--sizes", type=_numbers, default=(1_000,), help="units of the towns")
    parser.add_argument("--seeds", type=_numbers, default=(1,))
    parser.add_argument("--towns", type=lambda text: tuple(text.split(";")), default=tuple(TOWNS))
    parser.add_argument("--limits", type=_numbers, default=(1, 5, 60), help="time limits in seconds")
    parser.add_argument(
        "--peers", type=lambda text: tuple(filter(None, text.split(","))), default=tuple(PEERS)
    )
    parser.add_argument("--search", type=float, default=60.0, help="seconds of local search after each peer")
    parser.add_argument("--to", default="likenesses", help="name of the result file, without .md")
    given = parser.parse_args(arguments)
    lines: list[str] = []

    def say(line: str = "") -> None:
        lines.append(line)
        print(line, flush=True)
        (RESULTS / f"{given.to}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")

    _introduce(given, say)
    unmet: list[str] = []
    for units in given.sizes:
        for town in given.towns:
            for villages in (True, False):
                for seed in given.seeds:
                    unmet += _one_town(town, units, seed, villages, given, say)
    say()
    say("## What was asked and is not met")
    say()
    for line in unmet or ["Everything asked holds on every town above."]:
        say(f"- {line}")


def _introduce(given: argparse.Namespace, say: Any) -> None:
    say("# Planning on towns of every likeness")
    say()
    say(
        f"Machine: {describe()}. Each run in a process of its own, after a warm-up on a town of 120 units. One process for"
    )
    say(
        "our solver. Lower is better; rows are ordered as an office would: required units uncovered first, then units short"
    )
    say(
        "of 1.4, then the objective (the formula of `distance-only`). Seconds are of the clock and, after it, of processor time."
    )
    say(
        f"“Busy”: beside {BUSY} processes that compute without end. A peer's time is grouping, priced repair and {given.search:.0f} s"
    )
    say("of local search (processor time); its figure before the search stands in brackets.")


def _one_town(
    town: str, units: int, seed: int, villages: bool, given: argparse.Namespace, say: Any
) -> list[str]:
    def run(method: str, limit: float) -> Answer:
        asked = {"method": method, "town": town, "units": units, "seed": seed, "limit": limit,
                 "villages": villages, "search": given.search}  # fmt: skip
        return in_own_process("benchmarks.likeness_run", [json.dumps(asked)], PROCESS_SECONDS)

    reading = "villages count for 1.4" if villages else "the notice's reading"
    name = f"{town}, {units:,} units, seed {seed}, {reading}"
    say()
    say(f"## {name}")
    say()
    say("| method | limit | load | uncovered | short of 1.4 | objective | gap | s | processor s | MB |")
    say("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    ours: list[tuple[float, bool, Answer]] = []
    for busy in (False, True):
        with _busy(BUSY if busy else 0):
            for limit in given.limits:
                answer = run(OURS, float(limit))
                ours.append((float(limit), busy, answer))
                say(_row(OURS, f"{limit}", "busy" if busy else "alone", answer))
    peers = {peer: run(peer, 0.0) for peer in given.peers}
    for peer, answer in peers.items():
        say(_row(peer, "", "alone", answer))
    return list(_unmet(name, ours, peers))


def _row(method: str, limit: str, load: str, answer: Answer) -> str:
    if "error" in answer:
        return f"| {method} | {limit} | {load} | failed: {answer['error']} | | | | | | {answer.get('peak_mb', 0):.0f} |"
    before = answer.get("before_search")
    objective = f"{answer['objective']:.2f}" + (f" ({before['objective']:.2f})" if before else "")
    if answer["violations"]:
        objective += f" **breaks {', '.join(answer['violations'])}**"
    gap = f"{answer['gap']:.2%}" if "gap" in answer else ""
    return (
        f"| {method} | {limit} | {load} | {answer['uncovered']} | {answer['short']} of {answer['needed']} | {objective} "
        f"| {gap} | {answer['seconds']:.1f} | {answer['processor']:.1f} | {answer['peak_mb']:.0f} |"
    )


def _unmet(name: str, ours: list[tuple[float, bool, Answer]], peers: dict[str, Answer]) -> Iterator[str]:
    """Rules, the clock, and being below every peer; each line says where and by how much."""
    for limit, busy, answer in ours:
        where = f"{name}, limit {limit:.0f} s{', busy' if busy else ''}"
        if "error" in answer:
            yield f"{where}: {answer['error']}"
            continue
        if answer["violations"]:
            yield f"{where}: breaks {', '.join(answer['violations'])}"
        if answer["seconds"] > limit * 1.05 + 1:
            yield f"{where}: {answer['seconds']:.1f} s, more than {OVERRUN} over"
        if not 0 <= answer["gap"] <= 1:
            yield f"{where}: a gap of {answer['gap']:.2%}"
    best = min((_key(answer) for _, _, answer in ours if "error" not in answer), default=None)
    for peer, answer in peers.items():
        if "error" not in answer and not answer["violations"] and (best is None or _key(answer) < best):
            found = tuple(round(part, 2) for part in _key(answer))
            yield f"**{name}: {peer} is better than ours, {found} against {best}**"


def _key(answer: Answer) -> tuple[int, int, float]:
    return answer["uncovered"], answer["short"], answer["objective"]


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """So many processes beside that compute without end."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    main()
