"""What mypy is told: no room is left out, and where a line is left out it says why."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAID = re.compile(r"# type: ignore\[[a-z, -]+\]  # \w")


def test_no_module_is_left_out() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert settings["strict"] is True
    assert [
        each
        for each in settings["overrides"]
        if each.get("ignore_errors") or "liangxin" in str(each["module"])
    ] == []


def test_a_line_left_out_in_web_says_why() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "src" / "liangxin" / "web").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "# type: ignore" in line and not SAID.search(line)
    ]
    assert silent == []


def test_the_settings_for_checking_write_nothing(tmp_path: Path) -> None:
    """mypy runs in the checkout, without a data folder or a key: it leaves none there."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LIANGXIN_", "DATABASE_URL"))
    }
    kept["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    code = "import tools.type_settings as s; assert s.SECRET_KEY and not s.DATA.exists()"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=kept, check=True)
    assert list(tmp_path.iterdir()) == []
