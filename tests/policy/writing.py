"""Writes a county's policy for a test: the notice of Changle with some lines changed."""

from __future__ import annotations

from pathlib import Path

HEAD = """\
format: liangxin.policy/1
id: county
based_on: changle-2011-44
title: {zh: 某县, en: a county}
issued_on: 2021-01-01
"""


def county(folder: Path, lines: str, name: str = "county.yaml") -> Path:
    """A policy file of ``HEAD`` (5 lines) and ``lines``."""
    path = folder / name
    path.write_text(HEAD + lines, encoding="utf-8")
    return path
