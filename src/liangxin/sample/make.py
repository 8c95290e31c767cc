"""A made-up town and its survey ledger, by size and seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from liangxin.registry.town import Association, Instructor, TaskGroup, Town

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

    from liangxin.sample.geography import Geography
    from liangxin.sample.units import Units

SMALLEST: Final = 1
LARGEST: Final = 1_000_000
SURVEY_BEGAN: Final = date(2011, 8, 1)
_DIVISION: Final = "330683"


@dataclass(frozen=True, slots=True)
class SampleTown:
    """``ledger`` has exactly the columns and types of ``registry.fields.ledger_schema()``, one row a unit."""

    town: Town
    ledger: pl.DataFrame


def make_town(units: int, seed: int) -> SampleTown:
    """A made-up town of ``units`` units, the same for the same ``units`` and ``seed`` on every machine.

    Up to 3,000 units it is one town of seven work areas; above, several townships of about 2,500 units each. Names,
    codes and every number are made up; it has no person's name.

    Raises:
        ValueError: ``units`` outside 1 to 1,000,000, or a negative ``seed``.

    >>> sample = make_town(200, seed=7)
    >>> sample.ledger.height, sample.town.name
    (200, '长乐镇')
    """
    if not SMALLEST <= units <= LARGEST:
        raise ValueError(f"units must be {SMALLEST} to {LARGEST}, not {units}")
    if seed < 0:
        raise ValueError(f"seed must not be negative, not {seed}")
    from liangxin.sample.credit_codes import credit_codes
    from liangxin.sample.geography import lay_out
    from liangxin.sample.ledger import survey
    from liangxin.sample.links import draw_links
    from liangxin.sample.members import draw_members
    from liangxin.sample.names import unit_names
    from liangxin.sample.organizations import found_before
    from liangxin.sample.streams import stream
    from liangxin.sample.units import draw_units

    def rng(subject: str) -> np.random.Generator:
        return stream(seed, units, subject)

    land = lay_out(units, rng("land"))
    made = draw_units(units, land, rng("units"))
    members = draw_members(made, rng("members"))
    ids = [f"CL{number:0{max(5, len(str(units)))}d}" for number in range(1, units + 1)]
    names = unit_names("长乐", made.kinds, made.trades, rng("names"))
    links = draw_links(made, rng("links"))
    standing = found_before(made, members, names, ids, land, rng("organizations"))
    groups = _task_groups(land)
    instructors = _instructors(units, land, rng("instructors"))
    town = Town(
        name="长乐镇" if land.townships == 1 else "澹溪新区",
        code="330683101" if land.townships == 1 else "330683999",
        areas=land.areas,
        bodies=_bodies("长乐镇" if land.townships == 1 else "澹溪新区"),
        associations=_associations(),
        instructors=instructors,
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
        task_groups=_group_of_unit(made, land, groups),
        instructors=instructors,
        began=SURVEY_BEGAN,
        rng=rng,
    )
    return SampleTown(town, ledger)


def _bodies(name: str) -> dict[str, str]:
    level = "镇" if name.endswith("镇") else ""
    return {
        "committee": f"中共{name}{'' if level else '工作'}委员会",
        "working_committee": f"{name}两新组织党工委",
        "leading_group": f"{name}非公有制企业党建工作领导小组",
    }


def _associations() -> tuple[Association, ...]:
    from liangxin.sample.trades import ASSOCIATIONS

    return tuple(Association(id_, name) for id_, name in ASSOCIATIONS)


def _instructors(units: int, land: Geography, rng: np.random.Generator) -> tuple[Instructor, ...]:
    """About what 1.5 needs: 25 units each for two fifths of the uncovered, and one for each seconded firm."""
    channels = ("seconded", "recommended", "recruited", "selected")
    wanted = max(3, round(units * float(rng.uniform(0.019, 0.026))))
    work_areas = [area.id for area in land.areas if area.kind == "work_area"]
    picks = rng.integers(0, 10, wanted).tolist()
    full_time = (rng.random(wanted) < 0.4).tolist()
    return tuple(
        Instructor(
            f"I{n + 1}",
            full_time=full_time[n],
            channel=channels[(0, 0, 0, 0, 1, 1, 1, 2, 2, 3)[picks[n]]],  # type: ignore[arg-type]
            capacity=25,
            area=work_areas[n % len(work_areas)],
        )
        for n in range(wanted)
    )


_HEADS: Final = (
    "镇人大主席",
    "镇党委副书记",
    "镇党委组织委员",
    "副镇长",
    "副镇长",
    "镇党委宣传委员",
    "镇工业办主任",
    "镇社会事务办主任",
    "镇工商所所长",
)


def _task_groups(land: Geography) -> tuple[TaskGroup, ...]:
    """Nine groups of 4.1: six of the countryside, one each of new economic, new social and self-employed."""
    work_areas = [area.id for area in land.areas if area.kind == "work_area"]
    shares = [work_areas[n::6] for n in range(6)]
    parks = [area.id for area in land.areas if area.kind == "park_area"]
    markets = [area.id for area in land.areas if area.kind in ("market", "building", "street")]
    titles = [f"第{'一二三四五六'[n]}推进组（农村片区）" for n in range(6)]
    titles += ["第七推进组（新经济组织）", "第八推进组（新社会组织）", "第九推进组（个私劳协）"]
    duties = [*shares, parks, work_areas, markets]
    return tuple(
        TaskGroup(f"G{n + 1}", title, tuple(duty), _HEADS[n])
        for n, (title, duty) in enumerate(zip(titles, duties, strict=True))
    )


def _group_of_unit(units: Units, land: Geography, groups: tuple[TaskGroup, ...]) -> list[str]:
    of_area = {area: group.id for group in groups[:6] for area in group.responsible_for}
    found: list[str] = []
    rows: Any = zip(units.kinds, units.park.tolist(), units.village.tolist(), strict=True)
    for kind, park, village in rows:
        if kind in ("civil_non_enterprise", "intermediary", "social_group"):
            found.append("G8")
        elif kind == "household":
            found.append("G9")
        else:
            found.append("G7" if park >= 0 else of_area[land.village_area[village]])
    return found


def survey_day(offset: int) -> date:
    return SURVEY_BEGAN + timedelta(days=offset)
