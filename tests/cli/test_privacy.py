"""liangxin privacy: keys change without loss, a proof and a package are checked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.web.conftest import alice, nothing_kept, person, sample, town  # noqa: F401

from liangxin.cli import main
from liangxin.registry.access import Role
from liangxin.web.accounts.permission import permit
from liangxin.web.closing import proof, services
from liangxin.web.closing.models import Closing
from liangxin.web.holders import services as holders
from liangxin.web.units.models import Unit


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = 0
    try:
        main(["--lang", "zh", "privacy", *arguments])
    except SystemExit as ended:
        code = int(ended.code or 0)
    out = capsys.readouterr()
    return code, out.out + out.err


@pytest.fixture
def data(tmp_path: Path, settings: Any, town: Any, alice: Any) -> str:  # noqa: F811
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    unit = Unit.objects.filter(town=town, removed=False).first()
    holders.add(permit(alice, town), "unit", unit.unit_id, "contact", "欧阳晓明", "13857501234")
    return str(tmp_path)


def test_rotate(
    data: str, capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    """Says how many are under a new key; the old key is gone after the commit."""
    before = set(json.loads((Path(data) / "personal-key").read_text())["keys"])
    with django_capture_on_commit_callbacks(execute=True):
        code, said = run(capsys, "rotate", "--data", data)
    after = set(json.loads((Path(data) / "personal-key").read_text())["keys"])
    assert (0, True, 1) == (code, "1 人已换新密钥" in said and "两步验证：0 份" in said, len(after))
    assert not before & after


def test_check(
    data: str,
    town: Any,  # noqa: F811
    alice: Any,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A good package and a good proof exit 0, changed ones exit 1 with the reason."""
    monkeypatch.setattr(proof, "erase", lambda sealed: proof.Looked("sqlite", True, len(sealed), 0, 4096))
    package, paper = Path(data) / "handover.zip", Path(data) / "proof.json"
    services.end_drive(permit(alice, town), date(2011, 8, 15))
    services.hand_over(permit(alice, town), package)
    services.ask_for_purge(permit(alice, town), "")
    services.purge(permit(person("helen", town, Role.OFFICE), town))
    paper.write_text(Closing.objects.get().proof, encoding="utf-8")
    assert (0, True) == (
        (made := run(capsys, "check", str(package), "--data", data))[0],
        "与清单一致" in made[1],
    )
    assert (0, True) == (
        (made := run(capsys, "check", str(paper), "--data", data))[0],
        "alice 申请、helen 确认" in made[1],
    )
    paper.write_text(paper.read_text(encoding="utf-8").replace("helen", "alice"), encoding="utf-8")
    assert (1, True) == ((made := run(capsys, "check", str(paper), "--data", data))[0], "签名不符" in made[1])
