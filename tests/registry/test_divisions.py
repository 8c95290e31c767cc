"""Divisions as they stand in the data: how many, how they are found by typing, what they were called before."""

from __future__ import annotations

from collections import Counter

import pytest

from liangxin.registry import divisions
from liangxin.registry.new_town import draw_town


def test_how_many_there_are() -> None:
    """As the edition of 30 June 2023 counts them."""
    assert Counter(map(len, divisions.names())) == {2: 31, 4: 342, 6: 2978, 9: 41352}


def test_every_village_lies_in_a_town_that_there_is() -> None:
    towns = [code for code in divisions.names() if len(code) == 9 and code.startswith("33")]
    assert sum(len(divisions.villages_of(code)) for code in towns) > 20_000
    assert divisions.villages_of("999999999") == ()


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("330683101", "330683101"),
        ("33068310", "330683100"),
        ("嵊州长乐", "330683101"),
        ("嵊州 长乐", "330683101"),
        ("浙江 长乐", "330683101"),
        ("浙江省绍兴市嵊州市长乐镇", "330683101"),
        ("柯桥 钱清", "330603009"),
        ("恩施 龙凤镇", "422801100"),
    ],
)
def test_found_by_typing(words: str, first: str) -> None:
    assert divisions.search_towns(words)[0].code == first


def test_the_name_itself_comes_first() -> None:
    found = divisions.search_towns("长乐镇")
    assert {each.name for each in found[:5]} == {"长乐镇"}
    assert divisions.search_towns("  ") == []
    assert len(divisions.search_towns("镇", limit=10)) == 10


@pytest.mark.parametrize(
    ("county", "former", "today"),
    [
        ("330603", "钱清镇", "330603009"),
        ("330681", "江藻镇", "330681106"),
        ("330683", "北漳镇", "330683108"),
    ],
)
def test_former_towns_by_what_became_of_their_villages(county: str, former: str, today: str) -> None:
    found = {each.name: each for each in divisions.former_towns(county)}
    assert found[former].today[0][0] == today


def test_former_counties() -> None:
    found = {each.name: each for each in divisions.former_counties() if each.today}
    assert [code for code, _ in found["绍兴县"].today] == ["330603", "330602"]
    assert found["富阳市"].today[0][0] == "330111"


def test_a_town_is_drawn_with_official_names_and_no_work_area() -> None:
    town = draw_town("330603009")
    assert town is not None
    assert town.aliases == ("钱清镇",)
    assert all(area.parent is None for area in town.areas)
    assert len({area.id for area in town.areas}) == len(town.areas)
    assert draw_town("330603") is None
    assert draw_town("999999999") is None
