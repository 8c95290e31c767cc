"""liangxin plan: the whole folder or nothing, all errors of all files at once, the same plan for the same seed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from liangxin.cli import main
from liangxin.engine.town_files import OUTPUTS
from liangxin.files.ledger import write_ledger
from liangxin.files.plan_json import read_plan
from liangxin.files.town import write_town
from liangxin.sample import make_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    sample = make_town(150, 5)
    write_ledger(folder / "ledger.xlsx", sample.ledger)
    write_town(folder / "town.yaml", sample.town)
    return folder


def run(*arguments: object) -> int:
    try:
        main(["--lang", "zh", *(str(argument) for argument in arguments)])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def plan(town: Path, out: Path, *more: object) -> int:
    return run(
        "plan",
        town / "ledger.xlsx",
        "--town",
        town / "town.yaml",
        "--as-of",
        "2011-08-15",
        "--out",
        out,
        *more,
    )


@pytest.fixture(scope="module")
def made(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "plan"
    assert plan(town, out) == 0
    return out


def test_writes_the_folder(made: Path) -> None:
    """Every file of the interface and no other."""
    assert {path.name for path in made.iterdir()} == {output.name for output in OUTPUTS}


def test_summary(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The five indicators, the forms, the solver's proof and the files, in Chinese."""
    assert plan(town, tmp_path / "out") == 0
    shown = capsys.readouterr().out
    for words in ("1.1", "1.5", "方案后", "单独组建", "已证明下界", "plan.xlsx", "附件1"):
        assert words in shown


def test_summary_for_scripts(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--json is one JSON document on standard output."""
    assert plan(town, tmp_path / "out", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in document["indicators"]][:5] == ["1.1", "1.2", "1.3", "1.4", "1.5"]
    assert all(Path(each["path"]).stat().st_size == each["bytes"] for each in document["files"])


def comparable(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    del document["solver"]["seconds"]
    return document


def test_same_seed_same_plan(town: Path, made: Path, tmp_path: Path) -> None:
    """Twice the same input gives twice the same plan."""
    assert plan(town, tmp_path / "out") == 0
    assert comparable(tmp_path / "out" / "plan.json") == comparable(made / "plan.json")


def test_from_an_earlier_plan_nothing_moves(town: Path, made: Path, tmp_path: Path) -> None:
    """--previous with the same ledger moves nobody."""
    assert plan(town, tmp_path / "out", "--previous", made / "plan.json") == 0
    assert read_plan(tmp_path / "out" / "plan.json").moved == ()


def test_a_pin_is_kept(town: Path, made: Path, tmp_path: Path) -> None:
    """A separate unit that a person pins to none has none."""
    before = read_plan(made / "plan.json")
    unit = next(decision for decision in before.units if decision.form == "village")
    (tmp_path / "pins.yaml").write_text(
        f"format: liangxin.pins/1\npin: [{{unit: {unit.unit_id}, form: none}}]\n", encoding="utf-8"
    )
    assert plan(town, tmp_path / "out", "--pin", tmp_path / "pins.yaml") == 0
    after = {decision.unit_id: decision for decision in read_plan(tmp_path / "out" / "plan.json").units}
    assert after[unit.unit_id].form == "none"


def test_errors_of_all_files_at_once(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ledger, town and policy are wrong: all three are said, nothing is written, exit 1."""
    sample = make_town(20, 5)
    wrong = sample.ledger.with_columns(
        pl.when(pl.col("unit_id") == sample.ledger["unit_id"][3])
        .then(pl.lit(-5))
        .otherwise(pl.col("staff"))
        .alias("staff")
    )
    write_ledger(tmp_path / "ledger.xlsx", wrong)
    (tmp_path / "town.yaml").write_text("format: liangxin.town/1\ntown: {name: 长乐镇}\n", encoding="utf-8")
    out = tmp_path / "out"
    code = run(
        "plan",
        tmp_path / "ledger.xlsx",
        "--town",
        tmp_path / "town.yaml",
        "--policy",
        "changle-1911",
        "--out",
        out,
    )
    said = capsys.readouterr().err
    assert code == 1
    assert "town.yaml" in said
    assert "changle-1911" in said
    assert "-5" in said
    assert not out.exists()


def test_a_missing_ledger(town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, exit 1, nothing written."""
    code = run("plan", tmp_path / "no.xlsx", "--town", town / "town.yaml", "--out", tmp_path / "out")
    assert code == 1
    assert "no.xlsx" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_broken_template_leaves_the_old_folder(
    town: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A template that cannot be filled: exit 1, and what stood in the folder still stands."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "implementation-plan.zh.docx").write_text("hello")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "plan.json").write_text("old")
    assert plan(town, tmp_path / "out", "--template", tmp_path / "own") == 1
    assert "implementation-plan.zh.docx" in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in (tmp_path / "out").iterdir()] == [("plan.json", "old")]


def test_wrong_usage(town: Path, tmp_path: Path) -> None:
    """Without a town, or with a gap above one, the usage is wrong: exit 2."""
    assert run("plan", town / "ledger.xlsx", "--out", tmp_path / "out") == 2
    assert plan(town, tmp_path / "out", "--gap", "7") == 2
