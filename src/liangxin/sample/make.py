"""A made-up town and its survey ledger, by size and seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.registry.town import Association, Town
from liangxin.sample.credit_codes import BODIES, credit_codes
from liangxin.sample.geography import lay_out, township_count
from liangxin.sample.ledger import survey
from liangxin.sample.links import draw_links
from liangxin.sample.members import draw_members
from liangxin.sample.names import unit_names
from liangxin.sample.offices import bodies, group_of_each, instructors, task_groups
from liangxin.sample.organizations import found_before
from liangxin.sample.streams import stream
from liangxin.sample.trades import ASSOCIATIONS, association_of
from liangxin.sample.units import draw_units

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from liangxin.sample.geography import Geography
    from liangxin.sample.units import Units

_DIVISION: Final = "330683"


@dataclass(frozen=True, slots=True)
class SampleTown:
    """``ledger`` has exactly the columns and types of ``registry.fields.ledger_schema()``, one row a unit."""

    town: Town
    ledger: pl.DataFrame


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
    if not 1 <= units <= BODIES:
        raise ValueError(f"units must be 1 to {BODIES}, not {units}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, not {seed}")

    def rng(subject: str) -> np.random.Generator:
        return stream(seed, units, subject)

    place, name, code = (
        ("长乐", "长乐镇", "330683101") if township_count(units) == 1 else ("澹溪", "澹溪新区", "330683999")
    )
    land = lay_out(units, place, rng("land"))
    made = draw_units(units, land, rng("units"))
    members = draw_members(made, rng("members"))
    ids = [f"CL{number:0{max(5, len(str(units)))}d}" for number in range(1, units + 1)]
    names = unit_names(place, made.kinds, made.trades, rng("names"))
    associations = _associations(name, land, made, ids, names)
    links = draw_links(made, members, land, rng("links"))
    standing = found_before(made, members, names, ids, land, rng("organizations"))
    groups = task_groups(land)
    guides = instructors(units, land, rng("instructors"))
    town = Town(
        name=name,
        code=code,
        areas=land.areas,
        bodies=bodies(name),
        associations=associations,
        instructors=guides,
        task_groups=groups,
        organizations=standing.records,
    )
    ledger = survey(
        ids=ids,
        codes=credit_codes(made.kinds, _DIVISION, rng("codes")),
        names=names,
        units=made,
        members=members,
        links=links,
        standing=standing,
        land=land,
        task_groups=group_of_each(made, land, groups),
        instructors=guides,
        rng=rng,
    )
    return SampleTown(town, ledger)


def _associations(
    town: str, land: Geography, units: Units, ids: list[str], names: list[str]
) -> tuple[Association, ...]:
    """The associations of each township; one that finds a social group there has its own row, which bears its name."""
    groups: dict[int, list[int]] = {}
    townships = land.township_of(units.village).tolist()
    for row, (kind, township) in enumerate(zip(units.kinds, townships, strict=True)):
        if kind == "social_group":
            groups.setdefault(township, []).append(row)
    made: list[Association] = []
    for township, prefix in enumerate(land.township_names):
        rows = groups.get(township, [])
        for number, (base, title) in enumerate(ASSOCIATIONS):
            own = rows[number] if number < len(rows) else None
            if own is not None:
                names[own] = f"{town}{prefix}{title}"
            id_ = association_of(base, township, land.townships)
            made.append(Association(id_, f"{prefix}{title}", None if own is None else ids[own]))
    return tuple(made)
