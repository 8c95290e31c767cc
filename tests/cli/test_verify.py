"""liangxin verify: one line for the chain and for each town; every fault named, exit 1; JSON for scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from jsonschema import Draft202012Validator
from tests.web.conftest import nothing_kept, sample, town  # noqa: F401

from liangxin.cli import main
from liangxin.files.schemas import schema
from liangxin.web.audit import guard
from liangxin.web.audit.models import Event


def run(arguments: list[str]) -> int:
    try:
        main(arguments)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture
def data(tmp_path: Path, settings: Any, town: Any) -> str:  # noqa: F811
    """The folder of a site with one town."""
    settings.DATA = tmp_path
    return str(tmp_path)


def test_all_is_well(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, and what was compared is said with its numbers."""
    assert 0 == run(["--lang", "zh", "verify", "--data", data])
    shown = capsys.readouterr().out
    assert f"审计链：{Event.objects.count()} 条" in shown
    assert "长乐镇：" in shown and "300 家单位" in shown and "没有发现问题" in shown


def test_a_removed_event_is_named(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1, in either language."""
    guard.remove(connection)
    Event.objects.filter(seq=1).delete()
    guard.install(connection)
    assert 1 == run(["--lang", "zh", "verify", "--data", data])
    assert "第 1 号事件：被删除" in capsys.readouterr().err
    assert 1 == run(["--lang", "en", "verify", "--data", data])
    assert "event 1: it was removed" in capsys.readouterr().err


def test_json_for_scripts(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The same as JSON: figures, faults by code and event."""
    assert 0 == run(["verify", "--data", data, "--json"])
    good = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema("verify")).validate(good)
    assert (True, [], 300) == (good["ok"], good["faults"], good["towns"][0]["units"])
    guard.remove(connection)
    Event.objects.filter(seq=1).update(actor="x")
    assert 1 == run(["verify", "--data", data, "--json"])
    bad = json.loads(capsys.readouterr().out)
    Draft202012Validator(schema("verify")).validate(bad)
    assert (False, [("audit-changed", 1), ("audit-unguarded", None)]) == (
        bad["ok"],
        [(fault["code"], fault["seq"]) for fault in bad["faults"]],
    )


def test_an_anchor_is_made_and_used(data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Made when all is well; a chain that was cut since is found by it; an anchor that was changed is refused."""
    kept = tmp_path / "kept.json"
    assert 0 == run(["--lang", "zh", "verify", "--data", data, "--make-anchor", str(kept)])
    assert 1 == run(["--lang", "zh", "verify", "--data", data, "--make-anchor", str(kept)])
    assert "已经有了" in capsys.readouterr().err
    Draft202012Validator(schema("anchor")).validate(json.loads(kept.read_text(encoding="utf-8")))
    assert 0 == run(["--lang", "zh", "verify", "--data", data, "--anchor", str(kept)])
    guard.remove(connection)
    last = Event.objects.order_by("-seq")[1]
    Event.objects.filter(seq__gt=last.seq).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_head SET seq = %s, hash = %s", [last.seq, last.hash])
    guard.install(connection)
    assert 0 == run(["--lang", "zh", "verify", "--data", data])
    capsys.readouterr()
    assert 1 == run(["--lang", "zh", "verify", "--data", data, "--anchor", str(kept)])
    assert f"第 {last.seq + 1} 号事件" in capsys.readouterr().err
    given = json.loads(kept.read_text(encoding="utf-8"))
    kept.write_text(json.dumps(given | {"seq": 1}), encoding="utf-8")
    assert 1 == run(["--lang", "zh", "verify", "--data", data, "--anchor", str(kept)])
    assert "签名不符" in capsys.readouterr().err


def test_no_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that is not there is said to be none, and is not made."""
    assert 1 == run(["--lang", "zh", "verify", "--data", str(tmp_path / "none")])
    assert ("这里没有网站的数据" in capsys.readouterr().err, False) == (True, (tmp_path / "none").exists())
