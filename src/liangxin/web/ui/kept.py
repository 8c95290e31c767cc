"""Pieces of pages that are kept by what they say: the same facts in the same language give the same words.

A piece is a template that sees nothing but the facts given to it, no request and no person; so what is kept cannot be out
of date, and nobody gets to see by it what they were not about to be shown.
"""

from __future__ import annotations

from collections.abc import Hashable

from django.template import Context, Engine
from django.utils.safestring import SafeString

from liangxin.web.ui.language import current
from liangxin.web.ui.memory import MEMORY


def piece(template_name: str, **facts: Hashable) -> SafeString:
    """The template filled with the facts. TypeError where one of them cannot be a key (a list, a dict)."""
    key = ("piece", template_name, current(), *facts.items())

    def make() -> SafeString:
        template = Engine.get_default().get_template(template_name)
        return template.render(Context({**facts, "lang": current()}))

    return MEMORY.get(key, make, pure=True)
