"""Elections: the rule of 1990 and that of 2020, seats and candidates, ties, and numbers that cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.procedure.town_office import policy

from liangxin.procedure import Vote, count_vote, judge_vote, rule_on, seats_for, term_end

OLD = policy()
NEW = policy("changle-2011-44+branch-regulations-2018", date(2021, 6, 1))
RULES = {"1990": rule_on(OLD, date(2011, 8, 20)), "2020": rule_on(NEW, date(2021, 6, 1))}


@pytest.mark.clause("4.3")
@pytest.mark.parametrize(
    ("rule", "entitled", "least"),
    [
        ("1990", 5, 5),  # more than 4 of 5
        ("2020", 5, 4),  # at least 4 of 5
        ("1990", 10, 9),
        ("2020", 10, 8),
        ("1990", 22, 18),  # 17.6: both need 18
        ("2020", 22, 18),
        ("1990", 3, 3),
        ("2020", 3, 3),
        ("1990", 1, 1),
        ("2020", 1, 1),
    ],
)
def test_how_many_must_be_present(rule: str, entitled: int, least: int) -> None:
    """超过五分之四 and 五分之四以上 differ exactly where four fifths is a whole number."""
    assert least == RULES[rule].least_present(entitled)


@pytest.mark.parametrize(
    ("rule", "entitled", "present", "least"),
    [
        ("1990", 22, 18, 10),  # more than half of 18 present
        ("2020", 22, 18, 12),  # more than half of 22 entitled
        ("1990", 10, 9, 5),
        ("2020", 10, 9, 6),
        ("1990", 3, 3, 2),
        ("2020", 3, 3, 2),
    ],
)
def test_how_many_votes_elect(rule: str, entitled: int, present: int, least: int) -> None:
    """Half itself is not enough; half of whom is the difference between the rules."""
    assert least == RULES[rule].least_votes(entitled, present)


def test_the_rule_of_the_day_answers_for_old_days() -> None:
    """Under today's policy an election held before 13 July 2020 is still judged by the rule of 1990."""
    before, after = rule_on(NEW, date(2020, 7, 12)), rule_on(NEW, date(2020, 7, 13))
    assert ("present", False) == (before.majority_of, before.quorum_inclusive)
    assert ("entitled", True) == (after.majority_of, after.quorum_inclusive)
    assert "1990" in before.quorum_source.zh and "2020" in after.quorum_source.en
    assert "到会人数超过应到会人数的4/5，选举有效；赞成票超过实到会人数的一半，始得当选" == before.words.zh
    assert "到会人数达到应到会人数的4/5，选举有效；赞成票超过应到会人数的一半，始得当选" == after.words.zh


@pytest.mark.parametrize(
    ("rule", "votes", "elected", "filled"),
    [
        # 22 entitled, 18 present, 3 seats: 1990 needs 10 votes, 2020 needs 12
        ("1990", (17, 11, 10, 9), (1, 2, 3), True),
        ("2020", (17, 11, 10, 9), (1,), False),
        ("2020", (12, 12, 12, 11), (1, 2, 3), True),
        ("2020", (17, 16, 12, 12), (1, 2), False),  # a tie for the last seat
        ("2020", (12, 12, 12, 12), (), False),
        ("2020", (13, 17, 14, 16), (2, 4, 3), True),  # most votes first, one over the line too many
    ],
)
def test_who_is_elected(rule: str, votes: tuple[int, ...], elected: tuple[int, ...], filled: bool) -> None:
    """The most votes over the line win; a tie for the last seat elects none of the tied."""
    result = count_vote(Vote(date(2021, 6, 1), 22, 18, 3, votes), RULES[rule])
    assert (elected, filled) == (result.elected, result.filled)


def test_too_few_present_elect_nobody() -> None:
    """The sentence has both numbers."""
    result = count_vote(Vote(date(2021, 6, 1), 22, 17, 1, (17,)), RULES["2020"])
    assert (False, (), False) == (result.valid, result.elected, result.filled)
    assert "应到会22人，实到17人，至少须18人：到会人数不够，选举无效" == result.words.zh
    assert (
        "22 entitled, 17 present, at least 18 needed: too few, the election is not valid" == result.words.en
    )


def test_a_tie_is_said() -> None:
    """Who is to be voted on again."""
    result = count_vote(Vote(date(2021, 6, 1), 22, 18, 3, (17, 16, 12, 12)), RULES["2020"])
    assert result.words.zh.endswith("第3、4号候选人得票相同，不能确定，须对他们再投票")


def test_the_meeting_may_leave_a_seat_empty() -> None:
    """Four of five elected, and more than half of the meeting agreed to leave it at four: filled. Three are not enough."""
    vote = Vote(date(2021, 6, 1), 22, 22, 5, (20, 19, 18, 12, 11, 3), reduced_to=4)
    result = count_vote(vote, RULES["2020"])
    assert (True, (1, 2, 3, 4)) == (result.filled, result.elected)
    assert result.words.zh.endswith("当选4名，应选5名，会议同意减为4名")
    assert not count_vote(replace(vote, votes=(20, 19, 18, 11, 11, 3)), RULES["2020"]).filled
    assert not count_vote(replace(vote, reduced_to=None), RULES["2020"]).filled


