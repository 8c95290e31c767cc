"""Pieces of pages that would take long as plain templates: ``{% piece … %}`` and ``{% options … %}``."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import lru_cache

from django import template
from django.utils import html
from django.utils.safestring import SafeString, mark_safe

from liangxin.web.ui import kept
from liangxin.web.ui.language import current
from liangxin.wording import Text

register = template.Library()
escape = lru_cache(maxsize=8192)(html.escape)  # the same names in every unit's form


@register.simple_tag
def piece(template_name: str, **facts: Hashable) -> SafeString:
    """``{% piece "overview/_part.html" label=label rows=rows %}``: like ``include … only``, made once for the same facts
    (``ui.kept``). It sees nothing but them and ``lang``."""
    return kept.piece(template_name, **facts)


@register.simple_tag
def options(listed: Iterable[tuple[str, Text]], chosen: str) -> SafeString:
    """The options of a select, each with its value and its words; a town has a thousand villages."""
    lang = current()
    return mark_safe(
        "".join(
            f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(words.in_language(lang))}</option>'
            for value, words in listed
        )
    )
