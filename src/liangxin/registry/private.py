"""What must never be kept, and what is only shown in part: identity numbers, names and telephones of persons.

A resident identity number (GB 11643) has 18 places: division, date of birth, order, check digit; those given before 1999
have 15: division, date of birth with a two-digit year, order. A permit of a foreign resident has 18 and begins with 9. They
are found wherever they are written: inside a sentence, with spaces or hyphens, in full-width or other digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from liangxin.findings import Finding, InputError
from liangxin.registry.codes import check_code, is_credit_code, is_identity_number, is_province
from liangxin.wording import Text

REFUSED: Final = Text(
    "这里有居民身份证号码。本系统不保存身份证号，请删去",
    "There is a resident identity number here. Identity numbers are not kept: take it out",
)
_OF_FIELD: Final = Text(
    "“{label}”里有居民身份证号码。本系统不保存身份证号，请删去",
    "{label} holds a resident identity number. Identity numbers are not kept: take it out",
)
ACCEPTED: Final = Text("不含身份证号的文字", "words without an identity number")

# Between two digits of one number: blanks, hyphens and marks that are not seen. A comma or a full stop parts numbers.
_BETWEEN: Final = r"[ _·\u200b-\u200f\u2010-\u2015\u2060\ufeff\-]"
_RUN: Final = re.compile(rf"\d(?:{_BETWEEN}{{0,3}}\d)*(?:{_BETWEEN}{{0,3}}[Xx](?![0-9A-Za-z]))?")
_CHUNK: Final = re.compile(r"\d+[Xx]?|[Xx]")
_SAID: Final = re.compile(
    r"身份证|身份號|身份号|公民号码|证件号|identity\s*(?:card|number)|id\s*card", re.IGNORECASE
)
_FEWEST: Final = 15


def identity_numbers(words: str) -> tuple[str, ...]:
    """The identity numbers in a text, as 15 or 18 characters; none for most texts, which cost one look.

    A good credit code is no identity number. Where the text says that it is one (身份证), a number with a possible date of
    birth counts also with a wrong check digit: a miscopied number still shows a person.

    >>> identity_numbers("联系人 １１０１０５ 19491231 002x，电机厂")
    ('11010519491231002X',)
    >>> identity_numbers("统一社会信用代码 9133068314633680XL")
    ()
    """
    if len(words) < _FEWEST or sum(character.isdigit() for character in words) < _FEWEST:
        return ()
    plain = _plain(words)
    said = _SAID.search(plain) is not None
    found: list[str] = []
    for run in _RUN.finditer(plain):
        chunks = _CHUNK.findall(run.group())
        letter_before = plain[: run.start()][-1:].isascii() and plain[: run.start()][-1:].isalpha()
        letter_after = plain[run.end() :][:1].isascii() and plain[run.end() :][:1].isalpha()
        if letter_before or letter_after:
            whole = _token(plain, run.start(), run.end())
            if is_credit_code(whole.upper()):
                continue
        # 15 digits behind a decimal point are a coordinate rather than a person.
        fraction = re.search(r"\d\.$", plain[max(run.start() - 2, 0) : run.start()]) is not None
        alone = not (letter_before or letter_after or fraction)
        for number in _joined(chunks):
            if _is_one(number, said, alone=alone) and number not in found:
                found.append(number)
    return tuple(found)


def in_code(words: str) -> tuple[str, ...]:
    """As ``identity_numbers``, for a place where a unit's code stands: a good one, also of before 2015, is none.

    A registration number of 15 digits may look like an identity number of that length; its check digit tells them apart.
    """
    return () if check_code(words).problem is None else identity_numbers(words)


def says_identity(header: str) -> bool:
    """Whether a column of a list is called 身份证号 or the like."""
    return _SAID.search(_plain(header)) is not None


def findings(fields: Mapping[str, str], labels: Mapping[str, Text] | None = None) -> tuple[Finding, ...]:
    """One finding for each text that holds an identity number; what was found is shown in part only.

    ``fields``: text by field name; ``labels``: what the fields are called.
    """
    return tuple(
        Finding(
            "identity_number",
            _OF_FIELD.fill(label=labels[name]) if labels and name in labels else REFUSED,
            found=masked_number(number),
            accepted=ACCEPTED,
            column_of=name,
        )
        for name, words in fields.items()
        for number in identity_numbers(words)
    )


def refuse(fields: Mapping[str, str] | Iterable[str], labels: Mapping[str, Text] | None = None) -> None:
    """InputError with every text that holds an identity number; nothing where there is none."""
    given = fields if isinstance(fields, Mapping) else {str(at): words for at, words in enumerate(fields)}
    found = findings(given, labels)
    if found:
        raise InputError(found)


def masked_number(number: str) -> str:
    """330683********1234: where from, nothing of the day of birth, the end."""
    return f"{number[:6]}{'*' * (len(number) - 6)}"


def hidden(words: str) -> str:
    """The words as a message may repeat them: where they hold identity numbers, only those, in part."""
    numbers = identity_numbers(words)
    return "、".join(masked_number(number) for number in numbers) if numbers else words


def masked_name(name: str) -> str:
    """张** for 张三丰: the family name, which tells colleagues enough to find the right line.

    >>> masked_name("张三丰"), masked_name("欧阳文"), masked_name("")
    ('张**', '欧**', '')
    """
    return name[:1] + "**" if name else ""


def masked_telephone(number: str) -> str:
    """138****1234; a short or an office number keeps its last two digits.

    >>> masked_telephone("13812341234"), masked_telephone("0575-83012345")
    ('138****1234', '****45')
    """
    if not number:
        return ""
    if len(number) == 11 and number.isdigit():
        return f"{number[:3]}****{number[-4:]}"
    return "****" + number[-2:]


def _plain(words: str) -> str:
    """Full-width and other digits as 0-9, full-width letters and blanks as the usual ones; places may shift."""
    normal = unicodedata.normalize("NFKC", words)
    return "".join(
        character if character.isascii() or not character.isdecimal() else str(unicodedata.decimal(character))
        for character in normal
    )


def _token(plain: str, start: int, end: int) -> str:
    """The run with the letters and digits that touch it: a credit code is written in one piece."""
    while start and plain[start - 1].isascii() and plain[start - 1].isalnum():
        start -= 1
    while end < len(plain) and plain[end].isascii() and plain[end].isalnum():
        end += 1
    return plain[start:end]


def _joined(chunks: list[str]) -> Iterable[str]:
    """Every stretch of neighbouring chunks that makes 15 or 18 places, and each 18 places of a longer chunk."""
    for first in range(len(chunks)):
        number = ""
        for chunk in chunks[first:]:
            number += chunk
            if len(number) in (15, 18):
                yield number.upper()
            if len(number) > 18:
                break
        longer = chunks[first]
        for start in range(len(longer) - 17 if len(longer) > 18 else 0):
            yield longer[start : start + 18].upper()


def _is_one(number: str, said: bool, *, alone: bool) -> bool:
    if len(number) == 15:
        return alone and number.isdigit() and is_province(number[:2]) and _is_day(f"19{number[6:12]}")
    if is_credit_code(number):
        return False
    if is_identity_number(number):
        return True
    foreign = number[0] == "9" and is_identity_number(number, any_division=True)
    return foreign or (said and is_province(number[:2]) and number[:17].isdigit() and _is_day(number[6:14]))


def _is_day(digits: str) -> bool:
    try:
        return 1880 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year <= 2100
    except ValueError:
        return False
