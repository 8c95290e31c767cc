"""One written value becomes one typed value, or says what is wrong."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.findings import Severity
from liangxin.registry.fields import FIELDS
from liangxin.registry.values import read_value, taken_as_written


def value(field: str, written: object) -> object:
    return read_value(FIELDS[field], written).value


def code(field: str, written: object) -> str:
    return read_value(FIELDS[field], written).code


@pytest.mark.parametrize("field", list(FIELDS))
@pytest.mark.parametrize("written", [None, "", "  ", "待核", "不详", "？"])
def test_empty_is_not_yet_known(field: str, written: object) -> None:
    """For every field, and nothing is remarked: never zero, never no."""
    reading = read_value(FIELDS[field], written)
    assert (reading.value, reading.code) == (None, "")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (24.0, 24),
        ("24", 24),
        ("２４", 24),
        ("1,200", 1200),
        ("１，２００人", 1200),
        (" 24 人 ", 24),
        ("1.2万", 12000),
        (0, 0),
        ("0", 0),
    ],
)
def test_whole_numbers(written: object, expected: int) -> None:
    """Excel's floats, full width, thousands, people: certain, so nothing is remarked."""
    assert (value("staff", written), code("staff", written)) == (expected, "")


@pytest.mark.parametrize(
    "written", ["80人以上", "约80", "80左右", "80余人", "８０多人", "大约80人", "超过80", "80+", "≥80"]
)
def test_about_eighty_is_eighty_with_a_warning(written: str) -> None:
    """以上 is inclusive: 80人以上 is 80."""
    reading = read_value(FIELDS["staff"], written)
    assert (reading.value, reading.code, reading.severity) == (80, "approximate", Severity.WARNING)


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("50-79", "not_a_number"),
        ("80以下", "not_a_number"),
        ("不足80", "not_a_number"),
        ("几十", "not_a_number"),
        ("8O", "not_a_number"),
        (True, "not_a_number"),
        (float("nan"), "not_a_number"),
        (80.5, "not_whole"),
        (-1, "out_of_range"),
        ("-1", "out_of_range"),
        (300_001, "out_of_range"),
        ("#REF!", "formula_error"),
    ],
)
def test_numbers_that_are_refused(written: object, problem: str) -> None:
    """What could mean two things, or cannot be, is null with an error."""
    reading = read_value(FIELDS["staff"], written)
    assert (reading.value, reading.code, reading.severity) == (None, problem, Severity.ERROR)


def test_none_and_a_dash_are_not_the_same() -> None:
    """«无» says there is none: 0. A dash says nothing: 待核. Both with a word about it."""
    assert (value("full_members", "无"), code("full_members", "无")) == (0, "none_is_zero")
    assert (value("full_members", "/"), code("full_members", "/")) == (None, "placeholder")
    assert (value("full_members", "—"), code("full_members", "—")) == (None, "placeholder")


@pytest.mark.clause("1.3")
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("499.99", 499.99),
        ("500", 500.0),
        ("5000000元", 500.0),
        ("4999900元", 499.99),
        ("500万", 500.0),
        ("500万元", 500.0),
        ("1.2亿", 12000.0),
        ("1.2亿元", 12000.0),
        ("3千万", 3000.0),
        ("5百万元", 500.0),
        ("¥500万", 500.0),
    ],
)
def test_money_in_ten_thousands(written: str, expected: float) -> None:
    """Exactly: 4,999,900 yuan is 499.99 万元, below the line of 500."""
    assert (value("revenue", written), code("revenue", written)) == (expected, "")


@pytest.mark.clause("1.3")
@pytest.mark.parametrize(
    ("written", "expected"), [(4999900.0, 499.99), (5000000, 500.0), ("5,000,000", 500.0), ("500万", 500.0)]
)
def test_a_header_in_yuan(written: object, expected: float) -> None:
    """A bare number is in the header's unit; a cell's own unit wins."""
    assert read_value(FIELDS["revenue"], written, scale=Decimal("0.0001")).value == expected


@given(number=st.integers(0, 10**12))
def test_yuan_divide_exactly(number: int) -> None:
    """No rounding of its own: the nearest float of the exact quotient."""
    assert read_value(FIELDS["revenue"], float(number), scale=Decimal("0.0001")).value == number / 10_000


@pytest.mark.parametrize("written", ["是", "有", "√", "Y", "1", 1.0, True, "已建", "成熟", "是 "])
def test_yes(written: object) -> None:
    """As people tick."""
    assert value("union", written) is True


@pytest.mark.parametrize("written", ["否", "无", "×", "x", "N", "0", 0.0, False, "未建", "不成熟", "没有"])
def test_no(written: object) -> None:
    """An explicit no is no."""
    assert value("union", written) is False


def test_neither_yes_nor_no() -> None:
    """A dash is not yet known; anything else is refused."""
    assert (value("union", "/"), code("union", "/")) == (None, "placeholder")
    assert code("union", "工会") == "not_yes_no"


