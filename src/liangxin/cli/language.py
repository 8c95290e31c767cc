"""Which language the command speaks: ``--lang`` anywhere on the line, else ``LANG`` and its kin, else Chinese."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from liangxin.wording import Lang, Text

_chosen: Lang = "zh"


def choose_language(arguments: list[str], environ: Mapping[str, str]) -> list[str]:
    """Set the language of this process and give back the arguments without ``--lang X``."""
    global _chosen
    rest: list[str] = []
    wanted = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), "")
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            wanted = next(words, "")
        elif word.startswith("--lang="):
            wanted = word.partition("=")[2]
        else:
            rest.append(word)
            continue
        if wanted not in ("zh", "en"):
            sys.stderr.write(
                f"--lang 只能是 zh 或 en，给的是“{wanted}”。 / --lang is zh or en, not {wanted!r}.\n"
            )
            raise SystemExit(2)
    _chosen = "en" if wanted.lower().startswith("en") else "zh"
    return rest


def language() -> Lang:
    return _chosen


def say(zh: str, en: str) -> str:
    """The words in the chosen language."""
    return zh if _chosen == "zh" else en


def tell(text: Text) -> str:
    return text.in_language(_chosen)
