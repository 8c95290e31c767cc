"""``liangxin places``: a town file from a code or a name; what is ambiguous is listed, never guessed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liangxin.cli import main
from liangxin.files.town import read_town


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["places", *arguments])
        raise SystemExit(0)
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    "words", [["330683101"], ["嵊州长乐"], ["浙江省绍兴市嵊州市长乐镇"], ["嵊州", "长乐镇"]]
)
def test_the_file_holds_all_villages(tmp_path: Path, words: list[str]) -> None:
    out = tmp_path / "镇.yaml"
    assert run(*words, "--out", str(out)) == 0
    town = read_town(out)
    assert (town.name, town.code, len(town.areas)) == ("长乐镇", "330683101", 30)
    assert {area.kind for area in town.areas} == {"village", "community"}
    assert town.area("水竹村") is not None


def test_an_ambiguous_name_is_listed_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "镇.yaml"
    assert run("长乐镇", "--out", str(out)) == 1
    said = capsys.readouterr().out
    assert "330683101  浙江省 绍兴市 嵊州市 长乐镇" in said
    assert "湖南省 岳阳市 汨罗市 长乐镇" in said
    assert not out.exists()


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("长乐", "--json") == 0
    found = json.loads(capsys.readouterr().out)["found"]
    assert {"code": "330683101", "name": "长乐镇", "path": ["浙江省", "绍兴市", "嵊州市", "长乐镇"]} in found
    assert run("330603009", "--json", "--out", str(tmp_path / "镇.yaml")) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["aliases"] == ["钱清镇"]
    assert made["villages"] + made["communities"] == 23


def test_what_is_not_found_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("没有这个镇") == 1
    assert "没有找到" in capsys.readouterr().err
    assert run("--lang", "en", "999999999") == 1
    assert "Nothing found" in capsys.readouterr().err


def test_former_villages_only_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "镇.yaml"
    assert run("330683101", "--out", str(out)) == 0
    assert read_town(out).area("下曹村") is None
    assert run("330683101", "--former", "--out", str(out)) == 0
    former = read_town(out).area("下曹村")
    assert former is not None
    assert former.id == "F001"
