"""What is kept between requests: pieces of pages by their facts, counts by the state of the ledger and by whose units."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import translation
from tests.web.conftest import person

from liangxin.registry.access import Action, Role
from liangxin.web.accounts.permission import permit
from liangxin.web.documents.queries import rosters_of
from liangxin.web.organizations import queries as organizations
from liangxin.web.organizations.services import record_existing
from liangxin.web.ui import kept
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units import places, queries
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.web.units.sheets import unit_sheet
from liangxin.wording import Text

AREAS = "administration/_areas.html"


@pytest.fixture(autouse=True)
def no_pieces() -> None:
    MEMORY.forget()


def areas(name: str = "东片") -> tuple[tuple[object, ...], ...]:
    return (("E", name, Text("工作片", "work area"), "", None, False),)


def test_the_same_facts_are_rendered_once() -> None:
    """Facts that are equal, not the same object, find what was made before."""
    first = kept.piece(AREAS, areas=areas())
    assert first is kept.piece(AREAS, areas=areas())
    assert first != kept.piece(AREAS, areas=areas("西片"))


def test_a_piece_is_kept_for_each_language() -> None:
    """The reader of the other language does not get the first one's words."""
    chinese = kept.piece(AREAS, areas=areas())
    with translation.override("en"):
        english = kept.piece(AREAS, areas=areas())
    assert ("工作片" in chinese, "work area" in english, "工作片" in english) == (True, True, False)


def test_what_cannot_be_a_key_is_no_fact() -> None:
    """A list could change after the piece was kept."""
    with pytest.raises(TypeError):
        kept.piece(AREAS, areas=[*areas()])


def test_a_state_counts_once(town: Any) -> None:
    """What was counted in a state is not counted again; another state has its own counts."""
    shown, asked = live(town), list[str]()

    def count(name: str) -> int:
        return shown.once((name,), lambda: asked.append(name) or len(asked))

    assert [1, 2, 1, 2] == [count(name) for name in ("a", "b", "a", "b")]
    MEMORY.forget()
    assert 3 == live(town).once(("a",), lambda: 3)


def test_one_state_gives_each_person_their_own_rows(town: Any, alice: Any, bob: Any) -> None:
    """The office's list is kept first; the group's member still gets the group's units only, and the county none."""
    shown, everything = live(town), queries.Filter()
    county = person("county", town, Role.COUNTY_READER)
    found = {
        who: queries.found(permit(user, town), shown, everything)
        for who, user in (("office", alice), ("group", bob), ("county", county))
    }
    own = shown.frame.filter(shown.frame["task_group"] == town.as_core().task_groups[0].id)
    assert shown.frame["unit_id"].to_list() == found["office"]["unit_id"].to_list()
    assert own["unit_id"].to_list() == found["group"]["unit_id"].to_list()
    assert 0 < own.height < shown.frame.height
    assert found["county"].is_empty()


def test_one_state_counts_places_for_each_person(town: Any, alice: Any, bob: Any) -> None:
    """The tree beside the list counts the person's own units."""
    shown = live(town)

    def counted(user: Any) -> int:
        tree, nowhere = places.area_tree(permit(user, town), shown)
        return nowhere + sum(node.count for node in tree)

    assert counted(alice) > counted(bob) > 0


def test_one_state_tells_members_to_those_who_may_read_units(town: Any, alice: Any) -> None:
    """The rows of the tree are kept apart for those who read the units and those who see figures only."""
    record_existing(town)
    shown, standing = live(town), organizations.day_tree(town, date(2011, 8, 15))
    county = person("county", town, Role.COUNTY_READER)
    office, figures = (organizations.rows(permit(user, town), shown, standing) for user in (alice, county))
    assert all(row.full_members is not None for row in office)
    assert any(row.full_members is None for row in figures)


def test_one_state_counts_rosters_for_each_person(town: Any, alice: Any) -> None:
    """A group's leader takes the group's units: the roster's number is theirs."""
    leader = person("leader", town, Role.GROUP_LEADER, town.as_core().task_groups[0].id)
    shown = live(town)
    office, group = (
        {each.id: each.rows for each in rosters_of(permit(user, town), shown, None)}
        for user in (alice, leader)
    )
    assert sum(group.values()) < sum(office.values())


