"""Elections by the rule of the day: how many must be present, how many votes elect, how many seats there are.

The numbers are the policy's parameters of the day, each with its source: by the rule of 1990 more than four fifths are
present and more than half of those present elect; by that of 2020 at least four fifths, and more than half of those entitled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from liangxin.findings import Finding
from liangxin.policy.model import Policy, Value
from liangxin.procedure.calendar import add_months
from liangxin.wording import Text

BRANCHES: Final = frozenset({"branch", "joint_branch"})
"""Types whose leaders' number follows from their full members."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A members' meeting that voted: entitled, present, seats, and the votes for each candidate in ballot order.

    Candidates are numbered, not named: 1 is the first on the ballot. ``seats``: those that this ballot is to fill.
    ``earlier``: filled in earlier ballots of the same election, where too few were elected at first.
    ``reduced_to``: the seats that more than half of the meeting agreed to leave it at, where it came near.
    """

    held_on: date
    entitled: int
    present: int
    seats: int
    votes: tuple[int, ...]
    earlier: int = 0
    reduced_to: int | None = None


@dataclass(frozen=True, slots=True)
class ElectionRule:
    """The rule in force on a day, with its sources."""

    quorum: Fraction
    quorum_inclusive: bool  # "at least 4/5" (2020) or "more than 4/5" (1990)
    majority_of: Literal["present", "entitled"]
    quorum_source: Text
    majority_source: Text

    def least_present(self, entitled: int) -> int:
        """The fewest who must be present, of those entitled."""
        share = self.quorum * entitled
        whole = share.numerator // share.denominator
        return whole if self.quorum_inclusive and share.denominator == 1 else whole + 1

    def least_votes(self, entitled: int, present: int) -> int:
        """The fewest votes that elect: more than half of those entitled, or of those present."""
        return (entitled if self.majority_of == "entitled" else present) // 2 + 1

    @property
    def words(self) -> Text:
        quorum = (
            Text("到会人数达到应到会人数的{share}", "at least {share} of those entitled are present")
            if self.quorum_inclusive
            else Text("到会人数超过应到会人数的{share}", "more than {share} of those entitled are present")
        )
        majority = (
            Text("赞成票超过应到会人数的一半", "more than half of those entitled vote for them")
            if self.majority_of == "entitled"
            else Text("赞成票超过实到会人数的一半", "more than half of those present vote for them")
        )
        return Text(
            "{quorum}，选举有效；{majority}，始得当选", "valid where {quorum}; elected where {majority}"
        ).fill(quorum=quorum.fill(share=str(self.quorum)), majority=majority)


@dataclass(frozen=True, slots=True)
class Seats:
    """Who is elected by so many full members: a committee, or a secretary and if needed a deputy.

    ``margin``: share by which the candidates for a committee exceed the seats (差额).
    """

    committee: bool
    fewest: int
    most: int
    margin: Fraction

    def least_candidates(self, seats: int) -> int:
        """Candidates on the ballot. A fifth of three seats is one candidate more; of a secretary none."""
        more = self.margin * seats if self.committee else Fraction(0)
        return seats - (-more.numerator // more.denominator)

    @property
    def words(self) -> Text:
        if self.committee:
            return Text(
                "设支部委员会，委员{fewest}至{most}名，候选人多于应选名额",
                "a committee of {fewest} to {most}, with more candidates than seats",
            ).fill(fewest=self.fewest, most=self.most)
        return Text(
            "不设支部委员会，选书记1名，必要时选副书记1名",
            "no committee: a secretary, and if needed a deputy",
        )


@dataclass(frozen=True, slots=True)
class VoteResult:
    """``elected``: ballot numbers, most votes first. ``filled``: as many as seats. ``words`` say all, with the numbers."""

    least_present: int
    least_votes: int
    valid: bool
    elected: tuple[int, ...]
    filled: bool
    words: Text


def rule_on(policy: Policy, day: date) -> ElectionRule:
    """The rule of ``day``. KeyError where the policy has no election parameters."""
    quorum = policy.parameters["election_quorum"].on(day)
    inclusive = policy.parameters["election_quorum_inclusive"].on(day)
    majority = policy.parameters["election_majority_of"].on(day)
    return ElectionRule(
        _share(quorum),
        bool(inclusive.value),
        "entitled" if majority.value == "entitled" else "present",
        inclusive.source,
        majority.source,
    )


def seats_for(policy: Policy, full_members: int, day: date) -> Seats:
    """Seats of a branch with so many full members, by the rule of ``day``."""
    margin = _share(policy.parameters["candidate_margin"].on(day))
    if full_members < float(policy.parameters["branch_committee_full_members"].on(day).value):
        return Seats(False, 1, 2, margin)
    fewest, most = (
        int(policy.parameters[name].on(day).value)
        for name in ("branch_committee_seats_min", "branch_committee_seats_max")
    )
    return Seats(True, fewest, most, margin)


def _share(value: Value) -> Fraction:
    return Fraction(str(value.value))


def count_vote(vote: Vote, rule: ElectionRule) -> VoteResult:
    """Who is elected. With more over the line than seats the most votes win; a tie for the last seat fills none of the tied.

    >>> rule = ElectionRule(Fraction(4, 5), True, "entitled", "", "")
    >>> result = count_vote(Vote(date(2021, 6, 1), 22, 18, 3, (17, 12, 11, 13)), rule)
    >>> result.valid, result.least_votes, result.elected
    (True, 12, (1, 4, 2))
    """
    least_present = rule.least_present(vote.entitled)
    least_votes = rule.least_votes(vote.entitled, vote.present)
    valid = vote.present >= least_present
    over = sorted(
        (number for number, votes in enumerate(vote.votes, start=1) if votes >= least_votes),
        key=lambda number: -vote.votes[number - 1],
    )
    tied = _tied_for_the_last_seat(vote, over)
    elected = tuple(number for number in over[: vote.seats] if number not in tied) if valid else ()
    filled = valid and len(elected) == (vote.seats if vote.reduced_to is None else vote.reduced_to)
    return VoteResult(
        least_present,
        least_votes,
        valid,
        elected,
        filled,
        _said(vote, least_present, least_votes, elected, tied),
    )


def _tied_for_the_last_seat(vote: Vote, over: list[int]) -> frozenset[int]:
    if len(over) <= vote.seats or vote.seats < 1:
        return frozenset()
    last, next_one = vote.votes[over[vote.seats - 1] - 1], vote.votes[over[vote.seats] - 1]
    if last != next_one:
        return frozenset()
    return frozenset(number for number in over if vote.votes[number - 1] == last)


def _said(
    vote: Vote, least_present: int, least_votes: int, elected: tuple[int, ...], tied: frozenset[int]
) -> Text:
    present = Text(
        "应到会{entitled}人，实到{present}人，至少须{least}人",
        "{entitled} entitled, {present} present, at least {least} needed",
    ).fill(entitled=vote.entitled, present=vote.present, least=least_present)
    if vote.present < least_present:
        return Text(
            "{present}：到会人数不够，选举无效", "{present}: too few, the election is not valid"
        ).fill(present=present)
    said = Text(
        "{present}：有效；至少须{votes}票，当选{elected}名，应选{seats}名",
        "{present}: valid; at least {votes} votes needed, {elected} elected for {seats} seats",
    ).fill(present=present, votes=least_votes, elected=len(elected), seats=vote.seats)
    if vote.earlier:
        said = Text("{said}（前次已选出{earlier}名）", "{said} ({earlier} elected before)").fill(
            said=said, earlier=vote.earlier
        )
    if vote.reduced_to is not None:
        said = Text("{said}，会议同意减为{reduced}名", "{said}, reduced to {reduced} by the meeting").fill(
            said=said, reduced=vote.reduced_to
        )
    if tied:
        return Text(
            "{said}；第{tied}号候选人得票相同，不能确定，须对他们再投票",
            "{said}; candidates {tied} have the same votes and must be voted on again",
        ).fill(said=said, tied="、".join(map(str, sorted(tied))))
    return said


def judge_vote(vote: Vote, policy: Policy, organization_type: str | None) -> tuple[Finding, ...]:
    """What is wrong with the vote as entered: impossible numbers, seats and candidates outside the rule of the day.

    Whether it filled the seats is ``count_vote``'s to say.
    """
    findings: list[Finding] = []

    def wrong(code: str, zh: str, en: str, accepted: Text | None = None, **values: object) -> None:
        findings.append(
            Finding(f"election.{code}", Text(zh, en).fill(**values), accepted=accepted, column_of=code)
        )

    if vote.entitled < 1:
        wrong("entitled", "应到会人数至少1人", "at least one person is entitled")
    if not 0 <= vote.present <= vote.entitled:
        wrong(
            "present",
            "实到会{present}人，应到会{entitled}人：实到不能多于应到",
            "{present} present of {entitled} entitled: no more can be present than are entitled",
            present=vote.present,
            entitled=vote.entitled,
        )
    if vote.earlier < 0:
        wrong("earlier", "前次选出的名额不能小于0", "no fewer than 0 were elected before")
    if vote.reduced_to is not None and not 0 < vote.reduced_to < vote.seats:
        wrong(
            "reduced_to",
            "应选{seats}名，只能减为比它少的名额",
            "of {seats} seats it can only be reduced to fewer",
            seats=vote.seats,
        )
    for number, votes in enumerate(vote.votes, start=1):
        if not 0 <= votes <= max(vote.present, 0):
            wrong(
                "votes",
                "第{number}号候选人{votes}票，实到会只有{present}人",
                "candidate {number} has {votes} votes, but {present} were present",
                number=number,
                votes=votes,
                present=vote.present,
            )
    if vote.seats < 1:
        wrong("seats", "应选名额至少1名", "at least one seat is elected")
    elif organization_type in BRANCHES and vote.entitled >= 1:
        findings += _seats_and_candidates(vote, seats_for(policy, vote.entitled, vote.held_on))
    elif len(vote.votes) < vote.seats:
        findings.append(_too_few_candidates(vote, vote.seats))
    return tuple(findings)


def _seats_and_candidates(vote: Vote, seats: Seats) -> list[Finding]:
    findings: list[Finding] = []
    whole = [vote.earlier + vote.seats]
    if vote.reduced_to is not None:
        whole.append(vote.earlier + vote.reduced_to)
    for number in whole:
        if not seats.fewest <= number <= seats.most:
            message = Text(
                "有选举权的正式党员{entitled}名，名额不能是{seats}名",
                "with {entitled} full members entitled, {seats} seats are not possible",
            ).fill(entitled=vote.entitled, seats=number)
            findings.append(Finding("election.seats", message, accepted=seats.words, column_of="seats"))
    # What is left of a committee is voted on among the candidates left; the margin was that of the first ballot.
    least = vote.seats if vote.earlier else seats.least_candidates(vote.seats)
    if len(vote.votes) < least:
        findings.append(_too_few_candidates(vote, least))
    return findings


def _too_few_candidates(vote: Vote, least: int) -> Finding:
    message = Text(
        "应选{seats}名，候选人只有{candidates}名，至少要{least}名",
        "{candidates} candidates for {seats} seats; at least {least} are needed",
    ).fill(seats=vote.seats, candidates=len(vote.votes), least=least)
    return Finding("election.candidates", message, column_of="votes")


def term_end(policy: Policy, elected_on: date, *, village: bool = False) -> date:
    """First day after the term: an election is due from then on. Villages and communities may have a term of their own."""
    own = policy.parameters.get("village_term_years") if village else None
    years = (own or policy.parameters["term_years"]).on(elected_on).value
    return add_months(elected_on, int(float(years) * 12))
