"""From the text of a notice to its draft, or everything that stands against reading it at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from liangxin.findings import Finding, InputError
from liangxin.policy.drafting.conditions import read_conditions
from liangxin.policy.drafting.indicators import read_indicators
from liangxin.policy.drafting.milestones import read_milestones
from liangxin.policy.drafting.model import Card, Draft, Heading, Sentence
from liangxin.policy.drafting.others import (
    read_bodies,
    read_caps,
    read_classes,
    read_clears,
    read_forms,
    read_groups,
    read_instructors,
)
from liangxin.policy.drafting.sentences import SERIAL, TITLE, is_issue_line, read_heading, read_sentences
from liangxin.wording import Text

MOST_CHARACTERS: Final = 120_000
"""About 150 pages. A notice has 3 to 20; what is longer is a collection, and has to be taken apart first."""
_ASKS: Final = re.compile(r"\d|应当?(?!用)|必须|全部|一律|都要|均要")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_LETTER: Final = re.compile(r"[^\W\d_]")


def draft_policy(text: str) -> Draft:
    """What the notice asks, card by card with its sentence, and the remainder. Deterministic; nothing is taken over unseen.

    Raises InputError: no text, not Chinese, several notices, too long, nothing found, no year for bare days.
    """
    heading = _refuse(text)
    rules = tuple(each for each in read_sentences(text) if not _is_head(each, heading))
    assert heading.issued_on is not None
    targets = read_indicators(rules, heading.issued_on.year)
    cards: list[Card] = [
        *targets,
        *read_classes(rules),
        *read_forms(rules),
        *read_clears(rules),
        *read_caps(rules),
        *read_instructors(rules),
        *read_milestones(rules, heading.issued_on.year, targets),
        *read_groups(rules),
        *read_bodies(rules),
    ]
    if not cards:
        raise InputError.of(
            "notice_nothing",
            "没有读到目标、门槛、日期或组建形式，不像是一份通知",
            "No target, threshold, day or form was found; this does not look like a notice",
        )
    cards = _numbered(cards)
    used = {card.sentence.start for card in cards}
    used |= {each.start for card in cards for each in card.also if card.kind != "form" or _is_of_form(each)}
    remainder = tuple(each for each in rules if each.start not in used and _ASKS.search(each.plain))
    return Draft(heading, rules, tuple(cards), remainder, _contradictions(targets))


def _is_of_form(sentence: Sentence) -> bool:
    """Words under a form's heading that are about it; every number in them is a threshold that is read."""
    about = re.search(r"组建|联建|建立|成立|支部|党组织|挂靠|剥离", sentence.plain)
    return about is not None and len(re.findall(r"\d+", sentence.plain)) <= len(
        read_conditions(sentence.plain)
    )


def _numbered(cards: Sequence[Card]) -> list[Card]:
    """Ids that are the same at every reading."""
    counts: dict[str, int] = {}
    result: list[Card] = []
    for card in cards:
        stem = card.id or {"indicator": "target"}.get(card.kind, card.kind)
        counts[stem] = counts.get(stem, 0) + 1
        alone = card.id and card.kind in ("form", "clears", "milestone", "groups", "body", "instructor")
        result.append(replace(card, id=stem if alone else f"{stem}_{counts[stem]}"))
    return result


def _is_head(sentence: Sentence, heading: Heading) -> bool:
    return (
        is_issue_line(sentence)
        or sentence.text == heading.title
        or sentence.text.rstrip(":：") == heading.addressees
        or sentence.text.startswith(("附件", "主题词", "抄送"))
    )


def _contradictions(targets: Sequence[Card]) -> tuple[tuple[Card, Card], ...]:
    """The same rate of the same units with the same day, and another target."""
    found: list[tuple[Card, Card]] = []
    first: dict[tuple[object, ...], Card] = {}
    for card in targets:
        key = (card.measure, card.base, frozenset(card.conditions), card.span.due if card.span else None)
        before = first.setdefault(key, card)
        if before.target != card.target:
            found.append((before, card))
    return tuple(found)


def refuse_contradictions(draft: Draft) -> None:
    """Raises InputError with both sentences of each pair."""
    message = Text(
        "通知里有互相矛盾的目标，请先核对",
        "Two targets of the notice contradict each other; check them first",
    )
    findings = [
        Finding(
            "notice_contradiction",
            message,
            found=f"“{one.sentence.text}”（{one.rule.zh}） / “{two.sentence.text}”（{two.rule.zh}）",
        )
        for one, two in draft.contradictions
    ]
    if findings:
        raise InputError(findings)


def _refuse(text: str) -> Heading:
    letters, chinese = len(_LETTER.findall(text)), len(_CHINESE.findall(text))
    if not text.strip():
        raise InputError.of("notice_empty", "文件里没有文字", "There is no text in the file", accepted=_TEXTS)
    if letters and chinese / letters < 0.5:
        raise InputError.of(
            "notice_language",
            "不是中文通知，目前只读中文",
            "This notice is not in Chinese; only Chinese is read",
            found=text.strip()[:40],
        )
    if len(text) > MOST_CHARACTERS:
        raise InputError.of(
            "notice_long",
            f"太长：{len(text):,}字；请只留通知本身",
            f"Too long: {len(text):,} characters; keep the notice alone",
            accepted=Text(f"不超过{MOST_CHARACTERS:,}字", f"at most {MOST_CHARACTERS:,} characters"),
        )
    lines = [line.strip() for line in text.splitlines()]
    serials = list(dict.fromkeys(re.sub(r"\s", "", line) for line in lines if SERIAL.fullmatch(line)))
    titles = list(
        dict.fromkeys(line for line in lines if TITLE.fullmatch(line) and not re.match(r"附件|\d", line))
    )
    dated = [line for line in lines if re.fullmatch(r"\S{4}年\S{1,3}月\S{1,3}日", line)]
    if len(serials) > 1 or (len(titles) > 1 and len(dated) > 1):
        named = serials if len(serials) > 1 else titles
        raise InputError.of(
            "notice_several",
            "文件里有不止一份通知，请分开，一份一份起草",
            "The file holds more than one notice; take them apart and draft one by one",
            found="、".join(named[:4]),
        )
    heading = read_heading(text)
    if heading.issued_on is None:
        raise InputError.of(
            "notice_no_day",
            "没有读到发文日期或文号里的年份，“8月底”这样的日子定不下来",
            "No day of issue and no year in the serial number; a bare “8月底” cannot be placed",
            accepted=Text(
                "文末加上一行发文日期，如 2011年8月9日",
                "add the day of issue as the last line, such as “2011年8月9日”",
            ),
        )
    return heading


_TEXTS: Final = Text(
    "有文字的 Word、文本或 PDF；扫描件请先转成文字",
    "Word, text or PDF with text in it; turn a scan into text first",
)
