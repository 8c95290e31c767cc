"""Who a rule is about: the kind of unit, and thresholds such as 从业50-79人且年营业收入500万元以上."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from liangxin.policy.drafting.model import Base, Condition

BASE_WORDS: Final[tuple[tuple[str, Base], ...]] = (
    ("民办非企业|民办非公企业|民非企业|社会服务机构", "civil_non_enterprise"),
    ("社会中介|中介组织", "intermediary"),
    ("社会团体|社团", "social_group"),
    ("社会组织(?!党工委)", "social"),
    ("两新(?:党)?组织|新经济组织和新社会组织", "two_new"),
    ("企业|公司|工厂", "enterprise"),
)
_FIELDS: Final = (
    (r"正式党员", "full_members"),
    (r"流动党员", "mobile_members"),
    (r"党员", "members"),
    (r"专职", "full_time_staff"),
    (r"会员", "member_units"),
    (r"注册资本|注册资金", "registered_capital"),
    (r"营业收入|营收|产值|销售|收入", "revenue"),
    (r"从业|(?<!专)职工|员工|用工|(?<!专职工作)(?<!专职)人员", "staff"),
)
_AFTER: Final = re.compile(
    r"(?:\(含\))?(?:及?以[上下内])?(?:的)?(正式党员|流动党员|党员|会员|专职|职工|从业|员工|人员)"
)
_RANGE: Final = re.compile(r"(\d+)[人名]?(?:-|—|–|至|到)(\d+)([人名])")
_MONEY: Final = r"\d+(?:\.\d+)?(?:[万亿]|千万|百万)?元"
_THRESHOLD: Final = re.compile(
    rf"(?P<before>超过|大于|满|不少于|不低于|达到?|不足|少于|低于|只有|仅有|仅为|为)?(?P<number>{_MONEY}|\d+[人名家个])"
    r"(?:\(含\))?(?P<after>及?以上|及?以下|以内)?"
)
_BREAK: Final = re.compile(r"[,;:。、(]|且|或|和|以及")


def read_conditions(plain: str, carried: str = "") -> list[tuple[int, int, Condition]]:
    """(from, to, threshold) in the order of the text. ``carried``: the field where no word names one."""
    found: list[tuple[int, int, Condition]] = []
    for match in _RANGE.finditer(plain):
        field = _field(plain, match.start(), match.end(), carried) or "staff"
        found.append((match.start(), match.end(), Condition(field, ">=", int(match[1]))))
        found.append((match.start(), match.end(), Condition(field, "<=", int(match[2]))))
    taken = [(begin, end) for begin, end, _ in found]
    for match in _THRESHOLD.finditer(plain):
        if any(begin < match.end() and match.start() < end for begin, end in taken):
            continue
        sign = _sign(match, plain)
        if sign is None:
            continue
        written, field = match["number"], _field(plain, match.start(), match.end(), carried)
        if written.endswith("元"):
            if field not in ("revenue", "registered_capital") and written[-2].isdigit():
                continue  # 200元: a sum of money, of funds or fees
            field, value = (
                ("registered_capital" if field == "registered_capital" else "revenue"),
                _money(written),
            )
        elif written[-1] in "家个" and field != "member_units":
            continue
        else:
            value = float(written[:-1])
            field = field or "staff"
        carried = field
        found.append((match.start(), match.end(), Condition(field, sign, value)))
    return sorted(found, key=lambda each: each[0])


def _sign(match: re.Match[str], plain: str) -> str | None:
    before, after = match["before"] or "", match["after"] or ""
    told = plain[: match.start()]
    if told.endswith(("不", "不得")) or "指导员" in told[-8:] or after == "以内":
        return None
    if before in ("不足", "少于", "低于") or after.endswith("以下"):
        return "<"
    if after.endswith("以上") or before in ("超过", "大于", "满", "不少于", "不低于", "达", "达到"):
        return ">=" if after or before not in ("超过", "大于") else ">"
    if before in ("只有", "仅有", "仅为"):
        return "=="
    if re.match(r"(?:正式)?党员的", plain[match.end() :]) and "每" not in plain[: match.start()][-3:]:
        return "=="
    return None


def _field(plain: str, begin: int, end: int, carried: str) -> str:
    after = _AFTER.match(plain, end - 2 if plain[end - 2 : end] in ("以上", "以下") else end)
    if after is not None:
        return next(name for words, name in _FIELDS if re.search(words, after[1]))
    breaks = [match.end() for match in _BREAK.finditer(plain, 0, begin)]
    before = plain[breaks[-1] if breaks else 0 : begin]
    hits = [
        (match.end(), -at, name)
        for at, (words, name) in enumerate(_FIELDS)
        for match in re.finditer(words, before)
    ]
    return max(hits)[2] if hits else carried


def _money(written: str) -> float:
    """In 万元."""
    number = float(re.match(r"[\d.]+", written)[0])  # type: ignore[index]
    scale = written.removesuffix("元").lstrip("0123456789.")
    return number * {"": 0.0001, "万": 1, "百万": 100, "千万": 1000, "亿": 10_000}[scale]


def read_base(plain: str) -> Base | None:
    """The last kind of unit that is named."""
    hits = [
        (match.end(), -at, base)
        for at, (words, base) in enumerate(BASE_WORDS)
        for match in re.finditer(words, plain)
        if plain[: match.start()][-2:] != "龙头"
    ]
    return max(hits)[2] if hits else None


def read_who(plain: str, definitions: Mapping[str, Condition]) -> tuple[Base | None, tuple[Condition, ...]]:
    """The kind of unit and every condition of the words before a rate."""
    for name, meaning in definitions.items():
        if name in plain:
            return read_base(plain) or "enterprise", (meaning,)
    conditions = [condition for _, _, condition in read_conditions(plain)]
    if re.search(r"没有(?:正式)?党员|无党员", plain):
        conditions.insert(0, Condition("no_members"))
    elif re.search(r"有(?:正式)?党员(?!\d|人数)", plain) and not any(
        "members" in each.field for each in conditions
    ):
        conditions.insert(0, Condition("members", ">=", 1))
    if re.search(r"规(?:模以)?上(?:非公|企业|民营|工业|的|互联网|两新|服务业)", plain):
        conditions.insert(0, Condition("scale"))
    if "互联网" in plain:
        conditions.insert(0, Condition("trade", "互联网"))
    if re.search(r"(?:未|没有|尚未)(?:建立?|成立|组建|单独建立)", plain):
        conditions.append(Condition("unfounded"))
    return read_base(plain), tuple(dict.fromkeys(conditions))


def parts_of(plain: str) -> list[str]:
    """A list of kinds, each with its own threshold, in parts: …人以上的民非和…家以上的社团."""
    cuts = [
        match.end()
        for match in re.finditer(
            r"(?:企业单位|企业|社会团体|社团|社会组织|中介组织|单位)(?:、|和|以及|及|,以及|,)", plain
        )
    ]
    parts = [plain[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(plain)], strict=True)]
    return [part for part in parts if part.strip()]


_DEFINED: Final = re.compile(
    r"[“\"]([^”\"]{2,12})[”\"][^,;。]{0,10}?(?:,)?(?:是指|系指|指的是|指|即|包括)[::]?(.+)"
)


def read_definitions(plain: str) -> dict[str, Condition]:
    """“三类企业”，是指… : the name to any of what is listed."""
    found = _DEFINED.search(plain)
    if found is None or "100%" in found[1]:
        return {}
    ones: list[Condition] = []
    for part in parts_of(found[2]):
        _, conditions = read_who(part, {})
        if len(conditions) == 1:
            ones.append(conditions[0])
        elif conditions:
            ones.append(Condition("all", any_of=conditions))
    if not ones:
        return {}
    return {found[1]: ones[0] if len(ones) == 1 else Condition("any", any_of=tuple(ones))}
