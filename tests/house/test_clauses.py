"""The table of clauses is the generated one, and names no clause that the notice does not have."""

from __future__ import annotations

import runpy
from pathlib import Path

import click
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_table_is_up_to_date() -> None:
    """docs/clauses.md is what `make docs` writes today."""
    made = runpy.run_path(str(ROOT / "tools" / "clauses.py"))["page"]()
    assert made == (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")


CLAUSES = yaml.safe_load((ROOT / "docs" / "clauses.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_user_does_it_somewhere_or_the_table_says_that_not(clause: str) -> None:
    """Every page, command and address that the table names exists; a clause without a page says what is missing."""
    from django.urls import get_resolver

    from liangxin.cli import LazyGroup
    from liangxin.web.api.words import TITLES

    what = CLAUSES[clause]
    pages = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert set(what.get("pages", ())) <= pages
    assert set(what.get("api", ())) <= set(TITLES)
    group = LazyGroup(name="liangxin")
    context = click.Context(group)
    for name in what.get("commands", ()):
        found: click.Command | None = group
        for part in name.split():
            assert isinstance(found, click.Group)
            found = found.get_command(context, part)
        assert found is not None, name
    assert what.get("pages") or (what["missing"]["zh"] and what["missing"]["en"])
