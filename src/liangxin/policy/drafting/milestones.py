"""The timetable of a notice: each day with the stage that its words name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from liangxin.policy.drafting.days import read_spans
from liangxin.policy.drafting.model import Card, Sentence, Span
from liangxin.policy.drafting.sentences import is_issue_line
from liangxin.wording import Text

STAGES: Final[dict[str, tuple[Text, str]]] = {
    "leading_group": (Text("成立领导小组", "Leading group"), r"成立[^,。;]{0,24}领导小组"),
    "publicity": (Text("动员部署", "Publicity"), r"动员|宣传|营造"),
    "survey": (Text("调查摸底", "Survey"), r"摸底|调查|排查|走访|摸排|核实"),
    "plan": (Text("制定方案", "Implementation plan"), r"制定(?:实施|工作|出台)?[^,。;]{0,4}方案|制定出台《"),
    "approval": (Text("方案审批", "Approval"), r"审批|批复"),
    "instructors": (Text("选配党建工作指导员", "Instructors"), r"选[配派][^,。;]{0,10}指导员|指导员选配"),
    "work_coverage": (Text("实行工作覆盖", "Work coverage"), r"工作覆盖(?!率|面)|制度机制"),
    "summary": (Text("总结完善", "Summary"), r"总结|验收|完善提高|巩固提升"),
    "establishment": (Text("组建党组织", "Establishment"), r"组建|攻坚|覆盖行动|建立党组织"),
    "targets": (Text("实现目标", "Targets met"), r"达到|覆盖率|目标|任务|全覆盖"),
}
"""In the order in which words decide; the order of the timetable is ``ORDER``."""
ORDER: Final = (
    "leading_group",
    "publicity",
    "survey",
    "plan",
    "approval",
    "instructors",
    "establishment",
    "work_coverage",
    "targets",
    "summary",
)
_HEADS: Final = ("survey", "plan", "instructors", "work_coverage", "summary", "publicity")
_REPORT: Final = re.compile(r"报送|上报|报告")


def read_milestones(sentences: Sequence[Sentence], year: int, targets: Sequence[Card]) -> list[Card]:
    """One card a stage and day; a stage whose heading stands there without a day has an open one."""
    found: list[Card] = []
    due = [card for card in targets if card.span is not None]
    for last in {card.span.due: card for card in due if card.span}.values():
        found.append(_card("targets", last.sentence, last.span))
    for sentence in sentences:
        if is_issue_line(sentence) or "\t" in sentence.text:
            continue
        spans = read_spans(sentence.plain, year)
        if any(card.sentence == sentence for card in due) or re.search(r"截至|去年|上年", sentence.plain):
            continue
        for at, (begin, end, span) in enumerate(spans):
            last_end = spans[at - 1][1] if at else 0
            next_begin = spans[at + 1][0] if at + 1 < len(spans) else len(sentence.plain)
            before, after = sentence.plain[last_end:begin], sentence.plain[end:next_begin]
            after = re.split(r"[;。]", after)[0]
            opened = sentence.plain[begin - 1 : begin] in ("(", ":") if begin else False
            words = (before, after) if opened else (after, before)
            stage = next((name for part in words if (name := _stage(part))), "") or _stage(sentence.plain)
            if not stage:
                stage = "report" if _REPORT.search(sentence.plain) else ""
            found.append(_card(stage or f"day_{span.due.isoformat().replace('-', '_')}", sentence, span))
    dated = {card.what for card in found}
    for sentence in sentences:
        short = sentence.heading and len(sentence.plain) <= 14 and not re.search(r"\d", sentence.plain)
        for stage in _HEADS if short else ():
            if stage not in dated and re.search(STAGES[stage][1], sentence.plain):
                dated.add(stage)
                found.append(_card(stage, sentence, None))
                break
        for stage in ("leading_group", "approval", "plan"):
            if stage not in dated and re.search(STAGES[stage][1], sentence.plain):
                dated.add(stage)
                found.append(_card(stage, sentence, None))
    return _once(found)


def _once(cards: Sequence[Card]) -> list[Card]:
    """A stage named with several days: the same day once, further days with a number of their own."""
    kept: dict[tuple[str, object], Card] = {}
    for card in cards:
        kept.setdefault((card.what, card.span.due if card.span else None), card)
    numbered: dict[str, int] = {}
    result: list[Card] = []
    for card in kept.values():
        count = numbered[card.what] = numbered.get(card.what, 0) + 1
        name = card.what if count == 1 else f"{card.what}_{count}"
        result.append(replace(card, id=f"day_{name}", what=name))
    return result


def _card(stage: str, sentence: Sentence, span: Span | None) -> Card:
    label = (
        STAGES[stage][0]
        if stage in STAGES
        else Text("报送", "Reports")
        if stage == "report"
        else Text("期限", "A day")
    )
    rule = (
        Text(f"{label.zh}：{span.due}（{span.said}）", f"{label.en}: {span.due}")
        if span
        else Text(f"{label.zh}：日期待定", f"{label.en}: day to be decided")
    )
    opened = () if span else (Text("通知没有写日期", "The notice gives no day"),)
    return Card("", "milestone", sentence, rule, "likely", opened, what=stage, span=span)


def _stage(words: str) -> str:
    return next((name for name, (_, pattern) in STAGES.items() if re.search(pattern, words)), "")
