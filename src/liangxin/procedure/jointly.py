"""Several cases decided in one meeting by one document under one number (5.2, A3), or that reply annulled as a whole.

Each case gets an event of its own that names the others, so each goes its own way afterwards: election, filing, or an
annulment of its part alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from liangxin.findings import Finding, InputError, Place
from liangxin.procedure.actor import Actor
from liangxin.procedure.acts import Jointly, Take
from liangxin.procedure.case import Case
from liangxin.procedure.effects import annulments, performed
from liangxin.procedure.judging import apply, judge
from liangxin.procedure.paper_jointly import joint_title
from liangxin.procedure.paper_words import Names
from liangxin.procedure.refusing import refusal
from liangxin.procedure.serial import Serial
from liangxin.procedure.table import Transition
from liangxin.procedure.today import Today
from liangxin.structure import Annul, Operation, Tree, apply_all


def is_joint(way: Transition) -> bool:
    """Can one document take this way for several cases? Where it changes the tree: replies that agree, and annulments."""
    return bool(way.effect)


def apply_jointly(
    cases: Sequence[Case], act: Take, actor: Actor, today: Today, *, versions: Sequence[int] | None = None
) -> tuple[Case, ...]:
    """The cases, each one event on, decided by one document; the tree is to be changed by ``joint_effects`` in one step.

    ``today.tree`` is needed: it is asked whether all can be done together, and how the organizations are called.
    ``versions``: those on the screen, in the order of the cases. ``InputError`` with every reason, by the case's title.
    """
    if today.tree is None:
        raise ValueError("cases are decided together by the tree they change")
    findings = list(_judge_together(cases, act))
    alone = replace(today, tree=None)
    for at, case in enumerate(cases):
        seen = versions[at] if versions is not None else None
        findings += _placed(case, judge(case, act, actor, alone, version=seen))
    if findings:
        raise InputError(findings)
    names = Names.of(
        today.tree.on(act.on or today.day), [line for case in cases for line in case.matter.roster], {}
    )
    replied = cases[0].reply
    earlier = replied[1].jointly if replied is not None else None
    title = earlier.title if earlier is not None else joint_title(cases, names)
    shared = replace(act, jointly=Jointly(tuple(case.id for case in cases), title))
    after = tuple(apply(case, shared, actor, alone) for case in cases)
    _judge_tree(after, today.tree)
    return after


def joint_effects(cases: Sequence[Case], tree: Tree) -> tuple[Operation, ...]:
    """What the last event of the cases does to the tree, all of it: the operations in the order of the document, or the
    annulment of each of their entries, the last one first."""
    event = cases[0].history[-1]
    act = event.act
    if not isinstance(act, Take) or act.serial is None or act.jointly is None:
        raise ValueError("these cases were not decided together")
    if cases[0].procedure.transitions[act.transition].effect == "perform":
        return tuple(operation for case in cases for operation in performed(case))
    return _annulled(cases, tree, act.serial, cases[0].day_of(event), act.reason)


def _annulled(cases: Sequence[Case], tree: Tree, serial: Serial, day: date, reason: str) -> tuple[Annul, ...]:
    entries = [each for case in cases for each in annulments(case, tree, serial, day, reason)]
    return tuple(sorted(entries, key=lambda each: each.entry, reverse=True))


def _judge_together(cases: Sequence[Case], act: Take) -> list[Finding]:
    """What is asked of the cases as a whole; the rest is asked of each."""
    if len(cases) < 2 or max(Counter(case.id for case in cases).values()) > 1:
        return [
            refusal(
                "joint_few",
                "一个文件至少办两件不同的事项",
                "one document is for two cases or more, each once",
            )
        ]
    found: list[Finding] = []
    way = cases[0].procedure.transitions.get(act.transition)
    if way is None or not is_joint(way) or len({(case.procedure.id, case.matter.kind) for case in cases}) > 1:
        found.append(
            refusal(
                "joint_unlike",
                "一个文件只办同一类事项的批复或废止",
                "one document is for replies, or annulments, of one kind of matter",
            )
        )
    elif way.effect == "annul" and len({_reply_of(case) for case in cases} | {""}) != 2:
        found.append(
            refusal(
                "joint_replies", "这些事项不是同一个批复办的", "these cases were not decided by one reply"
            )
        )
    if len({case.matter.task_group for case in cases}) > 1:
        # Whoever may see one of the cases reads the whole document: rosters of another group are not for them.
        found.append(
            refusal(
                "joint_groups",
                "一个文件只办一个推进组的事项，请按推进组分开",
                "one document is for the cases of one task group; do each group's apart",
            )
        )
    return found


def _reply_of(case: Case) -> str:
    """The number of the one reply by which the case was decided with others; "" where it was not."""
    replied = case.reply
    if replied is None or replied[1].jointly is None or replied[1].serial is None:
        return ""
    return replied[1].serial.text


def _judge_tree(cases: Sequence[Case], tree: Tree) -> None:
    """Can the tree take all of it at once? The reasons of those that cannot even be done alone are said by their title."""
    try:
        apply_all(tree, joint_effects(cases, tree))
    except InputError as together:
        findings: list[Finding] = []
        for case in cases:
            try:
                apply_all(tree, joint_effects((case,), tree))
            except InputError as refused:
                findings += _placed(case, refused.findings)
        raise InputError(findings or together.findings) from together


def _placed(case: Case, findings: Sequence[Finding]) -> list[Finding]:
    return [replace(each, place=Place(file=case.matter.title)) for each in findings]
