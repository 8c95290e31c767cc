"""liangxin backup: what it says, where it refuses."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from jsonschema import Draft202012Validator
from tests.web.sites import Make, _full, cluster, make_site  # noqa: F401

from liangxin.files.schemas import schema


def test_what_it_says(make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """Where it is, how much, every town's figures, and that the keys are not in it; in English too."""
    site, file = make_site("sqlite"), tmp_path / "site.lxb"
    done = site.command("backup", str(file))
    assert (0, "") == (done.returncode, done.stderr)
    assert f"已备份到 {file}" in done.stdout and "2 个上传的文件" in done.stdout
    assert "长乐镇：150 家单位，1.1 6/18" in done.stdout and "密钥不在备份里" in done.stdout
    with zipfile.ZipFile(file) as archive:
        Draft202012Validator(schema("backup")).validate(json.loads(archive.read("manifest.json")))
    english = site.command("backup", str(tmp_path / "two.lxb"), lang="en")
    assert (0, True) == (english.returncode, "Keys are not in the backup" in english.stdout)


def test_it_replaces_no_file(make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """An earlier backup of that name stays as it is."""
    site, file = make_site("sqlite"), tmp_path / "site.lxb"
    file.write_text("yesterday's", encoding="utf-8")
    refused = site.command("backup", str(file))
    assert (1, True) == (refused.returncode, "这个文件已经有了，没有覆盖" in refused.stderr)
    assert ("yesterday's", [file]) == (file.read_text(encoding="utf-8"), list(tmp_path.glob("*.lxb*")))


def test_a_folder_without_a_site(make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """One sentence, exit 1, and no file; without a file name wrong usage, exit 2."""
    site, file = make_site("sqlite", empty=True), tmp_path / "site.lxb"
    refused = site.command("backup", str(file))
    assert (1, 1, False) == (refused.returncode, len(refused.stderr.splitlines()), file.exists())
    assert "这里没有网站的数据" in refused.stderr
    assert 2 == site.command("backup").returncode


def test_a_place_that_cannot_be_written_to(make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """A place that cannot be written to is one sentence, exit 1."""
    site = make_site("sqlite")
    refused = site.command("backup", "/proc/site.lxb")
    assert (1, 1) == (refused.returncode, len(refused.stderr.splitlines()))
