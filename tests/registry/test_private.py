"""Identity numbers are found wherever they are written, and codes of units are not taken for them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.registry.ledger_frame import ledger

from liangxin.findings import InputError
from liangxin.registry.checks import check_units
from liangxin.registry.codes import (
    ALPHABET,
    check_character,
    is_identity_number,
    organization_check_character,
    registration_check_digit,
)
from liangxin.registry.private import (
    identity_numbers,
    in_code,
    masked_name,
    masked_telephone,
    refuse,
    says_identity,
)

FULL_WIDTH = str.maketrans("0123456789Xx-", "０１２３４５６７８９Ｘｘ－")
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DIVISIONS = st.sampled_from(["330683", "110105", "440305", "511102", "650102", "820000"])
DAYS = st.dates(date(1900, 1, 1), date(2026, 12, 31))
ORDERS = st.integers(0, 999)
WORDS = st.text(st.sampled_from("电机厂联系人：，。；（）备注 abc\n/"), max_size=12)


def check_digit(body: str) -> str:
    total = sum((2 ** (17 - place) % 11) * int(digit) for place, digit in enumerate(body))
    return "10X98765432"[total % 11]


@st.composite
def numbers(draw: st.DrawFn) -> str:
    body = f"{draw(DIVISIONS)}{draw(DAYS):%Y%m%d}{draw(ORDERS):03d}"
    return body + check_digit(body)


@st.composite
def old_numbers(draw: st.DrawFn) -> str:
    return f"{draw(DIVISIONS)}{draw(st.dates(date(1900, 1, 1), date(1999, 12, 31))):%y%m%d}{draw(ORDERS):03d}"


@st.composite
def spelled(draw: st.DrawFn, given: st.SearchStrategy[str]) -> tuple[str, str]:
    """A number and one of the ways people write it."""
    number = draw(given)
    way = draw(
        st.sampled_from(
            ["plain", "small", "wide", "arabic", "blanks", "hyphens", "unseen", "every", "wide blanks"]
        )
    )
    parts = (number[:6], number[6:-4], number[-4:])
    return number, {
        "plain": number,
        "small": number.lower(),
        "wide": number.translate(FULL_WIDTH),
        "arabic": number.translate(ARABIC),
        "blanks": " ".join(parts),
        "hyphens": "-".join(parts),
        "unseen": "\u200b".join(parts),
        "every": " ".join(number),
        "wide blanks": "\u3000".join(parts).translate(FULL_WIDTH),
    }[way]  # fmt: skip


@pytest.mark.clause("4.1")
@given(spelled(numbers()), WORDS, WORDS)
def test_found_in_any_spelling_inside_any_text(written: tuple[str, str], before: str, after: str) -> None:
    """Eighteen places: plain, small x, full width, other digits, parted, inside a sentence."""
    number, spelling = written
    assert number in identity_numbers(before.rstrip("abc") + spelling + "。" + after)


@given(spelled(old_numbers()), WORDS)
def test_found_with_fifteen_places(written: tuple[str, str], after: str) -> None:
    """Fifteen places: division, day of birth, order."""
    number, spelling = written
    assert number in identity_numbers("业主 " + spelling + "。" + after)


@given(numbers(), st.text("0123456789", min_size=1, max_size=6))
def test_found_inside_a_longer_row_of_digits(number: str, more: str) -> None:
    """Digits run into each other where a telephone follows: the number is still found."""
    if number.endswith("X"):
        number = f"{number[:17]}X"
        assert number in identity_numbers(more + number)
    else:
        assert number in identity_numbers(more + number) and number in identity_numbers(number + more)


@st.composite
def credit_codes(draw: st.DrawFn, letters: str = ALPHABET) -> str:
    kind = draw(st.sampled_from(["91", "92", "93", "51", "52", "53", "11", "12", "13", "31"]))
    inner = draw(st.text(letters, min_size=8, max_size=8))
    body = f"{kind}{draw(DIVISIONS)}{inner}{organization_check_character(inner)}"
    return body + check_character(body)


@given(st.one_of(credit_codes(), credit_codes("0123456789"), credit_codes("0129")))
def test_credit_codes_are_not_refused(code: str) -> None:
    """A good credit code passes, also one of digits only that looks like a number of a person."""
    if not is_identity_number(code):
        assert () == identity_numbers(code) == identity_numbers(f"代码{code}（新）") == in_code(code)


@given(DIVISIONS, st.text("0123456789", min_size=8, max_size=8))
@example("330683", "80010112")
def test_registration_numbers_pass_where_codes_stand(division: str, order: str) -> None:
    """A registration number of before 2015 is told from a number of a person by its check digit, in the code's column."""
    body = division + order
    assert () == in_code(body + registration_check_digit(body))


@given(st.lists(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), min_size=1, max_size=1))
def test_telephones_amounts_and_days_pass(telephones: list[str]) -> None:
    """What offices write every day is not taken for a number of a person."""
    assert () == identity_numbers(
        f"电话 {telephones[0]}，2011-08-09 开会，营业收入 12,345,678.90 元，120.621345 29.470012"
    )


def test_a_miscopied_number_is_refused_where_the_text_names_it() -> None:
    """身份证 and a possible day of birth are enough, though the check digit is wrong."""
    wrong = "110105194912310020"
    assert () == identity_numbers(wrong)
    assert (wrong,) == identity_numbers(f"身份证：{wrong}")


def test_permits_of_foreign_residents_are_found() -> None:
    """They begin with 9 as credit codes do."""
    body = "91384019850712001"
    number = body + check_digit(body)
    assert (number,) == identity_numbers(f"总经理 {number}")


def test_refusal_says_the_field_and_shows_the_number_in_part() -> None:
    """All at once, and nothing of the day of birth."""
    with pytest.raises(InputError) as refused:
        refuse({"remark": "11010519491231002X", "name": "厂", "reason_none": "330683 800101 123"})
    assert ["remark", "reason_none"] == [each.column_of for each in refused.value.findings]
    assert "110105************" in str(refused.value) and "1949" not in str(refused.value)


@pytest.mark.clause("4.1")
def test_no_text_of_a_unit_may_hold_one() -> None:
    """Every text column but the code's own, remarks and lists of units included."""
    frame = ledger(
        {"unit_id": "U1", "name": "长乐电机厂", "remark": "业主 １１０１０５１９４９１２３１００２Ｘ"},
        {"unit_id": "U2", "name": "厂 110105 19491231 002x"},
        {"unit_id": "U3", "name": "针织厂", "remark": "电话 0575-83012345"},
    )
    found = [
        (each.unit, each.finding.column_of)
        for each in check_units(frame)
        if "identity_number" == each.finding.code
    ]
    assert [(1, "name"), (0, "remark")] == sorted(found, key=lambda each: each[1])


def test_columns_that_name_it() -> None:
    """A column called so is one, whatever it holds."""
    assert [True, True, False] == [says_identity(each) for each in ("身份证号码", "ID card", "业主身份")]


def test_names_and_telephones_are_shown_in_part() -> None:
    """Enough to find the line, not enough to know the person."""
    assert ("王**", "欧**", "") == (masked_name("王小明"), masked_name("欧阳文"), masked_name(""))
    assert ("138****1234", "****45", "****12", "") == tuple(
        masked_telephone(each) for each in ("13812341234", "0575-83012345", "12", "")
    )
