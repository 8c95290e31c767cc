"""Suggest an industry from a unit's name and business scope: words, weights and a vote, nothing hidden.

How it counts. The scope is cut into items; licence clauses, brackets and imports and exports are passed over. What an
item *does* (make, wholesale, retail, grow, serve) is read from the verbs before its colon or at its end, else from the
name (a 厂 makes, a 商店 retails). Each item votes for the industry of the longest word it holds: hand-made words
(``industry_words.tsv``) and the names of the standard's own classes. The first item has weight 1 and each later one 0.85
of the one before; the name votes with 1.5. The answer is as deep (2, 3 or 4 digits) as enough of the votes agree.

It is a suggestion only: it never fills the ledger's industry column. Measured in docs/register.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from liangxin.registry import industries

Activity = Literal["make", "wholesale", "retail", "grow", "service"]
ACTIVITIES: Final[tuple[Activity, ...]] = ("make", "wholesale", "retail", "grow", "service")

FADE: Final = 0.85  # each later item of the scope weighs this much of the one before
NAME_WEIGHT: Final = 1.5
BESIDE: Final = 0.3  # of a vote for what a maker also trades in
TELLING: Final = 4.0  # the weight of a name that tells the industry by itself: 银行, 加油站
ITEMS_READ: Final = 15
AGREE: Final = 0.55  # of the votes must agree on a division or a group
AGREE_ON_CLASS: Final = 0.6
LEAST_SCORE: Final = 0.35
WHOLESALE_SHARE: Final = (
    0.6  # of a vote for "销售" or "批发、零售" in a firm that is neither a shop nor a trading house
)

_BRACKETS: Final = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
_SENTENCE: Final = re.compile(r"[;。*\n]+")
_ITEM: Final = re.compile(
    r"[、,\s]+|及其|以及|(?<=配件|制品|织品|产品)(?=[一-鿿])(?![及和与的等兼加制批零经销生])"
)
_HEADING: Final = re.compile(r"(一般|许可)(经营)?项目[:]?|经营范围[:]|服务[:]|[一二三四五][、.]|从事")
_BOILERPLATE: Final = re.compile(
    r"许可证|依法须经批准|经批准|批准后|国家限定|国家禁止|法律|上述经营范围|以上经营范围|经营范围内|国家有关规定|分支机构经营|资质证书"
)
_NOT_A_TRADE: Final = re.compile(
    r"进出口|进口业务|出口业务|自产产品|成果转让|技术服务$|来料加工|自有房屋|自有房产|所需的?原辅|登记制"
)

_MAKE: Final = re.compile(r"生产|制造|加工|织造|制作|印制|研发|自产")
_GROW: Final = re.compile(r"种植|养殖|饲养|栽培|培育")
_WHOLESALE: Final = re.compile(r"批发")
_RETAIL: Final = re.compile(r"零售")
_SELL: Final = re.compile(r"销售|经销|购销|收购|经营|代销|代购|自销")
_VERB: Final = (
    r"(?:自产自销|自产|自销|生产(?!资料|者|线|力|经营)|制造(?!业)|加工(?!业|中心)|织造|制作|印制|研发|种植|养殖|饲养|栽培|培育|批发|零售|销售|经销|购销"
    r"|收购|经营(?!范围|场所)|代购代销|代销|开发|设计|兼营|兼|服务)"
)
_VERBS: Final = re.compile(rf"的?(?:{_VERB}[及和与]?)+$")
_OVER_ITEMS: Final = re.compile(rf"(?:{_VERB}[、,及和与/兼\s]*)+:")
_IN_FRONT: Final = re.compile(rf"(?:{_VERB}[、,及和与/兼各类种\s]*)+(?=[一-鿿A-Z])")
_NO_TRADE_OF_ITS_OWN: Final = re.compile(r"代表处$|代表机构$")

_MAKER_NAME: Final = re.compile(r"厂|制造|制品有限|加工")
_SHOP_NAME: Final = re.compile(
    r"商店|门市部|超市|药房|加油站|加油点|商场|经营部|专卖|[^饭酒]店$|零售亭|商行|供销|农资"
)
_TRADER_NAME: Final = re.compile(r"贸易|商贸|批发|物资")
_GROWER_NAME: Final = re.compile(r"专业合作社|种植|养殖|农场|林场|茶场|园艺场")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``code`` of 2 to 4 digits; ``score`` from 0 to 1; ``words`` are those that voted for it, the weightiest first."""

    code: str
    score: float
    words: tuple[str, ...]


