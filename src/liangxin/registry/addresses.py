"""The text of an address: half width, without what registries add, and the place that it names for the list of names to add."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_REMARKS: Final = re.compile(
    r"[(\[](?:变|换|变更|住所申报|自主申报|自主申报住所|承诺申报|一照多址|集群注册|仅限办公|仅限办公用|经营场所|住所|临时)[)\]]"
)
_FILLERS: Final = re.compile(r"[\s、,;。\-—]+")
FORMER: Final = re.compile(r"[(\[]?原(?P<name>[一-鿿0-9]+)[)\]]?")
_NOTHING: Final = frozenset({"", "N/A", "NA", "NULL", "-", "--", "无"})
_PLACE_WORD: Final = re.compile(
    r"[一-鿿]{1,10}?(?:村(?!路)|社区|居委会|工业园区|工业园|园区|开发区|工业区|功能区|集聚区|度假区|市场|广场|大厦|商城"
    r"|(?:大街|大道|路|街|弄|巷|水库|林场|茶场|桥)(?!村))"
)
_HOUSE_NUMBER: Final = re.compile(r"^(?:[^一-鿿]*(?:号|弄|幢|栋|楼|室|层|单元))+|^[^一-鿿]+")
_ROAD: Final = re.compile(
    r"(?:^|[镇乡村区]|街道|\d号)((?:(?![镇乡村区号])[一-鿿]){1,6}?(?:[东南西北中]?路|大道|大?街|弄)|大街)(?![村道])"
)


def normalise(address: str) -> str:
    """Half width, no spaces, no registry's remarks.

    >>> normalise("某市 甲镇乙村（变）")
    '某市甲镇乙村'
    """
    return _REMARKS.sub("", _FILLERS.sub("", unicodedata.normalize("NFKC", address)))


def is_given(text: str) -> bool:
    """Whether a normalised address says anything."""
    return text.upper() not in _NOTHING


def place_word(rest: str) -> str:
    """The place that an address names after its town: "环镇东路", "上王庄"."""
    text = _HOUSE_NUMBER.sub("", FORMER.sub("", rest))
    found = _PLACE_WORD.match(text)
    return found.group(0) if found else re.split(r"[^一-鿿]", text)[0][:8]


def road(rest: str) -> str:
    """The road of an address, else "".

    >>> road("柳溪镇上杨村新塘东路12号"), road("新塘东路12号"), road("上杨村")
    ('新塘东路', '新塘东路', '')
    """
    found = _ROAD.search(rest)
    return found.group(1) if found else ""
