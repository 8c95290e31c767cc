"""Sections of a drafted policy that set the stage: bodies, task groups, milestones, document style, prose."""

from __future__ import annotations

import re

from liangxin.policy.drafting.milestones import ORDER, STAGES
from liangxin.policy.drafting.model import Card
from liangxin.policy.drafting.patterns import LINES, OTHER_LINE, TEXTS
from liangxin.policy.drafting.section_writing import UNDECIDED, SectionWriter, join_lines, quote, shorten


class StageWriter(SectionWriter):
    """Writes them; what the notice does not say is marked."""

    def bodies(self) -> list[str]:
        counts = {card.what: card for card in self.of("body") if card.number is not None}
        groups = self.of("groups")
        lines = ["bodies:"]
        if groups:
            lines += self.rule(groups[0], "task_groups", f"count: {groups[0].number}")
        for id in ("work_area_general_branch", "park_area_joint_branch"):
            if id in counts:
                lines += self.rule(counts[id], id, f"count: {counts[id].number}")
            else:
                lines.append(f"  {id}: {{count: null}}   # {UNDECIDED}：通知没有写几个")
        return lines

    def groups(self) -> list[str]:
        self.replaced.append("group_slots")
        cards = self.of("groups")
        if not cards:
            return [f"# {UNDECIDED}：通知没有写推进组。", "group_slots: {}"]
        card = cards[0]
        number, items = card.number or 0, card.items or ("",)
        shares = [number // len(items) + (at < number % len(items)) for at in range(len(items))]
        lines = [
            f"# {shorten(card.sentence.text)}",
            *(f"# {UNDECIDED}：{each.zh}，这里平分" for each in card.open),
            "group_slots:",
        ]
        at = 0
        for item, share in zip(items, shares, strict=True):
            line = next((line for words, line in LINES if re.search(words, item)), OTHER_LINE)
            for turn in range(share):
                at += 1
                label = f"{item}第{turn + 1}推进组" if share > 1 else f"{item}推进组"
                lines.append(f"  G{at}: {{label: {quote(label)}, line: {line}}}")
        return lines

    def milestones(self) -> list[str]:
        cards = sorted(self.of("milestone"), key=lambda card: _order(card.what))
        self.replaced.append("milestones")
        if not cards:
            return [f"# {UNDECIDED}：通知没有写日期。", "milestones: {}"]
        lines = ["milestones:"]
        before: Card | None = None
        for card in cards:
            stem = re.sub(r"_\d+$", "", card.what)
            label = STAGES[stem][0].zh if stem in STAGES else card.rule.zh.partition("：")[0]
            facts = [f"clause: {self.clause(card)}", f"label: {quote(label)}"]
            if card.span is not None:
                facts += [f"start: {card.span.start}"] if card.span.start else []
                facts += [f"due: {card.span.due}", f"said: {quote(card.span.said)}"]
            fits = before is not None and not (before.span and card.span and card.span.due < before.span.due)
            if before is not None and fits and stem in STAGES:
                facts.append(f"predecessors: [{before.what}]")
            lines += self.rule(card, card.what, *facts)
            if stem in STAGES and (card.span is not None or before is None or before.span is None):
                before = card if fits or before is None else before
        return lines

    def style(self) -> list[str]:
        heading = self.draft.heading
        return [
            "style:",
            f"  serial: {quote(heading.serial or UNDECIDED)}",
            "  subject_words: []",
            f"  addressees: {quote(heading.addressees or UNDECIDED)}",
            "  copy_to: []",
        ]

    def texts(self) -> list[str]:
        """Prose of the documents from the notice's own sentences; nothing of another town's is left."""
        lines = ["# 文件里引用的原话，取自通知；没有合适的写“待定”。", "texts:"]
        targets = dict.fromkeys(card.sentence for card in self.of("indicator"))
        for id, words in TEXTS.items():
            if id == "targets":
                found = list(targets)
            else:
                found = [
                    each
                    for each in self.draft.sentences
                    if words and re.search(words, each.text) and len(each.text) > 12
                ][:2]
            said = "".join(each.text for each in found)
            lines.append(f"  {id}: {quote(join_lines(said) or UNDECIDED)}")
        return lines


def _order(stage: str) -> tuple[int, str]:
    stem = re.sub(r"_\d+$", "", stage)
    return (ORDER.index(stem) if stem in ORDER else len(ORDER), stage)
