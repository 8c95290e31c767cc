"""Random ledgers in random layouts are read as they were written, or a finding names what differs.

``tools/try_layouts.py`` does the same thousands of times, also through LibreOffice.
"""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from tests.files.random_ledgers import differences, make_ledger

ENGINES = ("openpyxl", "xlsxwriter", "csv", "gbk")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(5))
def test_no_silent_difference(tmp_path: Path, engine: str, seed: int) -> None:
    """Fifteen layouts a seed and engine."""
    random = Random(f"{engine}{seed}")
    for _ in range(15):
        written = make_ledger(random, tmp_path, engine)
        assert differences(written) == []


def test_a_silent_difference_is_noticed(tmp_path: Path) -> None:
    """The comparison can fail: another value, a missing unit, a row too many."""
    random = Random(1)
    written = make_ledger(random, tmp_path, "openpyxl")
    first, last = written.units[0], written.units[-1]
    assert differences(written) == []
    first.facts["name"] = f"{first.facts['name']}二"
    last.row += 50
    found = differences(written)
    assert any("name is" in each for each in found)
    assert any("is missing" in each for each in found)
    assert any("is no unit" in each for each in found)
