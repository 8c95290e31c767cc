"""Classification and every indicator of a million units, after reading; beside it the same rules one unit at a time.

``python -m benchmarks classify [UNITS]``. The peer is what an office's script would be: the notice's rules written out
as plain Python over dictionaries, three-valued, with the same classes and the same five rates, and no reasons, lists,
forms or ranges. It runs on a sample of the same units, checks that it finds the same numbers, and its time is scaled.
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from liangxin.coverage import Classification, classify, count
from liangxin.policy import load_policy
from liangxin.sample import make_town

DAY = date(2011, 8, 15)
TOWN, PEER_UNITS, RUNS = 50_000, 50_000, 5


@dataclass(frozen=True, slots=True)
class Result:
    units: int
    first_seconds: float  # the first call in a process, with everything cold
    classify_seconds: float  # best of RUNS
    count_seconds: float
    cpu_seconds: float  # of all threads, for the best run: what a busy machine does not change
    peer_seconds: float  # scaled to ``units``
    peer_agrees: bool
    ledger_mb: float
    peak_mb: float


def many_units(units: int) -> pl.DataFrame:
    """A made-up town of 50,000 repeated, each time under new unit ids."""
    town = make_town(min(units, TOWN), seed=7).ledger
    copies = -(-units // town.height)
    return (
        pl.concat(
            [town.with_columns((pl.col("unit_id") + f"-{copy}").alias("unit_id")) for copy in range(copies)]
        )
        .head(units)
        .rechunk()
    )


def measure(units: int = 1_000_000) -> Result:
    ledger = many_units(units)
    policy = load_policy("changle-2011-44", as_of=DAY)
    before = time.perf_counter()
    count(classify(ledger, policy))
    first = time.perf_counter() - before
    classified, counted, cpu = [], [], []
    for _ in range(RUNS):
        cpu_start = time.process_time()
        start = time.perf_counter()
        classification = classify(ledger, policy)
        middle = time.perf_counter()
        count(classification)
        counted.append(time.perf_counter() - middle)
        classified.append(middle - start)
        cpu.append(time.process_time() - cpu_start)
    best = min(range(RUNS), key=lambda run: classified[run] + counted[run])
    sample = ledger.head(PEER_UNITS)
    rows = sample.to_dicts()
    start = time.perf_counter()
    theirs = one_at_a_time(rows)
    peer = (time.perf_counter() - start) * units / sample.height
    return Result(
        units,
        first,
        classified[best],
        counted[best],
        cpu[best],
        peer,
        theirs == ours(classify(sample, policy)),
        ledger.estimated_size("mb"),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def ours(classification: Classification) -> dict[str, tuple[int, int]]:
    rates = count(classification)
    return {id: (rates[id].numerator, rates[id].denominator) for id in ("1.1", "1.2", "1.3", "1.4", "1.5")}


def one_at_a_time(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """The peer: scope, the three target classes, 3.2 and the five rates, a unit after the other."""
    counted = {id: [0, 0] for id in ("1.1", "1.2", "1.3", "1.4", "1.5")}
    covered = {"separate", "seconded", "park", "industry", "leader", "zone", "village", "mobile"}
    for unit in rows:
        if _left_out(unit) or unit["kind"] != "enterprise":
            continue
        form = unit["organization_form"]
        unit["stands_alone"] = _or(_least(unit["staff"], 80), _least(unit["full_members"], 3))
        classes = {
            "1.1": _or(_least(unit["full_members"], 1), _least(unit["probationary_members"], 1)),
            "1.2": _least(unit["staff"], 80),
            "1.3": _and(
                _least(unit["staff"], 50), _not(_least(unit["staff"], 80)), _least(unit["revenue"], 500)
            ),
        }
        for id, member in classes.items():
            if member:
                counted[id][1] += 1
                counted[id][0] += form in covered
        counted["1.4"][1] += 1
        counted["1.4"][0] += form in covered - {"village"}
        if form in ("none", "village"):
            trained = None if unit["owner_trained_on"] is None else unit["owner_trained_on"] <= DAY
            instructed = None if unit["instructor_id"] is None else unit["instructor_id"] != ""
            mass = _or(unit["union"], unit["youth_league"], unit["womens_federation"])
            counted["1.5"][1] += 1
            counted["1.5"][0] += _or(instructed, mass, _least(unit["applicants"], 1), trained) is True
    return {id: (met, base) for id, (met, base) in counted.items()}


def _left_out(unit: dict[str, Any]) -> bool:
    if unit["state"] in ("deregistered", "moved_out", "not_found", "shell", "suspended"):
        return True
    social = unit["kind"] in ("cooperative", "social_group", "civil_non_enterprise")
    return unit["ownership"] in ("state", "collective") and unit["kind"] is not None and not social


def _least(value: float | None, least: float) -> bool | None:
    return None if value is None else value >= least


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _and(*values: bool | None) -> bool | None:
    return False if False in values else None if None in values else True


def _or(*values: bool | None) -> bool | None:
    return True if True in values else None if None in values else False


def main(arguments: list[str]) -> None:
    result = measure(int(arguments[0]) if arguments else 1_000_000)
    total = result.classify_seconds + result.count_seconds
    print(f"units                        {result.units:>12,}")
    print(f"classify                     {result.classify_seconds:>12.2f} s")
    print(f"all indicators               {result.count_seconds:>12.2f} s")
    print(
        f"together (limit 2 s)         {total:>12.2f} s   best of {RUNS}; first call {result.first_seconds:.2f} s"
    )
    print(
        f"processor time, all threads  {result.cpu_seconds:>12.2f} s   what other work on the machine does not change"
    )
    print(f"a unit at a time, scaled     {result.peer_seconds:>12.2f} s   same numbers: {result.peer_agrees}")
    print(
        f"ledger in memory             {result.ledger_mb:>12,.0f} MB  peak of the process {result.peak_mb:,.0f} MB"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
