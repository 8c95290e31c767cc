"""Who does the work in a made-up town: bodies, associations, instructors and the nine task groups. Titles, no names."""

from __future__ import annotations

from typing import Final

import numpy as np

from liangxin.registry.town import Channel, Instructor, TaskGroup
from liangxin.sample.layout import Geography
from liangxin.sample.units import Units

INSTRUCTOR_CAPACITY: Final = 25
_CHANNELS: Final[tuple[Channel, ...]] = ("seconded", "recommended", "recruited", "selected")
_CHANNEL_SHARES: Final = (0.4, 0.3, 0.2, 0.1)
_HEADS: Final = (
    "镇人大主席",
    "镇党委副书记",
    "镇党委组织委员",
    "镇党委宣传委员",
    "镇纪委书记",
    "副镇长",
    "镇工业办主任",
    "镇社会事务办主任",
    "镇个私劳协会长",
)
_RURAL_GROUPS: Final = 6
NEW_ECONOMIC, NEW_SOCIAL, SELF_EMPLOYED = "G7", "G8", "G9"


def bodies(town: str) -> dict[str, str]:
    return {
        "committee": f"中共{town}委员会",
        "working_committee": f"{town}两新组织党工委",
        "leading_group": f"{town}非公有制企业党建工作领导小组",
    }


def instructors(
    units: int,
    land: Geography,
    rng: np.random.Generator,
    *,
    full_time_capacity: int = INSTRUCTOR_CAPACITY,
    part_time_capacity: int = INSTRUCTOR_CAPACITY,
) -> tuple[Instructor, ...]:
    """From slightly scarce to enough for 1.5 (25 units each, two fifths of the uncovered) and the seconded firms."""
    wanted = max(3, round(units * float(rng.uniform(0.014, 0.022))))
    work_areas = land.of_kind("work_area")
    channels = rng.choice(len(_CHANNELS), size=wanted, p=_CHANNEL_SHARES).tolist()
    full_time = (rng.random(wanted) < 0.4).tolist()
    return tuple(
        Instructor(
            f"I{number + 1}",
            full_time=full_time[number],
            channel=_CHANNELS[channels[number]],
            capacity=full_time_capacity if full_time[number] else part_time_capacity,
            area=work_areas[number % len(work_areas)],
        )
        for number in range(wanted)
    )


def task_groups(land: Geography) -> tuple[TaskGroup, ...]:
    """Nine groups of 4.1: six of the countryside, one each of new economic, new social and self-employed."""
    work_areas = land.of_kind("work_area")
    duties = [work_areas[number::_RURAL_GROUPS] for number in range(_RURAL_GROUPS)]
    duties += [land.of_kind("park_area"), work_areas, land.of_kind("market", "building", "street")]
    lines = ["农村片区"] * _RURAL_GROUPS + ["新经济组织", "新社会组织", "个私劳协"]
    return tuple(
        TaskGroup(f"G{number + 1}", f"第{'一二三四五六七八九'[number]}推进组（{line}）", tuple(duty), head)
        for number, (line, duty, head) in enumerate(zip(lines, duties, _HEADS, strict=True))
    )


def group_of_each(units: Units, land: Geography, groups: tuple[TaskGroup, ...]) -> list[str]:
    """The task group that looks after each unit."""
    of_area = {area: group.id for group in groups[:_RURAL_GROUPS] for area in group.responsible_for}
    found: list[str] = []
    for kind, park, village in zip(units.kinds, units.park.tolist(), units.village.tolist(), strict=True):
        if kind in ("civil_non_enterprise", "intermediary", "social_group"):
            found.append(NEW_SOCIAL)
        elif kind == "household":
            found.append(SELF_EMPLOYED)
        else:
            found.append(NEW_ECONOMIC if park >= 0 else of_area[land.village_area[village]])
    return found
