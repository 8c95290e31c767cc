"""The plan in a real browser: a unit dragged, judged at once, confirmed, the rest solved again; the plain list; the phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import DESKTOP, PHONE

from liangxin.findings import InputError

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(town: Any, alice: Any) -> Any:
    """A finished plan of the sample town."""
    from liangxin.web.accounts.permission import permit
    from liangxin.web.plans import services
    from liangxin.web.plans.models import PlanRun

    made = services.start(permit(alice, town), services.Options(time_limit=30))
    found = PlanRun.objects.get(pk=made.pk)
    assert found.done, found.job.error
    assert datetime.now(UTC) >= found.finished
    return found


def member_and_other(run: Any, town: Any) -> tuple[str, str, str]:
    """A unit, an organization that may take it, near each other on one page of the list, and the list's filter."""
    from liangxin.web.accounts.permission import permit
    from liangxin.web.plans import finding, queries, services, trial, viewing
    from liangxin.web.plans.arranged import laid
    from liangxin.web.plans.models import PlanPin
    from liangxin.web.units.live import live

    now = live(town)
    shown, plan = viewing.view(run, now), laid(run, now)
    pairs = []
    for area in queries.by_area(shown):
        rows = finding.found(permit(run.by, town), shown, finding.Filter(area=area.id), now)[
            : finding.PAGE_SIZE
        ]
        for at, row in enumerate(rows):
            for to, other in enumerate(rows):
                each = other.organization
                if (
                    each is None
                    or each is row.organization
                    or each.host != other.unit_id
                    or abs(at - to) > 30
                ):
                    continue
                try:
                    target = f"org:{each.organization_id}"
                    pin = services.proposed_pin(
                        permit(run.by, town), plan, PlanPin.PIN, [row.unit_id], target
                    )
                except InputError:
                    continue
                if not trial.impossible(plan, [], pin):
                    pairs.append((abs(at - to), row.unit_id, target, f"area={area.id}"))
    return min(pairs)[1:]


def run_plan_organizations(run: Any) -> Any:
    from liangxin.web.plans.arranged import plan_of

    return plan_of(run).organizations


@pytest.mark.clause("2.0", "2.6", "4.1")
@pytest.mark.parametrize(
    ("lang", "confirm", "again"),
    [("zh-hans", "确认，记入草稿", "重新测算其余"), ("en", "Confirm into the draft", "Solve the rest again")],
)
def test_drag_confirm_and_solve_the_rest(
    sign_in: Callable[..., Page], run: Any, town: Any, alice: Any, lang: str, confirm: str, again: str
) -> None:
    """A unit is dragged to another organization; cost and broken rules come without a reload; the next run honours it."""
    from liangxin.web.plans.arranged import plan_of
    from liangxin.web.plans.models import PlanRun

    unit, target, area = member_and_other(run, town)
    page = sign_in(alice, lang=lang)
    page.goto(f"/t/{town.code}/plans/{run.pk}/list/?{area}")
    address = page.url
    page.locator(f'tr[data-unit="{unit}"] td.number').first.drag_to(
        page.locator(f'tbody[data-target="{target}"] tr').first
    )
    dialog = page.locator("#trial")
    expect(dialog.locator("[data-result]")).to_be_visible()
    assert dialog.locator("[data-extra]").inner_text()[0] in "+-"
    assert address == page.url
    dialog.get_by_role("button", name=confirm).click()
    expect(page.locator("#draft .pin")).to_have_count(1)
    page.get_by_role("button", name=again).click()
    page.wait_for_url(lambda at: at.endswith("/plans/"))
    second = PlanRun.objects.get(based_on=run)
    organizations = {each.unit_id: each.organization_id for each in plan_of(second).units}
    hosts = {each.organization_id: each.host for each in run_plan_organizations(second)}
    before = {each.organization_id: each.host for each in run_plan_organizations(run)}
    assert before[target.removeprefix("org:")] == hosts[organizations[unit]]
    page.goto(f"/t/{town.code}/plans/compare/?a={run.pk}&b={second.pk}")
    assert unit in page.content()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_plain_list_serves_keyboard_and_phone(
    sign_in: Callable[..., Page], run: Any, town: Any, alice: Any, size: dict[str, int]
) -> None:
    """Without a mouse: the button opens the list of places, a choice says what it does, Escape leaves all as it was."""
    unit, target, area = member_and_other(run, town)
    page = sign_in(alice, size=size)
    page.goto(f"/t/{town.code}/plans/{run.pk}/list/?{area}")
    page.locator(f'[data-move="{unit}"]').press("Enter")
    page.locator("#trial optgroup").first.wait_for(state="attached")
    page.select_option("#trial select", target)
    expect(page.locator("#trial [data-result]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.keyboard.press("Escape")
    expect(page.locator("#trial")).to_be_hidden()
    assert not run.pins.exists()


@pytest.mark.clause("2.0", "2.6")
@pytest.mark.parametrize(
    ("lang", "confirm"), [("zh-hans", "确认，记入草稿"), ("en", "Confirm into the draft")]
)
def test_a_unit_is_dragged_on_the_map(
    sign_in: Callable[..., Page], run: Any, town: Any, alice: Any, lang: str, confirm: str
) -> None:
    """Pulled onto a point of another organization: its name shows, cost and broken rules come, the draft takes it."""
    unit, target, _ = member_and_other(run, town)
    page = sign_in(alice, lang=lang)
    page.goto(f"/t/{town.code}/plans/{run.pk}/map/")
    page.locator("#map[data-drawn]").wait_for()
    here, there = page.evaluate(
        """([id, target]) => {
            const place = document.getElementById("map");
            const { map, units } = place.planMap;
            const moved = units.find((each) => each.id === id);
            const onto = units.find((each) => each.organization === target);
            const spot = (each) => [each.at[1], each.at[0]];
            map.fitBounds([spot(moved), spot(onto)], { animate: false, padding: [80, 80] });
            const frame = place.getBoundingClientRect();
            return [moved, onto].map((each) => {
                const at = map.latLngToContainerPoint(spot(each));
                return [at.x + frame.left, at.y + frame.top];
            });
        }""",
        [unit, target.removeprefix("org:")],
    )
    page.mouse.move(*here)
    page.mouse.down()
    page.mouse.move(*there, steps=6)
    expect(page.locator("#map .leaflet-tooltip")).to_be_visible()
    page.mouse.up()
    dialog = page.locator("#trial")
    expect(dialog.locator("[data-result]")).to_be_visible()
    assert target == dialog.locator("select[name=target]").input_value()
    dialog.get_by_role("button", name=confirm).click()
    expect(page.locator("#draft .pin")).to_have_count(1)
    assert page.url.endswith("/map/")
    pin = run.pins.get()
    assert [unit] == pin.units
