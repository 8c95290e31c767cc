"""What a case's page shows: the ways on with their fields and what each still lacks, and the other acts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import QueryDict

from liangxin import procedure
from liangxin.findings import Finding
from liangxin.procedure import (
    NEED_LABELS,
    Need,
    Options,
    Register,
    SerialState,
    Take,
    Today,
    Transition,
    count_vote,
    judge,
    rule_on,
    seats_for,
)
from liangxin.web.accounts.permission import Permit
from liangxin.web.procedures.actors import actor_of, readers
from liangxin.wording import Text

# Findings about these are there before anything is typed: they block the way whatever the form says.
STANDING: Final = ("roster", "operations", "")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form. ``kind``: text, words (several lines), date, number, choice, people, files."""

    name: str
    label: Text
    kind: str = "text"
    value: str = ""
    choices: Sequence[tuple[str, Text]] = ()
    help: Text | None = None
    optional: bool = False
    errors_of: str = ""  # the act's field under which the core reports on it


@dataclass(frozen=True, slots=True)
class Form:
    """An act that is open to the person. ``needs`` are said before the button; ``blocked``: why it cannot be done yet."""

    name: str
    label: Text
    fields: tuple[Field, ...] = ()
    needs: tuple[Text, ...] = ()
    blocked: tuple[Text, ...] = ()
    means: Text | None = None
    danger: bool = False
    vote: bool = False


_RETURNING: Final = ("give_up", "reject", "refuse", "annul")
_OPINION: Final = Text("意见", "Opinion")


def way_forms(
    case: procedure.Case, ways: Sequence[Transition], permit: Permit, today: Today, register: Register
) -> list[Form]:
    return [_way_form(case, way, permit, today, register) for way in ways]


def _way_form(
    case: procedure.Case, way: Transition, permit: Permit, today: Today, register: Register
) -> Form:
    found = judge(case, Take(transition=way.id), actor_of(permit), today)
    blocked = tuple(
        each.message
        for each in found
        if each.column_of in STANDING and each.code not in ("procedure.document_day",)
    )
    return Form(
        way.id,
        way.label,
        tuple(fields_of(way, today.day, register, case, today)),
        tuple(NEED_LABELS[need] for need in way.needs),
        blocked,
        danger=way.id in _RETURNING,
        vote=bool({Need.VOTE, Need.FAILED_VOTE} & set(way.needs)),
    )


def fields_of(
    way: Transition,
    day: date,
    register: Register,
    case: procedure.Case | None = None,
    today: Today | None = None,
) -> list[Field]:
    """The fields that a transition's needs ask for."""
    needs = set(way.needs)
    fields: list[Field] = []
    if {Need.VOTE, Need.FAILED_VOTE} & needs and case is not None and today is not None:
        fields += _vote_fields(case, today)
    if Need.MINUTES in needs:
        fields += [
            Field(
                "minutes_held_on",
                Text("会议日期", "Day of the meeting"),
                "date",
                day.isoformat(),
                errors_of="minutes",
            ),
            Field("minutes_entitled", Text("应到人数", "Entitled"), "number", errors_of="minutes"),
            Field("minutes_present", Text("实到人数", "Present"), "number", errors_of="minutes"),
            Field("minutes_in_favour", Text("赞成人数", "In favour"), "number", errors_of="minutes"),
        ]
    if Need.SERIAL in needs:
        upcoming = Text("下一个：{serial}", "the next one: {serial}").fill(serial=register.next.text)
        reserved = [
            (_text(register, line.number), Text("预留：{serial} {what}", "reserved: {serial} {what}").fill(
                serial=_text(register, line.number), what=line.what))
            for line in register.lines
            if line.state is SerialState.RESERVED
        ]  # fmt: skip
        fields.append(
            Field("serial", Text("发文字号", "Serial number"), "choice", "", [("", upcoming), *reserved])
        )
    if Need.SERIAL in needs or way.paper:
        fields.append(Field("on", Text("文件日期", "Day of the document"), "date", day.isoformat()))
    if way.effect == "annul" and case is not None:
        fields += _scope_fields(case)
    if Need.EVIDENCE in needs:
        from liangxin.web.procedures.evidence import ACCEPTED

        fields.append(Field("evidence", Text("佐证材料", "Evidence"), "files", help=ACCEPTED))
    if Need.REASON in needs:
        fields.append(Field("reason", Text("理由", "Reason"), "words"))
    elif way.decides or way.paper == "approval_form":
        fields.append(Field("reason", _OPINION, "words", optional=True))
    return fields


