"""GB/T 4754-2017: the table is whole, codes are read as people write them, distances as the planner counts them."""

from __future__ import annotations

from collections import Counter

import pytest

from liangxin.registry import industries


def test_the_table_has_the_levels_of_the_published_edition() -> None:
    """20 sections, 97 divisions, 473 groups; 1,381 classes, as decision 0040 explains."""
    counted = Counter(industry.level for industry in industries.table().values())
    assert counted == {"section": 20, "division": 97, "group": 473, "class": 1381}


def test_manufacturing_has_31_divisions_179_groups_609_classes() -> None:
    counted = Counter(i.level for i in industries.table().values() if i.section == "C")
    assert counted == {"section": 1, "division": 31, "group": 179, "class": 609}


def test_every_code_hangs_under_the_one_above_it() -> None:
    table = industries.table()
    orphans = [code for code in table if len(code) > 2 and code[:-1] not in table]
    assert orphans == []
    assert {
        code for code in table if len(code) == 3 and not any(f"{code}{last}" in table for last in range(10))
    } == set()


def test_sections_and_divisions_have_english_names() -> None:
    broad = [i for i in industries.table().values() if i.level in ("section", "division")]
    assert all(i.name.en.isascii() and i.name.en for i in broad)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("3812", "3812"),
        ("C3812", "3812"),
        ("c38", "38"),
        ("C3810", "381"),
        ("C3800", "38"),
        ("0190", "0190"),
        ("C", "C"),
        ("A3812", None),
        ("3800000", None),
        ("9999", None),
        ("", None),
        ("电机", None),
    ],
)
def test_normalise(written: str, code: str | None) -> None:
    """With or without the section's letter, padded or not; a wrong letter is no code."""
    assert industries.normalise(written) == code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("电动机制造", "3812"),
        ("C3812 电动机制造", "3812"),
        ("制造业", "C"),
        ("燃气生产和供应业", "45"),
        ("卖电机", None),
    ],
)
def test_find_by_code_or_name(written: str, code: str | None) -> None:
    """A name that two levels share is the broader one: it says no more."""
    assert industries.find(written) == code


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("3812", "C3812", 0.0),
        ("3812", "3819", 0.25),
        ("3812", "3821", 0.5),
        ("381", "3812", 0.25),
        ("38", "3812", 0.5),
        ("38", "38", 0.5),
        ("3812", "1830", 1.0),
        ("C", "C", 1.0),
        (None, "3812", 1.0),
        ("9999", "9999", 1.0),
    ],
)
def test_distance(one: str | None, other: str | None, distance: float) -> None:
    """Same class 0, group 0.25, division 0.5, else 1; unknown is 1."""
    assert industries.distance(one, other) == distance
    assert industries.distance(other, one) == distance


def test_names_and_levels_of_a_class() -> None:
    assert industries.name("3984") is not None
    assert industries.table()["3984"].name.zh == "电声器件及零件制造"
    assert (industries.section("3984"), industries.division("3984"), industries.group("3984")) == (
        "C",
        "39",
        "398",
    )
    assert (industries.name("9999"), industries.division("C"), industries.group("38")) == (None, None, None)
