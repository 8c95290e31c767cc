"""liangxin demo: a made-up town from its register to its documents, every file named with what it is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from liangxin.cli import demo, main
from liangxin.engine.town_files import OUTPUTS
from liangxin.files.plan_json import read_plan

INPUTS = {"ledger.xlsx", "ledger.parquet", "town.yaml", "areas.geojson"}


def test_the_whole_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The town's own files and the plan's, each on a line of its own; the day is one of the drive."""
    out = tmp_path / "demo"
    main(["--lang", "zh", "demo", "--units", "120", "--seed", "3", "--out", str(out), "--no-serve"])
    shown = capsys.readouterr().out
    written = {path.name for path in out.iterdir()}
    assert written == INPUTS | {output.name for output in OUTPUTS}
    assert all(any(line.strip().startswith(name) for line in shown.splitlines()) for name in written)
    assert read_plan(out / "plan.json").as_of == demo.AS_OF


def test_the_site_is_served_from_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the files the site is served, from the same folder and on the day of the drive."""
    from liangxin.cli import demo_site

    asked: list[tuple[Path, int]] = []
    monkeypatch.setattr(demo_site, "serve_demo", lambda folder, port, today: asked.append((folder, port)))
    main(["demo", "--units", "60", "--seed", "3", "--out", str(tmp_path / "demo"), "--port", "8123"])
    assert [(tmp_path / "demo", 8123)] == asked
