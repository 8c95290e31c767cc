"""Annex 1 for print: the tree of a day as the site's own file."""

from __future__ import annotations

from datetime import date

from liangxin.web.areas.models import Town
from liangxin.web.organizations.queries import day_tree
from liangxin.web.units.live import live
from liangxin.wording import Lang


def network(town: Town, day: date, lang: Lang) -> bytes | None:
    """The network chart on A3; None where no organization stood on that day. InputError where it cannot be printed."""
    from liangxin.files.network import network_pdf
    from liangxin.structure.content import count_members
    from liangxin.structure.network import draw_network

    standing = day_tree(town, day)
    if standing.root is None:
        return None
    counts = count_members(standing, live(town).frame)
    return network_pdf(draw_network(standing, town.as_core(), counts, new_since=town.drive_starts, lang=lang))
