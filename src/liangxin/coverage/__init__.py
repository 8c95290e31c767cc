"""Classify a register by a policy: class asked for, form possible, conflicts, reasons; indicators and their lists."""

from liangxin.coverage.breakdown import count_by, count_crossings
from liangxin.coverage.classify import Classification, classify
from liangxin.coverage.rate import Rate
from liangxin.coverage.tally import PARTS, Part, count, listing

__all__ = [
    "PARTS",
    "Classification",
    "Part",
    "Rate",
    "classify",
    "count",
    "count_by",
    "count_crossings",
    "listing",
]
