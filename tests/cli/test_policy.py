"""The commands policy list and policy check, and that the others are found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.policy.writing import county

from liangxin.cli import main


def run(capsys: pytest.CaptureFixture[str], *arguments: str, lang: str = "zh") -> tuple[int, str, str]:
    code = 0
    try:
        main(["--lang", lang, "policy", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    out = capsys.readouterr()
    return code, out.out, out.err


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a policy: id, kind, day, title."""
    code, out, _ = run(capsys, "list")
    assert 0 == code
    assert "changle-2011-44          政策  2011-08-09  关于组织开展" in out
    assert "branch-regulations-2018  叠加  2018-10-28  中国共产党支部工作条例（试行）" in out


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """A script reads ids and both titles."""
    code, out, _ = run(capsys, "list", "--json")
    assert 0 == code
    rows = {row["id"]: row for row in json.loads(out)}
    assert rows["branch-regulations-2018"]["overlay"] is True
    assert {"zh", "en"} == set(rows["changle-2011-44"]["title"])


def test_check_a_good_policy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file, an id, and ids joined by “+”. What is inherited from another notice is noted; it is no error."""
    path = str(county(tmp_path, ""))
    code, out, err = run(capsys, "check", path)
    assert (0, "") == (code, err)
    assert [f"“{path}”没有错误。", "提示：", "提示：", "提示："] == [
        line if at == 0 else line[:3] for at, line in enumerate(out.splitlines())
    ]
    for policy in ("branch-regulations-2018", "changle-2011-44+branch-regulations-2018"):
        assert (0, f"“{policy}”没有错误。\n", "") == run(capsys, "check", policy)


BROKEN = "classes:\n  big: {label: {zh: 大, en: big}, clause: '1.8', when: staf > 1}\nindicators:\n  '1.4': {target: 35}\n"


def test_check_a_broken_policy_lists_all_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Line, column and suggestion of each, how many in all, and exit code 1."""
    code, out, err = run(capsys, "check", str(county(tmp_path, BROKEN)))
    assert (1, "") == (code, out)
    assert [
        "county.yaml 第7行第42列：“clauses”里没有条款“1.8”。可填：“1.5”（最接近的名称）",
        "county.yaml 第7行第55列：没有叫“staf”的字段、参数或定义。可填：“staff”（最接近的名称）",
        "county.yaml 第9行第19列：目标要在 0 到 100% 之间。填写的是：35。可填：35%",
        "共 3 处错误。",
    ] == err.splitlines()


def test_check_in_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same sentences in English."""
    _, _, err = run(capsys, "check", str(county(tmp_path, BROKEN)), lang="en")
    assert (
        "county.yaml line 7 column 55: No field, parameter or definition is called “staf”. "
        "Accepted: “staff” (the nearest name)" == err.splitlines()[1]
    )
    assert "3 errors in all." == err.splitlines()[-1]


def test_check_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1 and every error with its place."""
    code, out, err = run(capsys, "check", str(county(tmp_path, BROKEN)), "--json")
    assert (1, "") == (code, err)
    errors = json.loads(out)["errors"]
    assert [("policy_clause", 7, 42), ("expression_name", 7, 55), ("policy_number", 9, 19)] == [
        (error["code"], error["line"], error["column"]) for error in errors
    ]


def test_an_unknown_policy(capsys: pytest.CaptureFixture[str]) -> None:
    """The nearest id, exit code 1."""
    code, _, err = run(capsys, "check", "changle-2011")
    assert (1, "没有编号为“changle-2011”的政策。可填：“changle-2011-44”（最接近的名称）\n") == (code, err)


@pytest.mark.parametrize("name", ["explain", "diff"])
def test_the_other_commands_are_found_by_name(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They have files of their own and are imported when called."""
    code, out, _ = run(capsys, name, "--help")
    assert 0 == code
    assert "liangxin policy" in out


def test_help_imports_nothing_heavy() -> None:
    """``liangxin policy --help`` needs neither Polars nor YAML."""
    source = (
        "import sys\nfrom liangxin.cli import main\n"
        "try:\n    main(['policy', '--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in ('polars', 'yaml', 'liangxin.policy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.splitlines()[-1]
