"""Outputs appear whole or not at all: written beside their place, flushed to the disk, then renamed into it.

A full disk, a failed writer or Ctrl+C leaves everything that stood there before exactly as it was.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def output_folder(path: Path | str) -> Iterator[Path]:
    """Yield an empty scratch folder; when the block ends well its files become the contents of ``path``.

    A new ``path`` appears in one rename. In an existing one each file of the same name is replaced, and only after
    every new file lies on the disk; other files there are the user's and stay. If a replacement fails half-way (a
    workbook open in Excel on Windows), those already replaced are put back. Missing parents are made.

    Raises:
        NotADirectoryError: ``path`` or one of its parents is a file.
        OSError: whatever the disk says; nothing of ``path`` has changed then.

    >>> with output_folder("out") as folder:  # doctest: +SKIP
    ...     (folder / "plan.json").write_text("{}")
    """
    target = Path(path).absolute()
    if target.exists() and not target.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(target))
    made = _make_parents(target)
    kept = False
    try:
        scratch = Path(tempfile.mkdtemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent))
        try:
            with _as_the_disk_said():
                yield scratch
            _flush_tree(scratch)
            if target.exists():
                _replace_files(scratch, target)
            else:
                scratch.chmod(_usual_mode(0o777))  # mkdtemp makes it private
                scratch.replace(target)
            _flush_folder(target.parent)
            kept = True
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    finally:
        if not kept:
            _remove_empty(made)


@contextmanager
def output_file(path: Path | str) -> Iterator[Path]:
    """Yield a scratch path beside ``path`` with the same ending; when the block ends well it becomes ``path``.

    Raises:
        IsADirectoryError: ``path`` is a folder.
        OSError: whatever the disk says; a former ``path`` is untouched then.
    """
    target = Path(path).absolute()
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    made = _make_parents(target)
    kept = False
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.stem}.", suffix=f".part{target.suffix}", dir=target.parent
        )
        os.close(handle)
        scratch = Path(name)
        try:
            with _as_the_disk_said():
                yield scratch
            scratch.chmod(_usual_mode(0o666))
            _flush_file(scratch)
            scratch.replace(target)
            _flush_folder(target.parent)
            kept = True
        finally:
            scratch.unlink(missing_ok=True)
    finally:
        if not kept:
            _remove_empty(made)


@contextmanager
def _as_the_disk_said() -> Iterator[None]:
    """The workbook library wraps an OSError in an exception of its own; callers are promised the OSError."""
    try:
        yield
    except Exception as fault:
        said = fault.args[0] if fault.args else None
        if isinstance(said, OSError) and not isinstance(fault, OSError):
            raise said from fault
        raise


def _make_parents(target: Path) -> list[Path]:
    """Make the missing parents; give back those made, deepest first, so that a failure can take them away."""
    missing: list[Path] = []
    parent = target.parent
    while not parent.exists():
        missing.append(parent)
        parent = parent.parent
    if not parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(parent))
    target.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):  # somebody else has put a file there meanwhile: it stays
            folder.rmdir()


def _replace_files(scratch: Path, target: Path) -> None:
    """Put each file of ``scratch`` in its place in ``target``; on any failure put the former ones back."""
    new = sorted(item.relative_to(scratch) for item in scratch.rglob("*") if item.is_file())
    former = scratch.with_name(scratch.name + ".former")
    made: list[Path] = []
    done: list[Path] = []
    try:
        former.mkdir()
        for item in new:  # first everything that can fail for want of space
            if (target / item).is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target / item))
            if (target / item).exists():
                (former / item).parent.mkdir(parents=True, exist_ok=True)
                _keep_copy(target / item, former / item)
            made = _make_parents(target / item) + made
        for item in new:
            done.append(item)
            (scratch / item).replace(target / item)
    except BaseException:
        for item in done:
            if (former / item).exists():
                (former / item).replace(target / item)
            elif not (scratch / item).exists():
                (target / item).unlink(missing_ok=True)
        _remove_empty(made)
        raise
    finally:
        shutil.rmtree(former, ignore_errors=True)
    for folder in {(target / item).parent for item in new}:
        _flush_folder(folder)


def _keep_copy(source: Path, copy: Path) -> None:
    """A second name for the same file costs no space; file systems without hard links get a copy."""
    try:
        os.link(source, copy)
    except OSError:
        shutil.copy2(source, copy)


def _flush_tree(folder: Path) -> None:
    for item in folder.rglob("*"):
        if item.is_file():
            _flush_file(item)
        else:
            _flush_folder(item)
    _flush_folder(folder)


def _flush_file(path: Path) -> None:
    with path.open("rb+") as opened:
        os.fsync(opened.fileno())


def _flush_folder(path: Path) -> None:
    """Make the renames themselves lasting. Windows cannot open a folder and does not need it."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _usual_mode(mode: int) -> int:
    """What a file made in the ordinary way would be allowed, by this process's umask."""
    mask = os.umask(0)
    os.umask(mask)
    return mode & ~mask
