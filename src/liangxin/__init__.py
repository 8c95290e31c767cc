"""Liangxin (两新): from the first register of a town's units to the organizations, documents and figures.

The way through, for a notebook or a script; what the values hold is said where they are defined:

>>> from datetime import date
>>> from liangxin import classify, count_indicators, load_policy, make_town
>>> town = make_town(60, seed=7)
>>> result = classify(town.ledger, load_policy("changle-2011-44", as_of=date(2011, 8, 15)))
>>> sorted(count_indicators(result))[:3]
['1.1', '1.2', '1.3']
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from liangxin.coverage import classify
    from liangxin.coverage import count as count_indicators
    from liangxin.files.ledger import read_ledger, write_ledger
    from liangxin.files.town import read_town
    from liangxin.planning import PlanOptions, make_plan
    from liangxin.policy import load_policy, parse_policy, read_policy
    from liangxin.sample import make_town

__version__ = "0.2.0"
__all__ = [
    "PlanOptions",
    "classify",
    "count_indicators",
    "load_policy",
    "make_plan",
    "make_town",
    "parse_policy",
    "read_ledger",
    "read_policy",
    "read_town",
    "write_ledger",
]

_FROM = {
    "PlanOptions": "planning",
    "classify": "coverage",
    "count_indicators": "coverage:count",
    "load_policy": "policy",
    "make_plan": "planning",
    "make_town": "sample",
    "parse_policy": "policy",
    "read_ledger": "files.ledger",
    "read_policy": "policy",
    "read_town": "files.town",
    "write_ledger": "files.ledger",
}


def __getattr__(name: str) -> object:
    """Each name when it is first asked for: the command starts without loading what it does not use."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, _, attribute = _FROM[name].partition(":")
    return getattr(import_module(f"liangxin.{module}"), attribute or name)
