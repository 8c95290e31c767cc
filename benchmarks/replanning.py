"""Planning again after 3% of the facts have changed: ``python -m benchmarks.replanning UNITS SEED`` (one line of JSON).

3% of the units in scope get one new fact each: staff up or down a third, a full member more or fewer, revenue up or
down a third, or the unit has closed. What counts is how many of the *other* units get another form or lead unit.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace

import numpy as np
import polars as pl

from benchmarks.measured import own_peak_kb
from benchmarks.planning_run import DAY, POLICY
from liangxin.coverage import classify
from liangxin.planning.make import make_plan
from liangxin.planning.options import PlanOptions
from liangxin.planning.plan import Plan
from liangxin.policy import load_policy
from liangxin.sample import make_town

SHARE = 0.03
CHANGES = ("staff", "full_members", "revenue", "state")


def changed(ledger: pl.DataFrame, ids: list[str], seed: int) -> pl.DataFrame:
    """The ledger with one fact changed for each of these units; a fact not yet known becomes known."""
    rng = np.random.default_rng(seed)
    rows = {unit_id: row for row, unit_id in enumerate(ledger["unit_id"])}
    columns = {name: ledger[name].to_list() for name in CHANGES}
    for unit_id, kind, up in zip(
        ids, rng.integers(0, 4, len(ids)).tolist(), (rng.random(len(ids)) < 0.5).tolist(), strict=True
    ):
        row, name = rows[unit_id], CHANGES[kind]
        before = columns[name][row]
        if name == "state":
            columns[name][row] = "suspended"
        elif name == "full_members":
            columns[name][row] = (before or 0) + 1 if up or not before else before - 1
        elif name == "staff":
            columns[name][row] = max(1, round((before or 10) * (4 / 3 if up else 2 / 3)))
        else:
            columns[name][row] = round((before or 100.0) * (4 / 3 if up else 2 / 3), 1)
    return ledger.with_columns(
        pl.Series(name, values, dtype=ledger.schema[name]) for name, values in columns.items()
    )


def places(plan: Plan) -> dict[str, tuple[str, str | None]]:
    """Form and lead unit of each unit."""
    hosts = {each.organization_id: each.host for each in plan.organizations}
    return {each.unit_id: (each.form, hosts.get(each.organization_id or "")) for each in plan.units}


def main(arguments: list[str]) -> None:
    units, seed = int(arguments[0]), int(arguments[1])
    sample = make_town(units, seed)
    policy = load_policy(POLICY, as_of=DAY)
    classification = classify(sample.ledger, policy)
    first = make_plan(classification, sample.town, options=PlanOptions(time_limit=600.0))
    in_scope = classification.frame.filter("in_scope")["unit_id"].to_list()
    rng = np.random.default_rng(seed + 1)
    ids = sorted(rng.choice(in_scope, size=round(SHARE * len(in_scope)), replace=False).tolist())
    again = classify(changed(sample.ledger, ids, seed + 2), policy)
    started = time.perf_counter()
    second = make_plan(again, sample.town, options=PlanOptions(time_limit=600.0, previous=first))
    seconds = time.perf_counter() - started
    afresh = make_plan(again, sample.town, options=replace(PlanOptions(), time_limit=600.0))
    before, after, new = places(first), places(second), places(afresh)
    touched = set(ids)
    others = [unit_id for unit_id in after if unit_id in before and unit_id not in touched]
    print(
        json.dumps(
            {
                "others": len(others),
                "moved": sum(before[unit_id] != after[unit_id] for unit_id in others),
                "moved_afresh": sum(before[unit_id] != new[unit_id] for unit_id in others),
                "seconds": seconds,
                "objective": second.solver.objective,
                "objective_afresh": afresh.solver.objective,
                "own_peak_kb": own_peak_kb(),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
