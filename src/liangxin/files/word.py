"""Filling a Word template: names with & < > survive, a place that has no value is an error, never a blank."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from zipfile import BadZipFile

from liangxin.files.word_templates import FOLDER, template_name
from liangxin.findings import InputError, Place
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from docx.document import Document

# What XML cannot hold. A name with one of these came out of a broken export; Word would refuse the whole file.
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_DIGITS: Final = "〇一二三四五六七八九"


def day(value: date | None, lang: Lang) -> str:
    """2011年8月15日, without leading zeros, as documents write it."""
    if value is None:
        return "—"
    return f"{value.year}年{value.month}月{value.day}日" if lang == "zh" else value.isoformat()


def period(start: date | None, due: date | None, lang: Lang) -> str:
    """2011年8月1日—10日: what both days share is said once. Empty when no day is given.

    >>> period(date(2011, 8, 1), date(2011, 8, 10), "zh")
    '2011年8月1日—10日'
    """
    if start is None and due is None:
        return ""
    if start is None or due is None or start == due:
        by = Text("{day}前", "by {day}") if start is None else Text("{day}", "{day}")
        return by.fill(day=day(start or due, lang)).in_language(lang)
    if lang == "en":
        return f"{day(start, lang)} to {day(due, lang)}"
    last = day(due, lang)
    if start.year == due.year:
        last = last.removeprefix(f"{due.year}年")
        if start.month == due.month:
            last = last.removeprefix(f"{due.month}月")
    return f"{day(start, lang)}—{last}"


def ordinal(number: int, lang: Lang) -> str:
    """一, 十二, 二十三 for 1 to 99 in Chinese.

    >>> ordinal(12, "zh")
    '十二'
    """
    if lang == "en":
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十") + (
        "" if ones == 0 else _DIGITS[ones]
    )


def clean(value: Any) -> Any:
    """The same facts without characters that no Word file can hold."""
    if isinstance(value, str):
        return _CONTROL.sub("", value)
    if isinstance(value, Mapping):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def unusable_template(path: Path, wrong: Exception) -> InputError:
    """The refusal of a file that Word itself would not open."""
    return InputError.of(
        "template.file",
        f"这不是可用的 Word 模板（.docx）：{wrong}",
        f"not a usable Word template (.docx): {wrong}",
        place=Place(file=path.name),
    )


def template(document: str, lang: Lang, folder: Path | None, *, ours: Path = FOLDER) -> Path:
    """The office's own template where its folder has one, else ours."""
    name = template_name(document, lang)
    if folder is not None:
        if not folder.is_dir():
            raise InputError.of(
                "template.folder",
                "找不到模板文件夹",
                "no such folder of templates",
                place=Place(file=str(folder)),
            )
        if (folder / name).is_file():
            return folder / name
    return ours / name


def fill(path: Path, target: Path, facts: Mapping[str, Any], title: str) -> None:
    """Fill the template at ``path`` with ``facts`` and save it. InputError when the template cannot be used."""
    filled(path, facts, title).save(str(target))


def filled(path: Path, facts: Mapping[str, Any], title: str) -> Document:
    """The template at ``path`` with ``facts`` in its places. InputError when the template cannot be used."""
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl.template import DocxTemplate
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        document = DocxTemplate(str(path))
        document.render(clean(facts), SandboxedEnvironment(undefined=StrictUndefined), autoescape=True)
    except (TemplateError, TypeError, ArithmeticError) as wrong:
        raise InputError.of(
            "template.place",
            f"模板里的占位写法不对：{wrong}",
            f"a place in the template cannot be filled: {wrong}",
            place=Place(file=path.name),
            accepted=Text("、".join(sorted(facts)), ", ".join(sorted(facts))),
        ) from None
    except (PackageNotFoundError, BadZipFile, ValueError, KeyError, SyntaxError) as wrong:
        raise unusable_template(path, wrong) from None
    made: Any = document.docx
    properties = made.core_properties
    properties.title, properties.author, properties.comments = title[:255], "", ""
    return cast("Document", made)
