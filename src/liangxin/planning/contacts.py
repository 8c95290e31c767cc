"""Which unit each instructor contacts (clauses 1.5, 4.4, 4.5), once it is settled who has an organization.

A seconded instructor's relation moves into a firm (2.2): that is a whole person. Those left over contact units without an
organization, as many as policy and person allow: first the units that 1.5 gains, then the others. Who stands already
stays. Among the answers that serve the most, the nearest is chosen, and it is proven to be that (``transport``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from liangxin.planning.forms import NAMES, SECONDED
from liangxin.planning.transport import transport

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from liangxin.policy.model import Policy
    from liangxin.registry.town import Instructor, Town

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

WORK_COVERAGE: Final = "work_coverage"  # role of the indicator 1.5
ANYWHERE_KM: Final = (
    6.0  # an instructor of the whole town counts as this far from every unit; of another area, further
)
_PART_TIME_KM: Final = 1.0  # where both could go, the full-time one does
_IN_ORDER_KM: Final = 1e-5
_NOT_SECONDED_KM: Final = 10_000.0  # first those whom the organization sends
_A_CONTACT_KM: Final = 100.0  # then those who leave the fewest contacts behind
_STANDING_KM: Final = 100_000.0  # the person who is there already stays


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What the ledger, the policy and the town say, by unit of the problem.

    ``asked``: in the denominator of 1.5 if it has no organization (``organized_by``: which forms are one). ``gained``: an instructor would make it covered and
    nothing else has. ``standing``: row of the instructor the ledger names, -1 none. ``rooms``: contacts that each instructor
    of the town may have.
    """

    asked: Flags
    organized_by: Flags  # by form code: true where the policy calls the form an organization
    gained: Flags
    standing: Ints
    instructors: tuple[Instructor, ...]
    rooms: Ints
    at: Floats  # [instructors, 2] km; NaN for an instructor of no area
    covered_anyway: (
        Flags  # by others than the town's instructors: applicants, mass organizations, a trained owner
    )

    @property
    def are_alike(self) -> bool:
        """Does every instructor reach as many, and has nobody more than that already? Only then do numbers say who can be reached."""
        standing = np.bincount(self.standing[self.standing >= 0], minlength=len(self.rooms))
        return len(set(self.rooms.tolist())) <= 1 and bool((standing <= self.rooms).all())


@dataclass(frozen=True, slots=True)
class Contacts:
    """Rows are those of the problem's units and of the town's instructors.

    ``of_unit``: the instructor of each unit, -1 none: whom the ledger names, who is seconded to it, or who contacts it.
    ``seconded_to``: by instructor, the unit the relation moves to, -1 none. ``without``: units without an organization; ``asked``: those of
    them that 1.5 asks about.
    """

    of_unit: Ints
    seconded_to: Ints
    without: Ints
    asked: Ints

    def covering(self, facts: ContactFacts) -> Flags:
        """Units that are work-covered because of an instructor (1.5), and would not be without."""
        covered = np.zeros(len(self.of_unit), dtype=np.bool_)
        covered[self.asked] = (self.of_unit[self.asked] >= 0) & facts.gained[self.asked]
        return covered


def contact_room(instructor: Instructor, policy: Policy) -> int:
    """Units without an organization that this person may contact: the person's own number, never above the policy's."""
    names = (
        ["instructor_units"] if instructor.full_time else ["instructor_units", "part_time_instructor_units"]
    )
    caps = [int(policy.parameter(name)) for name in names if name in policy.parameters]
    return min([instructor.capacity, *caps])


def contact_facts(frame: pl.DataFrame, policy: Policy, town: Town, in_base: Flags) -> ContactFacts:
    """``frame``: the classified rows in scope; ``in_base``: who is asked where the policy has no indicator like 1.5."""
    import polars as pl

    from liangxin.coverage import classify
    from liangxin.registry.fields import FIELDS
    from liangxin.registry.places import positions

    row_of = {each.id: row for row, each in enumerate(town.instructors)}
    facts = frame.select(pl.col(name) for name in FIELDS)
    alone = facts.with_columns(
        organization_form=pl.lit("none"), organization_id=pl.lit(None, pl.String), instructor_id=pl.lit("·")
    )
    supposed = classify(alone, policy).frame
    by_itself = classify(alone.with_columns(instructor_id=pl.lit(None, pl.String)), policy).frame
    stranger = ~frame["instructor_id"].fill_null("").is_in(["", *row_of]).to_numpy()
    indicator = next((item for item in policy.indicators if item.role == WORK_COVERAGE), None)
    asked = (
        in_base
        if indicator is None
        else supposed.select(indicator.denominator.polars().fill_null(False).alias("d"))["d"].to_numpy()
    )
    covered_then = supposed["work_covered"].fill_null(False).to_numpy()
    covered_now = frame["work_covered"].fill_null(False).to_numpy()
    places = pl.DataFrame(
        {"unit_id": [each.id for each in town.instructors], "area": [each.area for each in town.instructors]},
        schema={"unit_id": pl.String, "area": pl.String},
    )
    columns = frame.head(0).select("unit_id", "lon", "lat", "venue", "park", "village", "area")
    placed = positions(pl.concat([columns, places], how="diagonal"), town)
    known = (placed["placed_by"] == "area").to_numpy()
    at = np.column_stack([placed["x_km"].to_numpy(), placed["y_km"].to_numpy()]).astype(np.float64)
    at[~known] = np.nan
    return ContactFacts(
        asked=asked,
        organized_by=np.array(
            [bool(name in policy.forms and policy.forms[name].is_organization) for name in NAMES],
            dtype=np.bool_,
        ),
        gained=covered_then & ~covered_now,
        standing=np.array(
            [row_of.get(each, -1) if each else -1 for each in frame["instructor_id"].to_list()],
            dtype=np.int64,
        ),
        instructors=town.instructors,
        rooms=np.array([contact_room(each, policy) for each in town.instructors], dtype=np.int64),
        at=at.reshape(-1, 2),
        covered_anyway=by_itself["work_covered"].fill_null(False).to_numpy() | (covered_now & stranger),
    )


