"""Dates as offices write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.registry.dates import read_date
from liangxin.wording import Text


@pytest.mark.parametrize(
    "written",
    [
        "2011年8月9日",
        "2011年08月09号",
        "2011.8.9",
        "2011.08.09.",
        "2011/8/9",
        "2011-08-09",
        "2011-08-09 00:00:00",
        "2011-08-09T10:30:00Z",
        "20110809",
        "２０１１年８月９日",
        "二〇一一年八月九日",
        "二○一一年八月九号",
        20110809,
        20110809.0,
        40764,
        40764.0,
        40764.5,
        "40764",
        date(2011, 8, 9),
        datetime(2011, 8, 9, 10, 30),
    ],
)
def test_the_ninth_of_august(written: object) -> None:
    """Every style in use is the same day."""
    assert read_date(written) == date(2011, 8, 9)


@pytest.mark.parametrize(
    ("written", "day"),
    [("二〇一二年十一月二十日", date(2012, 11, 20)), ("二〇一二年十月十日", date(2012, 10, 10))],
)
def test_chinese_tens(written: str, day: date) -> None:
    """十, 十一 and 二十."""
    assert read_date(written) == day


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2011年8月", "日期要写到日"),
        ("2011", "日期要写到日"),
        (2011, "日期要写到日"),  # not day number 2011, which is in 1905
        (2011.8, "日期要写到日"),
        (201108, "日期要写到日"),
        ("201189", "日期要写到日"),  # as the notice itself was printed: 8 September or 1 August 89 ...
        ("11.8.9", "年份要写四位"),
        ("2011年2月30日", "没有这一天"),
        ("20111332", "没有这一天"),
        ("1811-08-09", "年份应在1900至2100之间"),
        (60, "不是日期"),  # Excel's 29 February 1900, which never was
        (59, "不是日期"),
        (0.5, "不是日期"),
        (True, "不是日期"),
        ("上个月", "不是日期"),
    ],
)
def test_what_names_no_day_says_why(written: object, why: str) -> None:
    """Nothing is guessed."""
    read = read_date(written)
    assert isinstance(read, Text)
    assert read.zh == why


def test_the_first_day_number_that_is_right() -> None:
    """61 is 1 March 1900 in Excel and here; below it Excel is a day off."""
    assert read_date(61) == date(1900, 3, 1)


@given(day=st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_any_day_in_any_style(day: date) -> None:
    """Written out and read back."""
    styles = (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y%m%d}",
        str(day),
    )
    assert {read_date(style) for style in styles} == {day}
    assert read_date((day - date(1899, 12, 30)).days) == day
