"""What the numbers ask for: the type of an organization and who leads it (branch regulations; Zhejiang 2012)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangxin.policy.model import Policy
from liangxin.structure.organization import ORGANIZATION_TYPES
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Limits:
    """Members from which an organization may take a type; a policy's own parameters come first."""

    full_members: int = 3  # an organization of its own, Party constitution art. 30
    branch_committee: int = 7  # full members from which a branch elects a committee
    seats_from: int = 3
    seats_to: int = 5
    general_branch: int = 50
    committee: int = 100

    @classmethod
    def of(cls, policy: Policy) -> Limits:
        """The policy's numbers in force, by the parameter names of ``PARAMETERS``; what it does not set is as above."""
        given = {
            name: int(policy.parameter(parameter))
            for name, parameter in PARAMETERS.items()
            if parameter in policy.parameters
        }
        return cls(**given)


PARAMETERS: Final = {
    "full_members": "min_full_members",
    "branch_committee": "branch_committee_full_members",
    "seats_from": "branch_committee_seats_min",
    "seats_to": "branch_committee_seats_max",
    "general_branch": "general_branch_members",
    "committee": "committee_members",
}


def type_by_numbers(members: int, limits: Limits, *, joint: bool) -> str:
    """The type an organization with so many members takes.

    >>> [type_by_numbers(count, Limits(), joint=False) for count in (49, 50, 99, 100)]
    ['branch', 'general_branch', 'general_branch', 'party_committee']
    """
    if members >= limits.committee:
        return "party_committee"
    if members >= limits.general_branch:
        return "joint_general_branch" if joint else "general_branch"
    return "joint_branch" if joint else "branch"


def higher(one: str, other: str) -> str:
    """The higher of two types; the first where they are of one rank."""
    return other if ORGANIZATION_TYPES[other].rank > ORGANIZATION_TYPES[one].rank else one


def leadership(full_members: int, limits: Limits) -> Text:
    """Who leads a branch with so many full members.

    >>> leadership(6, Limits()).zh, leadership(7, Limits()).zh
    ('设书记1名，必要时设副书记1名', '设支部委员会，委员3—5名')
    """
    if full_members < limits.branch_committee:
        return Text("设书记1名，必要时设副书记1名", "a secretary, and a deputy secretary if needed")
    return Text("设支部委员会，委员{a}—{b}名", "a branch committee of {a} to {b}").fill(
        a=limits.seats_from, b=limits.seats_to
    )
