"""What a person or a program sends to have something done: one typed value an act, read from a form or from JSON.

A page reads it with ``read_form``, the API declares it as its body. Wrong values are findings by field in both languages,
all at once; a key that the act does not know is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType, UnionType
from typing import Any, Final, TypeVar, Union, get_args, get_origin

from django.http import QueryDict
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from liangxin.findings import Finding, InputError, Place
from liangxin.wording import Text

Given = TypeVar("Given", bound="Input")


class Input(BaseModel):
    """The base of every act's input. Its fields carry their names in both languages by ``named``."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def named(zh: str, en: str, **rules: Any) -> Any:
    """A field of an input with its name in both languages; ``rules`` as pydantic's ``Field`` takes them."""
    return Field(title=f"{zh} / {en}", **rules)


def read_form(kind: type[Given], posted: QueryDict) -> Given:
    """The input from a form. An empty box is left out, so that the field's own default holds. Raises InputError."""
    values: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if _is_list(field.annotation):
            values[name] = posted.getlist(name)
        elif posted.get(name, "").strip():
            values[name] = posted[name]
    return read_values(kind, values)


def read_values(kind: type[Given], values: Mapping[str, Any]) -> Given:
    """The input from plain values. Raises InputError with a finding for each wrong field."""
    try:
        return kind.model_validate(values)
    except ValidationError as wrong:
        raise InputError(findings_in(wrong.errors(include_url=False), kind)) from None


def findings_in(errors: Iterable[Mapping[str, Any]], kind: type[BaseModel] | None = None) -> list[Finding]:
    """Pydantic's errors in the office's words, each with its field."""
    return [_finding(each, kind) for each in errors]


def _finding(error: Mapping[str, Any], kind: type[BaseModel] | None) -> Finding:
    path = [each for each in error.get("loc", ()) if each not in ("body", "query", "path")]
    name = str(path[0]) if path else ""
    context = {key: str(value) for key, value in (error.get("ctx") or {}).items()}
    message, accepted = _MESSAGES.get(str(error.get("type", "")), _ANYTHING)
    label = _label(name, kind)
    if label is None:
        label = Text(".".join(map(str, path)), ".".join(map(str, path)))
    else:
        rest = "".join(f"[{each}]" for each in path[1:])
        label = Text(label.zh + rest, label.en + rest)
    given = error.get("input")
    found = str(given)[:60] if isinstance(given, str | int | float) and given != "" else ""
    return Finding(
        str(error.get("type", "invalid")),
        message.fill(**context),
        Place(field=label),
        found,
        None if accepted is None else accepted.fill(**context),
        column_of=name,
    )


def _label(name: str, kind: type[BaseModel] | None) -> Text | None:
    field = kind.model_fields.get(name) if kind is not None else None
    if field is None or not field.title:
        return None
    zh, _, en = field.title.partition(" / ")
    return Text(zh, en or zh)


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_list(each) for each in get_args(annotation))
    return annotation in (list, tuple) or get_origin(annotation) in (list, tuple)


_NUMBER: Final = (Text("要填数字", "A number is needed"), Text("如 80", "such as 80"))
_WHOLE: Final = (Text("要填整数", "A whole number is needed"), Text("如 3", "such as 3"))
_DAY: Final = (
    Text("要填日期，而且确有这一天", "A day that exists is needed"),
    Text("如 2026-11-30", "such as 2026-11-30"),
)
_TRUTH: Final = (Text("要填是或否", "Yes or no is needed"), Text("true 或 false", "true or false"))
_LIST: Final = (Text("要给一个列表", "A list is needed"), None)
_ANYTHING: Final = (Text("写法不对", "This is not what belongs here"), None)
_MESSAGES: Final[Mapping[str, tuple[Text, Text | None]]] = MappingProxyType(
    {
        "missing": (Text("没有填", "Not filled in"), None),
        "extra_forbidden": (Text("没有这一项", "There is no such key"), None),
        "string_type": (Text("要填文字", "Words are needed"), None),
        "string_too_long": (Text("太长，最多{max_length}个字", "Too long, at most {max_length} characters"), None),
        "string_too_short": (Text("太短，至少{min_length}个字", "Too short, at least {min_length} characters"), None),
        "string_pattern_mismatch": _ANYTHING,
        "value_error": (Text("含有不能保存的字符", "With characters that cannot be kept"), None),
        "too_long": (Text("太多，最多{max_length}项", "Too many, at most {max_length}"), None),
        "too_short": (Text("太少，至少{min_length}项", "Too few, at least {min_length}"), None),
        "list_type": _LIST,
        "tuple_type": _LIST,
        "dict_type": (Text("要给一组“名称: 内容”", "Names with values are needed"), None),
        "model_attributes_type": (Text("要给一组“名称: 内容”", "Names with values are needed"), None),
        "int_type": _WHOLE,
        "int_parsing": _WHOLE,
        "int_from_float": _WHOLE,
        "float_type": _NUMBER,
        "float_parsing": _NUMBER,
        "finite_number": _NUMBER,
        "bool_type": _TRUTH,
        "bool_parsing": _TRUTH,
        "date_type": _DAY,
        "date_parsing": _DAY,
        "date_from_datetime_parsing": _DAY,
        "date_from_datetime_inexact": _DAY,
        "greater_than_equal": (Text("太小", "Too small"), Text("不小于{ge}", "at least {ge}")),
        "greater_than": (Text("太小", "Too small"), Text("大于{gt}", "more than {gt}")),
        "less_than_equal": (Text("太大", "Too large"), Text("不大于{le}", "at most {le}")),
        "less_than": (Text("太大", "Too large"), Text("小于{lt}", "less than {lt}")),
        "literal_error": (Text("没有这个选项", "There is no such choice"), Text("{expected}", "{expected}")),
        "enum": (Text("没有这个选项", "There is no such choice"), Text("{expected}", "{expected}")),
        "json_invalid": (Text("不是完整的 JSON", "Not complete JSON"), None),
    }
)  # fmt: skip
