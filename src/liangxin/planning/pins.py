"""A person's pins, entered into the problem; those that no arrangement could honour are named and left out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.existing import Existing
from liangxin.planning.forms import ALONE, CODE, JOINT, LEADER, NAMES, NONE, VILLAGE, bit
from liangxin.planning.options import Pin, Pins
from liangxin.planning.plan import Infeasible
from liangxin.planning.problem import Problem, may_join
from liangxin.registry.fields import FORMS
from liangxin.wording import Text

if TYPE_CHECKING:
    from collections.abc import Iterable


def with_pins(
    problem: Problem, existing: Existing, pins: Pins
) -> tuple[Problem, Existing, tuple[Infeasible, ...]]:
    """The problem with the pins in it. A pin is stronger than what exists: an organization it touches is released."""
    work = _Entering(problem)
    contradicting = _contradictions(pins.pin)
    for first, second in contradicting:
        work.refuse(
            dict.fromkeys((pins.pin[first].unit_id, pins.pin[second].unit_id)),
            f"第{first + 1}条指定（{_words(pins.pin[first]).zh}）与第{second + 1}条指定（{_words(pins.pin[second]).zh}）互相矛盾，两条都没有采用，请改一条",
            f"Pin {first + 1} ({_words(pins.pin[first]).en}) and pin {second + 1} ({_words(pins.pin[second]).en}) contradict each other; neither was taken, please change one",
        )
    left_out = {index for pair in contradicting for index in pair}
    for index, pin in enumerate(pins.pin):
        if index not in left_out:
            work.pin(pin)
    for pin in pins.forbid:
        work.forbid(pin)
    for units in pins.together:
        work.together(units)
    for units in pins.apart:
        work.apart(units)
    return work.problem(), existing, tuple(work.refused)


def _words(pin: Pin) -> Text:
    label = FORMS[pin.form] if pin.form is not None else Text("联合组建", "joint")
    zh, en = f"{pin.unit_id}{label.zh}", f"{pin.unit_id} {label.en}"
    return Text(
        zh + (f"，主单位{pin.host}" if pin.host else ""), en + (f" at {pin.host}" if pin.host else "")
    )


def _contradictions(pins: tuple[Pin, ...]) -> list[tuple[int, int]]:
    """Pairs of pins that cannot both hold: one unit with two forms or two lead units; a lead unit that is to be led by another,
    or to have a form in which it leads nobody."""
    of_unit: dict[str, list[int]] = {}
    for index, pin in enumerate(pins):
        of_unit.setdefault(pin.unit_id, []).append(index)
    found: list[tuple[int, int]] = []
    for index, pin in enumerate(pins):
        found += [
            (index, other) for other in of_unit[pin.unit_id] if other > index and _differ(pin, pins[other])
        ]
        if pin.host is not None and pin.host != pin.unit_id:
            found += [
                (min(index, other), max(index, other))
                for other in of_unit.get(pin.host, ())
                if _leads_nobody(pins[other], pin)
            ]
    return sorted(set(found))


def _differ(one: Pin, other: Pin) -> bool:
    forms = {form for form in (one.form, other.form) if form is not None}
    hosts = {host for host in (one.host, other.host) if host is not None}
    return len(forms) > 1 or len(hosts) > 1


def _leads_nobody(lead: Pin, pin: Pin) -> bool:
    """Is the unit of ``lead``, under which ``pin`` puts another, to be somewhere else?"""
    if lead.host is not None and lead.host != lead.unit_id:
        return True
    return lead.form is not None and (
        CODE[lead.form] not in JOINT or (pin.form is not None and pin.form != lead.form)
    )


class _Entering:
    def __init__(self, problem: Problem) -> None:
        self.before = problem
        self.index = {unit_id: unit for unit, unit_id in enumerate(problem.unit_ids)}
        self.pinned, self.allowed, self.stays = (
            problem.pinned_host.copy(),
            problem.allowed.copy(),
            problem.stays.copy(),
        )
        self.forbidden: set[tuple[int, int, int]] = set()
        self.whole: list[tuple[int, ...]] = []
        self.separate: list[tuple[int, ...]] = []
        self.refused: list[Infeasible] = []
        self.open = problem.policy_forms.copy()  # what would be open to each unit if nothing existed

    def problem(self) -> Problem:
        return replace(
            self.before,
            pinned_host=self.pinned,
            allowed=self.allowed,
            stays=self.stays,
            forbidden=frozenset(self.forbidden),
            together=tuple(self.whole),
            apart=tuple(self.separate),
        )

    def refuse(self, unit_ids: Iterable[str], zh: str, en: str) -> None:
        self.refused.append(Infeasible(tuple(unit_ids), "5.2", Text(zh, en)))

    def units(self, unit_ids: Iterable[str | None]) -> list[int] | None:
        wanted = [unit_id for unit_id in unit_ids if unit_id is not None]
        strange = [unit_id for unit_id in wanted if unit_id not in self.index]
        if strange:
            listed = "、".join(strange)
            self.refuse(
                wanted,
                f"指定的单位{listed}不在本次范围内",
                f"Pinned units {', '.join(strange)} are not in scope",
            )
            return None
        return [self.index[unit_id] for unit_id in wanted]

    def release(self, unit: int) -> None:
        """Free the existing organization that a person's word goes against."""
        if not self.stays[unit]:
            return
        members = np.flatnonzero(self.stays & (self.pinned == self.pinned[unit]))
        self.pinned[members], self.stays[members] = -1, False
        self.allowed[members] = self.open[members]

    def pin(self, pin: Pin) -> None:
        units = self.units((pin.unit_id, pin.host))
        if units is None:
            return
        unit, host = units[0], units[1] if pin.host is not None else -1
        form = CODE[pin.form] if pin.form is not None else -1
        problem = self.before
        if form in ALONE:
            host = unit
        if form in JOINT and host >= 0:
            fits = [form]
        elif form >= 0:
            fits = [form] if form in (VILLAGE, NONE, *ALONE) or host < 0 else []
        else:
            fits = [code for code in JOINT if self._hosts(host, code)]
        fits = [code for code in fits if self._fits(unit, host, code)]
        if not fits:
            label = FORMS[NAMES[form]] if form >= 0 else Text("联合组建", "joint")
            t = int(problem.t[unit])
            zh = (
                f"指定{pin.unit_id}{label.zh}"
                + (f"（主单位{pin.host}）" if pin.host else "")
                + f"做不到：它有{t}名正式党员"
            )
            en = (
                f"Pinning {pin.unit_id} to {label.en}"
                + (f" at {pin.host}" if pin.host else "")
                + f" cannot be done: it has {t} full members"
            )
            self.refuse((pin.unit_id, *((pin.host,) if pin.host else ())), zh, en)
            return
        if self.stays[unit] and not (self.pinned[unit] == host and self.allowed[unit] & bit(*fits)):
            self.release(unit)
        self.allowed[unit] = self.open[unit] & bit(*fits) if form != NONE else bit(NONE)
        self.pinned[unit] = host
        self.stays[unit] = False
        if host >= 0 and host != unit and self.pinned[host] not in (-1, host):
            self.release(host)
        if host >= 0 and host != unit and self.pinned[host] == -1:
            self.pinned[host] = host
            keep = bit(*fits)
            self.allowed[host] &= keep

    def _hosts(self, host: int, form: int) -> bool:
        t, least = int(self.before.t[host]), self.before.limits.min_full_members
        return bool(self.before.can_lead[host]) if form == LEADER else 1 <= t < least

    def _fits(self, unit: int, host: int, form: int) -> bool:
        problem = self.before
        if form != NONE and not self.open[unit] >> form & 1:
            return False
        t, least = int(problem.t[unit]), problem.limits.min_full_members
        if form in ALONE:
            return t == problem.limits.seconded_full_members if NAMES[form] == "seconded" else t >= least
        if form not in JOINT or host < 0:
            return True
        if not self._hosts(host, form) or not self.open[host] >> form & 1:
            return False
        return unit == host or (t < least and may_join(problem, unit, host, form))

    def forbid(self, pin: Pin) -> None:
        units = self.units((pin.unit_id, pin.host))
        if units is None:
            return
        unit, host = units[0], units[1] if pin.host is not None else -1
        form = CODE[pin.form] if pin.form is not None else -1
        touches_form = form < 0 or self.allowed[unit] >> form & 1
        touches_host = host < 0 or self.pinned[unit] == host
        if self.stays[unit] and touches_form and touches_host:
            self.release(unit)
        if host < 0 and form >= 0:
            self.allowed[unit] &= ~bit(form)
            self.open[unit] &= ~bit(form)
        elif host >= 0:
            self.forbidden.add((unit, form, host))
        if not self.allowed[unit]:
            self.refuse(
                (pin.unit_id,),
                f"{pin.unit_id}的所有形式都被禁止",
                f"Every form of {pin.unit_id} is forbidden",
            )
            self.allowed[unit] = bit(NONE)

    def together(self, unit_ids: tuple[str, ...]) -> None:
        units = self.units(unit_ids)
        if units is None or len(units) < 2:
            return
        problem = self.before
        if len(units) > problem.limits.max_units:
            self.refuse(
                unit_ids,
                f"要在一起的有{len(units)}家，一个联合党组织至多{problem.limits.max_units}家",
                f"{len(units)} units together; one organization takes {problem.limits.max_units}",
            )
            return
        hosts = [unit for unit in range(problem.n) if self._could_hold(unit, units)]
        if not hosts:
            self.refuse(
                unit_ids,
                f"{'、'.join(unit_ids)}没有能同在的联合党组织（不在同一园区、协会或龙头周边）",
                f"No joint organization could hold {', '.join(unit_ids)} together",
            )
            return
        for unit in units:
            self.release(unit)
        touching = [whole for whole in self.whole if set(whole) & set(units)]
        merged = set(units).union(*touching)
        self.whole = [whole for whole in self.whole if whole not in touching] + [tuple(sorted(merged))]

    def _could_hold(self, host: int, units: list[int]) -> bool:
        if self.before.t[host] < 1:
            return False
        return any(
            self._hosts(host, form)
            and all(
                unit == host or (self.open[unit] >> form & 1 and self._fits(unit, host, form))
                for unit in units
            )
            for form in JOINT
        )

    def apart(self, unit_ids: tuple[str, ...]) -> None:
        units = self.units(unit_ids)
        if units is None or len(units) < 2:
            return
        clash = next((whole for whole in self.whole if len(set(whole) & set(units)) > 1), None)
        if clash is not None:
            names = "、".join(self.before.unit_ids[unit] for unit in clash)
            self.refuse(unit_ids, f"{names}既要在一起又要分开", f"{names} are to be both together and apart")
            return
        hosts = [int(self.pinned[unit]) for unit in units if self.stays[unit]]
        for unit in units:
            if self.stays[unit] and hosts.count(int(self.pinned[unit])) > 1:
                self.release(unit)
        self.separate.append(tuple(sorted(units)))