@pytest.mark.parametrize("name", [field.name for field in FIELDS.values() if field.choices])
def test_choices_by_word_value_and_english(name: str) -> None:
    """The office's word, the stored value and the English word all mean the same."""
    for stored, words in (FIELDS[name].choices or {}).items():
        assert [value(name, written) for written in (stored, words.zh, words.en, f" {words.zh} ")] == [
            stored
        ] * 4


@pytest.mark.parametrize(
    ("field", "written", "expected"),
    [
        ("kind", "民非", "civil_non_enterprise"),
        ("ownership", "私营企业", "private"),
        ("state", "存续", "operating"),
        ("owner_identity", "党员", "member"),
        ("owner_identity", "民建", "other_party"),
        ("organization_form", "无", "none"),
        ("intended_form", "挂靠村", "village"),
    ],
)
def test_choices_by_other_words_in_use(field: str, written: str, expected: str) -> None:
    """From ledgers and registers."""
    assert value(field, written) == expected


def test_an_unknown_choice_lists_all_accepted() -> None:
    """«联合组建» could be four forms."""
    reading = read_value(FIELDS["organization_form"], "联合组建")
    assert (reading.value, reading.code) == (None, "not_a_choice")
    assert reading.accepted is not None
    assert "园区联建" in reading.accepted.zh


def test_a_code_typed_as_a_number_has_lost_digits() -> None:
    """18 digits do not fit a number of Excel; 15 do."""
    assert code("uscc", 9.13306831463368e17) == "lost_digits"
    assert value("uscc", 330683000012349.0) in ("330683000012349", None)
    assert code("uscc", 330683000012349.0) != "lost_digits"
    assert code("unit_id", 9.13306831463368e17) == "lost_digits"


def test_texts() -> None:
    """Whole numbers without .0, a name wrapped in its cell in one, dashes as empty."""
    assert [value("name", written) for written in (1688.0, "甲\n厂", " 甲厂 ", "/", "3.14")] == [
        "1688",
        "甲厂",
        "甲厂",
        None,
        "3.14",
    ]


def test_an_identity_number_is_refused_anywhere() -> None:
    """In a remark, a name or the code column: it is not stored."""
    for field in ("remark", "name", "reason_none", "uscc", "unit_id", "instructor_id", "association"):
        reading = read_value(FIELDS[field], "11010519491231002X")
        assert (reading.value, reading.code, reading.severity) == (None, "identity_number", Severity.ERROR)
    assert code("remark", "业主身份证11010519491231002X") == "identity_number"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3811", "3811"),
        (3811.0, "3811"),
        ("C3811", "3811"),
        ("３８１１", "3811"),
        ("3811 发电机及发电机组制造", "3811"),
        ("38", "38"),
    ],
)
def test_industry_codes(written: object, expected: str) -> None:
    """With the section's letter, with words behind, as numbers."""
    assert value("industry", written) == expected


@pytest.mark.parametrize("written", ["电机制造", "C", "38111", "Z38"])
def test_what_is_no_industry_code(written: str) -> None:
    """Words alone are not looked up here."""
    assert code("industry", written) == "industry"


def test_several_values() -> None:
    """By ; ； 、 or a line break, each once; a name that holds a separator itself stays whole when it is known."""
    field = FIELDS["association"]
    assert read_value(field, "甲；乙; 丙、甲\n丁").value == ["甲", "乙", "丙", "丁"]
    assert read_value(field, "电机、电器行业协会；乙", names={"电机、电器行业协会"}).value == [
        "电机、电器行业协会",
        "乙",
    ]
    assert read_value(field, "无").value is None


@given(
    texts=st.lists(st.text(max_size=20) | st.sampled_from(["无", "/", "待核", "9133068314633680XL", " 甲"]))
)
def test_what_is_taken_as_written_reads_as_written(texts: list[str]) -> None:
    """The quick way through a column gives what reading each cell gives."""
    for field in FIELDS.values():
        for text in taken_as_written(field, texts):
            reading = read_value(field, text)
            assert (reading.value, reading.code) == (text, "")


@given(
    written=st.text() | st.floats() | st.integers() | st.booleans() | st.dates() | st.datetimes() | st.none()
)
def test_nothing_crashes_and_an_error_is_always_null(written: object) -> None:
    """Any cell, any field: a value or a message, never both with an error."""
    for field in FIELDS.values():
        reading = read_value(field, written)
        if reading.code and reading.severity is Severity.ERROR:
            assert reading.value is None
            assert reading.message is not None


@pytest.mark.parametrize("written", ["9223372036854775808", 2**63, 1e300, "9" * 400, "１" + "0" * 18])
def test_no_number_is_larger_than_engines_keep(written: object) -> None:
    """A count of 2^63 was stored and the whole town's table could not be read any more."""
    for name in ("member_units", "revenue", "full_time_staff"):
        assert "out_of_range" == read_value(FIELDS[name], written).code