def _text(register: Register, number: int) -> str:
    return procedure.Serial(register.body, register.year, number).text


def _scope_fields(case: procedure.Case) -> list[Field]:
    """Of one reply for several cases: is this one's part annulled, or all of it?"""
    replied = case.reply
    shared = replied[1].jointly if replied is not None else None
    if replied is None or shared is None or replied[1].serial is None:
        return []
    whole = Text(
        "整个批复（{serial}共{n}件，还有效的一并废止）",
        "the whole reply ({serial} is for {n} cases; all that still hold)",
    )
    choices = [
        ("", Text("只废止本件", "this case only")),
        ("whole", whole.fill(serial=replied[1].serial.text, n=len(shared.cases))),
    ]
    return [Field("scope", Text("废止范围", "What is annulled"), "choice", "", choices)]


def _vote_fields(case: procedure.Case, today: Today) -> list[Field]:
    total = case.matter.full_members
    seats = seats_for(today.policy, total, today.day) if total else None
    earlier = _elected_before(case, today)
    open_seats = max(seats.fewest - earlier, 1) if seats else None
    fields = [
        Field("vote_held_on", Text("选举日期", "Day of the election"), "date", today.day.isoformat(), errors_of="vote"),
        Field("vote_entitled", Text("应到会人数", "Entitled"), "number", str(total or ""),
              help=Text("有选举权的正式党员", "full members with a vote"), errors_of="entitled vote"),
        Field("vote_present", Text("实到会人数", "Present"), "number", errors_of="present"),
        Field("vote_seats", Text("应选名额", "Seats"), "number", str(open_seats or ""),
              help=seats.words if seats else None, errors_of="seats"),
        Field("votes", Text("各候选人得票", "Votes of each candidate"), "text",
              help=Text("按选票上的顺序，用空格隔开，如 17 12 11；只记序号，不写姓名",
                        "in ballot order, with spaces, such as 17 12 11; numbers only, no names"), errors_of="votes vote"),
        Field("vote_reduced_to", Text("减为名额", "Seats reduced to"), "number", optional=True,
              help=Text("没有选满，到会半数以上同意减少名额时填；否则不填",
                        "where the seats were not filled and more than half of the meeting agreed to fewer; else empty"),
              errors_of="reduced_to"),
    ]  # fmt: skip
    if case.vote is not None:
        fields.insert(
            4,
            Field("vote_earlier", Text("前次已选出", "Elected before"), "number", str(earlier),
                  help=Text("另行选举前已选出的名额，不算在这次应选名额里",
                            "seats filled before this further ballot, not among its seats"), errors_of="earlier"),
        )  # fmt: skip
    return fields


def _elected_before(case: procedure.Case, today: Today) -> int:
    """Seats that the ballots so far have filled; a ballot that was not valid fills none."""
    vote = case.vote
    if vote is None:
        return 0
    return vote.earlier + len(count_vote(vote, rule_on(today.policy, vote.held_on)).elected)


def election_rule(today: Today) -> Text:
    return rule_on(today.policy, today.day).words


