"""What an act is judged by, beside the case itself: the day, the policy, and what else the asker knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liangxin.policy.model import Policy
from liangxin.procedure.actor import Delegation
from liangxin.procedure.serial import Register
from liangxin.structure import Tree


@dataclass(frozen=True, slots=True)
class Today:
    """What an act is judged by, beside the case itself.

    ``standing``: delegations that hold for all of the giver's cases. ``register``: of the body whose number is given.
    ``tree``: asked whether the matter's operations are possible; without it that is left to whoever writes the tree.
    """

    day: date
    policy: Policy
    standing: tuple[Delegation, ...] = ()
    register: Register | None = None
    tree: Tree | None = None
