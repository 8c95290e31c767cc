"""From drawn land, units, members and links to a town and its survey ledger: what all likenesses of towns share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.registry.town import Association, Town
from liangxin.sample.credit_codes import BODIES, credit_codes
from liangxin.sample.ledger import survey
from liangxin.sample.names import unit_names
from liangxin.sample.offices import INSTRUCTOR_CAPACITY, bodies, group_of_each, instructors, task_groups
from liangxin.sample.organizations import found_before
from liangxin.sample.streams import stream
from liangxin.sample.trades import ASSOCIATIONS, association_of

if TYPE_CHECKING:
    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from liangxin.sample.layout import Geography
    from liangxin.sample.links import Links
    from liangxin.sample.members import Members
    from liangxin.sample.units import Units

    Streams = Callable[[str], np.random.Generator]

_DIVISION: Final = "330683"


@dataclass(frozen=True, slots=True)
class SampleTown:
    """``ledger`` has exactly the columns and types of ``registry.fields.ledger_schema()``, one row a unit."""

    town: Town
    ledger: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Draft:
    """What one likeness draws; the rest is the same for all. ``place`` stands in units' names, ``letters`` in their ids."""

    place: str
    name: str
    code: str
    letters: str
    land: Geography
    units: Units
    members: Members
    links: Links
    associations: tuple[tuple[str, str], ...] = ASSOCIATIONS  # (id, name) in each township
    located: NDArray[np.bool_] | None = None  # units whose position was taken; None: all
    gaps: float = 1.0  # how often a fact is 待核, as a share of the usual
    full_time_capacity: int = INSTRUCTOR_CAPACITY
    part_time_capacity: int = INSTRUCTOR_CAPACITY


def streams(units: int, seed: int) -> Streams:
    """Random numbers by subject for a town of this size.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.
    """
    if not 1 <= units <= BODIES:
        raise ValueError(f"units must be 1 to {BODIES}, not {units}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, not {seed}")
    return lambda subject: stream(seed, units, subject)


def assemble(draft: Draft, rng: Streams) -> SampleTown:
    """Names, codes, offices, what stood before the drive, and the ledger."""
    land, made, count = draft.land, draft.units, len(draft.units.kinds)
    ids = [f"{draft.letters}{number:0{max(5, len(str(count)))}d}" for number in range(1, count + 1)]
    names = unit_names(draft.place, made.kinds, made.trades, rng("names"))
    associations = _associations(draft, ids, names)
    standing = found_before(made, draft.members, names, ids, land, rng("organizations"))
    groups = task_groups(land)
    guides = instructors(
        count,
        land,
        rng("instructors"),
        full_time_capacity=draft.full_time_capacity,
        part_time_capacity=draft.part_time_capacity,
    )
    town = Town(
        name=draft.name,
        code=draft.code,
        areas=land.areas,
        bodies=bodies(draft.name),
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
        members=draft.members,
        links=draft.links,
        standing=standing,
        land=land,
        task_groups=group_of_each(made, land, groups),
        instructors=guides,
        located=draft.located,
        gaps=draft.gaps,
        rng=rng,
    )
    return SampleTown(town, ledger)


def _associations(draft: Draft, ids: list[str], names: list[str]) -> tuple[Association, ...]:
    """The associations of each township; one that finds a social group there has its own row, which bears its name."""
    groups: dict[int, list[int]] = {}
    townships = draft.land.township_of(draft.units.village).tolist()
    for row, (kind, township) in enumerate(zip(draft.units.kinds, townships, strict=True)):
        if kind == "social_group":
            groups.setdefault(township, []).append(row)
    made: list[Association] = []
    for township, prefix in enumerate(draft.land.township_names):
        rows = groups.get(township, [])
        for number, (base, title) in enumerate(draft.associations):
            own = rows[number] if number < len(rows) else None
            if own is not None:
                names[own] = f"{draft.name}{prefix}{title}"
            id_ = association_of(base, township, draft.land.townships)
            made.append(Association(id_, f"{prefix}{title}", None if own is None else ids[own]))
    return tuple(made)
