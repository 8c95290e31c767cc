"""A composed document as plain JSON values and back, so that what was issued is kept word for word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Final

from liangxin.procedure import paper
from liangxin.wording import Text

FORMAT: Final = "liangxin.paper/1"
_CLASSES: Final[dict[str, type[Any]]] = {
    each.__name__: each
    for each in (
        paper.Heading, paper.Paragraph, paper.Column, paper.Table, paper.FormRow, paper.Form, paper.Signatures,
        paper.Annex, paper.Head, paper.Imprint, paper.Paper,
    )
}  # fmt: skip


def paper_to_json(composed: paper.Paper) -> dict[str, Any]:
    """The document in values that every JSON writer takes."""
    written = _plain(composed)
    assert isinstance(written, dict)
    return {"format": FORMAT, **written}


def paper_from_json(written: Mapping[str, Any]) -> paper.Paper:
    """The document again, equal to what was written. ValueError where this is not one."""
    if written.get("format") != FORMAT:
        raise ValueError(f"this is not a document of the format {FORMAT}")
    found = _value({key: value for key, value in written.items() if key != "format"})
    if not isinstance(found, paper.Paper):
        raise ValueError("this is not a document")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Text):
        # A name or a number is the same in both languages: written once.
        return {"text": value.zh} if value.zh == value.en else {"text": value.zh, "en": value.en}
    if isinstance(value, paper.PaperKind):
        return {"kind": value.value}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {"facts": {key: _plain(each) for key, each in value.items()}}
    if is_dataclass(value) and _CLASSES.get(type(value).__name__) is type(value):
        return {
            "is": type(value).__name__,
            **{each.name: _plain(getattr(value, each.name)) for each in fields(value)},
        }
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} is not part of a document")


def _value(written: Any) -> Any:
    if isinstance(written, list):
        return tuple(_value(each) for each in written)
    if not isinstance(written, dict):
        return written
    if "is" in written:
        made = _CLASSES.get(str(written["is"]))
        if made is None:
            raise ValueError(f"“{written['is']}” is not part of a document")
        return made(**{key: _value(value) for key, value in written.items() if key != "is"})
    if "text" in written:
        return Text(str(written["text"]), str(written.get("en", written["text"])))
    if "kind" in written:
        return paper.PaperKind(written["kind"])
    if "day" in written:
        return date.fromisoformat(written["day"])
    return {key: _value(value) for key, value in written["facts"].items()}
