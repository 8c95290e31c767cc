"""`make audit`: asks an advisory source about every locked dependency, and says plainly what could not be asked.

Exit 0: all were looked up and none has a known weakness. 1: some have. 3: some or all could not be looked up here.
pip-audit is installed into a folder of its own; nothing of the project's environment is changed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "audit"
LOCK = ROOT / "requirements.lock"


def installed() -> Path:
    """pip-audit's program, installed when it is not there."""
    program = FOLDER / "bin" / "pip-audit"
    if not program.exists():
        venv.create(FOLDER, with_pip=True)
        pip = [
            str(FOLDER / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        subprocess.run([*pip, "pip-audit>=2.7"], check=True)
    return program


def main() -> int:
    try:
        program = installed()
    except subprocess.CalledProcessError as failed:
        print(
            f"没有查成：装不上 pip-audit / not audited: pip-audit cannot be installed ({failed})",
            file=sys.stderr,
        )
        return 3
    command = [str(program), "--requirement", str(LOCK), "--disable-pip", "--require-hashes", "--format", "json",
               "--progress-spinner", "off"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(
            "没有查成：漏洞信息源连不上 / not audited: the advisory source cannot be reached", file=sys.stderr
        )
        print(done.stderr[-2000:], file=sys.stderr)
        return 3
    weak = [each for each in found if each.get("vulns")]
    skipped = [each for each in found if "skip_reason" in each]
    for each in weak:
        ids = ", ".join(one["id"] for one in each["vulns"])
        fixed = (
            ", ".join(sorted({version for one in each["vulns"] for version in one["fix_versions"]})) or "—"
        )
        print(f"{each['name']} {each['version']}: {ids}; 已修复于 / fixed in {fixed}")
    print(
        f"查了 {len(found) - len(skipped)} 个依赖，{len(weak)} 个有已知漏洞；{len(skipped)} 个查不到 / "
        f"{len(found) - len(skipped)} looked up, {len(weak)} with known weaknesses; {len(skipped)} could not be looked up"
    )
    if skipped:
        print(
            "这里的软件源不提供漏洞信息，结果不算数；请在能访问 PyPI 的网络上再查 / this package source has no advisories, "
            "so this is no all-clear: run it again where PyPI can be reached",
            file=sys.stderr,
        )
    return 1 if weak else 3 if skipped else 0


if __name__ == "__main__":
    raise SystemExit(main())
