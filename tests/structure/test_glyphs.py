"""Measured widths and line breaks: nothing is lost, nothing is wider than its room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.structure.glyphs import width, wrap

names = st.text(alphabet="长乐镇电机厂有限公司党支部联合（）、“”AaWi1 &<>\"'𠮷㙓", min_size=1, max_size=60)


@given(names, st.floats(6, 60), st.sampled_from([6.2, 8.0, 11.0]))
def test_no_character_is_lost_and_no_line_too_wide(name: str, room: float, size: float) -> None:
    """Only spaces at breaks go; a line is never wider than its room."""
    lines = wrap(name, room, size)
    assert "".join(name.split()) == "".join("".join(lines).split())
    assert [] == [line for line in lines if width(line, size) > room and len(line) > 1]


@pytest.mark.parametrize(
    ("name", "room", "lines"),
    [
        ("长乐镇电机厂党支部", 100, ("长乐镇电机厂党支部",)),
        ("长乐镇电机厂党支部", 24, ("长乐镇电机厂", "党支部")),
        ("五金市场（东区）党支部", 21, ("五金市场（东", "区）党支部")),
        ("Precision Motor党支部", 30, ("Precision Motor", "党支部")),
    ],
)
def test_lines_break_where_a_reader_would(name: str, room: float, lines: tuple[str, ...]) -> None:
    """党支部 stays whole, a bracket does not begin a line, a Latin word is not torn."""
    assert lines == wrap(name, room, 8)


def test_a_chinese_character_is_one_em() -> None:
    """Four characters at 10 pt are 40 pt wide, plus the safety of two in a hundred."""
    assert 40 * 25.4 / 72 * 1.02 == pytest.approx(width("长乐𠮷镇", 10))
