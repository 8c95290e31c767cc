"""A move by hand, judged before it is confirmed: what it costs, what it breaks, what it mends."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from liangxin.findings import InputError
from liangxin.web.plans.arranged import Laid
from liangxin.web.plans.models import PlanPin
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.planning.check import Violation
    from liangxin.planning.options import Pins
    from liangxin.planning.plan import Infeasible
    from liangxin.planning.problem import Arrangement

# What is said of a broken rule to a person who may not read all of its units: no names, no numbers.
PLAINLY: Final = MappingProxyType(
    {
        "units": Text("单位数不合规定", "the number of units is not allowed"),
        "full_members": Text("正式党员不够", "too few full members"),
        "members": Text("党员总数超过上限", "too many members"),
        "host": Text("联合党组织没有主单位", "the joint organization has no lead unit"),
        "host_t": Text("主单位的正式党员数不合规定", "the lead unit's full members do not fit"),
        "leader": Text("主单位不是龙头企业", "the lead unit is no leading enterprise"),
        "may_join": Text("不在同一园区、协会或龙头周边", "not of one park, association or neighbourhood"),
        "association": Text("各单位没有共同的协会", "no association in common"),
        "required": Text("有必须覆盖的单位没有覆盖", "a unit that must be covered is not"),
    }
)


@dataclass(frozen=True, slots=True)
class Trial:
    """``extra``: change of the objective. ``broken`` and ``mended``: rules, in sentences. ``refused``: what no run could do."""

    extra: float
    total: float
    broken: tuple[Text, ...]
    mended: tuple[Text, ...]
    refused: tuple[Text, ...]
    established: tuple[int, int, int]  # before, after, needed (1.4)


def pins_of(rows: Sequence[PlanPin]) -> Pins:
    from liangxin.planning.options import Pin, Pins

    def single(kind: str) -> tuple[Pin, ...]:
        return tuple(
            Pin(row.units[0], row.form or None, row.host or None) for row in rows if row.kind == kind
        )

    def sets(kind: str) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(row.units) for row in rows if row.kind == kind)

    return Pins(single(PlanPin.PIN), single(PlanPin.FORBID), sets(PlanPin.TOGETHER), sets(PlanPin.APART))


def destination(plan: Laid, unit_id: str, target: str) -> tuple[str, str]:
    """The (form, lead unit) that ``org:<id>`` or ``form:<form>`` means for this unit. InputError in the office's words."""
    from liangxin.planning.forms import ALONE, CODE, JOINT, NAMES, NONE, VILLAGE

    kind, _, value = target.partition(":")
    if unit_id not in plan.index:
        raise InputError.of(
            "plan-unit", "这家单位不在方案范围内", "This unit is not part of the plan", found=unit_id[:40]
        )
    if kind == "form" and CODE.get(value) in (*ALONE, VILLAGE, NONE):
        return value, ""
    found = next((o for o in plan.plan.organizations if kind == "org" and o.organization_id == value), None)
    if found is None or found.status == "dissolved":
        raise InputError.of(
            "plan-target", "没有这个去处，请从列表里选", "There is no such place; choose one of the list",
            found=target[:60],
        )  # fmt: skip
    if found.form == NAMES[VILLAGE]:
        place = int(plan.built.problem.place[plan.index[unit_id]])
        if place < 0 or plan.built.problem.place_ids[place] != found.host:
            raise InputError.of(
                "plan-village",
                "只能挂靠单位所在的村（社区）",
                "A unit can only be affiliated with its own village or community",
            )
        return found.form, ""
    if found.host not in plan.index:
        raise InputError.of(
            "plan-host",
            "这个组织的主单位已不在基数里，请重新测算",
            "The lead unit has left the base; solve again",
        )
    if CODE[found.form] in JOINT:
        return found.form, found.host
    if found.host == unit_id:
        return found.form, ""
    return "leader", found.host  # joining a unit that stands alone makes it lead


