"""liangxin policy new: from a notice to a draft, or nothing written and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_policy import run
from tests.policy.drafting_score import read_case

from liangxin.policy import check_policy

SHORT = "到8月底，从业80人以上企业党组织覆盖率达到{}。\n2011年8月9日\n"


def notice(folder: Path, text: str) -> str:
    path = folder / "通知.txt"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_new(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Writes a policy without errors, each rule under its sentence, and says what no rule uses."""
    out = tmp_path / "我县.yaml"
    code, said, err = run(
        capsys, "new", "--from", notice(tmp_path, read_case("changle-2011-44")[0]), "--out", str(out)
    )
    assert (0, "") == (code, err)
    assert () == check_policy(out)
    text = out.read_text(encoding="utf-8")
    assert "# 从业80人以上非公有制企业的组织覆盖率达到100%;" in text
    assert "待定：每条线几个组，通知没有写" in text
    assert "id: draft-2011" in text
    assert "指标 5" in said and "组建形式 8" in said
    assert "发文日期没有写清，按 2011-08-09 起草，请核对。" in said
    assert "没有用上的句子" in said


def test_new_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Cards with their sentences' places in the text, in both languages, and the remainder."""
    source = notice(tmp_path, SHORT.format("100%") + "每家企业必须挂牌。\n")
    out = tmp_path / "our-county.yaml"
    code, said, _ = run(capsys, "new", "--from", source, "--out", str(out), "--json", lang="en")
    report = json.loads(said)
    assert (0, "our-county", "2011-08-09") == (code, report["id"], report["issued_on"])
    (target,) = (card for card in report["cards"] if card["kind"] == "indicator")
    assert "enterprises (staff >= 80): coverage by organizations ≥ 100%, 2011-08-31" == target["rule"]["en"]
    text = Path(source).read_text(encoding="utf-8")
    assert target["sentence"]["text"] == text[target["sentence"]["start"] : target["sentence"]["end"]]
    assert ["每家企业必须挂牌。"] == [each["text"] for each in report["remainder"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有文字"),
        ("Only English here, by 31 August 2011.", "不是中文通知"),
        (SHORT.format("100%").split("\n")[0] + SHORT.format("90%"), "互相矛盾"),
    ],
)
def test_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str) -> None:
    out = tmp_path / "a-b-c.yaml"
    code, _, err = run(capsys, "new", "--from", notice(tmp_path, text), "--out", str(out))
    assert 1 == code
    assert said in err
    assert not out.exists()


def test_a_file_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited draft is not written over; a bad id is refused by name."""
    out = tmp_path / "a-b-c.yaml"
    out.write_text("mine", encoding="utf-8")
    source = notice(tmp_path, SHORT.format("100%"))
    code, _, err = run(capsys, "new", "--from", source, "--out", str(out))
    assert (1, "mine") == (code, out.read_text(encoding="utf-8"))
    assert "已经有这个文件" in err
    code, _, err = run(capsys, "new", "--from", source, "--out", str(tmp_path / "b.yaml"), "--id", "我县")
    assert 1 == code
    assert "编号" in err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    """With an example."""
    code, said, _ = run(capsys, "new", "--help")
    assert 0 == code
    assert "liangxin policy new --from 通知.docx --out 我县.yaml" in said.replace("\n  ", " ")
