"""Documents composed from a case: which act makes which, their words, marks and addressees; counts, never names of members."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from tests.procedure.town_office import (
    DAY,
    EVIDENCE,
    LEADER,
    LEADING,
    MINUTES,
    SECRETARY,
    VOTE,
    attachment,
    august,
    joint,
    matter,
    number,
    plan,
    policy,
    requested,
    submitted,
    take,
    today,
    tree,
)

from liangxin.procedure import (
    PROCEDURES,
    Act,
    Actor,
    Case,
    Kind,
    Leadership,
    Matter,
    Minutes,
    Office,
    Paper,
    PaperKind,
    RosterLine,
    apply,
    fold,
    office_of,
    open_transitions,
    paper_from_json,
    paper_to_json,
    papers_of,
    performed,
    standing_for,
)
from liangxin.procedure.paper import Form, Heading, Paragraph, Table
from liangxin.registry.town import Area, TaskGroup, Town
from liangxin.structure import Adjust, Found, Release, Tree, apply_all

TOWN = Town(
    "长乐镇",
    "330683101",
    (),
    bodies={"committee": "中共长乐镇委员会"},
    task_groups=(TaskGroup("G1", "第一推进组"),),
)


def office() -> Office:
    return office_of(TOWN, policy())


def made(case: Case, on: Tree | None = None) -> dict[PaperKind, Paper]:
    """The documents of the case's last act, by kind."""
    event = case.history[-1]
    papers = papers_of(case, event, office(), standing_for(case, on or tree(), case.day_of(event)))
    by_kind = {paper.kind: paper for paper in papers}
    assert len(by_kind) == len(papers)
    return by_kind


def then(case: Case, act: Act, by: Actor, day: int) -> Case:
    return apply(case, act, by, today(august(day)))


def agreed(case: Case) -> Case:
    """Replied to on 12 August, by the one reply that is open."""
    (way,) = (each for each in open_transitions(case, policy()) if each.effect == "perform")
    return then(case, take(way.id, minutes=MINUTES, serial=number(44)), SECRETARY, 12)


def gathering(*lines: RosterLine) -> Matter:
    """The founding of a joint branch of these units."""
    founded = joint().operations[0]
    assert isinstance(founded, Found)
    units = tuple(line.unit for line in lines)
    return replace(joint(), roster=lines, operations=(replace(founded, units=units, host=units[0]),))


def said(paper: Paper, lang: str = "zh") -> str:
    """All of its sentences."""
    parts = [paper.title, paper.addressees, paper.signed]
    parts += [block.text for block in paper.blocks if isinstance(block, Heading | Paragraph)]
    return "\n".join(part.zh if lang == "zh" else part.en for part in parts if part is not None)


@pytest.mark.clause("5.2", "4.3")
def test_every_act_makes_its_documents() -> None:
    """From the request to the filing: what each step of the procedure hands on."""
    case = requested()
    assert list(made(case)) == [PaperKind.REQUEST, PaperKind.ROSTER, PaperKind.COMMITMENT]
    case = then(case, take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, 12)
    assert list(made(case)) == [PaperKind.REPLY, PaperKind.MINUTES, PaperKind.NOTICE]
    case = then(case, take("report_result", vote=VOTE), LEADER, 15)
    assert list(made(case)) == [PaperKind.ELECTION_REPORT]
    case = then(case, take("reply_result", serial=number(45)), SECRETARY, 16)
    assert list(made(case)) == [PaperKind.RESULT_REPLY]
    case = then(case, take("file", evidence=EVIDENCE), LEADER, 17)
    assert list(made(case)) == [PaperKind.FILING_REPORT]
    case = then(case, take("annul", serial=number(46), reason="手续不全。"), SECRETARY, 18)
    assert list(made(case)) == [PaperKind.ANNULMENT]


@pytest.mark.clause("5.2")
def test_every_paper_of_the_tables_can_be_made() -> None:
    """No transition names a kind of document that nothing composes."""
    named = {each.paper for table in PROCEDURES.values() for each in table.transitions.values() if each.paper}
    assert named <= {kind.value for kind in PaperKind}


