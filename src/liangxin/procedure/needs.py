"""Is what a transition asks for there, and does it hold together: roster, commitments, minutes, number, vote, evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from liangxin.findings import Finding, InputError
from liangxin.policy.model import Policy
from liangxin.procedure.acts import Minutes, Take
from liangxin.procedure.case import Case
from liangxin.procedure.effects import annulments, effects
from liangxin.procedure.election import Vote, count_vote, judge_vote, rule_on
from liangxin.procedure.matter import Kind, Matter
from liangxin.procedure.refusing import refusal
from liangxin.procedure.serial import Register, Serial
from liangxin.procedure.table import NEED_LABELS, Need, Transition
from liangxin.structure import Attach, Found, SplitOff, Tree, apply_all
from liangxin.structure.draft import OWN_MEMBERS

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_WITH_UNITS: Final = frozenset({"branch", "joint_branch", "group"})


def judge_matter(matter: Matter) -> tuple[Finding, ...]:
    """What is wrong with the matter itself, at whatever step."""
    findings: list[Finding] = []
    if not matter.title.strip():
        findings.append(refusal("title", "没有写事由", "there is no title", field="title"))
    seen: set[str] = set()
    for line in matter.roster:
        if line.unit in seen:
            findings.append(
                refusal(
                    "roster_twice",
                    "名册上{name}出现两次",
                    "{name} is on the roster twice",
                    field="roster",
                    name=line.name,
                )
            )
        seen.add(line.unit)
        if any(count is not None and count < 0 for count in (line.full_members, line.probationary_members)):
            findings.append(
                refusal(
                    "roster_count",
                    "{name}的党员数小于0",
                    "{name} has fewer than 0 members",
                    field="roster",
                    name=line.name,
                )
            )
    allowed = matter.kind.operations
    for operation in matter.operations:
        if not isinstance(operation, allowed):
            findings.append(
                refusal(
                    "wrong_operation",
                    "“{kind}”不能办理“{what}”",
                    "“{kind}” cannot do “{what}”",
                    field="operations",
                    kind=matter.kind.label,
                    what=operation.label(),
                )
            )
    units = set(_units(matter))
    if units and units != seen:
        missing, extra = sorted(units - seen), sorted(seen - units)
        findings.append(
            refusal(
                "roster_differs",
                "名册和要办理的单位不一致：名册缺{missing}，多{extra}",
                "the roster and the units concerned differ: {missing} missing, {extra} too many",
                field="roster",
                missing="、".join(missing) or "—",
                extra="、".join(extra) or "—",
            )
        )
    return tuple(findings)


def _units(matter: Matter) -> Iterator[str]:
    for operation in matter.operations:
        if isinstance(operation, Found | SplitOff | Attach):
            yield from operation.units


def judge_needs(
    case: Case,
    transition: Transition,
    act: Take,
    day: date,
    policy: Policy,
    register: Register | None,
    tree: Tree | None,
) -> list[Finding]:
    """Everything that is missing or wrong for this transition; ``day`` is that of the document."""
    findings: list[Finding] = []
    for need in transition.needs:
        findings += _judge_need(need, case, act, day, policy, agreeing=transition.effect == "perform")
    if act.serial is not None:
        findings += _judge_serial(case, act.serial, day, register)
    if not findings and tree is not None and transition.effect and act.serial is not None:
        findings += _judge_effect(case, transition, act, act.serial, day, tree)
    return findings


def _judge_need(
    need: Need, case: Case, act: Take, day: date, policy: Policy, *, agreeing: bool
) -> list[Finding]:
    match need:
        case Need.REASON:
            return [] if act.reason.strip() else [_missing(need, "reason")]
        case Need.EVIDENCE:
            return _judge_evidence(act)
        case Need.ROSTER:
            return [] if case.matter.roster or not _roster_due(case.matter) else [_missing(need, "roster")]
        case Need.COMMITMENTS:
            return _judge_commitments(case.matter, day)
        case Need.OPERATIONS:
            return [] if case.matter.operations else [_missing(need, "operations")]
        case Need.MINUTES:
            if act.minutes is None:
                return [_missing(need, "minutes")]
            return _judge_minutes(act.minutes, case, day, agreeing=agreeing)
        case Need.SERIAL:
            return [] if act.serial is not None else [_missing(need, "serial")]
        case Need.VOTE | Need.FAILED_VOTE:
            return _judge_result(need, case, act, day, policy)


def _missing(need: Need, field: str) -> Finding:
    return refusal("missing", "还缺：{need}", "still missing: {need}", field=field, need=NEED_LABELS[need])


def _roster_due(matter: Matter) -> bool:
    """An organization that only leads others (a general branch, a committee) may have no unit of its own."""
    if matter.kind is Kind.FOUND:
        return matter.organization_type in _WITH_UNITS
    return matter.kind in (Kind.PLAN, Kind.SPLIT_OFF)


def _judge_evidence(act: Take) -> list[Finding]:
    if not act.evidence:
        return [_missing(Need.EVIDENCE, "evidence")]
    return [
        refusal(
            "evidence",
            "佐证材料“{name}”没有名称或校验值",
            "the evidence “{name}” has no name or no digest",
            field="evidence",
            name=each.name,
        )
        for each in act.evidence
        if not each.name.strip() or _DIGEST.fullmatch(each.sha256) is None
    ]


def _judge_commitments(matter: Matter, day: date) -> list[Finding]:
    findings = []
    for line in matter.attached():
        if line.commitment_on is None:
            findings.append(
                refusal(
                    "no_commitment",
                    "{name}还没有签承诺书",
                    "{name} has not signed its commitment",
                    field="roster",
                    name=line.name,
                )
            )
        elif line.commitment_on > day:
            findings.append(
                refusal(
                    "commitment_later",
                    "{name}的承诺书日期{signed}晚于{day}",
                    "the commitment of {name}, of {signed}, is after {day}",
                    field="roster",
                    name=line.name,
                    signed=line.commitment_on.isoformat(),
                    day=day.isoformat(),
                )
            )
    return findings


def _judge_minutes(minutes: Minutes, case: Case, day: date, *, agreeing: bool) -> list[Finding]:
    """The meeting lies between the request and the reply, its numbers are possible, and agreement has the majority."""
    findings = []
    if not case.since <= minutes.held_on <= day:
        findings.append(
            refusal(
                "meeting_day",
                "会议日期{held}应在收到请示的{since}至批复的{day}之间",
                "the meeting, of {held}, is to be between the request on {since} and the reply on {day}",
                field="minutes",
                held=minutes.held_on.isoformat(),
                since=case.since.isoformat(),
                day=day.isoformat(),
            )
        )
    possible = 0 <= minutes.in_favour <= minutes.present <= minutes.entitled and minutes.entitled >= 1
    if not possible:
        findings.append(
            refusal(
                "meeting_numbers",
                "应到{entitled}人、实到{present}人、赞成{in_favour}人，数目对不上",
                "{entitled} entitled, {present} present, {in_favour} in favour: these numbers do not fit together",
                field="minutes",
                entitled=minutes.entitled,
                present=minutes.present,
                in_favour=minutes.in_favour,
            )
        )
    elif agreeing and 2 * minutes.in_favour <= minutes.entitled:
        findings.append(
            refusal(
                "meeting_majority",
                "应到{entitled}人，赞成{in_favour}人，没有过半，不能批复同意",
                "{in_favour} of {entitled} entitled are in favour: no majority, so the reply cannot agree",
                field="minutes",
                entitled=minutes.entitled,
                in_favour=minutes.in_favour,
            )
        )
    return findings


def _judge_serial(case: Case, serial: Serial, day: date, register: Register | None) -> list[Finding]:
    findings = []
    if serial.year != day.year:
        findings.append(
            refusal(
                "serial_year",
                "{serial}是{year}年的号，文件日期却是{day}",
                "{serial} is a number of {year}, the document is of {day}",
                field="serial",
                serial=serial.text,
                year=serial.year,
                day=day.isoformat(),
            )
        )
    for _, used in case.serials:
        if used == serial:
            findings.append(
                refusal(
                    "serial_used",
                    "{serial}在这件事里已经用过",
                    "{serial} is already used in this case",
                    field="serial",
                    serial=serial.text,
                )
            )
    if register is not None and (register.body, register.year) == (serial.body, serial.year):
        findings += register.refusals(day, serial.number)
    return findings


def _judge_result(need: Need, case: Case, act: Take, day: date, policy: Policy) -> list[Finding]:
    vote = act.vote
    if vote is None:
        return [_missing(need, "vote")]
    findings = list(judge_vote(vote, policy, case.matter.organization_type))
    if not case.since <= vote.held_on <= day:
        findings.append(
            refusal(
                "vote_day",
                "选举日期{held}应在{since}至{day}之间",
                "the election, of {held}, is to be between {since} and {day}",
                field="vote",
                held=vote.held_on.isoformat(),
                since=case.since.isoformat(),
                day=day.isoformat(),
            )
        )
    findings += _judge_earlier(case, vote, policy)
    total = case.matter.full_members
    if _own_members(case.matter) and total is not None and vote.entitled > total:
        findings.append(
            refusal(
                "vote_entitled",
                "应到会{entitled}人，名册上正式党员只有{total}名",
                "{entitled} are said to be entitled, the roster has {total} full members",
                field="vote",
                entitled=vote.entitled,
                total=total,
            )
        )
    if findings:
        return findings
    result = count_vote(vote, rule_on(policy, vote.held_on))
    if result.filled is (need is Need.VOTE):
        return []
    if need is Need.VOTE:
        return [refusal("not_elected", "{words}", "{words}", field="vote", words=result.words)]
    return [
        refusal(
            "elected",
            "{words}：已经选出，请报告选举结果",
            "{words}: the seats are filled, report the result",
            field="vote",
            words=result.words,
        )
    ]


def _judge_earlier(case: Case, vote: Vote, policy: Policy) -> list[Finding]:
    """A further ballot fills what the one before left open; one that begins anew says nothing of an earlier one."""
    if vote.earlier == 0:
        return []
    filled = left = 0
    failed = case.last("vote_again")
    if failed is not None and failed[1].vote is not None:
        before = failed[1].vote
        elected = len(count_vote(before, rule_on(policy, before.held_on)).elected)
        filled, left = before.earlier + elected, before.seats - elected
    if (vote.earlier, vote.seats) == (filled, left):
        return []
    return [
        refusal(
            "vote_earlier",
            "前次选出{filled}名、尚缺{left}名，填的却是前次{earlier}名、这次应选{seats}名",
            "before, {filled} were elected and {left} seats are left; entered are {earlier} before and {seats} now",
            field="vote",
            filled=filled,
            left=left,
            earlier=vote.earlier,
            seats=vote.seats,
        )
    ]


def _own_members(matter: Matter) -> bool:
    """Is everybody entitled on the roster? Not where an instructor moves in (2.2) or mobile members make the branch."""
    return any(
        isinstance(operation, Found | SplitOff) and operation.units and operation.form in OWN_MEMBERS
        for operation in matter.operations
    )


def _judge_effect(
    case: Case, transition: Transition, act: Take, serial: Serial, day: date, tree: Tree
) -> list[Finding]:
    """The tree itself says whether the reply, or its annulment, can be done."""
    try:
        if transition.effect == "perform":
            apply_all(tree, effects(case, serial, day))
        else:
            apply_all(tree, annulments(case, tree, serial, day, act.reason))
    except InputError as refused:
        return list(refused.findings)
    return []
