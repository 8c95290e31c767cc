"""Every test that docs/security.md names exists, and every row names one."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rows() -> list[str]:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if re.match(r"\| V\d", line)]


def test_every_named_test_exists() -> None:
    """By its function's name, anywhere under tests/."""
    named = {name for row in rows() for name in re.findall(r"`(test_\w+)`", row)}
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert set() == {name for name in named if not re.search(rf"^def {name}\(", source, re.M)}


def test_every_row_names_a_test() -> None:
    """A requirement without a test stands under what is not done."""
    assert len(rows()) > 30
    assert [] == [row for row in rows() if not re.search(r"`test_\w+`", row)]
