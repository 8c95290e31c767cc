"""Identifiers of units: GB 32100 in every part, and the older ones."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liangxin.registry.codes import (
    ALPHABET,
    CodeKind,
    check_character,
    check_code,
    find_identity_number,
    good_credit_codes,
    is_credit_code,
    is_identity_number,
    organization_check_character,
    registration_check_digit,
)

PROVINCES = ("11", "33", "44", "51", "65")


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    """A good code of any kind of unit."""
    prefix = draw(st.sampled_from(("91", "92", "93", "51", "52", "53", "31", "12")))
    division = draw(st.sampled_from(PROVINCES)) + draw(st.text("0123456789", min_size=4, max_size=4))
    body = draw(st.text(ALPHABET, min_size=8, max_size=8))
    body = prefix + division + body + organization_check_character(body)
    return body + check_character(body)


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    """A well-formed number of nobody in particular."""
    day = draw(st.dates(date(1900, 1, 1), date(2026, 12, 31)))
    body = f"{draw(st.sampled_from(PROVINCES))}0683{day:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    total = sum((2 ** (17 - place) % 11) * int(digit) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


@pytest.mark.parametrize("code", ["91350100M000100Y43", "9133068314633680XL", "91310000775785552L"])
def test_published_codes_are_good(code: str) -> None:
    """Codes of known firms pass every part."""
    assert check_code(code).kind is CodeKind.CREDIT_CODE


@given(code=credit_codes())
def test_a_code_made_by_the_rules_is_good(code: str) -> None:
    """Whatever prefix, division and body."""
    assume(not is_identity_number(code))
    assert check_code(code) == check_code(code.lower())
    assert (check_code(code).kind, check_code(code).text) == (CodeKind.CREDIT_CODE, code)


@given(
    code=credit_codes(),
    place=st.integers(0, 17),
    character=st.sampled_from(string.digits + string.ascii_uppercase),
)
def test_every_single_wrong_character_is_found(code: str, place: int, character: str) -> None:
    """31 is prime and no weight is a multiple of it, so one changed character always shows."""
    assume(code[place] != character)
    assert not is_credit_code(code[:place] + character + code[place + 1 :])


@given(codes=st.lists(credit_codes() | identity_numbers() | st.text(ALPHABET + "OIé无", max_size=19)))
def test_many_at_once_are_the_same_as_one_by_one(codes: list[str]) -> None:
    """The quick test of a whole column and the one that explains agree."""
    spoiled = [code[:3] + "7" + code[4:] for code in codes]
    assert good_credit_codes(codes + spoiled) == {code for code in codes + spoiled if is_credit_code(code)}


def test_the_remainder_that_gives_zero() -> None:
    """About 3% of codes end in 0 because 31 - 0 is taken mod 31 again; without it there would be no character 31."""
    codes = [f"91330683{number:08d}" for number in range(3100)]
    bodies = [code + organization_check_character(code[8:]) for code in codes]
    ends_in_zero = [body for body in bodies if check_character(body) == "0"]
    assert 0.02 < len(ends_in_zero) / len(bodies) < 0.045
    assert all(check_code(body + "0").kind is CodeKind.CREDIT_CODE for body in ends_in_zero)


@given(code=identity_numbers())
def test_an_identity_number_never_passes(code: str) -> None:
    """Whatever its remainders, and in every spelling."""
    assert check_code(code).problem_id == "identity_number"
    assert check_code(f"{code[:6]} {code[6:14]} {code[14:].lower()}").problem_id == "identity_number"


def test_an_identity_number_that_passes_the_check_characters() -> None:
    """51... is Sichuan in an identity number and a social group in a code: search one that both check characters let pass."""
    for serial in range(1000):
        for day in range(1, 29):
            body = f"51190019800{1 + day % 9}{day:02d}{serial:03d}"
            total = sum((2 ** (17 - place) % 11) * int(digit) for place, digit in enumerate(body))
            number = body + "10X98765432"[total % 11]
            if (
                organization_check_character(number[8:16]) == number[16]
                and check_character(number[:17]) == number[17]
            ):
                assert check_code(number).problem_id == "identity_number"
                assert not is_credit_code(number)
                return
    pytest.fail("no such number among 28,000: the test must look further")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("9133068314633680X", "length"),
        ("9133068314633680IL", "character"),
        ("9433068314633680XL", "prefix"),
        ("9199068314633680XL", "division"),
        ("9133068314633681XL", "organization_code"),
        ("9133068314633680XM", "check"),
    ],
)
def test_the_error_says_which_part_is_wrong(written: str, problem: str) -> None:
    """Length, characters, prefix, division, inner and outer check character, in that order."""
    assert check_code(written).problem_id == problem


@pytest.mark.parametrize(
    "written", ["9I33O68314633680XL", "9133068314633680XI".replace("XI", "X1"), "91330683l4633680XL"]
)
def test_what_looks_alike_is_suggested(written: str) -> None:
    """O for 0, I or l for 1: when exactly one good code is that close, it is offered."""
    assert check_code(written).suggestion == "9133068314633680XL"


def test_nothing_is_suggested_for_a_real_miscopy() -> None:
    """A digit that is simply another one cannot be guessed."""
    assert check_code("9133068314633690XL").suggestion == ""


@pytest.mark.parametrize(
    "written",
    [
        " 9133068314633680xl ",
        "９１３３０６８３１４６３３６８０ＸＬ",
        "91330683-14633680X-L",
        "'9133068314633680XL",
    ],
)
def test_spaces_width_case_and_hyphens_are_forgiven(written: str) -> None:
    """As people and other systems write codes."""
    assert check_code(written).text == "9133068314633680XL"


@given(body=st.text(string.digits, min_size=12, max_size=12), province=st.sampled_from(PROVINCES))
def test_old_registration_numbers(body: str, province: str) -> None:
    """15 digits, the last by ISO 7064 MOD 11,10; another last digit fails."""
    number = province + body
    digit = registration_check_digit(number)
    assert check_code(number + digit).kind is CodeKind.REGISTRATION_NUMBER
    assert check_code(number + str((int(digit) + 1) % 10)).problem_id == "check"


@pytest.mark.parametrize("written", ["14633680X", "14633680-X", "MA29D8YC6"])
def test_old_organization_codes(written: str) -> None:
    """9 characters with or without the hyphen."""
    assert check_code(written).kind is CodeKind.ORGANIZATION_CODE


def test_an_organization_code_with_a_wrong_check_character() -> None:
    """X stands for 10."""
    assert check_code("14633680-1").problem_id == "check"


def test_none_needs_a_reason() -> None:
    """«无（未办照）» is good and kept; a bare «无» is kept with a question."""
    assert check_code("无(未办照)") == check_code("无：未办照")
    assert (check_code("无（未办照）").text, check_code("无（未办照）").problem) == ("无（未办照）", None)
    assert (check_code("无").kind, check_code("无").problem_id) == (CodeKind.NONE, "no_reason")


@given(number=identity_numbers(), before=st.sampled_from(["", "身份证", "业主 ", "电话13800000000，"]))
def test_an_identity_number_inside_a_remark_is_found(number: str, before: str) -> None:
    """Between words; but not inside a longer run of digits."""
    assert find_identity_number(f"{before}{number}，已核") == number
    assert find_identity_number(f"9{number}") is None