def test_a_filter_is_looked_for_once_in_a_state(
    town: Any, alice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turning the page asks the same again; another filter, or a new version of the town file, does not."""
    shown, mine, looked = live(town), permit(alice, town), list[str]()
    real = queries._rows_found

    def look(*given: Any) -> Any:
        looked.append(given[2].place)
        return real(*given)

    monkeypatch.setattr(queries, "_rows_found", look)
    area = town.as_core().areas[0].id
    for place in ("", "", area, area):
        queries.rows_found(mine, shown, queries.Filter(place=place))
    town.version += 1
    monkeypatch.setattr(type(town), "as_core", lambda self: None)
    queries.rows_found(mine, shown, queries.Filter())
    assert ["", area, ""] == looked


def test_the_place_of_a_unit_in_its_list(town: Any, alice: Any) -> None:
    """Neighbours come in the order of the list; a unit outside it has none."""
    shown, mine = live(town), permit(alice, town)
    listed = queries.found(mine, shown, queries.Filter.read({"sort": "-staff"}, shown))["unit_id"].to_list()
    assert (listed[3], listed[5], 5, len(listed)) == queries.neighbours(
        mine, shown, listed[4], {"sort": "-staff"}
    )
    assert (None, listed[1], 1, len(listed)) == queries.neighbours(mine, shown, listed[0], {"sort": "-staff"})
    first, second = shown.frame["kind"].drop_nulls().unique().sort().head(2)
    outside = shown.frame.filter(shown.frame["kind"] == second)["unit_id"][0]
    assert (None, None, 0) == queries.neighbours(mine, shown, outside, {"kind": first})[:3]


def test_the_tree_of_places_is_escaped_and_keeps_the_filter() -> None:
    """Names come from the town's own file; the links keep what is filtered otherwise."""
    inner = places.Node("V1", "<b>村</b>", "village", 1234, ())
    tree = (places.Node("A1", "东片", "work_area", 1234, (inner,)),)
    said = places.as_list(tree, "?q=a&place=", "V1")
    assert (
        '<li><a href="?q=a&amp;place=A1"><span>东片</span><span class="count">1,234</span></a><ul>'
        '<li><a href="?q=a&amp;place=V1" aria-current="true"><span>&lt;b&gt;村&lt;/b&gt;</span>'
        '<span class="count">1,234</span></a></li></ul></li>'
    ) == said


def test_the_scope_is_the_same_for_the_same_units(town: Any, alice: Any, bob: Any) -> None:
    """Two of the office share what is counted; a group's member shares with the same group only."""
    second = person("second", town, Role.OFFICE)
    other = person("other", town, Role.GROUP_MEMBER, town.as_core().task_groups[1].id)
    scopes = {
        user.username: permit(user, town).scope(Action.READ_UNITS) for user in (alice, second, bob, other)
    }
    assert scopes["alice"] == scopes["second"]
    assert 3 == len(set(scopes.values()))


PAGES = {
    "overview/": 22,
    "overview/?day=2011-08-14": 19,
    "units/": 12,
    "units/?kind=enterprise&sort=-staff": 12,
    "units/unit/CL00001/": 18,
    "units/unit/CL00001/visit/": 12,
    "units/changes/": 9,
    "organizations/": 12,
    "documents/": 15,
    "settings/": 9,  # one for the decisions on the policy
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_database_a_fixed_number_of_times(
    page: str, town: Any, alice: Any, as_person: Any
) -> None:
    """Pinned for a site that reads the ledger anew (a test never keeps it): it grows neither with the town nor by mistake."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_person(alice)
    client.get(f"/t/{town.code}/{page}")
    with CaptureQueriesContext(connection) as queries:
        assert 200 == client.get(f"/t/{town.code}/{page}").status_code
    assert PAGES[page] >= len(queries)


def test_a_form_rests_on_a_place_by_its_name(town: Any, alice: Any) -> None:
    """What the policy says of a unit names its village or work area, not the id; a renamed area is a new version."""
    shown, mine = live(town), permit(alice, town)
    names = {each.id: each.name for each in town.as_core().areas}
    placed = shown.frame.filter(shown.frame["area"].is_not_null() & shown.frame["village"].is_not_null())
    unit = Unit.objects.get(town=town, unit_id=placed["unit_id"][0])
    said = "".join(each.because.zh for each in unit_sheet(mine, shown, unit).forms)
    assert names[unit.area] in said or names[unit.village] in said
    assert unit.village not in said