def suggest(name: str, scope: str) -> Suggestion | None:
    """The industry that name and scope speak for, or None where they do not agree enough.

    >>> suggest("某市甲乙领带厂", "生产、销售：领带、服装。上述经营范围中，凡须凭许可证生产经营的，凭许可证生产经营。").code
    '1830'
    >>> suggest("某市甲乙五金商店", "批发、零售：小五金。").code
    '5281'
    """
    if _NO_TRADE_OF_ITS_OWN.search(name.strip()):
        return None
    items = _items(scope)[:ITEMS_READ]
    votes: defaultdict[str, float] = defaultdict(float)
    words: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    total = matched = 0.0
    ballots: list[tuple[str, dict[Activity, float], float]] = []
    first = _activities(items[0][1], name) if items else {}
    for place, (item, verbs) in enumerate(items):
        activities = _activities(verbs, name)
        beside = "make" in first and "make" not in activities
        ballots.append((item, activities, FADE**place * (BESIDE if beside else 1.0)))
    leading = ballots[0][1] if ballots else _activities("", name)
    trade = _trade_of(name)
    ballots.append((trade, leading, NAME_WEIGHT))
    for item, activities, weight in ballots:
        found = _look_up(item, activities)
        if found is None:
            total += 0.0 if item is trade else weight  # a name is often a mere brand: no vote against
            continue
        total += weight
        matched += weight
        word, codes = found
        for code, share in codes.items():
            votes[code] += weight * share
            words[code][word] += weight * share
    telling = next(
        ((hit.group(0), code) for pattern, code in _telling() if (hit := pattern.search(name))), None
    )
    if telling is not None:
        word, code = telling
        votes[code] += TELLING
        words[code][word] += TELLING
        total += TELLING
        matched += TELLING
    if not votes:
        return None
    chosen, share = _deepest(votes, sum(votes.values()))
    if chosen is None:
        return None
    score = share * matched / total
    if score < LEAST_SCORE:
        return None
    said: defaultdict[str, float] = defaultdict(float)
    for code, by_word in words.items():
        if code.startswith(chosen) or chosen.startswith(code):
            for word, weight in by_word.items():
                said[word] += weight
    ranked = sorted(said, key=lambda word: (-said[word], word))
    return Suggestion(chosen, round(score, 2), tuple(ranked[:5]))


def _items(scope: str) -> list[tuple[str, str]]:
    """The items of a scope, each with the verbs that stand over it, before it or after it."""
    text = unicodedata.normalize("NFKC", scope)
    while (shorter := _BRACKETS.sub("", text)) != text:
        text = shorter
    text = _HEADING.sub("", text)
    found: list[tuple[str, str]] = []
    for sentence in _SENTENCE.split(text):
        for verbs, over, rest in _statements(sentence):
            for part in _ITEM.split(rest):
                item = part.strip(":")
                if not item or _BOILERPLATE.search(item) or _NOT_A_TRADE.search(item):
                    continue
                own = _VERBS.search(item)
                bare = _VERBS.sub("", item)
                if bare:
                    said = own.group(0) if own and not over and own.group(0) != "服务" else verbs
                    found.append((bare, said))
    return found


def _statements(sentence: str) -> Iterable[tuple[str, bool, str]]:
    """The parts of a sentence that have verbs of their own: (verbs, whether they stand over the items with a colon, items).

    >>> list(_statements("制造销售:鞋及鞋辅料 经销:五金工具"))
    [('制造销售', True, '鞋及鞋辅料 '), ('经销', True, '五金工具')]
    """
    heads = list(_OVER_ITEMS.finditer(sentence))
    before = (sentence[: heads[0].start()] if heads else sentence).strip()
    if before:
        front = _IN_FRONT.match(before)
        if front is not None:
            yield front.group(0), False, before[front.end() :]
        else:
            plain = before.rpartition(":")[2]
            yield _trailing_verbs(plain), False, plain
    ends = [head.start() for head in heads[1:]] + [len(sentence)] if heads else []
    for head, end in zip(heads, ends, strict=True):
        yield head.group(0).rstrip(":"), True, sentence[head.end() : end]


def _trailing_verbs(sentence: str) -> str:
    """The verbs of a sentence without a colon: "纸制品加工、销售", "领带及面料的生产销售"."""
    return "".join(
        verb.group(0)
        for part in _ITEM.split(sentence)
        if (verb := _VERBS.search(part)) and verb.group(0) != "服务"
    )


def _activities(verbs: str, name: str) -> dict[Activity, float]:
    if _MAKE.search(verbs):
        return {"make": 1.0}
    if _GROW.search(verbs):
        return {"grow": 1.0}
    wholesale, retail = bool(_WHOLESALE.search(verbs)), bool(_RETAIL.search(verbs))
    if wholesale != retail:
        return {"wholesale": 1.0} if wholesale else {"retail": 1.0}
    if _SHOP_NAME.search(name):
        return {"retail": 1.0}
    if _TRADER_NAME.search(name):
        return {"wholesale": 1.0}
    if wholesale or _SELL.search(verbs):
        if not wholesale and _MAKER_NAME.search(name):
            return {"make": 1.0}
        return {"wholesale": WHOLESALE_SHARE, "retail": 1 - WHOLESALE_SHARE}
    if _GROWER_NAME.search(name):
        return {"grow": 1.0}
    return {"make": 1.0}  # scopes before about 2000 list a maker's products without a verb


