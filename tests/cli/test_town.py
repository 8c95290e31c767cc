"""``liangxin town``: a made-up town on the disk that every other command can take."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangxin.cli import main
from liangxin.files.ledger import read_ledger
from liangxin.files.town import read_town
from liangxin.sample import make_town


def run(*arguments: str) -> int:
    """The exit code."""
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
        raise SystemExit(0)
    return int(ended.value.code or 0)


def test_the_files_hold_the_town_that_the_library_makes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Workbook, parquet and town file read back as exactly what make_town gave; every area is on the map."""
    out = tmp_path / "示范镇"
    assert run("town", "--units", "150", "--seed", "3", "--out", str(out)) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "areas.geojson",
        "ledger.parquet",
        "ledger.xlsx",
        "town.yaml",
    ]
    sample = make_town(150, seed=3)
    town = read_town(out / "town.yaml")
    assert town == sample.town
    for name in ("ledger.xlsx", "ledger.parquet"):
        ledger = read_ledger(out / name, town=town)
        assert [finding.sentence("en") for finding in ledger.errors] == []
        assert ledger.frame.equals(sample.ledger)
    features = json.loads((out / "areas.geojson").read_text(encoding="utf-8"))["features"]
    assert [feature["id"] for feature in features] == [area.id for area in town.areas]
    assert {feature["geometry"]["type"] for feature in features} == {"Polygon", "Point"}
    assert "150 家单位" in capsys.readouterr().out


@settings(max_examples=12, deadline=None)
@given(units=st.integers(1, 500), seed=st.integers(0, 2**31))
def test_no_made_up_ledger_has_an_error(
    tmp_path_factory: pytest.TempPathFactory, units: int, seed: int
) -> None:
    """Every check of codes, values and references passes, whatever the size and seed."""
    sample = make_town(units, seed)
    path = tmp_path_factory.mktemp("town") / "ledger.parquet"
    sample.ledger.write_parquet(path)
    found = read_ledger(path, town=sample.town)
    assert [finding.sentence("en") for finding in found.findings] == []


def test_wrong_usage_is_refused(tmp_path: Path) -> None:
    """No folder, no units, a negative seed: exit code 2 and nothing written."""
    out = str(tmp_path / "out")
    assert run("town", "--units", "10") == 2
    assert run("town", "--units", "0", "--out", out) == 2
    assert run("town", "--seed", "-1", "--out", out) == 2
    assert not (tmp_path / "out").exists()
