"""One written value becomes one typed value, by its field: what people type in cells and forms, read forgivingly.

What is certain is taken silently (full-width digits, "1.2亿", "2011年8月9日"); what had to be interpreted is taken with
a warning ("80人以上" is 80); what could mean two things is refused with what is accepted. Nothing is guessed: empty,
"待核" and "不详" are null, never zero and never no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Final

from liangxin.findings import Severity
from liangxin.registry.codes import ACCEPTED as ACCEPTED_CODES
from liangxin.registry.codes import check_code, find_identity_number, good_credit_codes
from liangxin.registry.dates import read_date
from liangxin.registry.fields import Field, FieldType
from liangxin.registry.numbers import ONE, read_number
from liangxin.registry.reading import EMPTY, Reading, narrow, nothing_said, refuse, remark
from liangxin.registry.spellings import (
    CHOICE_SPELLINGS,
    INTERPRETED,
    NO,
    NONE_WORDS,
    NOTHING,
    UNKNOWN,
    YES,
)
from liangxin.registry.text import clean, fold, is_clean, strip_invisible
from liangxin.wording import Text

_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}")
_FORMULA_ERRORS: Final = frozenset(
    {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!"}
)
_SPECIAL: Final = UNKNOWN | NOTHING | NONE_WORDS | _FORMULA_ERRORS
FORMULA_ERROR: Final = Text("公式出错了，没有值", "The formula gives an error, not a value")
_EXACT_LIMIT: Final = 1e15  # Excel keeps 15 digits of a number; the rest became zeros when it was typed


def taken_as_written(field: Field, texts: Iterable[str]) -> Iterable[str]:
    """Of many texts, those that ``read_value`` would surely give back as they are: a quick way through a long column."""
    if field.name == "uscc":
        return good_credit_codes(texts)
    if field.name == "industry" or field.type not in (FieldType.TEXT, FieldType.REFERENCE):
        return ()
    return [
        text
        for text in texts
        if 1 < len(text) < 18
        and text.isprintable()
        and is_clean(text)
        and text not in _SPECIAL
        and not _looks_lost(text)
    ]


def read_value(
    field: Field, written: object, *, scale: Decimal = ONE, names: Collection[str] = ()
) -> Reading:
    """Read what stands in a cell as the field's type.

    Args:
        field: whose value it is.
        written: str, int, float, bool, date, datetime or None, as a workbook or a form gives it.
        scale: what a bare number is multiplied by to get the field's unit (0.0001 under a header in 元).
        names: names that contain a separator themselves ("电机、电器行业协会") and must not be split.

    >>> from liangxin.registry.fields import FIELDS
    >>> read_value(FIELDS["staff"], "８０人以上").value, read_value(FIELDS["revenue"], "1.2亿元").value
    (80, 12000.0)
    """
    if written is None:
        return EMPTY
    if isinstance(written, str):
        written = (written if is_clean(written) else strip_invisible(written)).strip()
        if not written or written in UNKNOWN:
            return EMPTY
        if written in _FORMULA_ERRORS:
            return Reading(None, "formula_error", FORMULA_ERROR)
    reader = _READERS[field.type]
    return reader(field, written, scale, names)


# Text and identifiers


def _read_text(field: Field, written: object, _scale: Decimal, _names: Collection[str]) -> Reading:
    if field.name == "name" and isinstance(written, str):
        written = clean(written, joined=True)
    text = _as_text(written)
    if text is None:
        return _lost_digits()
    if text in NOTHING:
        return EMPTY
    if field.name != "remark" and _looks_lost(text):
        return _lost_digits_in_text()
    if field.name == "uscc":
        return _read_code(text)
    if find_identity_number(text) is not None and not (
        field.name == "unit_id" and check_code(text).problem is None
    ):
        return _identity_number()
    if field.name == "industry":
        return _read_industry(text)
    return Reading(text)


def _as_text(written: object) -> str | None:
    """Text of a cell; a whole number without its ".0". None for a number that has lost digits."""
    if isinstance(written, str):
        return clean(written)
    if isinstance(written, bool):
        return "是" if written else "否"
    if isinstance(written, float):
        if abs(written) >= _EXACT_LIMIT:
            return None
        return str(int(written)) if written.is_integer() else repr(written)
    if isinstance(written, int):
        return None if abs(written) >= _EXACT_LIMIT else str(written)
    if isinstance(written, datetime):
        return written.date().isoformat() if written.time() == time() else written.isoformat(" ")
    return str(written)


def _lost_digits() -> Reading:
    return refuse(
        "lost_digits",
        "这一格是数字格式，Excel 只保留15位，后面几位已丢失；请把单元格设为文本后重新填写",
        "This cell is a number; Excel keeps 15 digits and the rest is lost. Make the cell text and type it again",
        None,
    )


def _looks_lost(text: str) -> bool:
    """Whether a text is what a table program shows of a long number: 9.13307E+17."""
    return "+" in text and _SCIENTIFIC.fullmatch(text) is not None


def _lost_digits_in_text() -> Reading:
    return refuse(
        "lost_digits",
        "这是科学计数法，后面几位已丢失（存成 CSV 前 Excel 把长编号当成了数字）；请从原表重新取，把这一列设为文本",
        "This is scientific notation: the last digits were lost when Excel took a long number for a figure. Take it again from the original with the column set to text",
        None,
    )


def _identity_number() -> Reading:
    return refuse(
        "identity_number",
        "这里有居民身份证号码，本系统不保存身份证号，请删去",
        "This holds a person's identity number; identity numbers are not stored, remove it",
        None,
    )


def _read_code(text: str) -> Reading:
    code = check_code(text)
    if code.problem is None:
        return Reading(code.text)
    if code.problem_id == "no_reason":
        return Reading(code.text, "code_no_reason", code.problem, None, Severity.WARNING)
    accepted = (
        Text(f"{code.suggestion}（最像的一个，请核对）", f"{code.suggestion} (the likeliest; please verify)")
        if code.suggestion
        else ACCEPTED_CODES
    )
    name = code.problem_id if code.problem_id == "identity_number" else f"code_{code.problem_id}"
    return Reading(None, name, code.problem, accepted)


_INDUSTRY: Final = re.compile(r"^[A-T]?(\d{2,4})$")


def _read_industry(text: str) -> Reading:
    """A code of GB/T 4754, with or without the section's letter; words after the code ("3811 发电机…") are let go."""
    head = re.split(r"(?<=\d)(?=\D)", narrow(text).upper().replace(" ", ""), maxsplit=1)[0]
    if (code := _INDUSTRY.match(head)) is not None:
        return Reading(code.group(1))
    if re.fullmatch(r"[A-T]", head):  # only the section: no division is known
        return refuse(
            "industry",
            "只有行业门类字母，缺少数字",
            "Only the letter of the section, without digits",
            _INDUSTRY_ACCEPTED,
        )
    return refuse("industry", "不是行业代码", "This is not an industry code", _INDUSTRY_ACCEPTED)


