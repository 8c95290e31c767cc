"""Setting up an organization, from the request to the filing: what each step needs, what the reply does to the tree."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import date

import pytest
from tests.procedure.town_office import (
    COUNTY,
    DEPUTY,
    EVERYBODY,
    EVIDENCE,
    FAILED,
    LEADER,
    MINUTES,
    OFFICE,
    OTHER,
    SECRETARY,
    VOTE,
    attachment,
    august,
    joint,
    matter,
    number,
    plan,
    policy,
    register,
    replied,
    requested,
    take,
    today,
    tree,
)

from liangxin.findings import InputError
from liangxin.procedure import (
    Case,
    Kind,
    Leadership,
    Matter,
    Minutes,
    Return,
    Take,
    Today,
    Vote,
    annulments,
    apply,
    judge,
    performed,
    start,
)
from liangxin.structure import Annul, Found, Tree, apply_all

REPLY = take("reply_elect", minutes=MINUTES, serial=number(44))


def codes(case: Case, act: Take, actor: object, when: Today) -> list[str]:
    return [finding.code for finding in judge(case, act, actor, when)]  # type: ignore[arg-type]


@pytest.mark.clause("4.3", "5.2")
def test_from_the_request_to_the_filing() -> None:
    """The whole way with the documents' numbers and the time limits; the tree has the branch from the reply's day."""
    case = requested()
    assert ("committee", date(2011, 9, 10)) == (case.step.id, case.due and case.due.on)
    numbers, before = register(), tree()
    case = apply(case, REPLY, SECRETARY, today(august(12), register=numbers, tree=before))
    numbers, serial = numbers.issue(august(12), case="c1", what="批复", number=44)
    after = apply_all(before, performed(case))
    assert "J" not in after.on(august(11)).organizations
    assert ("u1", "u2", "u3") == after.on(august(12)).organizations["J"].units
    assert serial.text == after.journal[-1].operation.basis.document
    case = apply(case, take("report_result", vote=VOTE), LEADER, today(august(13)))
    case = apply(
        case, take("reply_result", serial=number(45)), SECRETARY, today(august(15), register=numbers)
    )
    case = apply(case, take("file", evidence=EVIDENCE), OFFICE, today(august(18)))
    assert ("done", True, 6) == (case.step.id, case.closed, case.version)
    assert [("reply", 44), ("result_reply", 45)] == [(paper, each.number) for paper, each in case.serials]
    assert VOTE == case.vote


def test_the_days_that_the_rules_look_at() -> None:
    """Request, reply, election and filing, for "replied late", "not filed" and the end of the term."""
    case = requested()
    assert (august(10), None, None, None) == astuple(case.days)
    back = apply(case, Return("request", "请补"), SECRETARY, today(august(11)))
    assert (None, None, None, None) == astuple(back.days)
    case = apply(replied(), take("report_result", vote=VOTE), LEADER, today(august(13)))
    assert None is apply(case, Return("election", "计票有误"), SECRETARY, today(august(14))).days.elected_on
    case = apply(case, take("reply_result", serial=number(45)), SECRETARY, today(august(15)))
    case = apply(case, take("file", on=august(16), evidence=EVIDENCE), OFFICE, today(august(18)))
    assert (august(10), august(12), august(12), august(16)) == astuple(case.days)


@pytest.mark.clause("2.1", "3.3b", "4.3")
@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PLAN])
def test_every_kind_goes_from_request_to_filing(kind: Kind) -> None:
    """Founding, splitting off and upgrading elect; change, merger, dissolution and transfer are filed after the reply."""
    case = requested(matter(kind))
    way = next(
        each
        for each in ("reply_elect", "reply")
        if not codes(case, replace(REPLY, transition=each), SECRETARY, today(august(12)))
    )
    case = apply(case, replace(REPLY, transition=way), SECRETARY, today(august(12), tree=tree()))
    assert (kind in (Kind.FOUND, Kind.SPLIT_OFF, Kind.UPGRADE)) is (case.step.id == "election")
    changed = apply_all(tree(), performed(case))
    assert len(changed.journal) == len(tree().journal) + 1
    if case.step.id == "election":
        vote = replace(VOTE, entitled=3, present=3, votes=(3,))
        case = apply(case, take("report_result", vote=vote), LEADER, today(august(13)))
        case = apply(case, take("reply_result", serial=number(45)), SECRETARY, today(august(14)))
    assert "done" == apply(case, take("file", evidence=EVIDENCE), OFFICE, today(august(16))).step.id


@pytest.mark.clause("4.3")
@pytest.mark.parametrize("leadership", [Leadership.APPOINTED, Leadership.TEMPORARY])
def test_an_appointed_secretary_needs_no_election(leadership: Leadership) -> None:
    """临时党支部 and appointment: from the reply straight to the filing."""
    case = requested(replace(joint(), leadership=leadership))
    assert ["procedure.guard"] == codes(case, REPLY, SECRETARY, today(august(12)))
    case = apply(case, replace(REPLY, transition="reply_appoint"), SECRETARY, today(august(12)))
    assert "filing" == case.step.id


@pytest.mark.clause("3.1", "4.3")
def test_a_working_committee_is_not_elected() -> None:
    """A body that is sent by the level above, without units of its own: no roster, no election."""
    found = Found(on=august(10), id="W", name="两新组织党工委", type="working_committee", parent="T")
    case = requested(
        Matter(Kind.FOUND, "关于成立两新组织党工委的请示", "G1", operations=(found,), organization="W")
    )
    case = apply(case, replace(REPLY, transition="reply"), SECRETARY, today(august(12), tree=tree()))
    assert "filing" == case.step.id


@pytest.mark.clause("2.3")
def test_each_attached_unit_signs() -> None:
    """The lead unit does not sign; a unit that has not, and one that signs after the request, are both named."""
    lines = joint().roster
    late = (lines[0], replace(lines[1], commitment_on=None), replace(lines[2], commitment_on=august(11)))
    case = start("c1", "founding", replace(joint(), roster=late), LEADER, today())
    with pytest.raises(InputError) as refused:
        apply(case, take("submit"), LEADER, today())
    assert ["长乐五金厂还没有签承诺书", "长乐丝绸厂的承诺书日期2011-08-11晚于2011-08-10"] == [
        finding.message.zh for finding in refused.value.findings
    ]


@pytest.mark.clause("2.7")
def test_an_attached_unit_signs_even_alone() -> None:
    """挂靠: one unit, which signs its commitment."""
    unsigned = replace(attachment(), roster=(replace(attachment().roster[0], commitment_on=None),))
    case = start("c1", "founding", unsigned, LEADER, today())
    assert ["procedure.no_commitment"] == codes(case, take("submit"), LEADER, today())
    case = apply(
        requested(attachment()), replace(REPLY, transition="reply"), SECRETARY, today(august(12), tree=tree())
    )
    assert "u1" in apply_all(tree(), performed(case)).on(august(12)).organizations["B2"].units


@pytest.mark.parametrize(
    ("about", "code"),
    [
        (replace(joint(), title=" "), "procedure.title"),
        (replace(joint(), roster=(*joint().roster, joint().roster[1])), "procedure.roster_twice"),
        (replace(joint(), roster=joint().roster[:2]), "procedure.roster_differs"),
        (replace(joint(), operations=matter(Kind.DISSOLVE).operations), "procedure.wrong_operation"),
        (
            replace(joint(), roster=(replace(joint().roster[0], full_members=-1), *joint().roster[1:])),
            "procedure.roster_count",
        ),
        (plan(), "procedure.wrong_procedure"),
    ],
)
def test_a_matter_that_does_not_hold_together(about: Matter, code: str) -> None:
    """It is refused at once, not at the reply."""
    with pytest.raises(InputError) as refused:
        start("c1", "founding", about, LEADER, today())
    assert [code] == [finding.code for finding in refused.value.findings]


def test_a_request_without_its_parts() -> None:
    """Roster and operations are asked for when it is sent; a draft may be without."""
    empty = Matter(Kind.SPLIT_OFF, "关于剥离的请示", "G1")
    case = start("c1", "founding", empty, LEADER, today())
    said = [finding.message.zh for finding in judge(case, take("submit"), LEADER, today())]
    assert ["还缺：单位名册", "还缺：写明办成后党组织怎样变动"] == said


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("minutes", "code"),
    [
        (None, "procedure.missing"),
        (replace(MINUTES, held_on=august(9)), "procedure.meeting_day"),  # before the request
        (replace(MINUTES, held_on=august(13)), "procedure.meeting_day"),  # after the reply
        (replace(MINUTES, present=10), "procedure.meeting_numbers"),
        (Minutes(august(11), 8, 8, 4), "procedure.meeting_majority"),  # half is not more than half
    ],
)
def test_the_meeting(minutes: Minutes | None, code: str) -> None:
    """Between request and reply, with numbers that can be, and a majority of those entitled."""
    assert [code] == codes(requested(), replace(REPLY, minutes=minutes), SECRETARY, today(august(12)))


@pytest.mark.clause("A3")
def test_the_number_of_the_reply() -> None:
    """Of the document's year, the next in the register, and not used in the case before."""
    numbers = register()
    ask = today(august(12), register=numbers)
    assert ["procedure.missing"] == codes(requested(), replace(REPLY, serial=None), SECRETARY, ask)
    assert ["procedure.serial_year"] == codes(
        requested(), replace(REPLY, serial=replace(number(44), year=2010)), SECRETARY, ask
    )
    assert ["serial.not_next"] == codes(requested(), replace(REPLY, serial=number(46)), SECRETARY, ask)
    case = apply(replied(), take("report_result", vote=VOTE), LEADER, today(august(13)))
    assert ["procedure.serial_used"] == codes(
        case, take("reply_result", serial=number(44)), SECRETARY, today(august(15))
    )


