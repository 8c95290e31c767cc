"""Every page under axe: no serious finding, at both sizes; and nothing to scroll sideways on a phone.

``axe.min.js`` is axe-core 4 of Deque Systems, under the Mozilla Public License 2.0; it is used by this test only.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.conftest import DESKTOP, PHONE
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.accounts.models import RoleGrant
from liangxin.web.organizations import services as organizations
from liangxin.web.units import services as units
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.wording import Text

AXE = Path(__file__).with_name("axe.min.js")
NARROW = {"width": 360, "height": 740}
# Built by hand where a page needs something to show; the rest of the pages come from the navigation.
INSIDE = (
    "units/paste/",
    "units/changes/",
    "units/?q=cl&class=staff_80",
    "imports/duplicates/",
    "imports/waiting/",
    "overview/?by=task_group",
    "overview/?day=2011-08-05",
    "settings/people/",
    "settings/town-file/",
    "settings/part/areas/",
    "settings/part/task_groups/",
    "jobs/",
    "holders/",
    "closing/",
    "procedures/plan/",
    "procedures/numbers/",
    "procedures/request/found/",
)
FINDINGS = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter((each) => ["serious", "critical"].includes(each.impact)).map((each) =>
    each.id + ": " + each.nodes.slice(0, 3).map((node) => node.target.join(" ") + " " + node.failureSummary.split("\\n")[1]).join(" | "));
}"""


@pytest.fixture
def administrator(transactional_db: None, town: Any) -> Any:
    """Sees every page of a town in which something happened: of the office, and in charge of the users too."""
    made = person("administrator", town, Role.ADMINISTRATOR)
    RoleGrant.objects.create(user=made, town=town, role=Role.OFFICE.value)
    organizations.record_existing(town)
    organizations.found_framework(town, None, frozenset({"3.0", "3.1", "5.1"}))
    unit = Unit.objects.filter(town=town, staff__isnull=False)[0]
    units.write(town, made, "edit", Text("改从业人数", "Staff corrected"), [units.Edit(unit, {"staff": 33})])
    return made


def addresses(page: Page, town: Any) -> list[str]:
    """The pages of the navigation, and those inside them."""
    links = page.locator("nav.sections a").evaluate_all("all => all.map(each => each.getAttribute('href'))")
    unit = Unit.objects.filter(town=town).order_by("pk")[0]
    change = ChangeSet.objects.filter(town=town).order_by("-pk")[0]
    inside = [
        *INSIDE,
        f"units/unit/{unit.unit_id}/",
        f"units/unit/{unit.unit_id}/visit/",
        f"units/changes/{change.pk}/",
    ]
    return [*links, *(f"/t/{town.code}/{each}" for each in inside)]


def findings(page: Page) -> list[str]:
    page.evaluate(
        AXE.read_text(encoding="utf-8")
    )  # through the debugger: the site's own policy lets no script in
    found: list[str] = page.evaluate(FINDINGS)
    return found


@pytest.mark.slow
@pytest.mark.parametrize(("size", "lang"), [(DESKTOP, "en"), (PHONE, "zh-hans")], ids=["desktop", "phone"])
def test_no_serious_finding_on_any_page(
    sign_in: Any, administrator: Any, town: Any, size: dict[str, int], lang: str
) -> None:
    """Names of controls, contrast, labels, landmarks, regions that scroll: everything axe calls serious or worse. On a
    phone wide tables scroll in their own frame, and the page does not, down to 360 wide."""
    page = sign_in(administrator, lang=lang, size=size)
    wrong: dict[str, list[str]] = {}
    too_wide: dict[str, list[int]] = {}
    for address in addresses(page, town):
        answer = page.goto(address, wait_until="networkidle")
        assert answer is not None and answer.status == 200, address
        if found := findings(page):
            wrong[address] = found
        if size is PHONE:
            widths = scrolled_widths(page)
            if any(width > narrow["width"] for width, narrow in zip(widths, (PHONE, NARROW), strict=True)):
                too_wide[address] = widths
    assert ({}, {}) == (wrong, too_wide)


def scrolled_widths(page: Page) -> list[int]:
    """How wide the page is laid out at each width of a phone; left as it was."""
    widths = []
    for size in (PHONE, NARROW):
        page.set_viewport_size(size)
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
    page.set_viewport_size(PHONE)
    return widths


def test_the_sign_in_page_has_no_serious_finding(chromium: Browser, live_server: Any) -> None:
    """The first page anybody meets."""
    context = chromium.new_context(base_url=live_server.url, viewport=PHONE)
    page = context.new_page()
    page.goto("/accounts/login/")
    found = findings(page)
    context.close()
    assert [] == found