@pytest.mark.clause("4.3")
def test_the_request_says_what_is_asked_for() -> None:
    """Who, how many members, which form, under whom; from the organization above to the town committee, 妥否，请批示."""
    paper = made(requested())[PaperKind.REQUEST]
    words = said(paper)
    assert paper.title.zh == "关于成立东片联合党支部的请示"
    assert "长乐电机厂、长乐五金厂、长乐丝绸厂现有正式党员4名、预备党员1名" in words
    assert (
        "拟成立东片联合党支部，类型为联合党支部，组建形式为园区联建，以长乐电机厂为主单位，隶属第一工作片党总支。"
        in words
    )
    assert "挂靠单位2家均已签订《挂靠党支部承诺书》。" in words
    assert words.endswith("妥否，请批示。")
    assert (paper.addressees.zh if paper.addressees else "") == "中共长乐镇委员会"
    assert (paper.signed.zh if paper.signed else "") == "第一工作片党总支"
    assert paper.layout == "upward"
    assert paper.serial == ""


@pytest.mark.clause("5.2", "A3")
def test_the_reply_has_number_body_and_copy_to() -> None:
    """长委〔2011〕44号 of the town committee, to whoever asked, with the day by which the election is due."""
    case = then(requested(), take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, 12)
    paper = made(case)[PaperKind.REPLY]
    words = said(paper)
    assert paper.serial == "长委〔2011〕44号"
    assert paper.head is not None
    assert paper.head.letterhead.zh == "中共长乐镇委员会文件"
    assert "《关于成立东片联合党支部的请示》（2011年8月10日）收悉" in words
    assert "经2011年8月11日党委会议研究" in words
    due = case.history[-1].due
    assert due is not None
    assert f"请于{due.on.year}年{due.on.month}月{due.on.day}日前按规定召开党员大会" in words
    assert paper.imprint is not None
    assert [body.zh for body in paper.imprint.copy_to] == ["市委组织部"]
    assert paper.imprint.subject_words[-1] == "批复"


@pytest.mark.clause("5.2")
def test_the_minutes_count_persons_and_name_none() -> None:
    """Entitled, present, in favour and the decision."""
    case = then(requested(), take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, 12)
    words = said(made(case)[PaperKind.MINUTES])
    assert "应到9人，实到8人" in words
    assert "赞成8人" in words
    assert "会议同意成立东片联合党支部" in words


@pytest.mark.clause("5.2")
def test_a_refusal_is_minuted() -> None:
    """Refused: minutes with the reason, and nothing that says it was agreed."""
    refused = then(requested(), take("refuse", minutes=MINUTES, reason="党员人数待核。"), SECRETARY, 12)
    papers = made(refused)
    assert list(papers) == [PaperKind.MINUTES]
    assert "不同意该事项。理由：党员人数待核。" in said(papers[PaperKind.MINUTES])
    assert "会议同意" not in said(papers[PaperKind.MINUTES])


@pytest.mark.clause("4.3")
def test_the_election_report_counts_votes_by_ballot_number() -> None:
    """Presence and majority by the rule of the day; the names' column is left to be written by hand."""
    case = then(requested(), take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, 12)
    paper = made(then(case, take("report_result", vote=VOTE), LEADER, 15))[PaperKind.ELECTION_REPORT]
    assert "应到会有选举权的党员4名，实到会4名。按规定，到会人数超过应到会人数的4/5" in said(paper)
    assert "当选须得3票。第1号候选人当选" in said(paper)
    (votes,) = (block for block in paper.blocks if isinstance(block, Table))
    assert [[cell.zh for cell in row] for row in votes.rows] == [["1", "", "4", "当选"]]


@pytest.mark.clause("4.3")
def test_a_further_ballot_and_fewer_seats_are_said() -> None:
    """What was elected before, and what the meeting agreed to leave open."""
    case = then(requested(), take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, 12)
    event = then(case, take("report_result", vote=VOTE), LEADER, 15).history[-1]
    vote = replace(VOTE, entitled=9, present=9, seats=2, votes=(8, 3, 2), earlier=1, reduced_to=1)
    event = replace(event, act=take("report_result", vote=vote))
    reported = fold("c1", [*case.history, event])
    words = said(made(reported)[PaperKind.ELECTION_REPORT])
    assert "此前的投票已选出1名。" in words
    assert "应选名额减为1名，不再选举。" in words


