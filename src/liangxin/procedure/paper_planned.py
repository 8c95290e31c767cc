"""Documents of plan approval (5.2): the approval form 审批表 of the leading group, and the town committee's reply."""

from __future__ import annotations

from liangxin.procedure.acts import Answer
from liangxin.procedure.case import Case, Event
from liangxin.procedure.guards import important
from liangxin.procedure.matter import Matter
from liangxin.procedure.paper import Block, Form, FormRow, Paper, PaperKind, Paragraph
from liangxin.procedure.paper_case import (
    facts_of,
    meeting,
    number_of,
    plan_reply_title,
    points_under,
    take_of,
)
from liangxin.procedure.paper_office import Office
from liangxin.procedure.paper_roster import members, roster_annex
from liangxin.procedure.paper_words import Names, day_words, same
from liangxin.structure import DayTree
from liangxin.wording import Text, join

_VERDICTS = {
    "approve": Text("同意。", "Approved."),
    "report": Text("同意，报镇党委研究。", "Approved, and reported to the town committee."),
    "report_anyway": Text("提请镇党委研究。", "Referred to the town committee."),
    "reject": Text("不同意。", "Refused."),
}


def approval_form(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """审批表: what the plan holds in figures, the group's proposal, opinions asked for, the leading group's verdict."""
    matter, day, act = case.matter, case.day_of(event), take_of(event)
    sent = case.last("submit")
    verdict = _VERDICTS[act.transition]
    if act.reason:
        verdict = Text("{verdict}{reason}", "{verdict} {reason}").fill(verdict=verdict, reason=act.reason)
    reasons = [each.label for each in important(matter, office.policy)]
    rows = [
        FormRow(((Text("方案名称", "Plan"), same(matter.title)),)),
        FormRow(
            (
                (Text("提出单位", "Proposed by"), office.group(matter.task_group)),
                (
                    Text("报送日期", "Sent on"),
                    same("—") if sent is None else day_words(case.day_of(sent[0])),
                ),
            )
        ),
        *_figure_rows(matter),
        FormRow(
            (
                (
                    Text("重大问题", "Important matters"),
                    join(reasons, "、", ", ") if reasons else Text("无", "none"),
                ),
            )
        ),
        FormRow(
            (
                (
                    Text("推进组意见", "The task group"),
                    Text(
                        "拟按方案组建，名册附后，请审批。",
                        "To be carried out as planned; the roster is annexed.",
                    ),
                ),
            ),
            26,
            _SIGN,
        ),
    ]
    opinions = _opinions(case)
    if opinions is not None:
        rows.append(FormRow(((Text("征求意见", "Opinions"), opinions),), 18))
    rows.append(
        FormRow(((Text("领导小组意见", "The leading group"), verdict),), 32, _signed_on(day_words(day)))
    )
    if act.transition in ("report", "report_anyway"):
        rows.append(FormRow(((Text("镇党委意见", "The town committee"), same("")),), 32, _SIGN))
    title = Text("两新组织组建方案审批表", "Approval form of a plan")
    return Paper(
        PaperKind.APPROVAL_FORM,
        title,
        (Form(tuple(rows)),),
        office.style.id,
        annexes=(roster_annex(matter, Text("方案单位名册", "Units of the plan"), day),)
        if matter.roster
        else (),
        facts=facts_of(case, office, Names.of(tree, matter.roster, office.places)),
    )


_SIGN = Text("（签章）　　　　年　　月　　日", "(signature, seal)  ____-__-__")


def _signed_on(day: Text) -> Text:
    return Text("（签章）　　{day}", "(signature, seal)  {day}").fill(day=day)


def _figure_rows(matter: Matter) -> list[FormRow]:
    figures = matter.figures

    def row(*fields: tuple[Text, int]) -> FormRow:
        return FormRow(tuple((label, same(count)) for label, count in fields))

    return [
        row(
            (Text("涉及单位（家）", "Units"), figures.units),
            (Text("新建党组织（个）", "New"), figures.organizations),
        ),
        row(
            (Text("党总支（个）", "General branches"), figures.general_branches),
            (Text("升格（个）", "Upgrades"), figures.upgrades),
        ),
        row(
            (Text("撤销（个）", "Dissolved"), figures.dissolved),
            (Text("应建未安排（家）", "Required, left out"), figures.required_left_out),
        ),
        FormRow(
            (
                (Text("规则冲突（处）", "Conflicts"), same(figures.conflicts)),
                (Text("现有党员", "Members"), members(matter.roster) if matter.roster else same("—")),
            )
        ),
    ]


def _opinions(case: Case) -> Text | None:
    """What those asked have answered (加签), without names: agreed or not, and their words."""
    said = [
        Text("{verdict}{opinion}", "{verdict}{opinion}").fill(
            verdict=Text("同意", "agrees") if event.act.agrees else Text("不同意", "does not agree"),
            opinion=Text("：{words}", ": {words}").fill(words=event.act.opinion)
            if event.act.opinion
            else same(""),
        )
        for event in case.history
        if isinstance(event.act, Answer)
    ]
    return join(said) if said else None


def plan_reply(case: Case, event: Event, office: Office, tree: DayTree) -> Paper:
    """批复 of the town committee on a plan, to the task group that carries it out."""
    matter, day, act = case.matter, case.day_of(event), take_of(event)
    sent = case.last("submit")
    opening = Text(
        "你们报送的《{title}》{asked}收悉。经领导小组审核、{meeting}研究，现批复如下：",
        "Your “{title}”{asked} has been received. The leading group has reviewed it; the committee{meeting} replies:",
    ).fill(
        title=matter.title,
        asked=same("")
        if sent is None
        else Text("（{day}）", " of {day}").fill(day=day_words(case.day_of(sent[0]))),
        meeting=meeting(act),
    )
    points = [Text("{what}。", "{what}.").fill(what=_agreed(matter)), *_carry_out(event)]
    body: list[Block] = [
        Paragraph(opening),
        *points_under(points),
        Paragraph(Text("此复。", "This is our reply.")),
    ]
    return Paper(
        PaperKind.REPLY,
        plan_reply_title(matter),
        tuple(body),
        office.style.id,
        head=office.head(office.committee, number_of(act, office, day)),
        addressees=office.group(matter.task_group),
        annexes=(roster_annex(matter, Text("方案单位名册", "Units of the plan"), day),)
        if matter.roster
        else (),
        signed=office.committee,
        day=day,
        imprint=office.imprint(day, "批复", office.leading_group),
        facts=facts_of(case, office, Names.of(tree, matter.roster, office.places)),
    )


def _agreed(matter: Matter) -> Text:
    """同意方案：涉及单位N家，新建党组织N个…: only what is not nothing."""
    figures = matter.figures
    said = [Text("涉及单位{count}家", "units: {count}").fill(count=figures.units)]
    if figures.organizations:
        words = Text("新建党组织{count}个", "new organizations: {count}").fill(count=figures.organizations)
        if figures.general_branches:
            words = Text("{words}（其中党总支{count}个）", "{words} (general branches: {count})").fill(
                words=words, count=figures.general_branches
            )
        said.append(words)
    if figures.upgrades:
        said.append(Text("升格{count}个", "upgrades: {count}").fill(count=figures.upgrades))
    if figures.dissolved:
        said.append(Text("撤销{count}个", "dissolved: {count}").fill(count=figures.dissolved))
    if figures.required_left_out:
        said.append(
            Text(
                "应建单位尚有{count}家未安排，须另提措施",
                "required units left out, which need a measure: {count}",
            ).fill(count=figures.required_left_out)
        )
    return Text("同意该方案，{what}", "The plan is agreed: {what}").fill(what=join(said, "，", ", "))


def _carry_out(event: Event) -> list[Text]:
    by = (
        Text("抓紧", " soon")
        if event.due is None
        else Text("于{day}前", " by {day}").fill(day=day_words(event.due.on))
    )
    return [
        Text(
            "请{by}组织实施，逐个党组织报送请示。", "Carry it out{by}, with a request for each organization."
        ).fill(by=by),
        Text("实施中遇到重大问题，及时报告。", "Report important matters that arise at once."),
    ]
