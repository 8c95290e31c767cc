"""Units that may be one: by code, by name as people vary it, by place."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from tests.registry.ledger_frame import ledger

from liangxin.registry.duplicates import find_duplicates, plain_name

CODE, OTHER_CODE = "9133068314633680XL", "9133068314634982X4"


def pairs(*units: dict[str, Any]) -> list[tuple[int, int, str, float]]:
    return find_duplicates(ledger(*units)).rows()


@pytest.mark.parametrize(
    "written",
    [
        "浙江省嵊州市三界丝绸有限公司",
        "嵊州市三界丝绸有限责任公司",
        "浙江三界丝绸股份有限公司",
        "三界（丝绸）公司",
        "嵊州市三界丝绸",
        "绍兴市嵊州市三界 丝绸有限公司",
    ],
)
def test_one_name_written_in_many_ways(written: str) -> None:
    """Division, legal form, brackets and spaces do not matter."""
    assert pl.select(plain_name(pl.lit(written))).item() == "三界丝绸"


def test_width_and_case() -> None:
    """Full-width letters and digits are the same letters and digits."""
    assert pl.select(plain_name(pl.lit("ａｂｃ１２３电子厂"))).item() == "ABC123电子厂"


def test_the_town_own_name_in_front() -> None:
    """Known only to whoever knows the town."""
    name = pl.lit("长乐镇金箭电机厂")
    assert pl.select(plain_name(name, ["长乐镇", "长乐"])).item() == "金箭电机厂"


def test_a_branch_is_another_unit() -> None:
    """分公司 and 二分厂 have codes and staff of their own."""
    assert (
        pairs(
            {"name": "三界丝绸有限公司"}, {"name": "三界丝绸有限公司嵊州分公司"}, {"name": "三界丝绸二分厂"}
        )
        == []
    )


def test_the_kinds_of_likeness_and_their_scores() -> None:
    """The same code is certain; name and place nearly; two different codes speak against."""
    assert pairs({"uscc": CODE}, {"uscc": CODE}) == [(0, 1, "code", 1.0)]
    alike = ({"name": "嵊州市三界丝绸厂", "village": "V1"}, {"name": "三界丝绸厂", "village": "V1"})
    assert pairs(*alike) == [(0, 1, "name_and_place", 0.95)]
    assert pairs(alike[0], alike[1] | {"village": "V2"}) == [(0, 1, "name", 0.8)]
    assert pairs(alike[0] | {"uscc": CODE}, alike[1] | {"uscc": OTHER_CODE}) == [
        (0, 1, "name_and_place", 0.6)
    ]


def test_three_alike_make_two_pairs() -> None:
    """Each with the first, so that a person sees one group."""
    unit = {"name": "三界丝绸厂"}
    assert [pair[:2] for pair in pairs(unit, {}, unit, unit)] == [(0, 2), (0, 3)]


def test_no_code_is_not_a_shared_code() -> None:
    """«无（未办照）» twice says nothing."""
    assert pairs({"uscc": "无（未办照）"}, {"uscc": "无（未办照）"}) == []


def test_an_address_counts_as_a_place() -> None:
    """A business register has addresses instead of villages."""
    frame = ledger({"name": "三界丝绸厂"}, {"name": "三界丝绸厂"}).with_columns(address=pl.lit("鹿山街道1号"))
    assert find_duplicates(frame).rows() == [(0, 1, "name_and_place", 0.95)]
