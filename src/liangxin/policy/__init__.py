"""The notice as dated data: classes, indicators, forms, bodies, timetable, document styles (``policies/*.yaml``)."""

from liangxin.policy.loading import (
    Library,
    PolicySummary,
    available,
    check_policy,
    check_policy_text,
    load_policy,
    own_text,
    parse_policy,
    read_policy,
    remark_on_policy,
    summarize_policy,
)
from liangxin.policy.model import Policy

__all__ = [
    "Library",
    "Policy",
    "PolicySummary",
    "available",
    "check_policy",
    "check_policy_text",
    "load_policy",
    "own_text",
    "parse_policy",
    "read_policy",
    "remark_on_policy",
    "summarize_policy",
]
