"""The notice as dated data: classes, indicators, forms, bodies, timetable, document styles (``policies/*.yaml``)."""

from liangxin.policy.loading import PolicySummary, available, check_policy, load_policy
from liangxin.policy.model import Policy

__all__ = ["Policy", "PolicySummary", "available", "check_policy", "load_policy"]
