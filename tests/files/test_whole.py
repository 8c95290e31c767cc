"""Outputs appear whole or not at all, whatever fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from liangxin.files.whole import output_file, output_folder


def contents(folder: Path) -> dict[str, str]:
    """Every file below a folder, hidden ones included."""
    return {
        str(item.relative_to(folder)): item.read_text()
        for item in sorted(folder.rglob("*"))
        if item.is_file()
    }


@contextmanager
def full_disk_after(monkeypatch: pytest.MonkeyPatch, calls: int, function: str) -> Iterator[None]:
    """The ``calls``-th call of os.``function`` fails as on a full disk."""
    real = getattr(os, function)
    count = 0

    def failing(*args: object, **kwargs: object) -> object:
        nonlocal count
        count += 1
        if count == calls:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(os, function, failing)
        yield


def test_a_new_folder_appears_with_all_its_files(tmp_path: Path) -> None:
    """Until the block ends nothing is at the place; then everything is, and no scratch stays."""
    out = tmp_path / "2011" / "out"
    with output_folder(out) as scratch:
        (scratch / "plan.json").write_text("{}")
        (scratch / "lists").mkdir()
        (scratch / "lists" / "a.csv").write_text("a")
        assert not out.exists()
    assert contents(tmp_path) == {"2011/out/plan.json": "{}", "2011/out/lists/a.csv": "a"}
    assert out.stat().st_mode & 0o777 == 0o777 & ~current_umask()


def current_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """Neither the folder nor the parents made for it nor the scratch."""
    with pytest.raises(ZeroDivisionError), output_folder(tmp_path / "2011" / "out") as scratch:
        (scratch / "plan.json").write_text("{}")
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_keeps_the_files_of_the_user(tmp_path: Path) -> None:
    """Former outputs are replaced, the user's notes and the files of other runs stay."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "plan.json").write_text("old")
    (out / "我的笔记.txt").write_text("mine")
    with output_folder(out) as scratch:
        (scratch / "plan.json").write_text("new")
        (scratch / "lists").mkdir()
        (scratch / "lists" / "a.csv").write_text("a")
        assert (out / "plan.json").read_text() == "old"
    assert contents(out) == {"plan.json": "new", "我的笔记.txt": "mine", "lists/a.csv": "a"}
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", ["out", "new"])
@pytest.mark.parametrize(("function", "calls"), [("fsync", 1), ("fsync", 3), ("replace", 1)])
def test_a_full_disk_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, function: str, calls: int
) -> None:
    """Whether the flush or the rename fails, into a former or a new folder: all stands as it was."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a.json").write_text("old a")
    with (
        pytest.raises(OSError, match="No space left"),
        full_disk_after(monkeypatch, calls, function),
        output_folder(tmp_path / name) as scratch,
    ):
        (scratch / "a.json").write_text("new a")
        (scratch / "b.json").write_text("new b")
    assert contents(tmp_path) == {"out/a.json": "old a"}
    assert [item.name for item in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("calls", [1, 2, 3])
def test_a_replacement_that_fails_half_way_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    """As when the second workbook is open in Excel: the first is the former one again, a new one is gone."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.json").write_text("old a")
    (out / "c.json").write_text("old c")
    with (
        pytest.raises(OSError, match="No space left"),
        full_disk_after(monkeypatch, calls, "replace"),
        output_folder(out) as scratch,
    ):
        for name in "abc":
            (scratch / f"{name}.json").write_text(f"new {name}")
    assert contents(tmp_path) == {"out/a.json": "old a", "out/c.json": "old c"}


def test_without_hard_links_the_former_files_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a FAT stick: taking back still works."""

    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links")

    monkeypatch.setattr(os, "link", no_links)
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.json").write_text("old a")
    (out / "b.json").write_text("old b")
    with (
        pytest.raises(OSError, match="No space left"),
        full_disk_after(monkeypatch, 2, "replace"),
        output_folder(out) as scratch,
    ):
        (scratch / "a.json").write_text("new a")
        (scratch / "b.json").write_text("new b")
    assert contents(tmp_path) == {"out/a.json": "old a", "out/b.json": "old b"}


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    """Said before any work is done."""
    (tmp_path / "out").write_text("a file")
    with pytest.raises(NotADirectoryError), output_folder(tmp_path / "out"):
        pytest.fail("the block must not run")
    with pytest.raises(NotADirectoryError), output_folder(tmp_path / "out" / "below"):
        pytest.fail("the block must not run")


def test_one_file_whole_or_not_at_all(tmp_path: Path) -> None:
    """The scratch has the same ending, so that writers choose the right format; a failure leaves the former file."""
    path = tmp_path / "台账.xlsx"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), output_file(path) as scratch:
        assert scratch.suffix == ".xlsx"
        scratch.write_text("half")
        raise ZeroDivisionError
    assert contents(tmp_path) == {"台账.xlsx": "old"}
    with output_file(path) as scratch:
        scratch.write_text("new")
    assert contents(tmp_path) == {"台账.xlsx": "new"}


def test_a_folder_where_the_file_should_be(tmp_path: Path) -> None:
    """Said before any work is done."""
    with pytest.raises(IsADirectoryError), output_file(tmp_path):
        pytest.fail("the block must not run")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_really_full_device(tmp_path: Path) -> None:
    """A writer that meets a real ENOSPC: the error passes through, the former output stands."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.json").write_text("old")
    with pytest.raises(OSError, match="No space left") as error, output_folder(out) as scratch:
        (scratch / "a.json").write_text("new")
        with Path("/dev/full").open("w") as full:
            full.write("x")
            full.flush()
    assert error.value.errno == errno.ENOSPC
    assert contents(tmp_path) == {"out/a.json": "old"}


@pytest.mark.parametrize("writer", [output_folder, output_file])
def test_a_workbook_that_the_disk_refuses(
    tmp_path: Path, writer: Callable[[Path], AbstractContextManager[Path]]
) -> None:
    """The workbook library has an exception of its own for what the disk says; what comes out is the OSError."""
    from xlsxwriter import Workbook

    book = Workbook(str(tmp_path / "not there" / "a.xlsx"))
    with pytest.raises(FileNotFoundError) as error, writer(tmp_path / "out"):
        book.close()
    assert error.value.errno == errno.ENOENT
    assert contents(tmp_path) == {}


def test_other_faults_of_a_writer_stay_what_they_are(tmp_path: Path) -> None:
    """Only what wraps an OSError is unwrapped."""
    with pytest.raises(ValueError, match="no"), output_file(tmp_path / "a.txt"):
        raise ValueError("no")
