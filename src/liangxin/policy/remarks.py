"""What is no error in a policy and yet worth a look: prose of another town's, numbers that nothing reads, odd days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from liangxin.findings import Finding, Place, Severity
from liangxin.policy.overlay import combined, day_of, is_overlay
from liangxin.wording import Text
from liangxin.yaml_tree import Items, Node, Scalar, Table

PROSE: Final[dict[str, Text]] = {
    "texts": Text("引文", "prose"),
    "milestones": Text("时间表", "milestones"),
    "style": Text("文号和公文格式", "serial number and style"),
    "clauses": Text("条款原话", "words of clauses"),
}
"""Sections that speak of one notice only. Inherited, they say another notice's words and days."""
READ_BY_THE_PROGRAM: Final = frozenset(
    {
        "branch_committee_full_members", "branch_committee_seats_min", "branch_committee_seats_max", "candidate_margin",
        "due_soon_days", "election_majority_of", "election_quorum", "election_quorum_inclusive", "general_branch_members",
        "committee_members", "instructor_units", "part_time_instructor_units", "staff_large", "term_years",
    }
)  # fmt: skip
"""Parameters that the program asks for by name; all others count only where a rule of the policy names them."""
_LONGEST_YEARS: Final = 10
_NAME: Final = re.compile(r"[^\W\d]\w*")


def remark_on(layers: Sequence[Table]) -> tuple[Finding, ...]:
    """Of the last document, laid over those before it. Its own file's places only; an overlay's rules are elsewhere."""
    if not layers or is_overlay(layers[-1]):
        return ()
    return (*_inherited(layers), *_unread(layers), *_odd_days(layers[-1]))


def _inherited(layers: Sequence[Table]) -> Iterator[Finding]:
    own = layers[-1]
    based = own.entries.get("based_on")
    if not isinstance(based, Scalar) or len(layers) < 2:
        return
    before = combined(layers[:-1], date.max)
    replaced = own.entries.get("replace")
    anew = (
        {each.text for each in replaced.items if isinstance(each, Scalar)}
        if isinstance(replaced, Items)
        else set()
    )
    for section, label in PROSE.items():
        theirs, mine = before.entries.get(section), own.entries.get(section)
        if section in anew or not isinstance(theirs, Table):
            continue
        kept = [id for id in theirs.entries if not (isinstance(mine, Table) and id in mine.entries)]
        if section == "clauses":
            kept = []  # cited by the rules that are inherited; they are shown with those rules only
        if kept:
            more = "…" if len(kept) > 6 else ""
            listed = Text("、".join(kept[:6]) + more, ", ".join(kept[:6]) + more)
            message = Text(
                "{label}沿用“{base}”的{n}项（{listed}）：文件里会照样写出，不合适的请改写，或在 replace 里写上“{section}”",
                "{n:entry|entries} of {label} from “{base}” ({listed}): documents will say the same; write your own, or put “{section}” under replace",
            )
            filled = message.fill(label=label, base=based.text, n=len(kept), listed=listed, section=section)
            yield _remark("policy_inherited", filled, based.place)


def _unread(layers: Sequence[Table]) -> Iterator[Finding]:
    whole, own = combined(layers, date.max), layers[-1].entries.get("parameters")
    if not isinstance(own, Table):
        return
    named = READ_BY_THE_PROGRAM | {
        name
        for section, node in whole.entries.items()
        if section != "parameters"
        for scalar in _scalars(node)
        for name in _NAME.findall(scalar.text)
    }
    for id in own.entries:
        if id not in named:
            message = Text(
                "参数“{id}”没有规则读它，改了也不起作用",
                "No rule reads the parameter “{id}”; it changes nothing",
            )
            yield _remark("policy_unread", message.fill(id=id), own.place_of_key(id))


def _odd_days(own: Table) -> Iterator[Finding]:
    issued = day_of(own.entries.get("issued_on"))
    if issued is None:
        return
    for section in ("indicators", "milestones"):
        rules = own.entries.get(section)
        for id, rule in rules.entries.items() if isinstance(rules, Table) else ():
            for version in rule.items if isinstance(rule, Items) else (rule,):
                node = version.entries.get("due") if isinstance(version, Table) else None
                due = day_of(node)
                if node is None or due is None or issued <= due <= _years_later(issued):
                    continue
                message = Text(
                    "“{id}”的期限 {due} 早于发文日期 {issued}"
                    if due < issued
                    else "“{id}”的期限 {due} 在发文（{issued}）十年以后",
                    "“{id}” falls due on {due}, before the day of issue, {issued}"
                    if due < issued
                    else "“{id}” falls due on {due}, more than ten years after the day of issue, {issued}",
                )
                yield _remark("policy_odd_day", message.fill(id=id, due=due, issued=issued), node.place)


def _years_later(day: date) -> date:
    return date(day.year + _LONGEST_YEARS, day.month, min(day.day, 28))


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    for inner in (
        node.entries.values() if isinstance(node, Table) else node.items if isinstance(node, Items) else ()
    ):
        yield from _scalars(inner)


def _remark(code: str, message: Text, place: Place) -> Finding:
    return Finding(code, message, place, severity=Severity.WARNING)