def test_an_invalid_meeting_reduces_nothing() -> None:
    """Too few present: no seat is filled, whatever they agreed."""
    assert not count_vote(Vote(date(2021, 6, 1), 22, 5, 5, (), reduced_to=0), RULES["2020"]).filled


@pytest.mark.parametrize(
    ("full_members", "committee", "fewest", "most"), [(3, False, 1, 2), (6, False, 1, 2), (7, True, 3, 5)]
)
def test_seats_follow_from_the_full_members(
    full_members: int, committee: bool, fewest: int, most: int
) -> None:
    """The edge 6/7: a secretary, or a committee."""
    seats = seats_for(NEW, full_members, date(2021, 6, 1))
    assert (committee, fewest, most) == (seats.committee, seats.fewest, seats.most)


@pytest.mark.parametrize(("seats", "candidates"), [(3, 4), (4, 5), (5, 6)])
def test_a_fifth_more_candidates_than_seats(seats: int, candidates: int) -> None:
    """差额20%: a part of a candidate is a candidate."""
    assert candidates == seats_for(NEW, 20, date(2021, 6, 1)).least_candidates(seats)
    assert 1 == seats_for(NEW, 3, date(2021, 6, 1)).least_candidates(1)


@pytest.mark.parametrize(
    ("vote", "codes"),
    [
        (Vote(date(2021, 6, 1), 4, 4, 1, (4,)), []),
        (Vote(date(2021, 6, 1), 4, 5, 1, (4,)), ["election.present"]),
        (Vote(date(2021, 6, 1), 4, 3, 1, (4,)), ["election.votes"]),
        (Vote(date(2021, 6, 1), 4, 4, 1, (-1,)), ["election.votes"]),
        (Vote(date(2021, 6, 1), 4, 4, 3, (4, 4, 4)), ["election.seats"]),  # fewer than 7: no committee
        (Vote(date(2021, 6, 1), 9, 9, 3, (9, 9, 9)), ["election.candidates"]),
        (Vote(date(2021, 6, 1), 9, 9, 3, (9, 9, 9, 1)), []),
        (Vote(date(2021, 6, 1), 9, 9, 6, (9,) * 8), ["election.seats"]),
        (Vote(date(2021, 6, 1), 0, 0, 0, ()), ["election.entitled", "election.seats"]),
        (Vote(date(2021, 6, 1), 4, 4, 1, ()), ["election.candidates"]),
        (Vote(date(2021, 6, 1), 9, 9, 1, (6, 3), earlier=2), []),  # the third seat of a committee
        (Vote(date(2021, 6, 1), 9, 9, 1, (6,), earlier=2), []),  # the margin was that of the first ballot
        (Vote(date(2021, 6, 1), 9, 9, 1, (6,), earlier=5), ["election.seats"]),
        (Vote(date(2021, 6, 1), 4, 4, 2, (4, 4), earlier=-1), ["election.earlier"]),
        (Vote(date(2021, 6, 1), 9, 9, 5, (9,) * 4 + (1, 1), reduced_to=4), []),
        (
            Vote(date(2021, 6, 1), 9, 9, 3, (9, 9, 1, 1), reduced_to=2),
            ["election.seats"],
        ),  # a committee has three
        (Vote(date(2021, 6, 1), 9, 9, 5, (9,) * 6, reduced_to=5), ["election.reduced_to"]),
    ],
)
def test_numbers_that_cannot_be(vote: Vote, codes: list[str]) -> None:
    """All at once, each with what is accepted where something is."""
    assert codes == [finding.code for finding in judge_vote(vote, NEW, "joint_branch")]


def test_an_organization_above_branches_has_no_fixed_seats() -> None:
    """A general branch elects as many as its reply says; there are at least as many candidates."""
    ok, few = (Vote(date(2021, 6, 1), 60, 60, 9, (50,) * candidates) for candidates in (9, 8))
    assert () == judge_vote(ok, NEW, "general_branch")
    assert ["election.candidates"] == [finding.code for finding in judge_vote(few, NEW, "general_branch")]


@pytest.mark.parametrize(
    ("elected", "village", "end"),
    [
        (date(2021, 6, 1), False, date(2024, 6, 1)),
        (date(2021, 6, 1), True, date(2026, 6, 1)),
        (date(2020, 2, 29), False, date(2023, 2, 28)),
    ],
)
def test_the_term_ends(elected: date, village: bool, end: date) -> None:
    """3 years; villages and communities 5."""
    assert end == term_end(NEW, elected, village=village)


def test_before_2018_a_village_has_the_same_term() -> None:
    """A policy without a term of villages uses the one of branches."""
    assert date(2014, 8, 20) == term_end(OLD, date(2011, 8, 20), village=True)
