"""A town by its code in the divisions: villages and communities with their names, ready to be shared out among work areas."""

from __future__ import annotations

from typing import Final

from liangxin.registry import divisions
from liangxin.registry.town import Area, Town

CERTAIN_SHARE: Final = 0.9
_FILLER: Final = "虚拟"  # what the statistics put where a zone has neither village nor community


def draw_town(code: str, *, with_former: bool = False) -> Town | None:
    """The town of a 9-digit code, or None where the divisions have none.

    An area's id is V or C (village, community) and the last three digits of its code; its aliases are the names that the
    number had in earlier editions, and the town's aliases the names of towns that have become it. No area has a parent:
    work areas are the town's own and are drawn by hand. ``with_former``: also, as F001 and so on, the villages that were
    merged since 2017, by which old addresses go; into which village each went is not known.

    >>> town = draw_town("330683101")
    >>> town.name, town.areas[2].id, town.areas[2].name, town.areas[2].kind
    ('长乐镇', 'C003', '剡西社区', 'community')
    """
    found = divisions.find(code)
    if found is None or len(code) != divisions.LEVELS["town"]:
        return None
    areas = tuple(
        Area(
            id=("C" if village.community else "V") + village.code[9:],
            name=village.name,
            kind="community" if village.community else "village",
            aliases=village.former,
        )
        for village in divisions.villages_of(code)
        if _FILLER not in village.name
    )
    if with_former:
        areas += tuple(
            Area(f"F{number:03d}", name, "community" if community else "village")
            for number, (name, community) in enumerate(divisions.former_villages(code), start=1)
        )
    former = tuple(
        each.name
        for each in divisions.former_towns(code[:6])
        if each.today and each.today[0][0] == code and each.today[0][1] >= CERTAIN_SHARE
    )
    return Town(found.name, code, areas, aliases=tuple(dict.fromkeys(former)))
