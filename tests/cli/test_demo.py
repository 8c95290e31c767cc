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


def test_asked_to_serve_without_a_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no site it is said, and only if somebody asked for it."""
    monkeypatch.setattr(demo, "SITE", "liangxin.nowhere.demo")
    demo._serve(tmp_path, None, 8000)
    assert capsys.readouterr().err == ""
    demo._serve(tmp_path, True, 8000)
    assert "打开" in capsys.readouterr().err or "opened" in capsys.readouterr().err


def test_a_site_that_is_there_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site's module is handed the folder and the port; --no-serve leaves it alone."""
    (tmp_path / "a_site.py").write_text(
        "asked = []\ndef serve(folder, port):\n    asked.append((folder, port))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(demo, "SITE", "a_site")
    demo._serve(tmp_path, False, 8000)
    demo._serve(tmp_path, None, 8123)
    import a_site  # type: ignore[import-not-found]

    assert a_site.asked == [(tmp_path, 8123)]