def test_the_tree_is_asked_before() -> None:
    """A reply that the tree cannot follow is refused with the tree's own reason."""
    weak = Tree({**tree().strengths, "u1": 0})
    poor = apply_all(weak, [entry.operation for entry in tree().journal])
    findings = judge(requested(), REPLY, SECRETARY, today(august(12), tree=poor))
    assert ["structure.below_minimum"] == [finding.code for finding in findings]


@pytest.mark.clause("4.3")
def test_an_election_that_fills_the_seats_or_not() -> None:
    """Reported when it does; otherwise held again with a reason, and the time limit starts anew."""
    case = replied()
    missed = codes(case, take("report_result", vote=FAILED), LEADER, today(august(13)))
    assert ["procedure.not_elected"] == missed
    again = take("vote_again", vote=FAILED, reason="得票未过半")
    assert ["procedure.elected"] == codes(case, replace(again, vote=VOTE), LEADER, today(august(13)))
    case = apply(case, again, LEADER, today(august(13)))
    assert ("election", date(2011, 9, 13)) == (case.step.id, case.due and case.due.on)
    second = replace(VOTE, held_on=august(20))
    assert "result" == apply(case, take("report_result", vote=second), LEADER, today(august(21))).step.id


@pytest.mark.clause("4.3")
def test_what_is_left_open_is_voted_on_again() -> None:
    """Two of three elected; the third in a further ballot, whose numbers must follow from the first."""
    lines = tuple(replace(line, full_members=3) for line in joint().roster)
    case = replied(replace(joint(), roster=lines))
    first = Vote(august(12), 9, 9, 3, (9, 8, 4, 3))
    case = apply(case, take("vote_again", vote=first, reason="缺1名"), LEADER, today(august(13)))
    second = Vote(august(14), 9, 9, 1, (6, 3), earlier=2)
    wrong = take("report_result", vote=replace(second, earlier=3))
    (finding,) = judge(case, wrong, LEADER, today(august(14)))
    assert "前次选出2名、尚缺1名，填的却是前次3名、这次应选1名" == finding.message.zh
    case = apply(case, take("report_result", vote=second), LEADER, today(august(14)))
    assert "result" == case.step.id


