"""The towns of a folder: each subfolder holds a town file and a ledger. Their contents and what they hash to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liangxin.findings import Finding, InputError
from liangxin.wording import Text

TOWN_FILE: Final = "town.yaml"
LEDGERS: Final = ("ledger.xlsx", "ledger.csv", "ledger.parquet")
"""In this order: the workbook is what people edit, so it wins where ``liangxin town`` has written the same as parquet."""

PARTS: Final = "*.parquet"
PARTITION: Final = "town="


@dataclass(frozen=True, slots=True)
class TownFolder:
    """``name``: the folder's, without ``town=`` of a partition. ``ledger``: one file, or the parts of a partition."""

    name: str
    town: Path
    ledger: tuple[Path, ...]

    def missing(self) -> tuple[Finding, ...]:
        """What is not there, with the names that would be accepted."""
        found: list[Finding] = []
        if not self.town.is_file():
            found.append(
                Finding(
                    "no_town_file",
                    Text("没有镇的文件", "There is no town file"),
                    accepted=Text(TOWN_FILE, TOWN_FILE),
                )
            )
        if not self.ledger:
            names_zh, names_en = "、".join((*LEDGERS, PARTS)), ", ".join((*LEDGERS, PARTS))
            found.append(
                Finding(
                    "no_ledger", Text("没有台账", "There is no ledger"), accepted=Text(names_zh, names_en)
                )
            )
        return tuple(found)

    def contents(self) -> dict[str, bytes]:
        """Every input file by its name, as on the disk now."""
        return {path.name: path.read_bytes() for path in (self.town, *self.ledger) if path.is_file()}


def find_towns(folder: Path) -> tuple[TownFolder, ...]:
    """Every subfolder is a town, in order of name; hidden ones are not.

    Raises:
        InputError: no such folder, no town in it, or two folders of one name (``330683101`` and ``town=330683101``).
    """
    if not folder.is_dir():
        raise InputError.of("no_folder", f"没有文件夹“{folder}”", f'There is no folder "{folder}"')
    towns = tuple(
        sorted(
            (_town(path) for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")),
            key=lambda town: town.name,
        )
    )
    if not towns:
        raise InputError.of(
            "no_towns",
            f"“{folder}”里没有镇：每个镇一个子文件夹，放 {TOWN_FILE} 和台账",
            f'"{folder}" holds no towns: each is a subfolder with {TOWN_FILE} and a ledger',
        )
    names = [town.name for town in towns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError.of(
            "town_twice",
            f"同一个镇有两个文件夹：{'、'.join(twice)}",
            f"Two folders for one town: {', '.join(twice)}",
        )
    return towns


def _town(path: Path) -> TownFolder:
    name = path.name.removeprefix(PARTITION)
    for candidate in LEDGERS:
        if (path / candidate).is_file():
            return TownFolder(name, path / TOWN_FILE, (path / candidate,))
    return TownFolder(name, path / TOWN_FILE, tuple(sorted(path.glob(PARTS))))


def fingerprint(contents: dict[str, bytes], task: str) -> str:
    """sha256 over the task and over every input's name and contents: the same inputs, the same result."""
    total = hashlib.sha256(task.encode())
    for name in sorted(contents):
        total.update(f"\0{name}\0{hashlib.sha256(contents[name]).hexdigest()}".encode())
    return total.hexdigest()
