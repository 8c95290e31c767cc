"""The likenesses beside the notice's town: the same everywhere, without an error, and hard in the ways they are made for."""

from __future__ import annotations

from typing import get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.registry.checks import check_units
from liangxin.registry.fields import FIELDS, ledger_schema
from liangxin.registry.industries import exists
from liangxin.sample import LIKENESS_WORDS, Likeness, make_market_town, make_town_like
from liangxin.sample.likeness import MAKERS
from liangxin.sample.register_shape import register_shape

LIKENESSES: tuple[Likeness, ...] = get_args(Likeness)
UNLIKE = tuple(name for name in LIKENESSES if name != "town")


def test_every_likeness_has_a_maker_and_words_in_both_languages() -> None:
    """A new one is forgotten nowhere."""
    assert set(MAKERS) == set(LIKENESS_WORDS) == set(LIKENESSES)


@pytest.mark.parametrize("likeness", UNLIKE)
@settings(max_examples=6, deadline=None)
@given(units=st.integers(1, 400), seed=st.integers(0, 2**31))
def test_a_town_of_any_size_is_whole_and_without_an_error(likeness: Likeness, units: int, seed: int) -> None:
    """Twice the same; canonical columns; every code, value and reference passes the ledger's own checks."""
    sample = make_town_like(likeness, units, seed)
    again = make_town_like(likeness, units, seed)
    assert sample.town == again.town
    assert sample.ledger.equals(again.ledger)
    assert sample.ledger.height == units
    assert list(sample.ledger.schema.items()) == list(ledger_schema().items())
    found = check_units(sample.ledger, sample.town)
    assert [each for each in found if each.severity == "error"] == []
    for name, field in FIELDS.items():
        values = sample.ledger[name].drop_nulls()
        if field.choices is not None:
            assert set(values) <= set(field.choices), name
    assert [code for code in sample.ledger["industry"].drop_nulls().unique() if not exists(code)] == []


@pytest.mark.parametrize("likeness", UNLIKE)
@pytest.mark.parametrize("units", [60, 3000])
def test_ids_and_names_are_unique_and_references_are_known(likeness: Likeness, units: int) -> None:
    """A ledger may name places by id or by name; both must say one thing."""
    sample = make_town_like(likeness, units, seed=5)
    town, ledger = sample.town, sample.ledger
    for listed in (
        [area.id for area in town.areas],
        [area.name for area in town.areas],
        [organization.id for organization in town.organizations],
        [organization.name for organization in town.organizations],
        ledger["name"].to_list(),
    ):
        assert len(listed) == len(set(listed))
    known = {
        "area": {area.id for area in town.areas if area.kind == "work_area"},
        "village": {area.id for area in town.areas if area.kind in ("village", "community")},
        "park": {area.id for area in town.areas if area.kind == "park_area"},
        "venue": {area.id for area in town.areas if area.kind in ("market", "building", "street")},
        "association": {each.id for each in town.associations},
        "instructor_id": {each.id for each in town.instructors},
        "task_group": {each.id for each in town.task_groups},
        "organization_id": {each.id for each in town.organizations},
        "superior_id": {each.id for each in town.organizations},
        "leader_unit_id": set(ledger["unit_id"]),
        "chain_unit_ids": set(ledger["unit_id"]),
    }
    for column, ids in known.items():
        values = ledger[column].drop_nulls()
        named = set(values.explode(empty_as_null=False) if values.dtype == pl.List else values)
        assert named <= ids, column


def test_no_two_likenesses_are_one_town() -> None:
    """Other names, other places, other trades."""
    towns = [make_town_like(name, 200, seed=1) for name in LIKENESSES]
    assert len({each.town.name for each in towns}) == len(towns)
    assert len({tuple(area.name for area in each.town.areas) for each in towns}) == len(towns)


@pytest.mark.parametrize(
    ("stalls", "positions", "trades"), [("alike", 0, 1), ("one_position", 1, 80), ("spread", 900, 80)]
)
def test_a_market_of_one_kind_is_as_hard_as_it_says(stalls: str, positions: int, trades: int) -> None:
    """One territory; alike in everything, or one position and many trades, or each at its own."""
    ledger = make_market_town(1000, 2, stalls=stalls).ledger
    assert ledger["venue"].n_unique() == 1
    assert ledger.drop_nulls(["lon", "lat"]).select("lon", "lat").n_unique() >= positions
    assert (ledger["lon"].drop_nulls().n_unique() <= 1) == (positions <= 1)
    assert ledger["industry"].n_unique() >= trades
    assert (ledger["industry"].n_unique() == 1) == (trades == 1)


@pytest.mark.parametrize(("members", "each"), [("one", 1), ("two", 2)])
def test_every_stall_of_a_market_may_have_the_same_members(members: str, each: int) -> None:
    """3,000 stalls with one member each, or two: known hard cases."""
    ledger = make_market_town(120, 2, stalls="spread", members=members).ledger
    assert ledger["full_members"].unique().to_list() == [each]


def test_one_leader_has_hundreds_of_suppliers_and_one_village_a_quarter() -> None:
    """The countryside."""
    ledger = make_town_like("villages", 2000, 3).ledger
    assert ledger.filter(pl.col("leader_unit_id") == "VL00001").height > 250
    assert ledger["village"].value_counts()["count"].max() > 400
    assert ledger["full_members"].drop_nulls().max() == 46


def test_the_firms_of_a_building_stand_at_one_position() -> None:
    """Four fifths were located."""
    ledger = make_town_like("buildings", 1000, 3).ledger.filter(pl.col("venue").is_not_null())
    located = ledger.drop_nulls(["lon", "lat"])
    assert located.select("venue", "lon", "lat").n_unique() == located["venue"].n_unique()
    assert 0.7 < located.height / ledger.height < 0.9


def test_the_register_s_shape_is_kept() -> None:
    """Trades at the depth a register tells, a first place with a fifth of the firms, no coordinates, a long tail of sizes."""
    ledger = make_town_like("register", 3000, 3).ledger
    depth = ledger["industry"].drop_nulls().str.len_chars().value_counts(normalize=True)
    shares = dict(depth.iter_rows())
    assert set(shares) == {2, 3, 4}
    assert ledger["lon"].drop_nulls().len() == 0
    largest = ledger["area"].value_counts(normalize=True)["proportion"].max()
    expected = register_shape().places[0] / sum(register_shape().places)
    assert abs(largest - expected) < 0.03
    staff = ledger.filter(pl.col("kind") == "enterprise")["staff"].drop_nulls()
    assert staff.median() < 20 < 80 < staff.quantile(0.97)
