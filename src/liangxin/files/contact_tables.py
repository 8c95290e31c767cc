"""Whom each instructor contacts (1.5, 4.5): one line a unit, instructor by instructor, and those nobody contacts last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from liangxin.files.dossier import Dossier
from liangxin.files.rosters import MEASURED_IN
from liangxin.files.tables import Cell, Column, Kind, Table
from liangxin.registry.fields import FIELDS
from liangxin.registry.town import CHANNELS
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.registry.town import Instructor

FULL_TIME: Final = Text("专职", "full-time")
PART_TIME: Final = Text("兼职", "part-time")
SECONDED: Final = Text("派员帮建，组织关系迁入", "seconded, the relation moves in")
CONTACT: Final = Text("联系", "contact")
NOBODY: Final = Text("没有指导员联系", "no instructor")
IDLE: Final = Text("没有安排单位", "no unit given")


def contacts(dossier: Dossier) -> Table:
    """An instructor without a unit has a line, too: the office sees who is left."""
    columns = (
        Column(Text("序号", "No."), Kind.COUNT, 6, narrowest=4),
        Column(Text("党建工作指导员", "Instructor"), Kind.CODE, 10),
        Column(Text("专兼职", "Full or part time"), Kind.TEXT, 8, narrowest=6),
        Column(Text("来源", "Channel"), Kind.TEXT, 12, narrowest=8),
        Column(Text("所在片区", "Area"), Kind.TEXT, 12, narrowest=8),
        Column(Text("安排", "What"), Kind.WRAPPED, 18, narrowest=10),
        Column(FIELDS["unit_id"].label, Kind.CODE, 12),
        Column(FIELDS["name"].label, Kind.TEXT, 26, narrowest=12),
        Column(FIELDS["area"].label, Kind.TEXT, 12),
        Column(FIELDS["village"].label, Kind.TEXT, 10),
        Column(FIELDS["staff"].label, Kind.COUNT, fact=True, total=True),
    )
    report = dossier.plan.contacts
    rows = tuple((number, *cells) for number, cells in enumerate(_lines(dossier), start=1))
    return Table(
        Text("指导员联系名单", "Instructors"),
        Text("{town}党建工作指导员联系单位名单", "{town}: whom each instructor contacts").fill(
            town=dossier.town.name
        ),
        columns,
        rows,
        MEASURED_IN,
        large_paper=True,
        frozen=3,
        counted=Text("行", "lines"),
        empty=Text("没有指导员，也没有需要联系的单位", "No instructor, and no unit to contact"),
        notes=(
            Text(
                "方案实施后未建立党组织的企业（1.5）{without}家：由指导员联系{served}家，没有指导员联系{left}家。"
                "先安排能增加工作覆盖的单位，再按片区和距离就近安排；已在联系的不变。",
                "Enterprises without an organization (1.5): {without}; contacted by an instructor: {served}; not: {left}."
                " Units that work coverage gains come first, then the nearest by area and distance; who is there stays.",
            ).fill(without=report.asked, served=report.served, left=len(report.not_served)),
        ),
    )


def _lines(dossier: Dossier) -> Iterator[tuple[Cell, ...]]:
    people = {each.id: each for each in dossier.town.instructors}
    given: set[str] = set()
    for each in dossier.plan.contacts.instructors:
        who = _person(dossier, each.instructor_id, people.get(each.instructor_id))
        if each.seconded_to is not None:
            yield (*who, SECONDED, *_unit(dossier, each.seconded_to))
        for unit_id in each.unit_ids:
            given.add(unit_id)
            yield (*who, CONTACT, *_unit(dossier, unit_id))
        if each.seconded_to is None and not each.unit_ids:
            yield (*who, IDLE, *(None,) * 5)
    for unit_id in dossier.plan.contacts.not_served:
        yield (*(None,) * 4, NOBODY, *_unit(dossier, unit_id))


def _person(dossier: Dossier, id_: str, instructor: Instructor | None) -> tuple[Cell, ...]:
    if instructor is None:
        return id_, None, None, None
    time = FULL_TIME if instructor.full_time else PART_TIME
    return id_, time, CHANNELS[instructor.channel], dossier.area_name(instructor.area)


def _unit(dossier: Dossier, unit_id: str) -> tuple[Cell, ...]:
    row = dossier.units[unit_id]
    return (
        unit_id,
        row["name"],
        dossier.area_name(row["area"]),
        dossier.area_name(row["village"]),
        row["staff"],
    )
