"""HiGHS as this room uses it: quiet, one thread, the same seed the same answer."""

from __future__ import annotations

from typing import Any


def new_solver(seed: int = 0, **options: object) -> Any:
    """A solver with an empty model. ``options`` are HiGHS's own, e.g. ``presolve="off"``."""
    import highspy

    solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    settings: dict[str, object] = {"output_flag": False, "threads": 1, "random_seed": seed, **options}
    for option, value in settings.items():
        solver.setOptionValue(option, value)
    return solver


def start_from(solver: Any, value: Any) -> None:
    """Give the solver a solution to begin with, where there is one (an array by column, or None)."""
    import highspy

    if value is not None:
        solution: Any = highspy.HighsSolution()
        solution.col_value = value.tolist()
        solver.setSolution(solution)
