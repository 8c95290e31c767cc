"""The overview: the five targets, their lists, an earlier day, since yesterday, what is blocked, Word."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.utils import timezone
from tests.web.conftest import person

from liangxin.coverage import count
from liangxin.registry.access import Role
from liangxin.web.overview import queries
from liangxin.web.units import services
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit
from liangxin.wording import Text


def url(town: Any, *parts: str) -> str:
    return "/".join(["", "t", town.code, "overview", *parts])


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
@pytest.mark.parametrize("part", ["numerator", "denominator", "missing", "unknown"])
@pytest.mark.parametrize("indicator", ["1.1", "1.2", "1.3", "1.4", "1.5"])
def test_a_number_and_the_list_behind_it_agree(
    indicator: str, part: str, town: Any, alice: Any, as_person: Any
) -> None:
    """The count on the list equals the core's, for every number of every target."""
    from liangxin.coverage import listing

    behind = listing(live(town).classified, indicator, part).height
    page = as_person(alice).get(f"/t/{town.code}/units/?indicator={indicator}:{part}").content.decode()
    assert [f"{behind:,}"] == re.findall(r"<strong>([\d,]+) 家</strong>", page)


def test_the_page_the_word_file_and_the_core_say_the_same(town: Any, alice: Any, as_person: Any) -> None:
    """Numerators and denominators of the five targets in the document are those of the core."""
    import docx

    client = as_person(alice)
    rates = count(live(town).classified)
    made = docx.Document(BytesIO(client.get(url(town, "document.docx")).content))
    rows = [[cell.text for cell in row.cells][1:4] for row in made.tables[0].rows][1:]
    expected = [
        [str(rates[id].numerator), str(rates[id].denominator), str(rates[id].unknown)]
        for id in ("1.1", "1.2", "1.3", "1.4", "1.5")
    ]
    assert expected == rows
    page = client.get(url(town) + "/").content.decode()
    for numerator, denominator, _ in expected:
        assert f">{int(numerator):,}</a> / <a" in page.replace("\n", "") or f">{int(numerator):,}</a>" in page
        assert f">{int(denominator):,}</a>" in page


def at(moment: datetime, change_set: ChangeSet) -> None:
    ChangeSet.objects.filter(pk=change_set.pk).update(at=moment)


def separate_branch(town: Any) -> str:
    """A branch of one firm's own; a second firm is put into it, which counts as its form does."""
    return str(Unit.objects.filter(town=town, organization_form="separate").order_by("pk")[0].organization_id)


@pytest.fixture
def dated(town: Any, alice: Any) -> Any:
    """The list came on 1 August; on the 14th at noon one enterprise without an organization got one."""
    at(timezone.make_aware(datetime(2011, 8, 1, 9)), ChangeSet.objects.get())
    unit = Unit.objects.filter(
        town=town,
        kind="enterprise",
        state="operating",
        ownership="private",
        organization_form="none",
        full_members__gte=3,
    ).first()
    done = services.write(
        town, alice, "edit", Text("成立", "found"), [Edit(unit, {"organization_id": separate_branch(town)})]
    )
    at(timezone.make_aware(datetime(2011, 8, 14, 12)), done)
    return town


def test_an_earlier_day_has_its_own_numbers(dated: Any) -> None:
    """1.4 on the 13th is one less than on the 15th."""
    then, now = (
        queries.rates_on(dated, date(2011, 8, 13))["1.4"],
        queries.rates_on(dated, date(2011, 8, 15))["1.4"],
    )
    assert (now.numerator - 1, now.denominator) == (then.numerator, then.denominator)


def test_an_earlier_day_is_counted_once(dated: Any, django_assert_max_num_queries: Any) -> None:
    """The second look at a past day reads the kept figures."""
    first = queries.rates_on(dated, date(2011, 8, 13))
    with django_assert_max_num_queries(1):
        assert first == queries.rates_on(dated, date(2011, 8, 13))


def test_since_yesterday_shows_old_and_new(dated: Any, alice: Any, as_person: Any) -> None:
    """The old value is struck through beside the new one."""
    page = as_person(alice).get(url(dated) + "/").content.decode()
    now = count(live(dated).classified)["1.4"]
    assert f"<del>{now.numerator - 1:,} / {now.denominator:,}</del>" in page


def test_the_trend_covers_each_day_of_the_drive(dated: Any, alice: Any, as_person: Any) -> None:
    """A value a day from the first of August to the town's day, the last equal to the page."""
    data = as_person(alice).get(url(dated, "trend.json")).json()
    assert [(date(2011, 8, 1) + timedelta(days=day)).isoformat() for day in range(15)] == data["days"]
    now = count(live(dated).classified)["1.4"]
    line = next(each for each in data["series"] if each["id"] == "1.4")
    assert [now.numerator, now.denominator] == line["of"][-1]


def test_what_is_blocked_opens_a_list_of_that_length(town: Any, alice: Any, as_person: Any) -> None:
    """Each number under "blocked" is the length of the list it opens."""
    from liangxin.web.accounts.permission import permit

    client = as_person(alice)
    found = queries.blocked(permit(alice, town), date(2011, 8, 15))
    assert found
    for each in found:
        page = client.get(f"/t/{town.code}/units/?{each.query}").content.decode()
        assert f"<strong>{each.units:,} 家</strong>" in page, each


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_the_figures(role: Role, town: Any, as_person: Any) -> None:
    """Every role sees the rates; only who may read units gets links to lists."""
    group = town.as_core().task_groups[0].id
    client = as_person(person("someone", town, role, group))
    page = client.get(url(town) + "/")
    assert 200 == page.status_code
    links = "/units/?indicator=" in page.content.decode()
    assert links == (200 == client.get(f"/t/{town.code}/units/").status_code)


@pytest.mark.parametrize("given", ["day=2011-13-99", "day=9999-12-31", "day=0001-01-01", "by=nothing"])
def test_odd_addresses_are_no_server_error(given: str, town: Any, alice: Any, as_person: Any) -> None:
    """Whatever stands in the address, the page opens."""
    assert 200 == as_person(alice).get(url(town) + "/?" + given).status_code


def test_an_empty_town_says_what_to_do(empty_town: Any, as_person: Any) -> None:
    """Before the first import every rate is "—"."""
    page = as_person(person("alice2", empty_town, Role.OFFICE)).get(f"/t/{empty_town.code}/overview/")
    assert (200, True) == (page.status_code, "无对象" in page.content.decode())
