"""The data folder is its owner's alone: files 0600, folders 0700. What was made with wider rights before is mended."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liangxin.wording import Text, counted

PRIVATE_FILE: Final = 0o600
PRIVATE_FOLDER: Final = 0o700
# What the site itself puts into its folder. Whatever else lies there is the office's own and is left as it is.
OURS: Final = (
    "site.sqlite3*", "*key", ".*key.*", "uploads*", "anchors", "static", "logs", "*.log", "*.lxb", "*/*.lxb",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mended:
    """How many files and folders others could reach until now, and those whose rights could not be changed."""

    number: int
    refused: tuple[Path, ...] = ()

    def said(self) -> tuple[Text, ...]:
        found = []
        if self.number:
            found.append(
                Text(
                    f"数据文件夹里有 {self.number} 个文件或文件夹本机其他用户也能打开，已改为只有本人可读写",
                    f"{counted(self.number, 'file or folder', 'files and folders')} of the data folder could be reached by "
                    "other users of this machine; they are their owner's alone now",
                )
            )
        if self.refused:
            named = [str(path) for path in self.refused[:5]]
            found.append(
                Text(
                    f"注意：{len(self.refused)} 个文件的权限改不了，本机其他用户可能打开得了：{'、'.join(named)}",
                    f"Note: the rights of {counted(len(self.refused), 'file', 'files')} could not be changed; other users of this "
                    f"machine may open them: {', '.join(named)}",
                )
            )
        return tuple(found)


def keep_private() -> None:
    """Whatever this process and its children make from now on is their user's alone."""
    os.umask(0o077)


def mend(data: Path) -> Mended:
    """Take away what others may do with the site's own files. Links are not followed: they lead to what is not ours."""
    number, refused = 0, []
    if os.name == "nt":  # has no such rights; the folder inherits those of the user's profile
        return Mended(0)
    for path in {data, *_ours(data)}:
        found = path.lstat()
        if stat.S_ISLNK(found.st_mode):
            continue
        wanted = PRIVATE_FOLDER if stat.S_ISDIR(found.st_mode) else PRIVATE_FILE
        if stat.S_IMODE(found.st_mode) & 0o077 == 0:
            continue
        try:
            path.chmod(wanted)
            number += 1
        except PermissionError:
            refused.append(path)
    return Mended(number, tuple(sorted(refused)))


def _ours(data: Path) -> Iterator[Path]:
    for pattern in OURS:
        for path in data.glob(pattern):
            yield path
            if path.is_dir() and not path.is_symlink():
                for folder, folders, files in os.walk(path):
                    yield from (Path(folder) / name for name in (*folders, *files))
