"""A made-up town of the notice's kind and its survey ledger, by size and seed."""

from __future__ import annotations

from liangxin.sample.assembly import Draft, SampleTown, assemble, streams
from liangxin.sample.geography import lay_out, township_count
from liangxin.sample.links import draw_links
from liangxin.sample.members import draw_members
from liangxin.sample.units import draw_units


def make_town(units: int, seed: int) -> SampleTown:
    """A made-up town of ``units`` units, the same for the same ``units`` and ``seed`` on every machine.

    Up to 3,000 units it is one town of seven work areas; above, several townships of about 2,500 units each. Names,
    codes and every number are made up; there is no person's name in it.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.

    >>> sample = make_town(200, seed=7)
    >>> sample.ledger.height, sample.town.name
    (200, '长乐镇')
    """
    rng = streams(units, seed)
    place, name, code = (
        ("长乐", "长乐镇", "330683101") if township_count(units) == 1 else ("澹溪", "澹溪新区", "330683999")
    )
    land = lay_out(units, place, rng("land"))
    made = draw_units(units, land, rng("units"))
    members = draw_members(made, rng("members"))
    links = draw_links(made, members, land, rng("links"))
    return assemble(Draft(place, name, code, "CL", land, made, members, links), rng)
