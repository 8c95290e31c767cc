"""Pieces of pages that are kept by what they say: the same facts in the same language give the same words.

A piece is a template that sees nothing but the facts given to it, no request and no person; so what is kept cannot be out
of date, and nobody gets to see by it what they were not about to be shown.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Final

from django.template import Context, engines
from django.utils.safestring import SafeString

from liangxin.web.ui.language import current

KEPT_CHARACTERS: Final = (
    12_000_000  # of all pieces together, in each process; the one asked for longest ago goes first
)
_lock = threading.Lock()
_pieces: OrderedDict[tuple[Hashable, ...], SafeString] = OrderedDict()
_characters = 0


def piece(template_name: str, **facts: Hashable) -> SafeString:
    """The template filled with the facts. TypeError where one of them cannot be a key (a list, a dict)."""
    key = (template_name, current(), *facts.items())
    with _lock:
        known = _pieces.get(key)
        if known is not None:
            _pieces.move_to_end(key)
            return known
    made = engines["django"].engine.get_template(template_name).render(Context({**facts, "lang": current()}))
    _keep(key, made)
    return made


def _keep(key: tuple[Hashable, ...], made: SafeString) -> None:
    global _characters
    with _lock:
        before = _pieces.pop(key, None)
        _pieces[key] = made
        _characters += len(made) - len(before or "")
        while _characters > KEPT_CHARACTERS:
            _characters -= len(_pieces.popitem(last=False)[1])


def forget() -> None:
    """For tests that look at how a piece is made."""
    global _characters
    with _lock:
        _pieces.clear()
        _characters = 0