def test_there_is_no_further_ballot_without_a_first() -> None:
    """Nobody was elected before."""
    report = take("report_result", vote=replace(VOTE, earlier=1))
    assert ["procedure.vote_earlier"] == codes(replied(), report, LEADER, today(august(13)))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"held_on": august(11)}, "procedure.vote_day"),  # before the reply
        ({"held_on": august(14)}, "procedure.vote_day"),  # not yet
        (
            {"entitled": 5, "present": 5, "votes": (5,)},
            "procedure.vote_entitled",
        ),  # the roster has 4 full members
        ({"present": 9}, "election.present"),
    ],
)
def test_a_vote_that_cannot_be(changed: dict[str, object], code: str) -> None:
    """Days and numbers are held against the case's own roster and reply."""
    vote = replace(VOTE, **changed)  # type: ignore[arg-type]
    assert [code] == codes(replied(), take("report_result", vote=vote), LEADER, today(august(13)))


def test_members_to_verify_refuse_no_vote() -> None:
    """待核 on the roster: nobody knows how many are entitled, so the number is taken as entered."""
    lines = (replace(joint().roster[0], full_members=None), *joint().roster[1:])
    vote = replace(VOTE, entitled=6, present=6, votes=(6,))
    assert [] == codes(
        replied(replace(joint(), roster=lines)), take("report_result", vote=vote), LEADER, today(august(13))
    )