_INDUSTRY_ACCEPTED: Final = Text(
    "GB/T 4754 的2至4位代码，如 3811", "a code of GB/T 4754 with 2 to 4 digits, such as 3811"
)


# Numbers, dates, yes or no, choices, references


def _read_number(field: Field, written: object, scale: Decimal, _names: Collection[str]) -> Reading:
    return read_number(field, written, scale)


def _read_date(field: Field, written: object, _scale: Decimal, _names: Collection[str]) -> Reading:
    if isinstance(written, str) and (written in NOTHING or written in NONE_WORDS):
        return nothing_said(written)
    read = read_date(written)
    if isinstance(read, date):
        return Reading(read)
    return Reading(
        None, "not_a_date", read, Text("日期，如 2011年8月9日 或 2011-08-09", "a date such as 2011-08-09")
    )


def _read_boolean(field: Field, written: object, _scale: Decimal, _names: Collection[str]) -> Reading:
    if isinstance(written, bool):
        return Reading(written)
    text = narrow(_as_text(written) or "").replace(" ", "").lower()
    if text in YES:
        return Reading(True)
    if text in NO:
        return Reading(False)
    if text in NOTHING:
        return nothing_said(text)
    return refuse(
        "not_yes_no",
        "应填是或否",
        "This should be yes or no",
        Text("是、否（有、无、√、×也可以）", "是 or 否 (有, 无, √, × are fine too)"),
    )


@lru_cache(maxsize=64)
def _spellings(name: str) -> dict[str, str]:
    from liangxin.registry.fields import FIELDS

    field = FIELDS[name]
    known = {_plain(alias): value for alias, value in CHOICE_SPELLINGS.get(name, {}).items()}
    for value, words in (field.choices or {}).items():
        known |= {_plain(word): value for word in (words.zh, words.en, value)}
    return known


def _plain(text: str) -> str:
    return fold(text).replace("(", "").replace(")", "")


def _read_choice(field: Field, written: object, _scale: Decimal, _names: Collection[str]) -> Reading:
    text = _as_text(written) or ""
    if text in NOTHING:
        return nothing_said(text)
    value = _spellings(field.name).get(_plain(text))
    if value is not None and text in INTERPRETED.get(field.name, ()):
        word = (field.choices or {})[value]
        return remark(value, "interpreted", f"“{text}”按“{word.zh}”计", f'"{text}" is taken as {word.en}')
    if value is not None:
        return Reading(value)
    words = (field.choices or {}).values()
    return refuse(
        "not_a_choice",
        "没有这个选项",
        "There is no such choice",
        Text("、".join(word.zh for word in words), ", ".join(word.en for word in words)),
    )


def _read_reference(field: Field, written: object, _scale: Decimal, _names: Collection[str]) -> Reading:
    text = _as_text(written)
    if text is None:
        return _lost_digits()
    if find_identity_number(text) is not None:
        return _identity_number()
    return EMPTY if text in NOTHING or text in NONE_WORDS else Reading(text)


_SEPARATORS: Final = re.compile(r"[;；\r\n]+")
_MORE_SEPARATORS: Final = re.compile(r"[;；、,，\r\n]+")


def _read_references(field: Field, written: object, _scale: Decimal, names: Collection[str]) -> Reading:
    text = written if isinstance(written, str) else _as_text(written)
    if text is None:
        return _lost_digits()
    if text in NOTHING or text in NONE_WORDS:
        return EMPTY
    if find_identity_number(text) is not None:
        return _identity_number()
    parts: list[str] = []
    for part in _SEPARATORS.split(text):
        parts += [part] if part.strip() in names else _MORE_SEPARATORS.split(part)
    kept = [clean(part) for part in parts if part.strip()]
    return Reading(list(dict.fromkeys(kept)) or None)


_READERS: Final[Mapping[FieldType, Callable[[Field, object, Decimal, Collection[str]], Reading]]] = {
    FieldType.TEXT: _read_text,
    FieldType.INTEGER: _read_number,
    FieldType.NUMBER: _read_number,
    FieldType.DATE: _read_date,
    FieldType.BOOLEAN: _read_boolean,
    FieldType.CHOICE: _read_choice,
    FieldType.REFERENCE: _read_reference,
    FieldType.REFERENCES: _read_references,
}
