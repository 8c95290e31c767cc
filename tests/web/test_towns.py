"""A county's first page: where each of its towns stands, read only; and who sees which towns."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.web.conftest import person

from liangxin.coverage import count
from liangxin.registry.access import Role
from liangxin.web.units.live import live
from liangxin.wording import Text


@pytest.fixture
def second(town: Any) -> Any:
    """A neighbouring town of 120 units."""
    from dataclasses import replace

    from liangxin.sample import make_town
    from liangxin.web.areas.services import add_town
    from liangxin.web.units.loading import load_ledger

    made = make_town(120, seed=5)
    stored = add_town(
        replace(made.town, name="邻镇", code="330683102"),
        drive_starts=date(2011, 8, 1),
        today=date(2011, 8, 15),
    )
    load_ledger(stored, made.ledger, None, Text("名单", "list"))
    return stored


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
def test_the_county_sees_where_each_town_stands(town: Any, second: Any, as_person: Any) -> None:
    """Each town's numerators and denominators are the core's; the name opens its overview; no list of units opens."""
    county = person("county", None, Role.COUNTY_READER)
    client = as_person(county)
    page = client.get("/").content.decode()
    for each in (town, second):
        assert f'href="/t/{each.code}/overview/"' in page
        for id in ("1.1", "1.2", "1.3", "1.4", "1.5"):
            rate = count(live(each).classified)[id]
            assert f"{rate.numerator:,} / {rate.denominator:,}" in page
        assert 200 == client.get(f"/t/{each.code}/overview/").status_code
        assert 403 == client.get(f"/t/{each.code}/units/").status_code


def test_an_office_of_one_town_goes_straight_there(
    town: Any, second: Any, alice: Any, as_person: Any
) -> None:
    """One town: no list of towns, and the other does not exist."""
    client = as_person(alice)
    assert f"/t/{town.code}/overview/" == client.get("/")["Location"]
    assert 404 == client.get(f"/t/{second.code}/overview/").status_code


def test_nobody_without_a_role_sees_a_town(town: Any, second: Any, outsider: Any, as_person: Any) -> None:
    """The page says whom to ask, and names no town."""
    page = as_person(outsider).get("/").content.decode()
    assert ("系统管理员" in page, town.name in page) == (True, False)
