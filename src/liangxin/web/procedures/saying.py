"""A case in words: what each event of its log did, what its operations change, and what should be looked at before the button."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from liangxin import procedure
from liangxin.findings import InputError
from liangxin.policy.model import Policy
from liangxin.procedure import (
    Answer,
    CopyTo,
    Countersign,
    Delegate,
    HandOver,
    Kind,
    Leadership,
    Remind,
    Return,
    Revise,
    Start,
    Take,
    TakeBack,
    Withdraw,
    election_due,
    important,
)
from liangxin.web.areas.models import Town
from liangxin.web.units.live import live
from liangxin.wording import Text, join

if TYPE_CHECKING:
    from liangxin.structure import DayTree, Operation

MOST_CHANGES: Final = 30
_UNKNOWN: Final = Text("待核", "to verify")
FIGURES: Final = {
    "units": Text("单位", "units"),
    "organizations": Text("新建党组织", "new organizations"),
    "general_branches": Text("新建党总支", "new general branches"),
    "upgrades": Text("升格", "upgrades"),
    "dissolved": Text("撤销", "dissolved"),
    "required_left_out": Text("应建没有安排", "required and left out"),
    "conflicts": Text("矛盾", "conflicts"),
}


def deed(case: procedure.Case, event: procedure.Event) -> Text:
    """What an event did, in a few words."""
    match event.act:
        case Start():
            return Text("发起", "began it")
        case Revise():
            return Text("修改了内容", "changed the matter")
        case Take() as act:
            return case.procedure.transitions[act.transition].label
        case Return(step, _):
            return Text("退回到“{step}”", "returned it to “{step}”").fill(
                step=case.procedure.steps[step].label
            )
        case HandOver(to, by, _):
            return Text("转{name}办理，{by}前", "handed it over to {name}, by {by}").fill(
                name=to.person.name, by=by
            )
        case Delegate(to, since, until, _):
            return Text("委托{name}，{since}至{until}", "delegated to {name}, {since} to {until}").fill(
                name=to.person.name, since=since, until=until
            )
        case Countersign(to, by, _):
            return Text("请{name}加签，{by}前", "asked {name} for an opinion, by {by}").fill(
                name=to.person.name, by=by
            )
        case Answer(agrees, _):
            return (
                Text("加签意见：同意", "opinion: agrees")
                if agrees
                else Text("加签意见：不同意", "opinion: disagrees")
            )
        case TakeBack():
            return Text("收回加签", "took the question back")
        case Remind(by, _):
            return Text("催办，请在{by}前办理", "reminded: by {by}").fill(by=by)
        case CopyTo(to):
            names = join([Text(each.person.name, each.person.name) for each in to], "、", ", ")
            return Text("抄送{names}", "sent copies to {names}").fill(names=names)
        case Withdraw():
            return Text("撤回", "took it back")


def written(event: procedure.Event) -> str:
    """The person's own words with it."""
    match event.act:
        case Take(reason=words) | Return(reason=words) | HandOver(reason=words) | Delegate(reason=words):
            return words
        case Withdraw(reason=words) | TakeBack(reason=words) | Remind(words=words):
            return words
        case Countersign(question=words) | Answer(opinion=words):
            return words
        case _:
            return ""


def particulars(event: procedure.Event, policy: Policy) -> list[Text]:
    """What a transition carried: number and day of its document, the meeting, the vote, files."""
    from liangxin.procedure import count_vote, rule_on

    if not isinstance(event.act, Take):
        return []
    found: list[Text] = []
    act = event.act
    if act.serial is not None:
        found.append(Text(act.serial.text, act.serial.text))
    if act.jointly is not None:
        found.append(Text("一个文件，共{n}件", "one document for {n} cases").fill(n=len(act.jointly.cases)))
    if act.on is not None and act.on != event.on:
        found.append(Text("文件日期{day}", "dated {day}").fill(day=act.on))
    if act.minutes is not None:
        found.append(
            Text(
                "{day}会议，应到{entitled}人、实到{present}人、赞成{in_favour}人",
                "meeting of {day}: {entitled} entitled, {present} present, {in_favour} in favour",
            ).fill(
                day=act.minutes.held_on,
                entitled=act.minutes.entitled,
                present=act.minutes.present,
                in_favour=act.minutes.in_favour,
            )
        )
    if act.vote is not None:
        result = count_vote(act.vote, rule_on(policy, act.vote.held_on))
        found.append(
            Text("{day}选举：{words}", "election of {day}: {words}").fill(
                day=act.vote.held_on, words=result.words
            )
        )
    found += [Text(each.name, each.name) for each in act.evidence]
    return found


def operations(given: Sequence[Operation], now: DayTree) -> list[Text]:
    from liangxin.web.organizations.forms import described

    return [described(each, now) for each in given]


def figures(matter: procedure.Matter) -> list[tuple[Text, int]]:
    """A plan's counts, those that are not zero."""
    found = [(label, getattr(matter.figures, name)) for name, label in FIGURES.items()]
    return [(label, count) for label, count in found if count]