@pytest.mark.clause("5.2")
def test_a_refused_request_is_closed() -> None:
    """With minutes and a reason; the tree is untouched."""
    case = requested()
    refuse = take("refuse", minutes=replace(MINUTES, in_favour=2), reason="条件还不成熟")
    assert ["procedure.missing"] == codes(case, replace(refuse, reason=""), SECRETARY, today(august(12)))
    case = apply(case, refuse, SECRETARY, today(august(12)))
    assert ("refused", (), ()) == (case.step.id, performed(case), case.earlier_steps())


@pytest.mark.clause("4.3")
def test_a_later_document_annuls_the_reply() -> None:
    """Nothing is deleted: the days between keep the branch, and its document stays in the log."""
    case = replied()
    grown = apply_all(tree(), performed(case))
    annul = take("annul", reason="名册有误", serial=number(50))
    case = apply(case, annul, DEPUTY, today(august(20), tree=grown))
    back = annulments(case, grown, number(50), august(20), "名册有误")
    after = apply_all(grown, back)
    assert "J" in after.on(august(19)).organizations and "J" not in after.on(august(20)).organizations
    assert "annulled" == case.step.id
    assert ["reply", "annulment"] == [paper for paper, _ in case.serials]
    assert [] == [
        way
        for way in ("annul",)
        if not codes(case, take(way, reason="再", serial=number(51)), SECRETARY, today(august(21)))
    ]


def test_what_was_built_upon_is_annulled_first() -> None:
    """The tree names the later entry that stands in the way."""
    case = replied()
    grown = apply_all(tree(), performed(case))
    built = apply_all(grown, [Found(on=august(15), id="X", name="党小组", type="group", parent="J")])
    annul = take("annul", reason="名册有误", serial=number(50))
    findings = judge(case, annul, SECRETARY, today(august(20), tree=built))
    assert ["structure.not_empty"] == [finding.code for finding in findings]


def test_a_reply_that_the_tree_never_saw_is_not_annulled() -> None:
    """The journal must have been written with the reply; otherwise both numbers are said."""
    with pytest.raises(InputError, match="1笔变动，组织树里只有0笔"):
        annulments(replied(), tree(), number(50), august(20), "名册有误")