_FORM: Final = re.compile(
    r"(集团|股份|有限|责任|公司|总公司|分公司|厂|商店|门市部|经营部|专业合作社|合作社|\(.*?\))+$"
)


def _trade_of(name: str) -> str:
    """The name without its legal form, so that its last word is the trade: "某市甲乙领带服饰"."""
    return _FORM.sub("", unicodedata.normalize("NFKC", name).strip())


def _look_up(item: str, activities: Mapping[Activity, float]) -> tuple[str, dict[str, float]] | None:
    """The longest word in ``item`` that has an industry for what the unit does, with each industry's share of the vote."""
    for word in _words_in(item):
        entry = trade_words()[word]
        codes: dict[str, float] = defaultdict(float)
        for activity, share in activities.items():
            code = entry.get(activity) or entry.get("service")
            if code:
                codes[code] += share
        if codes:
            return word, dict(codes)
    return None


def _words_in(item: str) -> Iterable[str]:
    """Known words in an item: the longest first, of equal ones that with the deepest code, then the last (the noun's head)."""
    found = [
        (end - start, _depth(item[start:end]), start, item[start:end])
        for start in range(len(item))
        for end in range(start + 1, min(len(item), start + _longest()) + 1)
        if item[start:end] in trade_words() and (end - start > 1 or end == len(item))
    ]
    return [word for *_, word in sorted(found, reverse=True)]


def _depth(word: str) -> int:
    return max(map(len, trade_words()[word].values()), default=0)


def _deepest(votes: Mapping[str, float], total: float) -> tuple[str | None, float]:
    """The deepest code on which enough of the votes agree, and their share."""
    chosen: str | None = None
    share = 0.0
    for depth, needed in ((2, AGREE), (3, AGREE), (4, AGREE_ON_CLASS)):
        sums: defaultdict[str, float] = defaultdict(float)
        for code, weight in votes.items():
            if len(code) >= depth and (chosen is None or code.startswith(chosen)):
                sums[code[:depth]] += weight
        if not sums:
            break
        best = max(sums, key=lambda code: (sums[code], code))
        if sums[best] / total < needed:
            break
        chosen, share = best, sums[best] / total
    return chosen, share


@cache
def trade_words() -> Mapping[str, Mapping[str, str]]:
    """Word: activity: code. Hand-made words win over the standard's class names."""
    known: dict[str, dict[str, str]] = _class_names()
    lines = files("liangxin.registry").joinpath("industry_words.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        word, *codes = line.split("\t")
        known[word] = {activity: code for activity, code in zip(ACTIVITIES, codes, strict=True) if code}
    return known


@cache
def _longest() -> int:
    return max(map(len, trade_words()))


@cache
def _telling() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of names that tell the industry, and the code; the first that fits decides."""
    lines = files("liangxin.registry").joinpath("industry_names.tsv").read_text(encoding="utf-8").splitlines()
    return tuple((re.compile(pattern), code) for pattern, code in (line.split("\t") for line in lines[1:]))


_CLASS_TAIL: Final = re.compile(
    r"(及其他.*|和其他.*|及类似.*|制造业?|加工|批发|零售|种植|养殖|的?饲养|采选|开采|服务|活动|施工|建筑|专门|业)+$"
)
_CLASS_SPLIT: Final = re.compile(r"[、和及（）]")


_TOO_GENERAL: Final = frozenset(
    {"材料", "原料", "石油", "水产品", "包装", "包装材料", "机械", "设备", "专业", "技术", "农业", "文化"}
)


def _class_names() -> dict[str, dict[str, str]]:
    """The standard's class names cut to their goods; a word of several classes gets the code that they share."""
    claims: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for industry in industries.table().values():
        if industry.level != "class" or industry.name.zh.startswith("其他"):
            continue
        activity = _activity_of(industry)
        stem = _CLASS_TAIL.sub("", industry.name.zh)
        for word in {stem, *(part for part in _CLASS_SPLIT.split(stem) if len(part) >= 3)}:
            if len(word) >= 2 and word not in _TOO_GENERAL:
                claims[word][activity].add(industry.code)
    return {
        word: {activity: shared for activity, codes in by.items() if (shared := _shared(codes))}
        for word, by in claims.items()
    }


def _activity_of(industry: industries.Industry) -> Activity:
    if industry.section == "C":
        return "make"
    if industry.section == "A":
        return "grow"
    if industry.code.startswith("51"):
        return "wholesale"
    return "retail" if industry.code.startswith("52") else "service"


def _shared(codes: Iterable[str]) -> str:
    """The digits that codes have in common, if at least the two of a division."""
    first, *others = sorted(codes)
    length = len(first)
    while length and any(other[:length] != first[:length] for other in others):
        length -= 1
    return first[:length] if length >= 2 else ""