def why_important(matter: procedure.Matter, policy: Policy) -> list[Text]:
    return [each.label for each in important(matter, policy)] if matter.kind is procedure.Kind.PLAN else []


def warnings(town: Town, case: procedure.Case) -> list[Text]:
    """What somebody should look at: conflicts of the units by the policy, and a ledger that has moved on."""
    import polars as pl

    if case.closed or case.reply is not None:
        return []
    shown = live(town)
    rows = shown.classified.frame.filter(pl.col("unit_id").is_in([line.unit for line in case.matter.roster]))
    by_id = {row["unit_id"]: row for row in rows.iter_rows(named=True)}
    rules = {rule.id: rule.message for rule in shown.policy.conflicts}
    limits = {
        id: f"{shown.policy.parameter(id):g}"
        for id in shown.policy.parameters
        if _is_number(shown.policy, id)
    }
    found: list[Text] = []
    for line in case.matter.roster:
        row = by_id.get(line.unit)
        if row is None:
            gone = Text("{name}：台账里已经没有", "{name}: no longer in the ledger")
            found.append(gone.fill(name=line.name))
            continue
        found += [_with_facts(rules[id], row | limits) for id in row["conflicts"] or () if id in rules]
        if row["full_members"] != line.full_members:
            differs = Text(
                "{name}：名册写正式党员{then}名，台账现在是{now}",
                "{name}: the roster says {then} full members, the ledger now {now}",
            )
            then, now = (
                _UNKNOWN if count is None else str(count)
                for count in (line.full_members, row["full_members"])
            )
            found.append(differs.fill(name=row["name"], then=then, now=now))
        if row["in_scope"] is False:
            outside = Text("{name}：已不在组建范围", "{name}: no longer in scope")
            found.append(outside.fill(name=row["name"]))
    return found


def _is_number(policy: Policy, id: str) -> bool:
    return isinstance(policy.parameters[id].on(policy.as_of).value, int | float)


class _Facts(dict[str, object]):
    """A unit's facts for a policy's sentence; a parameter that no unit has stays open."""

    def __missing__(self, name: str) -> str:
        return "…"


def _with_facts(message: Text, row: dict[str, object]) -> Text:
    def filled(words: str, unknown: str) -> str:
        return words.format_map(_Facts({k: unknown if v is None else v for k, v in row.items()}))

    return Text(filled(message.zh, _UNKNOWN.zh), filled(message.en, _UNKNOWN.en))


def would_change(town: Town, case: procedure.Case, day: date) -> tuple[list[Text], list[Text]]:
    """What the reply would change in the tree, and why it cannot where it cannot; nothing is done."""
    from liangxin.procedure import effects
    from liangxin.structure import apply_all, difference
    from liangxin.web.organizations.queries import judged
    from liangxin.web.procedures.queries import register_of

    if not case.matter.operations or case.reply is not None or case.closed:
        return [], []
    before = judged(town)
    try:
        after = apply_all(before, effects(case, register_of(town, day.year).next, day))
    except InputError as refused:
        return [], [each.message for each in refused.findings]
    changes = [each.text for each in difference(before.on(day), after.on(day))]
    return changes[:MOST_CHANGES], []


def act_label(case: procedure.Case, act: procedure.Act) -> Text:
    """What an act is called, for the message after it."""
    if isinstance(act, Take):
        return case.procedure.transitions[act.transition].label
    return _ACTS.get(type(act), Text("办理", "done"))


_ACTS: Final = {
    Revise: Text("修改", "change"),
    Return: Text("退回", "return"),
    HandOver: Text("转办", "hand over"),
    Delegate: Text("委托", "delegate"),
    Countersign: Text("加签", "ask for an opinion"),
    Answer: Text("答复加签", "opinion"),
    TakeBack: Text("收回加签", "take the question back"),
    Remind: Text("催办", "remind"),
    CopyTo: Text("抄送", "copy"),
    Withdraw: Text("撤回", "take back"),
}


def act_name(act: type[procedure.Act]) -> str:
    """HandOver: hand_over, as the log and the addresses of the site have it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", act.__name__).lower()


def words_of_acts() -> dict[str, Text]:
    """The acts that no table has, by the names the audit log keeps them under."""
    return {act_name(act): words for act, words in _ACTS.items()}


def leaderships() -> list[tuple[str, Text]]:
    return [(each.value, each.label) for each in procedure.Leadership]


def steps(case: procedure.Case, policy: Policy) -> list[procedure.Step]:
    """The steps of this case's way through: those passed, and those ahead where nothing is returned or refused."""
    passed = {event.step for event in case.history if event.step is not None}
    elects = election_due(case.matter, policy) and case.matter.leadership is Leadership.ELECTED
    found: list[procedure.Step] = []
    for step in case.procedure.steps.values():
        if step.id in passed or step.id == case.step.id:
            found.append(step)
        elif (
            case.closed
            or (step.final and step.id != "done")
            or (step.id in ("election", "result") and not elects)
            or (
                step.id == "committee"
                and case.matter.kind is Kind.PLAN
                and not important(case.matter, policy)
            )
        ):
            continue
        else:
            found.append(step)
    return found
