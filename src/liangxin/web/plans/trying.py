"""A move that somebody has in mind, tried on a plan for the person who asks: checked, judged, and said with names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import Permit
from liangxin.web.plans import services, trial, viewing
from liangxin.web.plans.arranged import laid
from liangxin.web.plans.models import PlanPin, PlanRun
from liangxin.web.units.live import live
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Tried:
    """``pin``: not kept. ``title``: what it would do, in words."""

    pin: PlanPin
    title: Text
    result: trial.Trial


def tried(permit: Permit, run: PlanRun, kind: str, unit_ids: Sequence[str], target: str) -> Tried:
    """What the move costs, breaks and mends, on top of the draft. InputError as ``services.proposed_pin``."""
    now = live(permit.town)
    plan, shown = laid(run, now), viewing.view(run, now)
    pin = services.proposed_pin(permit, plan, kind, list(unit_ids), target)
    names = {row.unit_id: row.name for row in shown.rows}
    groups = {row.unit_id: row.task_group for row in shown.rows}
    own = viewing.mine(permit)
    # A new word on where a unit goes takes the place of the draft's older one, as when it is kept.
    drafted = [
        each for each in run.pins.all() if not (kind == each.kind == PlanPin.PIN and each.units == pin.units)
    ]
    result = trial.judge(
        plan, drafted, pin, names, lambda unit_id: own is None or groups.get(unit_id, "") in own
    )
    return Tried(
        pin, in_words(pin, names, {each.host: each.name for each in shown.organizations.values()}), result
    )


def kept(permit: Permit, run: PlanRun, kind: str, unit_ids: Sequence[str], target: str) -> PlanPin:
    """The move as a pin of the draft for the next run. InputError as ``services.proposed_pin`` and ``keep_pin``."""
    plan = laid(run, live(permit.town))
    pin = services.proposed_pin(permit, plan, kind, list(unit_ids), target)
    return services.keep_pin(permit, plan, pin)


def in_words(pin: PlanPin, names: Mapping[str, str], leads: Mapping[str, str]) -> Text:
    """What a pin does; ``leads``: name of the organization by its lead unit."""
    listed = [names.get(each, each) for each in pin.units]
    units = Text("、".join(listed), ", ".join(listed))
    if pin.kind == PlanPin.TOGETHER:
        return Text("{units} 放在一起", "{units} together").fill(units=units)
    if pin.kind == PlanPin.APART:
        return Text("{units} 分开", "{units} apart").fill(units=units)
    form = FORMS.get(pin.form, Text("", ""))
    lead = leads.get(pin.host, "")
    where = Text(f"{lead}（{form.zh}）", f"{lead} ({form.en})") if lead else form
    if pin.kind == PlanPin.FORBID:
        return Text("{units} 不要安排在 {where}", "{units} never in {where}").fill(units=units, where=where)
    return Text("{units} 改到 {where}", "{units} to {where}").fill(units=units, where=where)
