"""A plan on the map: the units a person may read, where they lie, and who may move them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.web.conftest import person
from tests.web.test_plans import finished

from liangxin.registry.access import Role
from liangxin.web.plans.arranged import plan_of
from liangxin.web.plans.models import PlanPin, PlanRun
from liangxin.web.units.models import Unit

pytestmark = pytest.mark.clause("2.0", "2.5", "2.6")


@pytest.fixture(scope="module")
def solved() -> dict[str, Any]:
    return {}


@pytest.fixture
def run(
    town: Any, alice: Any, solved: dict[str, Any], django_capture_on_commit_callbacks: Callable[..., Any]
) -> PlanRun:
    return finished(town, alice, solved, django_capture_on_commit_callbacks)


def places(client: Any, town: Any, run: PlanRun) -> dict[str, Any]:
    answer = client.get(f"/t/{town.code}/plans/{run.pk}/places.json")
    assert 200 == answer.status_code
    return answer.json()  # type: ignore[no-any-return]


def test_every_planned_unit_with_a_position_is_there_once(
    town: Any, alice: Any, run: PlanRun, as_person: Any
) -> None:
    """Its form and organization are those of the plan; its place is the ledger's."""
    found = places(as_person(alice), town, run)
    placed = {
        id: (round(lon, 6), round(lat, 6))
        for id, lon, lat in Unit.objects.filter(town=town, lon__isnull=False).values_list(
            "unit_id", "lon", "lat"
        )
    }
    expected = {
        each.unit_id: (each.form, each.organization_id)
        for each in plan_of(run).units
        if each.unit_id in placed
    }
    assert expected == {each["id"]: (each["form"], each["organization"]) for each in found["units"]}
    assert all(placed[each["id"]] == tuple(each["at"]) for each in found["units"])


def test_an_organization_lies_at_its_lead_unit(town: Any, alice: Any, run: PlanRun, as_person: Any) -> None:
    """Where the lead unit is a unit of it with a position, lines go there."""
    found = places(as_person(alice), town, run)
    where = {each["id"]: each["at"] for each in found["units"]}
    led = [
        each
        for each in plan_of(run).organizations
        if each.host in each.unit_ids
        and each.host in where
        and each.organization_id in found["organizations"]
    ]
    assert led
    for each in led:
        assert where[each.host or ""] == found["organizations"][each.organization_id]["at"]


def test_a_group_member_sees_the_own_units_and_moves_none(
    town: Any, bob: Any, run: PlanRun, as_person: Any
) -> None:
    """Bob's group only, nothing to drag."""
    group = town.as_core().task_groups[0].id
    mine = set(Unit.objects.filter(town=town, task_group=group).values_list("unit_id", flat=True))
    found = places(as_person(bob), town, run)
    assert found["units"]
    assert {each["id"] for each in found["units"]} <= mine
    assert not any(each["movable"] for each in found["units"])
    page = as_person(bob).get(f"/t/{town.code}/plans/{run.pk}/map/").content.decode()
    assert 'id="trial"' not in page


def test_a_group_leader_moves_the_own_units_only(town: Any, run: PlanRun, as_person: Any) -> None:
    """Every unit they see may be dragged by them."""
    leader = person("lead", town, Role.GROUP_LEADER, town.as_core().task_groups[0].id)
    found = places(as_person(leader), town, run)
    assert found["units"]
    assert all(each["movable"] for each in found["units"])


@pytest.mark.parametrize(
    ("role", "status"), [(Role.COUNTY_READER, 403), (Role.ADMINISTRATOR, 403), (None, 404)]
)
def test_who_reads_no_units_has_no_plan_map(
    town: Any, run: PlanRun, as_person: Any, role: Role | None, status: int
) -> None:
    """County reader and administrator are refused; for an outsider there is no town."""
    client = as_person(person("someone", town, role))
    for address in ("map/", "places.json"):
        assert status == client.get(f"/t/{town.code}/plans/{run.pk}/{address}").status_code


def test_positions_are_converted_where_the_tiles_are(
    town: Any, alice: Any, run: PlanRun, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GCJ-02 tiles: points move by some hundred metres, and by the same function as on the other map."""
    from liangxin.web.map import tiles

    plain = {each["id"]: each["at"] for each in places(as_person(alice), town, run)["units"]}
    monkeypatch.setattr(tiles, "datum", lambda: tiles.Datum.GCJ02)
    moved = {each["id"]: each["at"] for each in places(as_person(alice), town, run)["units"]}
    assert plain.keys() == moved.keys()
    assert all(0.001 < abs(moved[id][0] - plain[id][0]) < 0.02 for id in plain)


def test_what_is_confirmed_on_the_map_leads_back_to_it(
    town: Any, alice: Any, run: PlanRun, as_person: Any
) -> None:
    """The draft takes the pin, and the person is on the map again."""
    group = next(
        each for each in plan_of(run).organizations if len(each.unit_ids) > 1 and each.host in each.unit_ids
    )
    unit = next(each for each in group.unit_ids if each != group.host)
    response = as_person(alice).post(
        f"/t/{town.code}/plans/{run.pk}/pins/",
        {"kind": "forbid", "unit": unit, "target": f"org:{group.organization_id}", "to": "map"},
    )
    assert response["Location"].endswith(f"/plans/{run.pk}/map/")
    assert response.status_code == 302
    assert 1 == PlanPin.objects.filter(run=run, kind="forbid").count()
