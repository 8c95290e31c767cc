"""The commands indicators, policy explain and policy diff on a small ledger."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from tests.coverage.ledgers import ledger

from liangxin.cli import main
from liangxin.cli.columns import aligned, width
from liangxin.cli.indicators import percent
from liangxin.files.schemas.indicators import document as indicators_schema


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.parquet"
    ledger(
        {"staff": 86, "full_members": 2, "name": "长乐甲厂"},
        {"staff": None, "name": "长乐乙厂"},
        {
            "full_members": 4,
            "organization_form": "park",
            "organization_id": "O1",
            "park": "P1",
            "name": "长乐丙厂",
        },
        {"state": "deregistered", "name": "长乐丁厂"},
    ).write_parquet(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = 0
    try:
        main(["--lang", "zh", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


DAY = ("--as-of", "2011-08-15")


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
def test_table(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line an indicator: numerator, denominator, rate, 待核 and its range, target and what is short."""
    code, out, _ = run(capsys, "indicators", str(book), *DAY)
    line = next(line for line in out.splitlines() if line.startswith("1.2 "))
    assert code == 0
    assert line.split()[2:] == [
        "0",
        "1",
        "0.0%",
        "1",
        "0.0%–0.0%",
        "≥",
        "100.0%",
        "2011-08-31",
        "差",
        "1",
        "家",
    ]
    assert "台账 4 家，列入基数 3 家，移出 1 家" in out


def test_json_has_the_shape_of_the_schema(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """liangxin.indicators/1, without "after": no plan is carried out."""
    code, out, _ = run(capsys, "indicators", str(book), *DAY, "--json")
    made = json.loads(out)
    jsonschema.validate(made, indicators_schema())
    first = made["indicators"][0]
    assert (code, first["id"], first["before"]["numerator"], first["before"]["denominator"]) == (
        0,
        "1.1",
        1,
        2,
    )


def test_list_is_as_long_as_the_number(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The units behind a number, each with its reason."""
    code, out, _ = run(capsys, "indicators", str(book), *DAY, "--list", "1.1:missing")
    assert code == 0
    assert "长乐甲厂" in out and "长乐丙厂" not in out
    assert out.splitlines()[-1] == "共 1 家。"


def test_a_list_that_does_not_exist_is_wrong_usage(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, and what can be asked for."""
    code, _, err = run(capsys, "indicators", str(book), *DAY, "--list", "1.9:missing")
    assert code == 2
    assert "units_per_joint" in err and "numerator" in err


def test_explain(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence, the conflict, and each rule with the unit's facts."""
    code, out, _ = run(capsys, "policy", "explain", "U1", "--ledger", str(book), *DAY)
    assert code == 0
    assert "冲突：长乐甲厂按三（二）应单独组建，但正式党员只有2名，不足3名（3.2）" in out
    assert any(
        line.split() == ["是", "2.2", "派员帮建", "正式党员2名，从业人员86人，达到50人"]
        for line in out.splitlines()
    )


def test_explain_json(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Three values: true, false, null."""
    _, out, _ = run(capsys, "policy", "explain", "长乐乙厂", "--ledger", str(book), *DAY, "--json")
    made = json.loads(out)
    says = {verdict["id"]: verdict["says"] for verdict in made["verdicts"] if verdict["group"] == "class"}
    assert ("U2", None, False) == (made["unit_id"], says["staff_80"], says["has_members"])


def test_a_wrong_id_suggests_the_nearest(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, with number and name of those that are spelt nearly so."""
    code, _, err = run(capsys, "policy", "explain", "长乐甲", "--ledger", str(book), *DAY)
    assert code == 1
    assert "U1 长乐甲厂" in err


def test_diff_between_two_days(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts first, then the list; POLICY@DAY takes another day's rules."""
    code, out, _ = run(
        capsys,
        "policy",
        "diff",
        "changle-2011-44",
        "example-hundred-days",
        "--ledger",
        str(book),
        *DAY,
        "--json",
    )
    made = json.loads(out)
    assert code == 0
    assert made["counts"]["classes"] == len(
        {move["unit_id"] for move in made["moves"] if move["aspect"] == "classes"}
    )
    code, out, _ = run(
        capsys,
        "policy",
        "diff",
        "changle-2011-44@2011-08-15",
        "changle-2011-44@2012-11-01",
        "--ledger",
        str(book),
    )
    assert code == 0 and "台账 4 家" in out


def test_diff_with_a_day_that_is_none(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2."""
    code, _, err = run(
        capsys, "policy", "diff", "changle-2011-44@soon", "changle-2011-44", "--ledger", str(book)
    )
    assert code == 2 and "@2018-11-01" in err


def test_columns_line_up() -> None:
    """A Chinese character takes two places."""
    lines = aligned([["甲厂", "1"], ["abc", "20"]], right=[1])
    assert ["甲厂   1", "abc   20"] == lines
    assert [8, 8] == [width(line) for line in lines]


def test_percent_never_rounds_up_to_done() -> None:
    """9,999 of 10,000 is not 100%."""
    assert ["99.9%", "100.0%", "0.1%", "0.0%", "—"] == [percent(x) for x in (0.9999, 1.0, 0.0001, 0.0, None)]