@pytest.mark.clause("4.3")
def test_the_filing_report_lists_each_document() -> None:
    """Day and number of the reply and of the reply on the result; both go along as annexes."""
    case = then(requested(), take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, 12)
    case = then(case, take("report_result", vote=VOTE), LEADER, 15)
    case = then(case, take("reply_result", serial=number(45)), SECRETARY, 16)
    assert "应于2014年8月12日前按期换届" in said(made(case)[PaperKind.RESULT_REPLY])
    paper = made(then(case, take("file", evidence=EVIDENCE), LEADER, 17))[PaperKind.FILING_REPORT]
    assert (paper.addressees.zh if paper.addressees else "") == "市委组织部"
    assert [annex.title.zh for annex in paper.annexes] == [
        "关于同意成立东片联合党支部的批复（长委〔2011〕44号）",
        "关于东片联合党支部选举结果的批复（长委〔2011〕45号）",
    ]
    assert "选出1名；2011年8月16日，我委批复同意选举结果（长委〔2011〕45号）" in said(paper)


@pytest.mark.clause("2.1", "4.3")
@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Kind.CHANGE, "调整园区联合党支部的设置：名称调整为园区第一联合党支部"),
        (Kind.SPLIT_OFF, "将长乐机械厂从园区联合党支部剥离，成立机械厂党支部（党支部）"),
        (Kind.UPGRADE, "将园区联合党支部升格为联合党总支"),
        (Kind.MERGE, "将乙厂党支部并入甲厂党支部"),
        (Kind.DISSOLVE, "撤销乙厂党支部，所属单位和党组织转由第一工作片党总支管理"),
        (Kind.TRANSFER, "将甲厂党支部的隶属关系调整到中共长乐镇委员会"),
    ],
)
def test_each_kind_says_the_same_when_asked_and_agreed_and_filed(kind: Kind, words: str) -> None:
    """拟…, 同意…, and in the filing report still by the names of before, though the tree has changed since."""
    case = requested(matter(kind))
    assert f"拟{words}。" in said(made(case)[PaperKind.REQUEST])
    case = agreed(case)
    changed = apply_all(tree(), list(performed(case)))
    assert f"同意{words}。" in said(made(case)[PaperKind.REPLY])
    if case.step.id == "filing":
        filed = then(case, take("file", evidence=EVIDENCE), LEADER, 17)
        assert f"批复同意{words}（长委〔2011〕44号）" in said(made(filed, changed)[PaperKind.FILING_REPORT])


@pytest.mark.clause("2.7")
def test_an_attachment_is_asked_for_with_its_commitment() -> None:
    """挂靠 an existing branch: the unit's commitment names that branch."""
    papers = made(requested(attachment()))
    assert "拟将长乐电机厂挂靠到乙厂党支部。" in said(papers[PaperKind.REQUEST])
    assert "长乐电机厂现有正式党员2名，不具备单独成立党支部的条件，自愿挂靠乙厂党支部" in said(
        papers[PaperKind.COMMITMENT]
    )


@pytest.mark.clause("4.3")
def test_units_and_areas_beside_the_roster_are_named() -> None:
    """A unit that leaves, a new lead unit, another area: by name, never by id."""
    about = Matter(
        Kind.CHANGE,
        "关于调整园区联合党支部设置的请示",
        "G1",
        (),
        "J0",
        (
            Adjust(on=DAY, organization="J0", host="u8", area="A1"),
            Release(on=DAY, units=("u7",)),
        ),
    )
    event = requested(matter(Kind.CHANGE)).history[-1]
    case = replace(requested(matter(Kind.CHANGE)), matter=about)
    town = replace(TOWN, areas=(Area("A1", "东片", "work_area"),))
    named = office_of(town, policy(), {"u7": "长乐标准件厂", "u8": "长乐模具厂"})
    words = said(papers_of(case, event, named, standing_for(case, tree(), DAY))[0])
    assert "主单位调整为长乐模具厂，所属区域调整为东片" in words
    assert "将长乐标准件厂从园区联合党支部脱离" in words


@pytest.mark.parametrize(
    ("leadership", "asked", "answered"),
    [
        (Leadership.APPOINTED, "书记拟请上级党组织任命。", "书记由我委另行任命。"),
        (Leadership.TEMPORARY, "拟先成立临时党支部", "临时党支部书记由我委另行指定。"),
    ],
)
@pytest.mark.clause("4.3")
def test_how_the_leaders_come(leadership: Leadership, asked: str, answered: str) -> None:
    """Appointed and temporary: said in the request, answered in the reply, and no election asked for."""
    case = requested(replace(joint(), leadership=leadership))
    assert asked in said(made(case)[PaperKind.REQUEST])
    reply = said(made(agreed(case))[PaperKind.REPLY])
    assert answered in reply
    assert "选举" not in reply


