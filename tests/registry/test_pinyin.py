"""Names are found by how they sound, and lists are ordered so."""

from __future__ import annotations

import polars as pl
import pytest

from liangxin.registry.pinyin import by_sound, is_found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cldj", True),
        ("zldj", True),  # 长 is read zhang as well
        ("changle", True),
        ("dianji", True),
        ("zhangle", True),
        ("长乐 电机", True),
        ("电机 cl", True),
        ("（集团）", True),
        ("(集 团)", True),  # two words, both in the name
        ("长乐 机械", False),
        ("xyz", False),
    ],
)
def test_found(words: str, found: bool) -> None:
    """Initials, whole pinyin, other readings, several words in any order."""
    assert is_found("长乐电机（集团）有限公司", words) is found


def test_the_order_of_a_list() -> None:
    """By pinyin, whatever the order of the characters in Unicode."""
    names = pl.DataFrame({"name": ["重庆厂", "白云厂", "安吉厂", None, "ABC厂", "张三店", "安达厂"]})
    ordered = names.sort(by_sound(pl.col("name")), nulls_last=True)["name"].to_list()
    assert ordered == ["ABC厂", "安达厂", "安吉厂", "白云厂", "张三店", "重庆厂", None]
