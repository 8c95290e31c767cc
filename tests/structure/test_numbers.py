"""What the numbers of members ask for, at each edge."""

from __future__ import annotations

import pytest
from tests.structure.made_town import policy

from liangxin.structure.numbers import Limits, leadership, type_by_numbers


def test_the_limits_are_the_policy_s() -> None:
    """3 full members, a branch committee of 3-5 from 7, general branch from 50, committee from 100."""
    assert Limits(3, 7, 3, 5, 50, 100) == Limits.of(policy())


@pytest.mark.parametrize(
    ("members", "separate", "joint"),
    [
        (49, "branch", "joint_branch"),
        (50, "general_branch", "joint_general_branch"),
        (99, "general_branch", "joint_general_branch"),
        (100, "party_committee", "party_committee"),
    ],
)
def test_type_by_numbers(members: int, separate: str, joint: str) -> None:
    """49/50 and 99/100."""
    assert separate == type_by_numbers(members, Limits(), joint=False)
    assert joint == type_by_numbers(members, Limits(), joint=True)


@pytest.mark.parametrize(
    ("full_members", "words"),
    [(6, "设书记1名，必要时设副书记1名"), (7, "设支部委员会，委员3—5名")],
)
def test_leadership(full_members: int, words: str) -> None:
    """6/7: a secretary, or a branch committee."""
    assert words == leadership(full_members, Limits()).zh