@pytest.mark.clause("5.2")
def test_the_approval_form_and_the_reply_on_a_plan() -> None:
    """Figures, why it is important, the verdict; then the committee's reply to the group, with the last day."""
    case = then(submitted(plan(upgrades=1, organizations=3)), take("report"), LEADING, 12)
    form = made(case)[PaperKind.APPROVAL_FORM]
    assert isinstance(form.blocks[0], Form)
    fields = {label.zh: value.zh for row in form.blocks[0].rows for label, value in row.fields}
    assert fields["新建党组织（个）"] == "3"
    assert fields["重大问题"] == "党组织升格"
    assert fields["领导小组意见"] == "同意，报镇党委研究。"
    assert fields["提出单位"] == "第一推进组"
    held = Minutes(august(12), 9, 8, 8)
    case = then(case, take("reply", minutes=held, serial=number(44)), SECRETARY, 12)
    papers = made(case)
    assert list(papers) == [PaperKind.REPLY, PaperKind.MINUTES, PaperKind.NOTICE]
    assert "同意该方案，涉及单位2家，新建党组织3个，升格1个。" in said(papers[PaperKind.REPLY])
    assert "请于2011年9月11日前组织实施" in said(papers[PaperKind.REPLY])


@pytest.mark.clause("5.2")
def test_a_plan_not_important_goes_out_by_notice() -> None:
    """The leading group's own approval: form and notice, no number of the committee."""
    papers = made(then(submitted(), take("approve"), LEADING, 12))
    assert list(papers) == [PaperKind.APPROVAL_FORM, PaperKind.NOTICE]
    assert papers[PaperKind.NOTICE].serial == ""
    assert "已经领导小组审批同意" in said(papers[PaperKind.NOTICE])


@pytest.mark.clause("4.3")
def test_unknown_members_are_said_and_not_counted_as_none() -> None:
    """待核 beside the sum, in the sentence and in the roster."""
    lead, other = (
        RosterLine("u1", "长乐电机厂", 3, 0, host=True),
        RosterLine("u2", "长乐五金厂", None, commitment_on=DAY),
    )
    papers = made(requested(gathering(lead, other)))
    assert "正式党员3名（另有1家待核）" in said(papers[PaperKind.REQUEST])
    (table,) = (block for block in papers[PaperKind.ROSTER].blocks if isinstance(block, Table))
    assert [row[2].zh for row in table.rows] == ["3", "待核"]
    assert table.total[2].zh == "3"


@pytest.mark.clause("A3")
def test_what_was_issued_comes_back_word_for_word() -> None:
    """Through JSON text and back every document is the same."""
    cases: list[Matter] = [matter(kind) for kind in Kind if kind is not Kind.PLAN] + [attachment()]
    for about in cases:
        for paper in made(requested(about)).values():
            assert paper_from_json(json.loads(json.dumps(paper_to_json(paper)))) == paper


@pytest.mark.parametrize(
    "wrong", [{}, {"format": "liangxin.paper/1", "is": "Table"}, {"format": "liangxin.paper/2"}]
)
def test_other_json_is_no_document(wrong: dict[str, str]) -> None:
    """Refused, not half read."""
    with pytest.raises((ValueError, TypeError)):
        paper_from_json(wrong)


def test_names_with_braces_and_brackets_stay_as_they_are() -> None:
    """{x}, <b>, & in a name are the name's own, in every sentence."""
    name = "A&B<b>{x}厂"
    lead, other = RosterLine("u1", name, 3, 0, host=True), RosterLine("u2", "乙厂", 1, commitment_on=DAY)
    papers = made(requested(gathering(lead, other)))
    assert f"{name}、乙厂现有" in said(papers[PaperKind.REQUEST])
    assert f"（主单位：{name}）" in said(papers[PaperKind.COMMITMENT])


def test_no_document_names_a_person() -> None:
    """Who acted is in the log, not on paper: neither leader nor secretary nor deputy."""
    case = then(requested(), take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, 12)
    for paper in (*made(requested()).values(), *made(case).values()):
        text = json.dumps(paper_to_json(paper), ensure_ascii=False)
        assert all(person.person.name not in text for person in (LEADER, SECRETARY))