def moved(plan: Laid, arrangement: Arrangement, unit_id: str, form: str, host: str) -> Arrangement:
    """The arrangement with this unit there."""
    from liangxin.planning.forms import ALONE, CODE, LEADER

    after = arrangement.copy()
    unit, code = plan.index[unit_id], CODE[form]
    lead = plan.index.get(host, -1)
    after.form[unit] = code
    after.host[unit] = unit if code in ALONE else lead
    if code == LEADER and lead >= 0 and int(after.form[lead]) in ALONE:
        after.form[lead], after.host[lead] = LEADER, lead
    return after


def drafted(plan: Laid, rows: Sequence[PlanPin]) -> Arrangement:
    """The plan's arrangement with the draft's moves in it that it was not yet solved with."""
    arrangement = plan.arrangement
    for row in rows:
        if row.kind == PlanPin.PIN and not row.settled and row.form and row.units[0] in plan.index:
            arrangement = moved(plan, arrangement, row.units[0], row.form, row.host)
    return arrangement


def impossible(plan: Laid, rows: Sequence[PlanPin], added: PlanPin) -> tuple[Infeasible, ...]:
    """Why no run could honour one more pin, by the planner's own judgement; empty when one could."""
    from liangxin.planning.pins import with_pins

    built = plan.built
    known = set(with_pins(built.problem, built.existing, pins_of(rows))[2])
    refused = with_pins(built.problem, built.existing, pins_of([*rows, added]))[2]
    return tuple(each for each in refused if each not in known)


def judge(
    plan: Laid,
    rows: Sequence[PlanPin],
    added: PlanPin,
    names: dict[str, str],
    may_read: Callable[[str], bool],
) -> Trial:
    """What one more pin does to the draft."""
    from liangxin.planning.check import tally
    from liangxin.planning.local import around, extra_cost, violations_near
    from liangxin.planning.pins import with_pins

    built = plan.built
    before = drafted(plan, rows)
    problem, _, old_refused = with_pins(built.problem, built.existing, pins_of(rows))
    after_problem, _, refused = with_pins(built.problem, built.existing, pins_of([*rows, added]))
    after = before
    if added.kind == PlanPin.PIN and added.form:
        after = moved(plan, before, added.units[0], added.form, added.host)
    near = around(before, after)
    then = {_key(each): each for each in violations_near(problem, before, near)}
    now = {_key(each): each for each in violations_near(after_problem, after, near)}

    def said(each: Violation) -> Text:
        return sentence(plan, each, names, may_read)

    extra = extra_cost(built.problem, before, after)
    total = (plan.run.objective or 0.0) + extra_cost(built.problem, plan.arrangement, after)
    newly = [each for each in refused if each not in old_refused]
    if newly:  # then the pin is not in the problem, and what exists still holds the unit: no news
        now = {key: each for key, each in now.items() if each.code != "pinned"}
    return Trial(
        extra=extra,
        total=total,
        broken=_once(said(each) for key, each in now.items() if key not in then),
        mended=_once(said(each) for key, each in then.items() if key not in now),
        refused=_once(
            each.text
            if all(may_read(unit_id) for unit_id in each.unit_ids)
            else Text("这样指定做不到", "This cannot be done")
            for each in newly
        ),
        established=(
            tally(problem, before).established,
            tally(problem, after).established,
            problem.establishment_needed,
        ),
    )


def _key(each: Violation) -> tuple[object, ...]:
    return (each.code, each.units, each.found)


def _once(texts: Iterable[Text]) -> tuple[Text, ...]:
    return tuple(dict.fromkeys(texts))


def sentence(plan: Laid, each: Violation, names: dict[str, str], may_read: Callable[[str], bool]) -> Text:
    """A broken rule with whose it is: the unit, or the lead unit's organization."""
    ids = [plan.built.problem.unit_ids[unit] for unit in each.units]
    if not all(may_read(unit_id) for unit_id in ids):
        return PLAINLY.get(each.code, Text("不合组建规定", "breaks a rule of establishment"))
    if not ids:
        return each.text
    listed = [names.get(unit_id, unit_id) for unit_id in ids]
    zh, en = "、".join(listed[:3]), ", ".join(listed[:3])
    if len(listed) > 3:
        zh, en = f"{zh}等{len(listed)}家", f"{en} and {len(listed) - 3} more"
    return Text(f"{zh}：{each.text.zh}", f"{en}: {each.text.en}")
