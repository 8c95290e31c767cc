"""liangxin restore: what it says when it is done and when it is not."""

from __future__ import annotations

from pathlib import Path

from tests.web.sites import Make, _full, cluster, make_site  # noqa: F401


def test_what_it_says(make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """Which backup, every indicator as it was, and what to do next; verify finds nothing wrong after it."""
    old, new, file = make_site("sqlite"), make_site("sqlite", empty=True), tmp_path / "site.lxb"
    made = old.command("backup", str(file))
    assert (0, True) == (made.returncode, f"签名指纹：{old.fingerprint()}" in made.stdout)
    done = new.command("restore", str(file), "--signer", old.fingerprint())
    assert (0, "") == (done.returncode, done.stderr)
    assert (
        "长乐镇：150 家单位，9 项指标与备份时全部相同：1.1 6/18" in done.stdout
        and "密钥文件放回" in done.stdout
    )
    verified = new.command("verify")
    assert (0, True) == (verified.returncode, "没有发现问题" in verified.stdout)
    again = new.command("restore", str(file), "--signer", old.fingerprint(), lang="en")
    assert (1, True) == (again.returncode, "The site holds data (towns: 1, accounts: 1)" in again.stderr)


def test_a_file_that_is_none(make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """Not a backup: one line, exit 1; not there at all: wrong usage, exit 2."""
    site, file = make_site("sqlite", empty=True), tmp_path / "site.lxb"
    file.write_text("hello", encoding="utf-8")
    refused = site.command("restore", str(file))
    assert (1, 1) == (refused.returncode, len(refused.stderr.splitlines()))
    assert "这不是备份文件，没有改动任何数据" in refused.stderr
    assert 2 == site.command("restore", str(tmp_path / "none")).returncode
