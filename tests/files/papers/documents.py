"""Documents of a small town's case, for the tests of this room: of one unit and of forty, before 2012 and since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from tests.procedure.town_office import (
    DAY,
    EVIDENCE,
    LEADER,
    LEADING,
    MINUTES,
    SECRETARY,
    VOTE,
    august,
    joint,
    number,
    plan,
    requested,
    submitted,
    take,
    today,
    tree,
)

from liangxin.policy import load_policy
from liangxin.procedure import Case, Matter, Office, Paper, PaperKind, RosterLine, apply, office_of, papers_of
from liangxin.registry.town import TaskGroup, Town
from liangxin.structure import Found

TOWN = Town(
    "长乐镇",
    "330683101",
    (),
    bodies={"committee": "中共长乐镇委员会", "working_committee": "长乐镇两新组织党工委"},
    task_groups=(TaskGroup("G1", "第一推进组"),),
)
LONG = "浙江省嵊州市长乐镇东片区域新型电机电器及配套零部件制造产业技术创新服务有限责任公司第二分公司"
ODD = "A&B <精密>·㙟𠮷喆机械厂{x}"


@cache
def office(style: str = "pre-2012") -> Office:
    old = load_policy("changle-2011-44", as_of=DAY)
    if style == "pre-2012":
        return office_of(TOWN, old)
    return office_of(TOWN, replace(old, style=replace(old.style, id=style, subject_words=())))


def matter(units: int = 3, names: tuple[str, ...] = ()) -> Matter:
    """A joint branch of so many units; the first ``names`` are theirs."""
    lines = tuple(
        RosterLine(
            f"n{number}",
            names[number] if number < len(names) else f"长乐镇第{number + 1}电机配件厂",
            2 if number == 0 else number % 3 if number % 7 else None,
            number % 2,
            host=number == 0,
            commitment_on=None if number == 0 else august(1 + number % 9),
        )
        for number in range(units)
    )
    founded = replace(joint().operations[0], units=tuple(line.unit for line in lines), host="n0")
    assert isinstance(founded, Found)
    return replace(joint(), roster=lines, operations=(founded,))


def papers(case: Case, style: str = "pre-2012") -> dict[PaperKind, Paper]:
    """What the last act of the case makes, by kind."""
    made = papers_of(case, case.history[-1], office(style), tree().on(DAY))
    return {paper.kind: paper for paper in made}


def whole_way(about: Matter | None = None, style: str = "pre-2012") -> dict[PaperKind, Paper]:
    """Every document from the request to the annulment, and the plan's approval form."""
    case = requested(about or matter())
    made = papers(case, style)
    for act, by, day in (
        (take("reply_elect", minutes=MINUTES, serial=number(44)), SECRETARY, august(12)),
        (take("report_result", vote=replace(VOTE, entitled=4)), LEADER, august(15)),
        (take("reply_result", serial=number(45)), SECRETARY, august(16)),
        (take("file", evidence=EVIDENCE), LEADER, august(17)),
        (take("annul", serial=number(46), reason="手续不全"), SECRETARY, august(18)),
    ):
        case = apply(case, act, by, today(day))
        made |= papers(case, style)
    proposed = apply(submitted(plan(upgrades=1)), take("report"), LEADING, today(date(2011, 8, 12)))
    return made | papers(proposed, style)
