"""Words and numbers in templates: ``{% say "保存" "Save" %}``, ``{{ field.label|tell }}``, ``{{ rate|percent }}``."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liangxin.coverage.rate import Rate
from liangxin.registry.fields import FIELDS, FieldType
from liangxin.registry.small_counts import LEAST, NOTE, WITHHELD
from liangxin.web.ui.language import current
from liangxin.wording import Text

register = template.Library()
UNKNOWN = Text("待核", "to verify")


@register.simple_tag
def say(zh: str, en: str, **values: object) -> str:
    """The words of the request's language; values fill {places}. Escaped like any other value."""
    words = Text(zh, en)
    return (words.fill(**values) if values else words).in_language(current())


@register.simple_tag
def withheld() -> str:
    """What stands in the place of a number too small to be told to this reader."""
    return WITHHELD.fill(least=LEAST).in_language(current())


@register.simple_tag
def withheld_note() -> str:
    """The line below a table that has ``withheld`` in it."""
    return NOTE.fill(least=LEAST).in_language(current())


@register.filter
def tell(text: Text | str | None) -> str:
    return text.in_language(current()) if isinstance(text, Text) else (text or "")


@register.filter
def number(value: float | None) -> str:
    """1234567.5 as 1,234,567.5; nothing as —."""
    if value is None:
        return "—"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0").rstrip(".")


@register.filter
def percent(value: Rate | float | None) -> str:
    """A share with one decimal; an empty denominator as —. 100.0% only when nothing is missing."""
    share = value.value if isinstance(value, Rate) else value
    if share is None:
        return "—"
    shown = min(share * 100, 99.9) if share < 1 else share * 100
    return f"{shown:.1f}%"


@register.filter
def fact(value: Any, field_name: str) -> SafeString | str:
    """A ledger value as a person reads it: choices in words, 待核 marked, dates short."""
    field = FIELDS[field_name]
    if value is None or value == "":
        return format_html('<span class="unknown">{}</span>', UNKNOWN.in_language(current()))
    if field.choices is not None:
        words = field.choices.get(str(value))
        return words.in_language(current()) if words else str(value)
    if field.type is FieldType.BOOLEAN:
        return say("是", "yes") if value else say("否", "no")
    if field.type in (FieldType.INTEGER, FieldType.NUMBER) and field_name not in ("lon", "lat"):
        return number(value)
    if field.type is FieldType.REFERENCES and not isinstance(value, str):
        return "、".join(value)
    return str(value)


@register.filter
def moment(value: date | datetime | None) -> str:
    """2011-08-15 10:32 in the town's time zone."""
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat()


@register.filter
def get(mapping: Any, key: Any) -> Any:
    return mapping.get(key) if hasattr(mapping, "get") else getattr(mapping, str(key), None)


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The request's query string with some parameters changed (None drops one)."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return "?" + parameters.urlencode()


@register.simple_tag(takes_context=True)
def without(context: template.Context, parameter: str) -> str:
    """The request's query string without one parameter, from its first page."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name in (parameter, "page"):
        parameters.pop(name, None)
    return "?" + parameters.urlencode()
