"""The policy page: every rule in words, its number opens a list of the same length, overlays are marked."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from liangxin.web.policies import reading
from liangxin.web.policies.timeline import timeline


def address(town: Any) -> str:
    return f"/t/{town.code}/policy/"


def test_every_rule_is_on_the_page(town: Any, alice: Any, as_person: Any) -> None:
    """Rules of every section, their words and their clause."""
    from liangxin.web.units.live import live

    policy = live(town).policy
    page = as_person(alice).get(address(town)).content.decode()
    anchors = [
        *(f"scope-{each.id}" for each in policy.scope),
        *(f"class-{each.id}" for each in policy.classes),
        *(f"indicator-{each.id}" for each in policy.indicators),
        *(f"form-{id}" for id in policy.forms),
        *(f"conflict-{each.id}" for each in policy.conflicts),
        *(f"clear-{each.id}" for each in policy.clears),
        *(f"have-{each.id}" for each in policy.haves.items),
        *(f"list-{each.id}" for each in policy.size_lists),
        *(f"status-{each.id}" for each in policy.statuses),
        *(f"parameter-{id}" for id in policy.parameters),
        *(f"clause-{id}" for id in policy.clauses),
    ]
    assert [] == [anchor for anchor in anchors if f'id="{anchor}"' not in page]
    assert "从业人数 ≥ 80" in page and "长委〔2011〕44号 一" in page
    assert all(each.label.zh in page for each in policy.milestones)


def test_every_number_opens_a_list_as_long(town: Any, alice: Any, as_person: Any) -> None:
    """The number beside a rule is the number of units in the list that it opens."""
    from liangxin.web.accounts.permission import permit
    from liangxin.web.units.live import live

    client = as_person(alice)
    numbers = [
        each
        for section in reading.sections(permit(alice, town), live(town))
        for rule in section.rules
        for each in rule.numbers
        if each.query
    ]
    assert len(numbers) > 20 and any(each.value for each in numbers)
    for each in numbers:
        assert each.value == client.get(f"/t/{town.code}/units/{each.query}").context["total"], each.query


def test_a_group_member_counts_own_units(town: Any, bob: Any, as_person: Any) -> None:
    """Bob's numbers open Bob's lists."""
    from liangxin.web.accounts.permission import permit
    from liangxin.web.units.live import live

    client = as_person(bob)
    for section in reading.sections(permit(bob, town), live(town)):
        for rule in section.rules:
            for each in rule.numbers:
                if each.query:
                    assert each.value == client.get(f"/t/{town.code}/units/{each.query}").context["total"]


def test_outsiders_see_no_town(town: Any, outsider: Any, as_person: Any) -> None:
    assert 404 == as_person(outsider).get(address(town)).status_code


def test_english_has_no_chinese_rule_words(town: Any, alice: Any, as_person: Any) -> None:
    """Every word of a rule is in the page's language; only sources keep the notice's own name."""
    client = as_person(alice)
    from django.conf import settings

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = client.get(address(town)).content.decode()
    body = page[page.index('id="timeline"') : page.index('id="parameters"')]
    assert [] == re.findall(r"[\u4e00-\u9fff]+", body)


def test_overlay_rules_are_marked(town: Any, alice: Any, as_person: Any) -> None:
    """With the regulations of 2018 laid over the notice, what they changed is marked and nothing else."""
    from liangxin.policy import load_policy
    from liangxin.web.accounts.permission import permit
    from liangxin.web.policies.models import Adoption
    from liangxin.web.units.live import live

    Adoption.objects.create(town=town, policy="changle-2011-44", overlays=["branch-regulations-2018"])
    town.today = date(2020, 1, 1)
    town.save()
    base = load_policy("changle-2011-44", as_of=date(2020, 1, 1))
    marked = {
        rule.anchor
        for section in reading.sections(permit(alice, town), live(town))
        for rule in section.rules
        if rule.overlay == "branch-regulations-2018"
    }
    over = live(town).policy
    expected = {f"form-{id}" for id in over.forms if over.forms[id] != base.forms.get(id)}
    assert expected == {each for each in marked if each.startswith("form-")}
    assert marked and "叠加" in as_person(alice).get(address(town)).content.decode()


@pytest.mark.parametrize(
    ("day", "state"),
    [(date(2011, 8, 15), "还有 16 天"), (date(2011, 9, 1), "期限已过"), (date(2011, 7, 1), "未到")],
)
def test_timeline_marks_today(town: Any, alice: Any, day: date, state: str) -> None:
    """Establishment runs from 1 to 31 August."""
    from liangxin.web.units.live import live

    stages, at, span = timeline(live(town).policy, day)
    assert (date(2011, 8, 1), date(2011, 9, 20)) == span
    assert state == next(each for each in stages if each.clause.id == "4.3").state[1].zh
    assert (at is None) == (day < date(2011, 8, 1))


def test_queries_of_the_page(
    town: Any, alice: Any, as_person: Any, django_assert_max_num_queries: Any
) -> None:
    """However many rules there are, the database is asked a fixed number of times."""
    client = as_person(alice)
    client.get(address(town))
    with django_assert_max_num_queries(12):
        client.get(address(town))