def other_forms(case: procedure.Case, open_: Options, permit: Permit, today: Today) -> list[Form]:
    """退回, 转办, 委托, 加签, 催办, 抄送, 撤回, those that are open."""
    group = case.matter.task_group
    others = [
        (str(key), Text(actor.person.name, actor.person.name), actor)
        for key, actor in readers(permit.town, group)
        if key != permit.user.pk
    ]
    everybody = [(key, name) for key, name, _ in others]
    handlers = [
        (key, name)
        for key, name, actor in others
        if case.step.action is not None and actor.may(case.step.action, group)
    ]
    soon = (today.day + timedelta(days=3)).isoformat()
    now = today.day.isoformat()
    reason = Field("reason", Text("理由", "Reason"), "words")
    by = Field("by", Text("时限", "By"), "date", soon)
    forms: list[Form] = []
    if open_.returns:
        steps = [(step.id, step.label) for step in reversed(open_.returns)]
        forms.append(
            Form("return", Text("退回", "Return"), (Field("step", Text("退到", "To"), "choice", steps[0][0], steps), reason),
                 means=Text("退到经过的一步，写明理由", "back to an earlier step, with the reason"))
        )  # fmt: skip
    if open_.withdraw:
        forms.append(
            Form("withdraw", Text("撤回", "Take back"), (reason,),
                 means=Text("自己报出的，别人还没有批准以前收回", "take back what you sent, before it is decided"))
        )  # fmt: skip
    if open_.hand_over and handlers:
        forms.append(
            Form("hand_over", Text("转办", "Hand over"),
                 (Field("to", Text("转给", "To"), "choice", "", handlers), by, _optional(reason)),
                 means=Text("由同样有权限的人接着办", "somebody with the same right goes on with it"))
        )  # fmt: skip
    if open_.delegate and everybody:
        days = (
            Field("since", Text("从", "From"), "date", now),
            Field("until", Text("到", "To"), "date", soon),
        )
        forms.append(
            Form("delegate", Text("委托", "Delegate"),
                 (Field("to", Text("委托", "To"), "choice", "", everybody), *days, _optional(reason)),
                 means=Text("这几天由别人代办这件事", "another person acts in your place for some days"))
        )  # fmt: skip
    if open_.countersign and everybody:
        question = Field("question", Text("请对方看什么", "What is asked"), "words")
        forms.append(
            Form("countersign", Text("加签", "Ask for an opinion"),
                 (Field("to", Text("请谁", "Whom"), "choice", "", everybody), by, question),
                 means=Text("先听别人的意见，答复以前不往下办", "the case waits for another person's opinion"))
        )  # fmt: skip
    if open_.remind:
        forms.append(
            Form("remind", Text("催办", "Remind"), (by, Field("words", Text("说明", "Words"), "words", optional=True)),
                 means=Text("请经办人在这天以前办", "ask for it to be done by a day"))
        )  # fmt: skip
    if open_.copy_to and everybody:
        forms.append(
            Form("copy_to", Text("抄送", "Send a copy"), (Field("to", Text("送给", "To"), "people", "", everybody),),
                 means=Text("让别人看到，不用办", "others see it; nothing waits for them"))
        )  # fmt: skip
    return forms


def _optional(field: Field) -> Field:
    from dataclasses import replace

    return replace(field, optional=True)


def answer_form() -> Form:
    yes_no = [("yes", Text("同意", "agree")), ("no", Text("不同意", "disagree"))]
    return Form(
        "answer",
        Text("答复加签", "Give your opinion"),
        (
            Field("agrees", _OPINION, "choice", "yes", yes_no),
            Field("opinion", Text("说明", "In words"), "words"),
        ),
    )


def shown(form: Form, given: QueryDict | None, findings: Sequence[Finding], lang: str) -> dict[str, Any]:
    """A form for the template: each field with what was typed and what is wrong with it."""
    rows: list[dict[str, Any]] = []
    said: set[int] = set()
    for field in reversed(form.fields):  # what is about several fields is said once, below the last of them
        names = {field.name, *field.errors_of.split()}
        about = [(at, each) for at, each in enumerate(findings) if each.column_of in names]
        value: str | list[str] = field.value
        if given is not None:
            value = given.getlist(field.name) if field.kind == "people" else given.get(field.name, "")
        rows.append(
            {
                "field": field,
                "value": value,
                "bad": bool(about),
                "wrong": [
                    each.sentence("en" if lang == "en" else "zh") for at, each in about if at not in said
                ],
            }
        )
        said |= {at for at, _ in about}
    rows.reverse()
    return {"form": form, "rows": rows, "open": given is not None}
