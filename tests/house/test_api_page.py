"""docs/api.md names addresses that there are, and parameters of the notice."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from tests.web.test_permission_cells import API

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_address_exists() -> None:
    named = {tuple(each.split(" ")) for each in re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`", PAGE)}
    assert named and named <= set(API)


def test_every_parameter_exists() -> None:
    from liangxin.policy import load_policy

    named = set(re.findall(r'"parameters": \{"(\w+)"', PAGE))
    assert named and named <= set(load_policy("changle-2011-44", as_of=date(2011, 8, 15)).parameters)
