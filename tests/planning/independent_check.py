"""An independent judge of plans: rules, indicators, objective and every printed "at most", from plan.json, ledger and town.

Own code on purpose (see ``independent_facts``); ``independent_count`` answers what can be reached at most.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl
from independent_count import most
from independent_facts import ALONE, JOINT, Unit, facts, industry_distance, kilometres, may_follow

from liangxin.registry.town import Town

COVERING = (*ALONE, *JOINT, "village")
PER_UNIT = {"separate": 0.0, "seconded": 0.10, "park": 0.30, "industry": 0.45, "leader": 0.25, "zone": 0.35,
            "village": 0.90, "mobile": 0.0, "none": 0.0}  # fmt: skip
PER_ORGANIZATION = {"seconded": 0.20, "park": 0.20, "industry": 0.20, "leader": 0.10, "zone": 0.20}


class IndependentCheck:
    """``faults`` says everything that is wrong with a plan (the document of plan.json). ``village_counts``: for 1.4."""

    def __init__(
        self, plan: dict[str, Any], ledger: pl.DataFrame, town: Town, *, village_counts: bool = False
    ) -> None:
        self.plan, self.town, self.village_counts = plan, town, village_counts
        self.as_of = date.fromisoformat(plan["as_of"])
        self.units = facts(ledger, town, self.as_of)
        self.form = {unit["unit_id"]: unit["form"] for unit in plan["units"]}
        self.living = [each for each in plan["organizations"] if each["status"] != "dissolved"]
        self.base = [unit for unit in self.units.values() if unit.in_base]
        names = ledger.filter(pl.col("unit_id").is_in(list(self.units)))["instructor_id"].drop_nulls()
        self.stood_before = Counter(names.to_list())
        self.need = math.ceil(0.35 * len(self.base) - 1e-9)

    def faults(self, *, objective: bool = True) -> list[str]:
        found = [*self._books(), *self._rules(), *self._indicators(), *self._solver(), *self._instructors()]
        if objective:
            found += self._objective()
        return found + list(self._reach())

    # ---- the books agree with each other

    def _books(self) -> Iterator[str]:
        ids = [unit["unit_id"] for unit in self.plan["units"]]
        if Counter(ids) != Counter(self.units.keys()):
            yield f"units of the plan and of the ledger differ: {set(ids) ^ set(self.units)}"
        inside: dict[str, dict[str, Any]] = {}
        for organization in self.living:
            for unit_id in organization["unit_ids"]:
                if unit_id in inside:
                    yield f"{unit_id} is in two organizations"
                inside[unit_id] = organization
        for unit in self.plan["units"]:
            own = inside.get(unit["unit_id"])
            if (own["organization_id"] if own else None) != unit["organization_id"]:
                yield f"{unit['unit_id']}: organization {unit['organization_id']} does not list it"
            if own and own["form"] != unit["form"]:
                yield f"{unit['unit_id']}: form {unit['form']} in an organization of form {own['form']}"
        for name in ("organization_id", "name"):
            twice = [key for key, times in Counter(each[name] for each in self.living).items() if times > 1]
            if twice:
                yield f"two organizations with one {name}: {twice}"
        for organization in self.plan["organizations"]:
            inside_units = [self.units[unit_id] for unit_id in organization["unit_ids"]]
            if organization["full_members"] != sum(unit.t for unit in inside_units):
                yield f"{organization['organization_id']}: full_members {organization['full_members']}"
            known = [unit for unit in inside_units if unit.full is not None]
            if (
                not sum(u.members for u in known)
                <= organization["members"]
                <= sum(u.members for u in inside_units)
            ):
                yield f"{organization['organization_id']}: members {organization['members']}"

    # ---- the rules of the notice

    def _rules(self) -> Iterator[str]:
        for organization in self.living:
            units = [self.units[unit_id] for unit_id in organization["unit_ids"]]
            form, own = organization["form"], organization["organization_id"]
            stood = [unit for unit in units if unit.organization == own and unit.form == form]
            if form in ALONE:
                yield from self._alone(organization, units[0], bool(stood))
            elif form in JOINT:
                yield from self._joint(organization, units, stood)
            elif form == "village":
                yield from (
                    f"{u.id} is not of {organization['host']}"
                    for u in units
                    if u.village != organization["host"]
                )
        told = {
            unit_id
            for part in self.plan["infeasible"]
            if self._about_cover(part)
            for unit_id in part["unit_ids"]
        }
        for unit in self.units.values():
            form = self.form.get(unit.id, "none")
            if unit.required and form not in COVERING and unit.id not in told:
                yield f"{unit.id} must be covered, is not, and nothing says so"
            if form in COVERING and unit.id in told:
                yield f"{unit.id} is covered and is named as one that cannot be"
            if unit.t >= 3 and form not in ("separate", "leader", "mobile"):
                yield f"{unit.id} has {unit.t} full members and is {form}"
        seconded = sum(form == "seconded" for form in self.form.values())
        if seconded > len(self.town.instructors):
            yield f"{seconded} seconded with {len(self.town.instructors)} instructors"

    @staticmethod
    def _about_cover(part: dict[str, Any]) -> bool:
        return part["clause"] in ("1.1", "1.2", "1.3")

    @staticmethod
    def _alone(organization: dict[str, Any], unit: Unit, stood: bool) -> Iterator[str]:
        form = organization["form"]
        if len(organization["unit_ids"]) != 1 or organization["host"] != unit.id:
            yield f"{unit.id}: {form} with other units"
        taken_at_its_word = stood and unit.full is None
        if form == "separate" and unit.t < 3 and not taken_at_its_word:
            yield f"{unit.id}: separate with {unit.t} full members"
        if form == "seconded" and not unit.may_be_seconded and not stood:
            yield f"{unit.id}: seconded with {unit.full} full members and {unit.staff} staff"
        if form == "mobile" and (unit.mobile or 0) < 3 and not stood:
            yield f"{unit.id}: a mobile branch with {unit.mobile} mobile members"

    @staticmethod
    def _joint(organization: dict[str, Any], units: list[Unit], stood: list[Unit]) -> Iterator[str]:
        name, form = organization["organization_id"], organization["form"]
        host = next((unit for unit in units if unit.id == organization["host"]), None)
        if host is None:
            yield f"{name}: its host {organization['host']} is not inside"
            return
        grown = len(units) > len(stood)
        if len(units) < 2 or (len(units) > 5 and grown):
            yield f"{name}: {len(units)} units"
        unknown = any(unit.full is None for unit in stood)
        if sum(unit.t for unit in units) < 3 and not unknown:
            yield f"{name}: {sum(unit.t for unit in units)} full members"
        if sum(unit.members for unit in units) > 50 and grown:
            yield f"{name}: {sum(unit.members for unit in units)} members"
        if form == "leader":
            if not host.leads and host not in stood:
                yield f"{name}: {host.id} is no leading enterprise"
        elif not 1 <= host.t <= 2 and not (host in stood and host.full is None):
            yield f"{name}: its host has {host.t} full members"
        for unit in units:
            if unit is host:
                continue
            if unit.t >= 3:
                yield f"{name}: {unit.id} inside has {unit.t} full members"
            if form in ("park", "zone") and not (
                unit.territory is not None
                and unit.territory == host.territory
                and host.in_park == (form == "park")
            ):
                yield f"{name}: {unit.id} and {host.id} are not of one territory"
            if form == "leader" and not may_follow(host, unit):
                yield f"{name}: {unit.id} is no neighbour of {host.id}"
        if form == "industry" and not frozenset.intersection(*(unit.associations for unit in units)):
            yield f"{name}: no association in common"

    # ---- indicators

    def _indicators(self) -> Iterator[str]:
        organized = (*ALONE, *JOINT)
        counted = (*organized, "village") if self.village_counts else organized
        classes = {
            "1.1": [unit for unit in self.base if unit.has_member],
            "1.2": [unit for unit in self.base if unit.large],
            "1.3": [unit for unit in self.base if unit.medium],
            "1.4": self.base,
        }
        served = {unit["unit_id"] for unit in self.plan["units"] if unit.get("instructor_id")}
        for when in ("before", "after"):
            form = {unit.id: unit.form for unit in self.units.values()} if when == "before" else self.form
            expected = {
                id_: (
                    sum(form.get(unit.id) in (counted if id_ == "1.4" else COVERING) for unit in units),
                    len(units),
                )
                for id_, units in classes.items()
            }
            without = [unit for unit in self.base if form.get(unit.id) not in organized]
            reached = [u for u in without if any(u.haves) or (when == "after" and u.id in served)]
            if not self.village_counts:
                expected["1.5"] = (len(reached), len(without))
            for indicator in self.plan["indicators"]:
                if indicator["id"] in expected:
                    told = (indicator[when]["numerator"], indicator[when]["denominator"])
                    if told != expected[indicator["id"]]:
                        yield f"{indicator['id']} {when}: told {told}, counted {expected[indicator['id']]}"

    def _instructors(self) -> Iterator[str]:
        """Whom each instructor contacts (1.5, 4.5): within capacity, one each, and never one whose relation has moved."""
        capacity = {each.id: each.capacity for each in self.town.instructors}
        seconded = [each["instructor_id"] for each in self.living if each["form"] == "seconded"]
        if len(set(seconded)) < len(seconded) and None not in seconded:
            yield "one instructor is seconded to two units"
        load = Counter(unit.get("instructor_id") for unit in self.plan["units"] if unit.get("instructor_id"))
        for id_ in load:
            if id_ not in capacity:
                yield f"no such instructor: {id_}"
        idle = {unit_id for unit_id, form in self.form.items() if form not in (*ALONE, *JOINT)}
        report = self.plan["contacts"]
        told = {
            unit_id: each["instructor_id"] for each in report["instructors"] for unit_id in each["unit_ids"]
        }
        said = {
            unit["unit_id"]: unit["instructor_id"] for unit in self.plan["units"] if unit["instructor_id"]
        }
        if told != {unit_id: id_ for unit_id, id_ in said.items() if unit_id in idle}:
            yield "the list by instructor and the units' own column differ"
        asked = {unit.id for unit in self.base if unit.id in idle}
        if (report["asked"], report["served"]) != (len(asked), sum(unit_id in said for unit_id in asked)):
            yield f"asked {report['asked']}, served {report['served']}: counted {len(asked)}"
        if set(report["not_served"]) != {unit_id for unit_id in asked if unit_id not in said}:
            yield "not served: another list"
        room = sum(
            max(0, each["capacity"] - len(each["unit_ids"]))
            for each in report["instructors"]
            if not each["seconded_to"]
        )
        if report["not_served"] and room:
            yield f"{len(report['not_served'])} not served with room for {room}"
        contacts = Counter(
            unit.get("instructor_id")
            for unit in self.plan["units"]
            if unit.get("instructor_id") and self.form[unit["unit_id"]] not in (*ALONE, *JOINT)
        )
        for id_, units in contacts.items():
            if units > max(capacity.get(id_, 0), self.stood_before[id_]):
                yield f"{id_} contacts {units} units, capacity {capacity.get(id_, 0)}"

    def work_coverage_faults(self) -> list[str]:
        """1.5 is named as out of reach exactly where the plan's own rate misses its target."""
        after = next(each["after"] for each in self.plan["indicators"] if each["id"] == "1.5")
        missed = after["numerator"] < 0.4 * after["denominator"] - 1e-9
        told = [part["zh"] for part in self.plan["infeasible"] if part["clause"] == "1.5"]
        if bool(told) != missed:
            return [f"1.5 is {after['numerator']} of {after['denominator']}, told: {told}"]
        return []

    # ---- objective (the formula of the overlay distance-only)

    def _objective(self) -> Iterator[str]:
        total, affiliated = 0.0, defaultdict(list)
        for organization in self.living:
            units = [self.units[unit_id] for unit_id in organization["unit_ids"]]
            form = organization["form"]
            if form == "village":
                affiliated[organization["host"]] += units
                continue
            cost = PER_ORGANIZATION.get(form, 0.0)
            host = self.units[organization["host"]]
            for unit in units:
                if form in JOINT and unit is not host:
                    way = 0.5 * min(kilometres(unit, host), 6.0) + 0.5 * industry_distance(unit, host)
                    cost += max(0.02, PER_UNIT[form] + way - (0.3 if unit.id in host.chain else 0.0))
                elif form != "leader":
                    cost += PER_UNIT[form]
                cost += self._stability(unit, organization)
            total += cost
            if abs(cost - organization["cost"]) > 1e-6:
                yield f"{organization['organization_id']}: cost told {organization['cost']}, computed {cost}"
        centre = self._village_centres()
        for village, units in affiliated.items():
            for unit in units:
                at = centre.get(village)
                away = 0.0 if at is None else min(math.dist(unit.at, at), 6.0)
                total += PER_UNIT["village"] + 0.5 * away
                total += 0.15 if unit.form not in ("none", "village") else 0.0
            total += 0.3 * max(0, len(units) - 15)
        lost = [u for u in self.units.values() if self.form.get(u.id) == "none" and u.form != "none"]
        total += 0.15 * len(lost)
        if abs(total - self.plan["solver"]["objective"]) > 1e-5 * max(1.0, total):
            yield f"objective told {self.plan['solver']['objective']}, computed {total}"

    @staticmethod
    def _stability(unit: Unit, organization: dict[str, Any]) -> float:
        if unit.form == "none":
            return 0.0
        alone = organization["form"] in ALONE
        same = unit.form == organization["form"] and (
            alone or unit.organization == organization["organization_id"]
        )
        return 0.0 if same else 0.15

    def _village_centres(self) -> dict[str, tuple[float, float]]:
        """On the units' plane: through a unit that has no position but the village's."""
        probe = pl.DataFrame(
            {
                "unit_id": [area.id for area in self.town.areas if area.centre],
                "village": [a.id for a in self.town.areas if a.centre],
            }
        )
        columns = ("state", "ownership", "kind", "lon", "lat", "venue", "park", "area", "full_members", "probationary_members",
                   "mobile_members", "staff", "revenue", "industry", "association", "organization_form", "organization_id",
                   "instructor_id", "union", "youth_league", "womens_federation", "applicants", "owner_trained_on",
                   "chain_unit_ids", "leader_unit_id")  # fmt: skip
        rows = probe.with_columns(pl.lit(None).alias(name) for name in columns)
        return {unit.id: unit.at for unit in facts(rows, self.town, self.as_of).values()}

    # ---- what is said of the solver, and every "at most"

    def _solver(self) -> Iterator[str]:
        solver = self.plan["solver"]
        if solver["bound"] > solver["objective"] + 1e-6:
            yield f"bound {solver['bound']} above the objective {solver['objective']}"
        if not -1e-9 <= solver["gap"] < 10:
            yield f"gap {solver['gap']}"
        if solver["objective"] > 0:
            gap = (solver["objective"] - max(solver["bound"], 0.0)) / solver["objective"]
            if (
                solver["bound"] > 0
                and abs(gap - solver["gap"]) > 1e-3
                and abs(gap / (1 - gap + 1e-12) - solver["gap"]) > 1e-3
            ):
                yield f"gap told {solver['gap']}, computed {gap}"

    def _stands_by_itself(self, unit_ids: list[str]) -> bool:
        """What has lost its members does not stand any more, its units are free; unknown members are taken at its word."""
        units = [self.units[unit_id] for unit_id in unit_ids]
        return bool(units) and (
            any(unit.full is None for unit in units) or sum(unit.t for unit in units) >= 3
        )

    def _reach(self) -> Iterator[str]:
        counted = (*ALONE, *JOINT, "village") if self.village_counts else (*ALONE, *JOINT)
        uncovered = sum(u.required and self.form.get(u.id) not in COVERING for u in self.units.values())
        established = sum(self.form.get(unit.id) in counted for unit in self.base)
        kept = [
            (
                organization["form"],
                organization["host"],
                [unit_id for unit_id in organization["unit_ids"] if self._stood(unit_id, organization)],
            )
            for organization in self.living
            if organization["form"] in JOINT and organization["status"] != "new"
        ]
        standing = [each for each in kept if self._stands_by_itself(each[2])]
        reach = most(self.units, len(self.town.instructors), standing, self.village_counts)
        if uncovered > reach.uncovered:
            yield f"{uncovered} required units uncovered, {reach.uncovered} can be reached"
        best = min(reach.established, self.need)
        if established < best and reach.proven:
            yield f"{established} established, {reach.established} can be reached, {self.need} are needed"
        for part in self.plan["infeasible"]:
            for claimed in re.findall(r"总体组建率最多做到(\d+)家", part["zh"]):
                if int(claimed) != reach.established:
                    yield f"says at most {claimed} established; {reach.established} can be reached"
            for claimed in re.findall(r"上限不超过(\d+)家", part["zh"]):
                if int(claimed) < reach.established:
                    yield f"says no more than {claimed}; {reach.established} can be reached"

    def _stood(self, unit_id: str, organization: dict[str, Any]) -> bool:
        unit = self.units[unit_id]
        return unit.organization == organization["organization_id"] and unit.form == organization["form"]