def assign_instructors(
    facts: ContactFacts, at: Floats, areas: Sequence[str], places: Ints, forms: Ints
) -> Contacts:
    """Who is seconded where, and who contacts whom.

    ``at``: (units, 2) km; ``areas``: each unit's work area, "" unknown; ``places``: its village; ``forms``: each unit's planned form.
    """
    seconded = np.flatnonzero(forms == SECONDED)
    moved = _second(facts, at, areas, seconded)
    seconded_to = np.full(len(facts.instructors), -1, dtype=np.int64)
    taken = moved >= 0
    seconded_to[moved[taken]] = seconded[taken]
    free = seconded_to < 0
    of_unit = (
        np.where(free[facts.standing] & (facts.standing >= 0), facts.standing, -1)
        if len(free)
        else (np.full(len(at), -1, dtype=np.int64))
    )
    of_unit[seconded[taken]] = moved[taken]
    without = np.flatnonzero(~facts.organized_by[forms])
    asked = without[facts.asked[without]]
    standing = of_unit[without]
    load = np.bincount(standing[standing >= 0], minlength=len(free))
    room = np.where(free, np.maximum(facts.rooms - load, 0), 0)
    waiting = asked[of_unit[asked] < 0]
    gained = facts.gained[waiting]
    total = min(len(waiting), int(room.sum()))
    if gained.sum() > total:
        waiting, gained = waiting[gained], gained[gained] & False
    teams = _teams(facts, room)
    away = _Kilometres(
        [facts.instructors[team[0]] for team in teams], facts.at[[t[0] for t in teams]], at, areas
    )
    team_room = np.array([room[team].sum() for team in teams], dtype=np.int64)
    given = transport(lambda rows: away.of(waiting[rows]), gained, team_room, total)
    for number, team in enumerate(teams):
        units = waiting[given == number]
        of_unit[units[np.argsort(places[units], kind="stable")]] = _shared(team, room, len(units))
    return Contacts(of_unit, seconded_to, without, asked)


def _second(facts: ContactFacts, at: Floats, areas: Sequence[str], seconded: Ints) -> Ints:
    """By seconded unit, the instructor whose relation moves: one who is there, then one sent, then one who leaves few."""
    cost = _Kilometres(facts.instructors, facts.at, at, areas).of(seconded)
    cost += [_NOT_SECONDED_KM * (each.channel != "seconded") for each in facts.instructors]
    cost += _A_CONTACT_KM * facts.rooms
    standing = facts.standing[seconded]
    here = np.flatnonzero(standing >= 0)
    cost[here, standing[here]] -= _STANDING_KM
    people = np.ones(len(facts.instructors), dtype=np.int64)
    total = min(len(seconded), len(people))
    return transport(lambda rows: cost[rows], np.zeros(len(seconded), dtype=np.bool_), people, total)


def _teams(facts: ContactFacts, room: Ints) -> list[list[int]]:
    """Instructors alike in everything that matters (area, full or part time), those without room left out."""
    found: dict[tuple[str, bool], list[int]] = {}
    for row, each in enumerate(facts.instructors):
        if room[row] > 0:
            found.setdefault((each.area or "", each.full_time), []).append(row)
    return list(found.values())


def _shared(team: list[int], room: Ints, units: int) -> Ints:
    """So many units shared out in a team as evenly as each has room, the units of one village to one person if it can be."""
    share = units * room[team] / room[team].sum()
    load = np.floor(share).astype(np.int64)
    for row in np.argsort(load - share, kind="stable")[: units - int(load.sum())]:
        load[row] += 1
    return np.repeat(team, load)


class _Kilometres:
    """From units to each instructor's area: his own area first, then those of the whole town, then other areas."""

    def __init__(
        self, people: Sequence[Instructor], people_at: Floats, at: Floats, areas: Sequence[str]
    ) -> None:
        code = {
            area: number for number, area in enumerate(sorted({each.area for each in people if each.area}))
        }
        self.at, self.people_at = at, people_at.reshape(-1, 2)
        self.area = np.array([code.get(area, -1) for area in areas], dtype=np.int64)
        self.home = np.array([code[each.area] if each.area else -2 for each in people], dtype=np.int64)
        part_time = np.array([not each.full_time for each in people], dtype=np.float64)
        self.figure = _PART_TIME_KM * part_time + _IN_ORDER_KM * np.arange(len(people))

    def of(self, units: Ints) -> Floats:
        """[units, instructors]. Of two alike, the one listed first."""
        east = self.at[units, None, 0] - self.people_at[None, :, 0]
        north = self.at[units, None, 1] - self.people_at[None, :, 1]
        cost: Floats = np.nan_to_num(np.hypot(east, north), nan=0.0)
        cost += np.where(self.area[units, None] == self.home[None, :], 0.0, ANYWHERE_KM)
        return cost + self.figure[None, :]
