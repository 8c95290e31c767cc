"""Which enterprises form which organization: problem, stars, solve, bound, explain, compare (docs/planning.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

# A function with the name of its file must be here before anybody imports the file; these need nothing but NumPy.
from liangxin.planning.check import Violation, check
from liangxin.planning.compare import compare
from liangxin.planning.cost import Cost, cost
from liangxin.planning.solve import solve

if TYPE_CHECKING:
    from liangxin.planning.build import build_problem
    from liangxin.planning.make import make_plan
    from liangxin.planning.options import Cancellation, Cancelled, Pin, Pins, PlanOptions
    from liangxin.planning.plan import Plan
    from liangxin.planning.problem import Arrangement, Problem
    from liangxin.planning.solution import Solution

_HOMES = {
    "build_problem": "build",
    "make_plan": "make",
    "Cancellation": "options",
    "Cancelled": "options",
    "Pin": "options",
    "Pins": "options",
    "PlanOptions": "options",
    "Plan": "plan",
    "Arrangement": "problem",
    "Problem": "problem",
    "Solution": "solution",
}
__all__ = [
    "Arrangement",
    "Cancellation",
    "Cancelled",
    "Cost",
    "Pin",
    "Pins",
    "Plan",
    "PlanOptions",
    "Problem",
    "Solution",
    "Violation",
    "build_problem",
    "check",
    "compare",
    "cost",
    "make_plan",
    "solve",
]


def __getattr__(name: str) -> Any:
    """The other public names, each from its file, loaded when first asked for: Polars, Numba and HiGHS stay out of start-up."""
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"liangxin.planning.{_HOMES[name]}"), name)
