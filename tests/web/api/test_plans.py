"""Plans through the API: run as a job, read, moved, pinned, solved again, compared, published; what-if."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.conftest import person
from tests.web.planned import Capture, joiner, plans_solved, run_of_the_town  # noqa: F401

from liangxin.registry.access import Role
from liangxin.web.jobs.models import Job
from liangxin.web.plans import viewing
from liangxin.web.plans.models import PlanPin, PlanRun, Publication
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit


@pytest.fixture
def grace(town: Any) -> Any:
    """Leads the first task group: may propose for its own units."""
    return person("grace", town, Role.GROUP_LEADER, town.as_core().task_groups[0].id)


@pytest.mark.clause("1.4", "2.0")
def test_a_run_from_its_start_to_its_figures(
    call: Any, town: Any, alice: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    """Started, one at a time, done; targets are those of the run, areas add up, every unit of the base has a form."""
    office = call(alice)
    with django_capture_on_commit_callbacks(execute=True):
        begun = office.ask("plans", time_limit=20, seed=3, name="第一稿")
        assert "plan-running" in {
            each["code"] for each in office.ask("plans", time_limit=20, status=409)["findings"]
        }
        assert "queued" == office.read(f"plans/{begun['number']}/job")["state"]
    assert "done" == office.read(f"plans/{begun['number']}/job")["state"]
    run = PlanRun.objects.get(number=begun["number"])
    found = office.read(f"plans/{run.number}/figures")
    names = ("numerator", "denominator", "unknown", "low", "high")
    said, solved = (
        {each["id"]: [each["after"][name] for name in names] for each in listed}
        for listed in (found["targets"], run.summary["indicators"])
    )
    assert said == solved and len(said) == 5
    units = office.read(f"plans/{run.number}?size=1")["total"]
    assert (
        units
        == sum(area["units"] for area in found["areas"])
        == live(town).classified.frame["in_scope"].sum()
    )
    assert not found["stale"] and not found["other_policy"]


@pytest.mark.parametrize(
    "given", [{"time_limit": 1}, {"time_limit": 99_999}, {"seed": -1}, {"based_on": 0}, {"name": "长" * 61}]
)
def test_a_run_that_cannot_be_is_not_started(call: Any, alice: Any, given: dict[str, Any]) -> None:
    call(alice).ask("plans", given, status=422)
    call(alice).ask("plans", based_on=99, status=404)
    assert 0 == PlanRun.objects.count()


@pytest.mark.clause("4.1")
def test_the_list_follows_its_filters(call: Any, run: PlanRun, town: Any, alice: Any) -> None:
    """A target's number is the length of the list behind it; an unknown filter is refused."""
    office = call(alice)
    for each in run.summary["indicators"]:
        found = office.read(f"plans/{run.number}?target={each['id']}:numerator&size=1")
        assert each["after"]["numerator"] == found["total"]
    assert {"filter"} == {
        each["code"] for each in office.read(f"plans/{run.number}?form=planet", status=422)["findings"]
    }


@pytest.mark.clause("2.0", "2.3", "2.6")
def test_a_move_is_tried_kept_and_dropped(call: Any, run: PlanRun, town: Any, alice: Any) -> None:
    """Among the places for a unit; judged as the page judges it; a pin of the draft, one for each unit."""
    unit_id, target = joiner(run, town)
    office = call(alice)
    listed = office.read(f"plans/{run.number}/units/{unit_id}/places")
    assert all(each["places"] for each in listed)
    sent = {"units": [unit_id], "target": listed[0]["places"][0]["target"]}
    tried = office.ask(f"plans/{run.number}/trial", sent)
    page = office.client.post(
        f"/t/{town.code}/plans/{run.pk}/try/", {"unit": unit_id, "target": sent["target"]}
    ).json()
    assert (page["title"], page["extra"]) == (tried["title"]["zh"], f"{tried['extra']:+.2f}")
    assert page["broken"] == [each["zh"] for each in tried["broken"]] and 0 == PlanPin.objects.count()
    for where in (sent["target"], "form:village"):
        kept = office.ask(f"plans/{run.number}/pins", units=[unit_id], target=where)
    (pin,) = kept["pins"]
    assert ("village", [unit_id], "alice", False) == tuple(
        pin[name] for name in ("form", "units", "by", "settled")
    )
    assert kept == office.read(f"plans/{run.number}/pins")
    assert [] == office.ask(f"plans/{run.number}/pins/{pin['id']}", method="delete")["pins"]
    office.ask(f"plans/{run.number}/pins/{pin['id']}", method="delete", status=404)
    assert {"plan-unit"} == office.refused(f"plans/{run.number}/trial", units=["none"], target=target)
    assert {"plan-target"} == office.refused(f"plans/{run.number}/pins", units=[unit_id], target="org:none")


