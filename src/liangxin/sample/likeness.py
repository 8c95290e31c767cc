"""The likenesses of made-up towns, so that nothing is tuned to one: a town of the notice's kind and four unlike it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Literal

from liangxin.sample.assembly import SampleTown
from liangxin.sample.buildings import make_building_town
from liangxin.sample.make import make_town
from liangxin.sample.market import make_market_town
from liangxin.sample.register import make_register_town
from liangxin.sample.villages import make_village_town
from liangxin.wording import Text

Likeness = Literal["town", "market", "buildings", "villages", "register"]

MAKERS: Final[Mapping[Likeness, Callable[[int, int], SampleTown]]] = MappingProxyType(
    {
        "town": make_town,
        "market": make_market_town,
        "buildings": make_building_town,
        "villages": make_village_town,
        "register": make_register_town,
    }
)
LIKENESS_WORDS: Final[Mapping[Likeness, Text]] = MappingProxyType(
    {
        "town": Text("通知那样的镇", "a town of the notice's kind"),
        "market": Text("专业市场镇：摊位为主", "a market town of stalls"),
        "buildings": Text("楼宇街区", "a district of office buildings"),
        "villages": Text("农村和一家龙头企业", "villages with one large leader"),
        "register": Text("真实工商名册的形状", "the shape of a real business register"),
    }
)


def make_town_like(likeness: Likeness, units: int, seed: int) -> SampleTown:
    """A made-up town of this likeness, the same for the same arguments on every machine.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.

    >>> make_town_like("buildings", 40, seed=1).ledger.height
    40
    """
    return MAKERS[likeness](units, seed)
