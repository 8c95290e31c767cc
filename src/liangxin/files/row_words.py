"""What the words of a row say about what it is: a total, a note, a heading, the name of an organization.

They only support the shape of the row (``files.rows``): nobody can list every word in use.
"""

from __future__ import annotations

import re
from typing import Final

from liangxin.registry.text import fold

_ASIDE: Final = re.compile(r"\([^()]*\)")
_COUNT: Final = re.compile(r"[:：]?(?:共|计|合计|总计)?[\d,.]+(?:家|个|户|人|名|万元|元|%)?$")
_TOTAL: Final = re.compile(
    r"(?:(?:[合总小共累统]|合共)计(?:数|行|值|人数|家数)?|总数|总和|总合|总|汇总|平均(?:数|值)?|均值|人均|户均|total|subtotal|sum|average)$"
)
_WHOLE_TOTAL: Final = re.compile(
    r"(?:[本全各其该上以]\w{0,3}|其他|其它|总|大)?(?:(?:[合总小共累]|合共)计(?:数|行|值)?|总数|总和|总|计|汇总|平均(?:数|值)?|均值|total|subtotal|sum|average)"
)
_NUMBERED: Final = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．,，]|\([一二三四五六七八九十\d]{1,3}\)|第[一二三四五六七八九十\d]+(?:部分|类|片|组|批|项|条|章))"
)
_NUMBERED_NOTE: Final = re.compile(r"^(?:\d{1,2}[、.．)]|[①-⑳]|\(\d{1,2}\))\S")
_NOTE_MARK: Final = re.compile(r"^[※*★☆△▲●■◆—\-=…~～#→]|[—\-=]$")
_NOTE_LABEL: Final = re.compile(
    r"^\(?(?:注|备注|附注|说明|附|附件|填[表报写]|制表|审[核批]|经办|联系|统计|复核|负责|单位负责|盖章|公章|签[字名章]|日期|电话|第\d+页|以[上下])"
)
_SENTENCE: Final = re.compile(r"[。；;！!？?]|[:：]|\d{7,}|\d{4}年\d|，.{4,}")
_ORGANIZATION: Final = re.compile(
    r"(?:公司|集团|[工农林牧渔矿]?厂|店|[^内外]部|社|商行|银行|车行|行|院|校|幼儿园|花园|所|站|中心|协会|商会|学会|联合会|基金会|促进会|研究会|"
    r"俱乐部|场|铺|馆|酒楼|坊|队|超市|作坊|工作室|门市|企业|诊所|药房|吧|屋|苑|城|阁|轩|斋|庄|矿|库|摊|基地|经营户|个体户|商户|机构|"
    r"小学|中学|大学|学堂|教堂|寺|庙|庵|观|会)$"
)
_PLACE: Final = re.compile(
    r"^(?P<name>.{1,12}?(?:村民委员会|村委会|居民委员会|居委会|村|社区|居|工作片|片区|片|园区|工业园|开发区|产业园))$"
)


def bare(text: str) -> str:
    """The words without what is in brackets, blanks and width."""
    return _ASIDE.sub("", fold(text))


_COUNT_AFTER: Final = re.compile(r"[:：]?共?[\d,.]+(?:家|个|户|人|名|万元|元|%)?$")


def _core(text: str) -> str:
    return _COUNT_AFTER.sub("", bare(text).split(":")[0].rstrip(":：.。"))


def is_total(text: str) -> bool:
    """Whether the words are nothing but a total: 合计, 小 计, 全村合计, 合计（4家）, 本页小计：.

    >>> is_total("合 计：4家"), is_total("总计电子有限公司"), is_total("东村小计")
    (True, False, False)
    """
    core = _core(text)
    return bool(core) and (
        _WHOLE_TOTAL.fullmatch(core) is not None
        or _WHOLE_TOTAL.fullmatch(bare(text).rstrip(":：")) is not None
    )


def is_count(text: str) -> bool:
    """Whether the words are nothing but a number of units: 3家, 120."""
    return _COUNT.fullmatch(bare(text)) is not None


def ends_as_total(text: str) -> bool:
    """Whether the words end as a total of something does: 东村小计, 工业合计.

    >>> ends_as_total("东村小计"), ends_as_total("合计量具厂")
    (True, False)
    """
    core = _core(text)
    return bool(core) and _TOTAL.search(core) is not None


def is_note(text: str) -> bool:
    """Whether a text alone in its row reads as a note, a signature or a mark, not as a name.

    >>> is_note("注：本表一式两份"), is_note("（以下空白）"), is_note("甲丰电机有限公司")
    (True, True, False)
    """
    folded = fold(text)
    whole_aside = folded.startswith("(") and folded.endswith(")") and folded.count("(") == 1
    return bool(
        whole_aside
        or _NOTE_LABEL.search(folded)
        or _NOTE_MARK.search(folded)
        or _NUMBERED_NOTE.search(folded)
        or _SENTENCE.search(folded)
        or len(folded) > 40
    )


def is_marked(text: str) -> bool:
    """Whether a text begins with a mark that points at a note: ※, *, —."""
    return _NOTE_MARK.search(fold(text)) is not None


def is_numbered_heading(text: str) -> bool:
    """一、东村; （三）南村; 第一部分."""
    return _NUMBERED.search(fold(text)) is not None and len(fold(text)) <= 24


def is_organization(text: str) -> bool:
    """Whether the words end as names of organizations do."""
    return _ORGANIZATION.search(bare(text)) is not None


def place_in(text: str) -> str | None:
    """The village, area or park that a heading or the name of a sheet is.

    >>> place_in("（三）南村（5家）"), place_in("一、工业企业")
    ('南村', None)
    """
    core = (
        _COUNT.sub("", _NUMBERED.sub("", bare(text)))
        if _NUMBERED.search(fold(text)) is None
        else _COUNT.sub("", bare(_NUMBERED.sub("", fold(text))))
    )
    found = _PLACE.match(core.strip(":："))
    return found["name"] if found else None
