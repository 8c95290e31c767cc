"""The optimum of a tiny problem by trying every arrangement: nothing of the solver is used, only the rules and the cost."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from liangxin.planning.check import joint_violations, tally
from liangxin.planning.cost import cost
from liangxin.planning.forms import JOINT, MOBILE, NONE, SECONDED, SEPARATE, VILLAGE
from liangxin.planning.problem import Arrangement, Problem
from liangxin.planning.stages import Shortfall, measure_shortfall

Choice = tuple[tuple[int, ...], int, int]  # units, form, host


def choices(problem: Problem) -> list[Choice]:
    """Every single and every joint organization that the rules allow; nothing at all is always possible."""
    found: list[Choice] = []
    together = {unit for units in problem.together for unit in units}
    for unit in range(problem.n):
        t, pinned = int(problem.t[unit]), int(problem.pinned_host[unit])
        for form, fits in (
            (SEPARATE, t >= 3),
            (MOBILE, True),
            (SECONDED, t == 2),
            (VILLAGE, problem.place[unit] >= 0 and pinned < 0),
            (NONE, True),
        ):
            host = unit if form in (SEPARATE, SECONDED, MOBILE) else -1
            free = problem.allows(unit, form) and pinned in (-1, unit) and unit not in together
            if fits and ((free and not problem.is_forbidden(unit, form, host)) or form == NONE):
                found.append(((unit,), form, host))
    for size in range(2, problem.limits.max_units + 1):
        for units in combinations(range(problem.n), size):
            for host in units:
                for form in JOINT:
                    if _allowed(problem, units, form, host):
                        found.append((units, form, host))
    return found


def _allowed(problem: Problem, units: tuple[int, ...], form: int, host: int) -> bool:
    for unit in units:
        if not problem.allows(unit, form) or problem.is_forbidden(unit, form, host):
            return False
        if problem.pinned_host[unit] not in (-1, host):
            return False
    if not {int(unit) for unit in np.flatnonzero(problem.pinned_host == host)} <= set(units):
        return False
    if any(set(whole) & set(units) and not set(whole) <= set(units) for whole in problem.together):
        return False
    if any(len(set(whole) & set(units)) > 1 for whole in problem.apart):
        return False
    return not joint_violations(problem, form, host, units)


def optimum(problem: Problem) -> tuple[Shortfall, float, Arrangement]:
    """Over all arrangements the least shortfall, stage by stage, and the least cost of those that have it."""
    starting: list[list[Choice]] = [[] for _ in range(problem.n)]
    for choice in choices(problem):
        starting[choice[0][0]].append(choice)
    best = (Shortfall(problem.n + 1), np.inf, Arrangement.nothing(problem.n))
    arrangement = Arrangement.nothing(problem.n)

    def place(taken: int) -> None:
        nonlocal best
        unit = next((unit for unit in range(problem.n) if not taken >> unit & 1), None)
        if unit is None:
            if tally(problem, arrangement).seconded > problem.instructors:
                return
            shortfall = measure_shortfall(problem, arrangement)
            if shortfall > best[0]:
                return
            total = cost(problem, arrangement).total
            if shortfall < best[0] or total < best[1] - 1e-9:
                best = (shortfall, total, arrangement.copy())
            return
        for units, form, host in starting[unit]:
            mask = sum(1 << each for each in units)
            if taken & mask:
                continue
            arrangement.form[list(units)], arrangement.host[list(units)] = form, host
            place(taken | mask)

    place(0)
    return best