def test_several_operations_are_annulled_last_first() -> None:
    """Each entry by its own Annul, in the reverse order."""
    about = matter(Kind.CHANGE)
    twice = replace(
        about, operations=(about.operations[0], replace(about.operations[0], name=None, area="P1"))
    )
    case = apply(
        requested(twice), replace(REPLY, transition="reply"), SECRETARY, today(august(12), tree=tree())
    )
    grown = apply_all(tree(), performed(case))
    back = annulments(case, grown, number(50), august(20), "有误")
    assert [7, 6] == [each.entry for each in back] and all(isinstance(each, Annul) for each in back)
    assert tree().on(august(20)).organizations == apply_all(grown, back).on(august(20)).organizations


@pytest.mark.clause("5.2")
@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.person.id)
@pytest.mark.parametrize(
    ("act", "allowed"),
    [
        ("submit", {"leader", "member", "office"}),
        ("reply_elect", {"secretary"}),
        ("report_result", {"leader", "office"}),
        ("reply_result", {"secretary"}),
        ("file", {"leader", "office"}),
        ("annul", {"secretary"}),
    ],
)
def test_who_may_do_what(actor: object, act: str, allowed: set[str]) -> None:
    """Each transition by each role, as the one table of permissions says: no other group, no reader, no administrator."""
    result = apply(replied(), take("report_result", vote=VOTE), LEADER, today(august(13)))
    filing = apply(result, take("reply_result", serial=number(45)), SECRETARY, today(august(14)))
    cases = {
        "submit": start("c1", "founding", joint(), LEADER, today()),
        "reply_elect": requested(),
        "report_result": replied(),
        "reply_result": result,
        "file": filing,
        "annul": filing,
    }
    full = Take(
        transition=act, minutes=MINUTES, serial=number(47), vote=VOTE, evidence=EVIDENCE, reason="有误"
    )
    refused = codes(cases[act], full, actor, today(august(16)))
    assert ([] if actor.person.id in allowed else ["procedure.not_allowed"]) == refused  # type: ignore[attr-defined]


@pytest.mark.clause("5.2")
@pytest.mark.parametrize("actor", [OTHER, COUNTY], ids=lambda actor: actor.person.id)
def test_who_may_begin(actor: object) -> None:
    """Another group's leader and the county's reader cannot begin a case of this group."""
    with pytest.raises(InputError, match="您没有这项权限"):
        start("c1", "founding", joint(), actor, today())  # type: ignore[arg-type]


def test_the_rule_of_2018_is_used_from_its_day() -> None:
    """The same case ten years later: quorum and majority of 2020."""
    later = policy("changle-2011-44+branch-regulations-2018", date(2021, 8, 10))
    lines = tuple(replace(line, full_members=4) for line in joint().roster)
    vote = replace(VOTE, held_on=date(2021, 8, 15), entitled=10, present=8, seats=3, votes=(8, 7, 6, 5))
    case = start("c1", "founding", replace(joint(), roster=lines), LEADER, Today(date(2021, 8, 10), later))
    case = apply(case, take("submit"), LEADER, Today(date(2021, 8, 10), later))
    minutes = replace(MINUTES, held_on=date(2021, 8, 11))
    reply = take("reply_elect", minutes=minutes, serial=replace(number(3), year=2021))
    case = apply(case, reply, SECRETARY, Today(date(2021, 8, 12), later))
    report = take("report_result", vote=vote)
    assert "result" == apply(case, report, LEADER, Today(date(2021, 8, 16), later)).step.id
    short = take("report_result", vote=replace(vote, votes=(8, 7, 5, 4)))
    findings = judge(case, short, LEADER, Today(date(2021, 8, 16), later))
    assert "应到会10人，实到8人，至少须8人：有效；至少须6票，当选2名，应选3名" == findings[0].message.zh
