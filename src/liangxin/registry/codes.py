"""Identifiers of units: the 18-character credit code (GB 32100-2015) and what came before it.

A credit code is: 1 registering department, 2 kind of unit, 3-8 division, 9-17 organization code (GB 11714, with a
check character of its own), 18 check character. Both check characters and the division are tested, because an identity
number can pass the outer check alone. Before October 2015 units had 15-digit registration numbers or 9-character
organization codes; some have none, which is written "无（原因）".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import compress
from typing import TYPE_CHECKING, Final

from liangxin.wording import Text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""GB 32100: no I, O, S, V, Z. A character's value is its place here."""

_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS: Final = tuple(3**place % 31 for place in range(17))
_INNER_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_INNER_VALUE: Final = {
    character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

# GB 32100 annex: registering department -> kinds of unit it registers.
PREFIXES: Final = {
    "1": "1239",  # 机构编制: organs, public institutions, mass organizations
    "2": "19",  # 外交
    "3": "123459",  # 司法行政: law firms, notaries ...
    "4": "19",  # 文化
    "5": "1239",  # 民政: social group, civil non-enterprise unit, foundation
    "6": "129",  # 旅游
    "7": "129",  # 宗教
    "8": "19",  # 工会
    "9": "123",  # 工商: enterprise, self-employed, farmers' cooperative
    "A": "19",  # 中央军委改革和编制
    "N": "1239",  # 农业: collective economic organizations
    "Y": "1",  # 其他
}
_PROVINCES: Final = frozenset(
    [
        "10",
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
    ]
)
_CONFUSED: Final = str.maketrans("OISZ", "0152")
_LOOKS_LIKE: Final = {"0": "DQ", "D": "0", "Q": "0", "1": "L7", "L": "1", "7": "1", "2": "", "5": "", "8": "B3",
                      "B": "8", "3": "8", "6": "G", "G": "6", "U": "W", "W": "U", "V": "UWY"}  # fmt: skip
_WIDE: Final = str.maketrans({chr(0xFF01 + offset): chr(0x21 + offset) for offset in range(94)})
_NONE: Final = re.compile(r"^(?:无|没有|未办理|无代码|无信用代码)(?:[(（：:,，、](?P<reason>.+?)[)）]?)?$")


class CodeKind(Enum):
    CREDIT_CODE = "credit_code"
    REGISTRATION_NUMBER = "registration_number"  # 15 digits, before 2015
    ORGANIZATION_CODE = "organization_code"  # 9 characters, before 2015
    NONE = "none"  # said to have none, with the reason


@dataclass(frozen=True, slots=True)
class Code:
    """A code as checked. ``problem`` is None when it is good; ``text`` is how it is stored."""

    text: str
    kind: CodeKind | None = None
    problem: Text | None = None
    problem_id: str = (
        ""  # length, character, prefix, division, organization_code, check, identity_number, no_reason
    )
    suggestion: str = ""


ACCEPTED: Final = Text(
    "18位统一社会信用代码，或15位注册号、9位组织机构代码；没有的写“无（原因）”",
    "an 18-character credit code, a 15-digit registration number or a 9-character organization code; "
    "where there is none, 无（reason）",
)


def check_code(written: str) -> Code:
    """Check an identifier of any of the accepted kinds; spaces, hyphens, full width and lower case are forgiven.

    >>> check_code("91330683146336 80xl").text
    '9133068314633680XL'
    """
    if (none := _NONE.match(written.strip())) is not None:
        return _said_none(none["reason"])
    code = tidy(written)
    if is_identity_number(code):
        return Code(
            code,
            problem=Text(
                "这是居民身份证号码，不是单位代码；本系统不保存身份证号",
                "This is a person's identity number, not a unit's code; identity numbers are not stored",
            ),
            problem_id="identity_number",
        )
    if len(code) == 15 and code.isdigit():
        return _registration_number(code)
    if len(code) == 9:
        return _organization_code(code)
    if len(code) != 18:
        return Code(
            code,
            problem=Text(
                f"代码应为18位（旧代码15位或9位），现在是{len(code)}位",
                f"A code has 18 characters (older ones 15 or 9); this has {len(code)}",
            ),
            problem_id="length",
        )
    fault = _credit_code_fault(code)
    if fault is None:
        return Code(code, CodeKind.CREDIT_CODE)
    problem_id, problem = fault
    return Code(code, problem=problem, problem_id=problem_id, suggestion=_suggestion(code))


def tidy(written: str) -> str:
    """The code without what hands and fonts add: full width, spaces, hyphens, lower case, a leading apostrophe."""
    return re.sub(r"[\s\-—–'‘’`]", "", written.translate(_WIDE)).upper()


def is_credit_code(code: str) -> bool:
    """Whether ``code`` (18 characters, tidy) passes every test of GB 32100.

    >>> is_credit_code("9133068314633680XL"), is_credit_code("9133068314633680XM")
    (True, False)
    """
    return len(code) == 18 and _credit_code_fault(code) is None and not is_identity_number(code)


def good_credit_codes(codes: Iterable[str]) -> set[str]:
    """The good ones of many codes, tested all at once; ``check_code`` says what is wrong with the others.

    >>> good_credit_codes(["9133068314633680XL", "9133068314633680XM", "无"])
    {'9133068314633680XL'}
    """
    import numpy as np

    listed = [code for code in codes if len(code) == 18 and code.isascii()]
    if not listed:
        return set()
    letters = np.frombuffer("".join(listed).encode("ascii"), dtype=np.uint8).reshape(-1, 18)
    outer, inner = np.full(128, -1), np.zeros(128, dtype=np.int64)
    outer[[ord(character) for character in _VALUE]] = list(_VALUE.values())
    inner[[ord(character) for character in _INNER_VALUE]] = list(_INNER_VALUE.values())
    values = outer[letters]
    outer_check = (31 - values[:, :17] @ np.array(_WEIGHTS) % 31) % 31
    inner_check = (11 - inner[letters[:, 8:16]] @ np.array(_INNER_WEIGHTS) % 11) % 11
    prefixes = [kind + unit for kind, units in PREFIXES.items() for unit in units]
    good = (
        (values >= 0).all(axis=1)
        & (outer_check == values[:, 17])
        & (np.frombuffer(b"0123456789X", dtype=np.uint8)[inner_check] == letters[:, 16])
        & _pairs_among(prefixes)[letters[:, 0], letters[:, 1]]
        & (values[:, 2:8] <= 9).all(axis=1)
        & _pairs_among(_PROVINCES)[letters[:, 2], letters[:, 3]]
    )
    # only digits up to the last place: it might be an identity number all the same
    for row in np.flatnonzero(good & (values[:, :17] <= 9).all(axis=1)).tolist():
        good[row] = not is_identity_number(listed[row])
    return set(compress(listed, good.tolist()))


def _pairs_among(accepted: Iterable[str]) -> NDArray[np.bool_]:
    """A table of two ASCII characters: whether they stand together among ``accepted``."""
    import numpy as np

    table = np.zeros((128, 128), dtype=bool)
    for pair in accepted:
        table[ord(pair[0]), ord(pair[1])] = True
    return table


def check_character(body: str) -> str:
    """The 18th character for the 17 before it. The outer mod matters: a remainder of 0 gives 0, not 31."""
    total = sum(weight * _VALUE[character] for weight, character in zip(_WEIGHTS, body, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organization_check_character(body: str) -> str:
    """The 9th character of an organization code for the 8 before it (GB 11714): 0-9 or X."""
    total = sum(
        weight * _INNER_VALUE[character] for weight, character in zip(_INNER_WEIGHTS, body, strict=True)
    )
    return "0123456789X"[(11 - total % 11) % 11]


def registration_check_digit(body: str) -> str:
    """The 15th digit of a registration number for the 14 before it (ISO 7064 MOD 11,10)."""
    product = 10
    for digit in body:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def is_province(pair: str) -> bool:
    """Whether two digits begin a division code."""
    return pair in _PROVINCES


def is_identity_number(code: str, *, any_division: bool = False) -> bool:
    """Whether this is a resident identity number (GB 11643): division, a possible date of birth, check digit.

    ``any_division``: also where the first digits are no division, as in the permits of foreign residents.
    """
    if len(code) != 18 or not code[:17].isascii() or not code[:17].isdigit() or code[17] not in "0123456789X":
        return False
    if not (any_division or code[:2] in _PROVINCES) or not _is_birth_date(code[6:14]):
        return False
    total = sum((2 ** (17 - place) % 11) * int(digit) for place, digit in enumerate(code[:17]))
    return "10X98765432"[total % 11] == code[17]


def _is_birth_date(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False


def _credit_code_fault(code: str) -> tuple[str, Text] | None:
    """The first part of an 18-character code that is wrong, and why."""
    strange = [(place, character) for place, character in enumerate(code, start=1) if character not in _VALUE]
    if strange:
        shown = "、".join(f"第{place}位“{character}”" for place, character in strange)
        shown_en = ", ".join(f'"{character}" (place {place})' for place, character in strange)
        return "character", Text(
            f"代码里不会有这些字符：{shown}（不用 I、O、S、V、Z）",
            f"A code never holds {shown_en}: I, O, S, V and Z are not used",
        )
    if code[1] not in PREFIXES.get(code[0], ""):
        return "prefix", Text(
            f"前两位“{code[:2]}”不是登记机关和单位类别代码（企业91、个体92、合作社93、社团51、民非52、基金会53）",
            f'The first two characters "{code[:2]}" name no kind of unit (91 enterprise, 92 self-employed, '
            "93 cooperative, 51 social group, 52 civil non-enterprise unit, 53 foundation)",
        )
    division = code[2:8]
    if not division.isdigit() or division[:2] not in _PROVINCES:
        return "division", Text(
            f"第3至8位“{division}”不是行政区划代码", f'Places 3 to 8, "{division}", are not a division code'
        )
    if organization_check_character(code[8:16]) != code[16]:
        return "organization_code", Text(
            f"第9至17位“{code[8:17]}”（组织机构代码）的校验码不对",
            f'The check character of places 9 to 17, "{code[8:17]}" (organization code), is wrong',
        )
    if check_character(code[:17]) != code[17]:
        return "check", Text(
            f"最后一位校验码“{code[17]}”不对，代码里至少有一位抄错",
            f'The last character, "{code[17]}", does not agree with the rest: at least one is miscopied',
        )
    return None


def _suggestion(code: str) -> str:
    """The one good code that differs by characters easily mistaken for each other; "" when there is none or several."""
    replaced = code.translate(_CONFUSED)
    candidates = {replaced}
    for place, character in enumerate(replaced):
        for other in _LOOKS_LIKE.get(character, ""):
            candidates.add(replaced[:place] + other + replaced[place + 1 :])
    good = [candidate for candidate in candidates if candidate != code and is_credit_code(candidate)]
    return good[0] if len(good) == 1 else ""


def _said_none(reason: str | None) -> Code:
    if reason:
        return Code(f"无（{reason.strip()}）", CodeKind.NONE)
    return Code(
        "无",
        CodeKind.NONE,
        Text("没有代码的请写明原因", "Where there is no code, say why"),
        "no_reason",
    )


def _registration_number(code: str) -> Code:
    if code[:2] not in _PROVINCES:
        return Code(
            code,
            problem=Text(
                f"15位注册号的前6位“{code[:6]}”不是登记机关代码",
                f'The first six digits, "{code[:6]}", name no registering office',
            ),
            problem_id="division",
        )
    if registration_check_digit(code[:14]) != code[14]:
        return Code(
            code,
            problem=Text("15位注册号的校验码不对", "The check digit of the registration number is wrong"),
            problem_id="check",
        )
    return Code(code, CodeKind.REGISTRATION_NUMBER)


def _organization_code(code: str) -> Code:
    if not all(character in _INNER_VALUE for character in code[:8]):
        return Code(
            code,
            problem=Text(
                "组织机构代码只有数字和大写字母", "An organization code holds only digits and capitals"
            ),
            problem_id="character",
        )
    if organization_check_character(code[:8]) != code[8]:
        return Code(
            code,
            problem=Text(
                "9位组织机构代码的校验码不对", "The check character of the organization code is wrong"
            ),
            problem_id="check",
        )
    return Code(code, CodeKind.ORGANIZATION_CODE)


_RUN_OF_18: Final = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")


def find_identity_number(text: str) -> str | None:
    """The first identity number inside a longer text (a remark), else None.

    >>> find_identity_number("联系人身份证11010519491231002X，已核") is not None
    True
    """
    if len(text) < 18:
        return None
    for run in _RUN_OF_18.finditer(text.translate(_WIDE)):
        if is_identity_number(run.group().upper()):
            return run.group()
    return None
