"""The people of a town and what they ask for: for every test of the procedures on the site."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from tests.web.conftest import person

from liangxin.procedure import Kind, Matter, Minutes, PlanFigures
from liangxin.registry.access import Role
from liangxin.structure import Found
from liangxin.web.accounts.permission import permit
from liangxin.web.organizations import queries as organizations
from liangxin.web.organizations import services as tree
from liangxin.web.procedures import drafting, services
from liangxin.web.procedures.actors import actor_of
from liangxin.web.procedures.evidence import Received
from liangxin.web.procedures.models import Case
from liangxin.web.units.models import Unit
from liangxin.web.units.services import Edit, write
from liangxin.wording import Text

TODAY = date(2011, 8, 15)
MINUTES = Minutes(TODAY, 9, 8, 8)
PDF = b"%PDF-1.7 made for a test"
FILE = Received("备案回执.pdf", "pdf", PDF)


@dataclass
class Cast:
    """The people of a town, each with what they may do, and acts in one line."""

    town: Any
    office: Any
    leader: Any  # of the first task group
    other_leader: Any  # of the second
    leading_group: Any
    committee: Any
    county: Any

    def may(self, who: Any) -> Any:
        return permit(who, self.town)

    def do(
        self, who: Any, case: Case, act: Any, version: int | None = None, files: tuple[Received, ...] = ()
    ) -> Case:
        if version is None:
            version = Case.objects.get(pk=case.pk).version
        return services.act(self.may(who), case.pk, act, version, files)

    def actor(self, who: Any) -> Any:
        return actor_of(self.may(who))


@pytest.fixture(name="cast")
def the_cast(town: Any, alice: Any) -> Cast:
    tree.record_existing(town)
    tree.found_framework(town, None, frozenset({"3.0", "3.1", "5.1"}))
    first, second = (group.id for group in town.as_core().task_groups[:2])
    return Cast(
        town,
        alice,
        person("组长甲", town, Role.GROUP_LEADER, first),
        person("组长乙", town, Role.GROUP_LEADER, second),
        person("领导小组", town, Role.LEADING_GROUP),
        person("镇党委", town, Role.COMMITTEE),
        person("县里", town, Role.COUNTY_READER),
    )


def founding(cast: Cast, number: int = 0, *, form: str = "separate", group: str | None = None) -> Matter:
    """A request of the first group: a branch in a unit of its own with three members or more."""
    group = group if group is not None else cast.town.as_core().task_groups[0].id
    strong = [id for id, members in organizations.strengths(cast.town).items() if members and members >= 3]
    units = list(Unit.objects.filter(town=cast.town, unit_id__in=strong, organization_id=None).order_by("pk"))
    assert len(units) > number, "the sample has units with three members"
    unit = units[number]
    if unit.task_group != group:
        write(cast.town, cast.office, "edit", Text("分组", "group"), [Edit(unit, {"task_group": group})])
    working = next(
        each for each in organizations.day_tree(cast.town, TODAY).organizations.values()
        if each.standing.type == "working_committee"
    )  # fmt: skip
    operation = Found(on=TODAY, id=drafting.new_id(cast.town), name=f"{unit.name}党支部", type="branch", parent=working.id,
                      units=(unit.unit_id,), form=form, host=unit.unit_id)  # fmt: skip
    return drafting.matter_of(cast.town, Kind.FOUND, operation.id, [operation], operation.name, group=group)


def plan_matter(cast: Cast, units: int = 1) -> Matter:
    base = founding(cast)
    return replace(base, kind=Kind.PLAN, title="第一推进组组建方案", operations=(), organization="",
                   figures=PlanFigures(units=units))  # fmt: skip
