"""A visit at the door: what is unclear is asked, saved with its day, and only by those whose unit it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit

pytestmark = pytest.mark.clause("4.1")


def url(town: Any, unit: Unit) -> str:
    return f"/t/{town.code}/units/unit/{unit.unit_id}/visit/"


@pytest.fixture
def unclear(town: Any) -> Unit:
    """A unit of the first group whose staff nobody knows."""
    group = town.as_core().task_groups[0].id
    unit = Unit.objects.filter(town=town, task_group=group, kind="enterprise", state="operating").first()
    assert unit is not None
    Unit.objects.filter(pk=unit.pk).update(staff=None)
    unit.refresh_from_db()
    return unit


def sent(unit: Unit, **words: str) -> dict[str, str]:
    made = {"version": str(unit.version)}
    for name, each in words.items():
        stored = getattr(unit, name)
        made |= {name: each, f"was-{name}": "" if stored is None else str(stored)}
    return made


def test_what_is_unclear_is_asked_first(town: Any, bob: Any, unclear: Unit, as_person: Any) -> None:
    """The open clear comes before the folded ones, and the day is filled in."""
    page = as_person(bob).get(url(town, unclear)).content.decode()
    assert page.index('name="staff"') < page.index("已经清的，有变化再改")
    assert 'name="surveyed_on" value="2011-08-15"' in page


def test_a_visit_is_recorded_with_its_day(town: Any, bob: Any, unclear: Unit, as_person: Any) -> None:
    """The fact, the day, who and what kind of change it was; the clear is clear."""
    response = as_person(bob).post(url(town, unclear), sent(unclear, staff="86", surveyed_on="2011-08-15"))
    unclear.refresh_from_db()
    done = ChangeSet.objects.latest("pk")
    assert (302, 86, date(2011, 8, 15)) == (response.status_code, unclear.staff, unclear.surveyed_on)
    assert ("visit", bob.pk) == (done.kind, done.by_id)
    row = live(town).classified.frame.filter(_is(unclear)).row(0, named=True)
    assert "staff" in row["clear"]


def _is(unit: Unit) -> Any:
    import polars as pl

    return pl.col("unit_id") == unit.unit_id


def test_bad_words_leave_the_visit_unsaved(town: Any, bob: Any, unclear: Unit, as_person: Any) -> None:
    """The error stands beside the field, what was typed is kept, nothing is stored."""
    response = as_person(bob).post(url(town, unclear), sent(unclear, staff="很多", surveyed_on="八月"))
    page = response.content.decode()
    unclear.refresh_from_db()
    assert (422, None) == (response.status_code, unclear.staff)
    assert page.count('href="#f-') >= 2
    assert 'value="很多"' in page


def test_two_at_one_door_are_told(town: Any, alice: Any, bob: Any, unclear: Unit, as_person: Any) -> None:
    """Alice entered the staff while Bob stood there: he sees both values."""
    form = sent(unclear, staff="86")
    as_person(alice).post(url(town, unclear), sent(unclear, staff="90"))
    response = as_person(bob).post(url(town, unclear), form)
    unclear.refresh_from_db()
    assert (409, 90) == (response.status_code, unclear.staff)


def test_a_unit_of_another_group_does_not_exist(town: Any, bob: Any, outsider: Any, as_person: Any) -> None:
    """Bob's group only; an outsider none."""
    other = Unit.objects.filter(town=town).exclude(task_group=town.as_core().task_groups[0].id).first()
    assert other is not None
    assert 404 == as_person(bob).get(url(town, other)).status_code
    assert 404 == as_person(bob).post(url(town, other), {"staff": "1"}).status_code
    assert 404 == as_person(outsider).get(url(town, other)).status_code


def test_the_overview_says_what_waits_for_the_group(town: Any, bob: Any, alice: Any, as_person: Any) -> None:
    """Bob sees his group's open units, and the number opens a list of that length; the office has no such line."""
    import re

    page = as_person(bob).get(f"/t/{town.code}/overview/").content.decode()
    (said,) = re.findall(r">(\d+) 家八清还没有清<", page)
    listed = as_person(bob).get(f"/t/{town.code}/units/?unclear=any").content.decode()
    assert f"<strong>{int(said):,} 家</strong>" in listed
    assert "家八清还没有清" not in as_person(alice).get(f"/t/{town.code}/overview/").content.decode()


def test_a_visit_by_the_api_is_a_visit(town: Any, bob: Any, unclear: Unit, as_person: Any) -> None:
    """The same kind of change as from the page."""
    body = {"version": unclear.version, "values": {"staff": 86, "surveyed_on": "2011-08-15"}, "visit": True}
    answer = as_person(bob).patch(
        f"/api/v1/towns/{town.code}/units/{unclear.unit_id}", body, content_type="application/json"
    )
    assert (200, "visit") == (answer.status_code, ChangeSet.objects.latest("pk").kind)
