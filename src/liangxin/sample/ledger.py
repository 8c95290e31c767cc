"""What the task groups wrote down: the town's facts as a ledger, with the gaps that a survey of ten days leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liangxin.registry.fields import ledger_schema
from liangxin.registry.town import Instructor
from liangxin.sample.layout import CENTRE, KM_PER_DEGREE, Geography
from liangxin.sample.links import Links
from liangxin.sample.members import Members
from liangxin.sample.organizations import Standing
from liangxin.sample.units import Units

SURVEY_BEGAN: Final = date(2011, 8, 1)
SURVEY_DAYS: Final = 10
UNKNOWN_SHARE: Final = {
    "uscc": 0.03,
    "ownership": 0.01,
    "state": 0.005,
    "industry": 0.02,
    "staff": 0.015,
    "revenue": 0.06,
    "owner_identity": 0.04,
    "full_members": 0.02,
    "probationary_members": 0.03,
    "mobile_members": 0.05,
    "graduate_mobile_members": 0.06,
    "intended_form": 0.30,
    "lon": 0.03,
    "union": 0.08,
    "youth_league": 0.08,
    "womens_federation": 0.08,
    "applicants": 0.10,
    "secretary_candidate": 0.10,
    "conditions_mature": 0.10,
}
"""How often a fact is still 待核. ``lon`` stands for both coordinates."""

_REMARKS: Final = (
    "约{about}人，以社保名册为准",
    "旺季{about}人以上",
    "业主外出，电话核实",
    "与隔壁厂一套人马两块牌子",
    "正在搬迁，新址未定",
    "部分厂房出租",
)
"""What people really write in such a column; ``about`` is the staff to the nearest ten."""


def survey(
    *,
    ids: list[str],
    codes: list[str],
    names: list[str],
    units: Units,
    members: Members,
    links: Links,
    standing: Standing,
    land: Geography,
    task_groups: list[str],
    instructors: tuple[Instructor, ...],
    located: NDArray[np.bool_] | None = None,
    gaps: float = 1.0,
    rng: Callable[[str], np.random.Generator],
) -> pl.DataFrame:
    """The ledger. ``located``: units whose position was taken (all, if None). ``gaps``: how often a fact is 待核, as a
    share of ``UNKNOWN_SHARE``."""
    count = len(ids)
    work = rng("work")
    kind = np.array(units.kinds)
    lon = np.round(CENTRE[0] + units.at[:, 0] / KM_PER_DEGREE[0], 6)
    lat = np.round(CENTRE[1] + units.at[:, 1] / KM_PER_DEGREE[1], 6)
    rows = range(count)
    full = members.full
    social = kind == "social_group"
    organized = np.array([row in standing.of_unit for row in rows])
    large = np.minimum(units.staff / 90, 1.0)
    trained = (work.random(count) < 0.06).tolist()
    instructed = np.where(
        ~organized & (work.random(count) < 0.05), work.integers(0, len(instructors), count), -1
    )
    values: dict[str, Any] = {
        "unit_id": ids,
        "uscc": codes,
        "name": names,
        "kind": units.kinds,
        "ownership": units.ownerships,
        "state": units.states,
        "industry": [trade.code for trade in units.trades],
        "staff": units.staff,
        "revenue": units.revenue,
        "member_units": _only(social, work.integers(12, 160, count)),
        "full_time_staff": _only(social, np.minimum(work.integers(0, 4, count), units.staff)),
        "owner_identity": members.owner,
        "owner_is_secretary": [
            (owner == "member" and standing.form_of.get(row) == "separate")
            if row in standing.of_unit
            else None
            for row, owner in enumerate(members.owner)
        ],
        "full_members": full,
        "probationary_members": members.probationary,
        "mobile_members": members.mobile,
        "graduate_mobile_members": members.graduates,
        "organization_id": [standing.of_unit.get(row) for row in rows],
        "organization_form": [standing.form_of.get(row, "none") for row in rows],
        "superior_id": [standing.superior_of.get(row) for row in rows],
        "intended_form": _directions(units, members, links, standing),
        "area": [land.village_area[village] for village in units.village.tolist()],
        "village": [land.village_ids[village] for village in units.village.tolist()],
        "park": [land.park_ids[park] if park >= 0 else None for park in units.park.tolist()],
        "venue": [land.venue_ids[venue] if venue >= 0 else None for venue in units.venue.tolist()],
        "association": _several(links.associations),
        "leader_unit_id": [None if leader is None else ids[leader] for leader in links.leader],
        "chain_unit_ids": _several(
            [None if chain is None else [ids[row] for row in chain] for chain in links.chain]
        ),
        "lon": lon,
        "lat": lat,
        "instructor_id": [instructors[n].id if n >= 0 else None for n in instructed.tolist()],
        "union": work.random(count) < 0.15 + 0.7 * large,
        "youth_league": work.random(count) < 0.03 + 0.4 * large,
        "womens_federation": work.random(count) < 0.03 + 0.3 * large,
        "applicants": np.where(work.random(count) < 0.08 + 0.3 * large, work.integers(1, 4, count), 0),
        "owner_trained_on": [
            date(2011, 3, 1) + timedelta(days=int(day)) if done else None
            for done, day in zip(trained, work.integers(0, 120, count).tolist(), strict=True)
        ],
        "secretary_candidate": (full >= 1) & (work.random(count) < 0.75 + np.minimum(full, 5) * 0.04),
        "conditions_mature": (full >= 3) & (work.random(count) < 0.85),
        "reason_none": [
            None
            if row in standing.of_unit
            else ("没有党员" if full[row] == 0 else "党员少于3名" if full[row] < 3 else "正在筹备")
            for row in rows
        ],
        "task_group": task_groups,
        "surveyed_on": [
            SURVEY_BEGAN + timedelta(days=day) for day in work.integers(0, SURVEY_DAYS, count).tolist()
        ],
        "remark": [
            _REMARKS[number].format(about=max(10, round(staff, -1))) if chance < 0.02 else None
            for number, chance, staff in zip(
                work.integers(0, len(_REMARKS), count).tolist(),
                work.random(count).tolist(),
                units.staff.tolist(),
                strict=True,
            )
        ],
    }
    frame = pl.DataFrame(
        {name: pl.Series(name, values[name], dtype=type_) for name, type_ in ledger_schema().items()}
    )
    if located is not None:
        frame = frame.with_columns(pl.when(pl.Series(located)).then(pl.col("lon", "lat")))
    return _with_gaps(frame, gaps, rng("gaps"))


def _only(where: NDArray[np.bool_], numbers: NDArray[np.int64]) -> list[int | None]:
    return [number if here else None for here, number in zip(where.tolist(), numbers.tolist(), strict=True)]


def _several(rows: list[list[str] | None]) -> pl.Series:
    """A column of lists; by way of joined text, which Polars takes ten times faster than Python lists."""
    return pl.Series([None if row is None else ";".join(row) for row in rows], dtype=pl.String).str.split(";")


def _directions(units: Units, members: Members, links: Links, standing: Standing) -> list[str | None]:
    """The direction of establishment that the task group had in mind (the eighth clear); none for units without members."""
    found: list[str | None] = []
    for row, (full, staff) in enumerate(zip(members.full.tolist(), units.staff.tolist(), strict=True)):
        if row in standing.form_of:
            found.append(standing.form_of[row])
        elif full >= 3:
            found.append("separate")
        elif full == 2 and staff >= 50:
            found.append("seconded")
        elif units.park[row] >= 0:
            found.append("park")
        elif units.venue[row] >= 0:
            found.append("zone")
        elif links.associations[row]:
            found.append("industry")
        else:
            found.append("village" if full else "none")
    return found


def _with_gaps(frame: pl.DataFrame, gaps: float, rng: np.random.Generator) -> pl.DataFrame:
    """Facts that nobody could tell stay empty (待核)."""
    blanks: list[pl.Series] = []
    for name, share in UNKNOWN_SHARE.items():
        missing = pl.Series(rng.random(frame.height) < share * gaps)
        for column in ("lon", "lat") if name == "lon" else (name,):
            blanks.append(frame.select(pl.when(~missing).then(pl.col(column)).alias(column)).to_series())
    return frame.with_columns(blanks)
