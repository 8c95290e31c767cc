"""The table of clauses is the generated one, and names no clause that the notice does not have."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_table_is_up_to_date() -> None:
    """docs/clauses.md is what `make docs` writes today."""
    made = runpy.run_path(str(ROOT / "tools" / "clauses.py"))["page"]()
    assert made == (ROOT / "docs" / "clauses.md").read_text(encoding="utf-8")