def test_a_group_leader_moves_own_units_only(
    call: Any, run: PlanRun, town: Any, grace: Any, alice: Any
) -> None:
    group = town.as_core().task_groups[0].id
    leader = call(grace)
    unit_id, _ = joiner(run, town, group)
    leader.ask(f"plans/{run.number}/pins", units=[unit_id], target="form:village")
    other = next(
        row.unit_id for row in viewing.view(run, live(town)).rows if row.task_group not in ("", group)
    )
    assert {"plan-unit"} == leader.refused(f"plans/{run.number}/trial", units=[other], target="form:village")
    apart = [row.unit_id for row in viewing.view(run, live(town)).rows if row.task_group not in ("", group)][
        :2
    ]
    call(alice).ask(f"plans/{run.number}/pins", kind="apart", units=apart)
    shown = leader.read(f"plans/{run.number}/pins")
    assert ([[unit_id]], 1) == ([each["units"] for each in shown["pins"]], shown["hidden"])
    leader.ask("plans", time_limit=20, status=422)
    leader.ask(f"plans/{run.number}/publish", status=403)
    leader.ask(f"plans/{run.number}/cancel", status=404)


def test_solved_again_and_compared(
    call: Any, run: PlanRun, town: Any, alice: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    """Based on a plan with a pin: the pin holds, and the comparison names the moved unit with both costs."""
    unit_id, _ = joiner(run, town)
    office = call(alice)
    office.ask(f"plans/{run.number}/pins", units=[unit_id], target="form:village")
    with django_capture_on_commit_callbacks(execute=True):
        second = office.ask("plans", time_limit=20, based_on=run.number)["number"]
    assert [True] == [each["settled"] for each in office.read(f"plans/{second}/pins")["pins"]]
    found = office.read(f"plans-compared?first={run.number}&second={second}")
    moved = {each["unit_id"]: each["form_after"] for each in found["moves"]}
    assert ("village", found["total"]) == (moved[unit_id], len(found["moves"]))
    assert sum(each["first"] for each in found["terms"]) == pytest.approx(found["totals"][0])
    office.read(f"plans-compared?first={run.number}&second=99", status=404)


@pytest.mark.clause("5.2")
def test_published_and_two_step(call: Any, run: PlanRun, town: Any, alice: Any, settings: Any) -> None:
    """The office publishes; a member of the leading group only with the second step."""
    settings.REQUIRE_TOTP = True
    leading = person("lead", town, Role.LEADING_GROUP)
    answer = call(leading).ask(f"plans/{run.number}/publish", status=403)
    assert ("two-step", 0) == (answer["code"], Publication.objects.count())
    assert call(alice).ask(f"plans/{run.number}/publish")["published"]
    assert run.number == call(alice).read("plans/published")["number"]


def test_a_queued_run_is_cancelled(call: Any, town: Any, alice: Any) -> None:
    office = call(alice)
    number = office.ask("plans", time_limit=20)["number"]
    assert "cancelled" == office.ask(f"plans/{number}/cancel")["state"]
    assert Job.CANCELLED == PlanRun.objects.get().job.state
    for rest in ("figures", "pins"):
        office.read(f"plans/{number}/{rest}", status=404)


@pytest.mark.clause("1.1")
def test_what_if_80_were_50(call: Any, town: Any, alice: Any, bob: Any) -> None:
    """Units that move are those with 50 to 79 staff; Bob is told all numbers and his own units. Nothing is kept."""
    parameter = next(
        each.id
        for each in live(town).policy.parameters.values()
        if each.on(live(town).policy.as_of).value == 80
    )
    asked = {"parameters": {parameter: 50}, "aspect": "classes"}
    office, group = (call(who).ask("what-if?size=500", asked) for who in (alice, bob))
    moved = {each["unit_id"] for each in office["units"]}
    between = Unit.objects.filter(town=town, staff__gte=50, staff__lt=80).values_list("unit_id", flat=True)
    assert moved and moved <= set(between)
    assert all(group["counts"][aspect] in (None, n) for aspect, n in office["counts"].items())
    assert (len(moved), 0) == (office["total"], office["hidden"])
    assert len(moved) == group["total"] + group["hidden"] and group["hidden"] > 0
    assert {"what-if-parameter"} == call(alice).refused("what-if", parameters={"planet": 1})
    assert {"what-if-value"} == call(alice).refused("what-if", parameters={parameter: -1})
    assert {"what-if-same"} == call(alice).refused("what-if", parameters={parameter: 80})
