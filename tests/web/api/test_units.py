"""One unit through the API: why it stands where it does, and what was done to it."""

from __future__ import annotations

from typing import Any

import pytest

from liangxin.coverage.explain import explain
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit


def own(town: Any) -> Unit:
    group = town.as_core().task_groups[0].id
    return Unit.objects.filter(town=town, task_group=group, kind="enterprise").order_by("pk")[0]


@pytest.mark.clause("4.1", "2.1")
def test_every_rule_says_what_the_core_says(call: Any, town: Any, bob: Any) -> None:
    unit = own(town)
    found = call(bob).read(f"units/{unit.unit_id}/explanation")
    core = {(each.group, each.id): each.says for each in explain(live(town).classified, unit.unit_id)}
    assert core == {(each["group"], each["id"]): each["says"] for each in found["verdicts"]}
    assert found["reason"]["zh"] and found["reason"]["en"] and found["reason"]["zh"] != found["reason"]["en"]


def test_history_holds_who_and_what(call: Any, town: Any, bob: Any) -> None:
    unit = own(town)
    office = call(bob)
    version = office.read(f"units/{unit.unit_id}")["version"]
    office.ask(
        f"units/{unit.unit_id}",
        {"version": version, "values": {"staff": 41}, "visit": True},
        method="patch",
    )
    newest, *_, first = office.read(f"units/{unit.unit_id}/history")
    assert ("visit", "bob", {"staff": unit.staff}, {"staff": 41}) == tuple(
        newest[name] for name in ("kind", "by", "before", "after")
    )
    assert ({}, unit.name) == (first["before"], first["after"]["name"])


@pytest.mark.parametrize("what", ["explanation", "history"])
def test_another_groups_unit_is_not_there(call: Any, town: Any, bob: Any, alice: Any, what: str) -> None:
    other = Unit.objects.filter(town=town).exclude(task_group=own(town).task_group).first()
    call(bob).read(f"units/{other.unit_id}/{what}", status=404)
    call(alice).read(f"units/{other.unit_id}/{what}")
    call(alice).read(f"units/none/{what}", status=404)
