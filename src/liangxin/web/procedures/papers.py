"""The documents of a case: their facts are kept when a step makes them, files are made from the facts on demand."""

from __future__ import annotations

from datetime import date

from liangxin import procedure
from liangxin.policy.model import Policy
from liangxin.procedure import Transition
from liangxin.web.procedures.models import Case


def issue(stored: Case, core: procedure.Case, way: Transition, day: date, policy: Policy) -> None:
    """Keep the facts of the document that this transition makes."""
