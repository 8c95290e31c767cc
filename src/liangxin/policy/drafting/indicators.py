"""Targets of a notice: each percentage with who it is about, what is counted and by which day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from liangxin.policy.drafting.conditions import parts_of, read_base, read_definitions, read_who
from liangxin.policy.drafting.days import read_spans
from liangxin.policy.drafting.model import Base, Card, Condition, Measure, Sentence, Span
from liangxin.policy.drafting.phrasing import say_indicator
from liangxin.wording import Text

_RATES: Final = re.compile(
    r"(?P<quoted>个[“\"]?100%[”\"]?)|(?P<percent>\d+(?:\.\d+)?)%(?!点)"
    r"|(?P<whole>全覆盖|应建尽建)"
    r"|(?P<built>(?:全部|一律)(?:单独)?(?:建立|组建|成立)党(?:组织|支部)|党组织全部建立)"
    r"|(?P<members>(?<=企业)(?:必须|都要|均要|全部|都|均|要)*有党员(?!的|企业|但|\d))"
)
_MEASURES: Final[tuple[tuple[str, Measure], ...]] = (
    (r"单独组建率|单独建立党组织(?:的)?比例|单建率", "separate"),
    (r"组建率|建立党组织的?比例", "establishment"),
    (r"工作(?:的)?覆盖|工作全覆盖|党的工作全?", "work_coverage"),
    (r"覆盖", "coverage"),
    (r"应建尽建", "coverage"),
)
_BUILT: Final = re.compile(r"(?:以上)?的?([^,;。%]*?)(单独)?(?:建立|组建|成立)(?:起|了)?党(?:组织|支部)")
_FROM: Final = re.compile(r"[由从]$")
_BARE: Final = re.compile(
    r"[,\s]*(?:要|再|力争|分别|应|则|并|进一步)?(?:达到?|不少于|不低于|超过|提高到|提升到|至|到)?[,\s]*"
)
"""What may stand between a day and a percentage where all else is as in the sentence before."""
_PAST: Final = re.compile(r"截至|截止|去年|上年|同比|比上|目前|现有|已达|已经达|提高了?\d|上升")
_OPEN_RELATIVE: Final = re.compile(r"(?:提高|提升|增长|上升|增加)(?![到至为])\D{0,3}$")
_ALL: Final = re.compile(r"总体|全[省市县区镇乡]|所有")
_OTHERS: Final = re.compile(r"其余|其他|其它|不具备[^,;]{0,12}条件")
_NOT_RATES: Final = re.compile(r"示范|五个好|优秀|满意|培训|达标|比例控制|经费|工资")


def read_indicators(sentences: Sequence[Sentence], year: int) -> list[Card]:
    """Every target with a card of its own, in the order of the text."""
    definitions: dict[str, Condition] = {}
    for sentence in sentences:
        definitions |= read_definitions(sentence.plain)
    found: list[Card] = []
    paragraphs: dict[int, list[Sentence]] = {}
    for sentence in sentences:
        paragraphs.setdefault(sentence.paragraph, []).append(sentence)
    header: list[str] = []
    for lines in paragraphs.values():
        if "\t" in lines[0].text:
            cells = [cell.strip() for cell in lines[0].plain.split("\t")]
            if not any("%" in cell for cell in cells):
                header = cells
                continue
            for words in _rows(header, cells, year):
                found += _of_paragraph([replace(lines[0], plain=words)], definitions, year)
            continue
        header = []
        found += _of_paragraph(lines, definitions, year)
    return found


def _rows(header: list[str], cells: list[str], year: int) -> list[str]:
    """A row of a table as sentences, one a percentage: by which day, who, what, how much.

    What a cell is, its own words say; a rate may also stand at the head of the column of percentages.
    """
    heads = header if len(header) == len(cells) else [""] * len(cells)
    shares = [at for at, cell in enumerate(cells) if re.match(r"\D{0,3}\d+(?:\.\d+)?%", cell)]
    days = [
        cell
        for at, cell in enumerate(cells)
        if at not in shares and cell and not _without_days(cell, year).strip("前以内之 ")
    ]
    rates = [
        cell for at, cell in enumerate(cells) if at not in shares and _measure(cell) and not read_base(cell)
    ]
    who = [
        cell
        for at, cell in enumerate(cells)
        if at not in shares and cell not in (*days, *rates) and not cell.isdigit()
    ]
    found: list[str] = []
    for at in shares:
        rate = heads[at] if _measure(heads[at]) else "".join(rates)
        if rate:
            found.append(f"{''.join(days[:1])},{''.join(who)}{rate}达到{cells[at]}")
    return found


def _of_paragraph(lines: Sequence[Sentence], definitions: Mapping[str, Condition], year: int) -> list[Card]:
    found: list[Card] = []
    due: list[Span] = []  # of the sentence before
    base: Base | None = None
    also: list[Sentence] = []
    last: tuple[Measure, tuple[Base | None, tuple[Condition, ...]]] | None = None
    for sentence in lines:
        plain = sentence.plain
        spans = read_spans(plain, year)
        if _PAST.search(plain):
            continue
        cards: list[Card] = []
        at = 0
        who: tuple[Base | None, tuple[Condition, ...]] = (base, ())
        measure: Measure | None = None
        for rate in _RATES.finditer(plain):
            if rate["quoted"]:
                also = [sentence]
                at = rate.end() if not read_base(plain[at : rate.end()]) else at
                base = read_base(plain[: rate.end()]) or base
                at = rate.end()
                continue
            segment = plain[at : rate.end()]
            subject = plain[at : rate.start()]
            if rate["percent"] and (
                _OPEN_RELATIVE.search(subject) or re.match(r"个?百分点|左右的", plain[rate.end() :])
            ):
                continue
            if rate["percent"] and _NOT_RATES.search(segment):
                continue
            if (
                rate["percent"]
                and _FROM.search(subject)
                and re.match(r"(?:提高|提升|上升|增加|增长)", plain[rate.end() :])
            ):
                continue  # 由65%提高到80%
            named: Measure | None = "members" if rate["members"] else _measure(segment)
            built = None if named or not rate["percent"] else _BUILT.match(plain, rate.end())
            if built is not None:
                named = "separate" if built[2] else "coverage"
                subject += built[1]
            elif rate["built"]:
                named = "separate" if "单独" in rate["built"] else "coverage"
            elif (
                named is None
                and measure is None
                and last is not None
                and _BARE.fullmatch(_without_days(subject, year))
            ):
                measure, who = last
            if rate["whole"] and named is None:
                continue
            if named is None and measure is None:
                continue
            measure = named or measure
            assert measure is not None
            own = _people(subject, definitions)
            if rate["whole"] == "全覆盖" and not any(kind and conditions for kind, conditions in own):
                continue  # 实现两新组织党建全覆盖: a slogan, of nobody in particular
            at = built.end() if built is not None else rate.end()
            for one in own:
                kind, conditions = one
                carries = kind is None and not conditions
                if carries:
                    kind, conditions = who[0], () if _ALL.search(subject) else who[1]
                kind = kind or who[0] or base or "enterprise"
                if (
                    measure == "work_coverage"
                    and _OTHERS.search(subject)
                    and Condition("unfounded") not in conditions
                ):
                    conditions = (*conditions, Condition("unfounded"))
                who = (kind, conditions)
                last = (measure, who)
                span = _due(spans, plain, rate.start(), due)
                cards.append(
                    Card(
                        "",
                        "indicator",
                        sentence,
                        Text("", ""),
                        "sure" if named and not carries and kind else "likely",
                        _open(kind, conditions, measure, span),
                        base=kind,
                        conditions=conditions,
                        measure=measure,
                        target=round(float(rate["percent"] or 100) / 100, 6),
                        span=span,
                        also=tuple(also),
                    )
                )
        if cards:
            base = cards[-1].base if base is None else base
        days = {span.due for _, _, span in spans}
        if len(days) == 1:
            due = [spans[-1][2]]
        elif len(days) > 1:
            due = []
        if spans and not cards and re.search(r"以上|上述", plain):  # 以上任务于10月31日前完成
            found = [replace(each, span=each.span or spans[-1][2]) for each in found]
        found += cards
    return [replace(each, rule=say_indicator(each)) for each in found]


def _without_days(words: str, year: int) -> str:
    for begin, end, _ in reversed(read_spans(words, year)):
        words = words[:begin] + words[end:]
    return words


def _measure(segment: str) -> Measure | None:
    hits = [
        (match.end(), -at, measure)
        for at, (words, measure) in enumerate(_MEASURES)
        for match in re.finditer(words, segment)
    ]
    if not hits:
        return None
    if re.search(r"工作(?:的)?(?:全)?覆盖[^,]*$", segment):
        return "work_coverage"
    return max(hits)[2]


def _people(
    subject: str, definitions: Mapping[str, Condition]
) -> list[tuple[Base | None, tuple[Condition, ...]]]:
    """Who the words before a rate speak of; several where each has a threshold of its own."""
    who = [read_who(part, definitions) for part in parts_of(subject)]
    several = [each for each in who if each[0] and each[1]]
    if len(several) > 1 and not definitions.keys() & {name for name in definitions if name in subject}:
        return several
    return [read_who(subject, definitions)]


def _due(spans: Iterable[tuple[int, int, Span]], plain: str, at: int, before: Sequence[Span]) -> Span | None:
    listed = list(spans)
    earlier = [span for _, end, span in listed if end <= at]
    if earlier:
        return earlier[-1]
    if before:
        return before[-1]
    later = [span for begin, _, span in listed if begin >= at]
    return later[0] if later and len({span.due for span in later}) == 1 else None


def _open(
    kind: Base, conditions: tuple[Condition, ...], measure: Measure, span: Span | None
) -> tuple[Text, ...]:
    found: list[Text] = []
    if span is None:
        found.append(Text("通知没有写这项的期限", "The notice gives no day for it"))
    if any(each.field == "scale" for each in conditions):
        found.append(
            Text(
                "“规模以上”按年营业收入2000万元以上写，请核对",
                "“Above scale” is written as a revenue of 20 million yuan or more; check it",
            )
        )
    if any(each.field == "registered_capital" for each in conditions):
        found.append(
            Text(
                "台账没有注册资本，这个条件没有写进算式",
                "The ledger has no registered capital; this condition is left out",
            )
        )
    if measure == "coverage":
        found.append(
            Text(
                "挂靠村（社区）的算不算覆盖，通知没有写，这里算",
                "Whether affiliation counts as covered is not said; here it does",
            )
        )
    return tuple(found)
