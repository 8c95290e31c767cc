"""Open a backup file and check all of it before anything is touched: whole, unchanged, of a version we know."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from liangxin.findings import Finding, InputError, Place
from liangxin.web.audit.anchors import fits
from liangxin.web.backup import layout
from liangxin.web.backup.layout import Manifest
from liangxin.wording import Text

CHUNK = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """The archive and its manifest. Raises InputError: not a backup, cut short, changed, or of a newer version."""
    if path.stat().st_size and not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            begins = file.read(4)
        raise _damaged(path) if begins == b"PK\x03\x04" else layout.not_a_backup()
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile:
        raise layout.not_a_backup() from None
    with archive:
        try:
            text = archive.read(layout.MANIFEST)
        except KeyError:
            raise layout.not_a_backup() from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
            raise _damaged(path) from None
        manifest = layout.manifest_from(text)
        if not fits(manifest.public_key, manifest.signature, manifest.signed_text()):
            raise InputError.of(
                "backup-signature", "备份的清单被改动过：签名不符，没有改动任何数据",
                "The backup's manifest was changed: its signature does not fit; nothing was changed",
                place=Place(file=path.name),
            )  # fmt: skip
        _of_known_version(manifest)
        yield archive, manifest


def _damaged(path: Path) -> InputError:
    return InputError.of(
        "backup-damaged",
        "备份文件不完整，可能没有复制完；没有改动任何数据",
        "The backup is not whole; perhaps it was not copied to its end. Nothing was changed",
        place=Place(file=path.name),
    )


def _of_known_version(manifest: Manifest) -> None:
    """A backup of a newer version has migrations that this one does not know."""
    known = set(MigrationLoader(connection).disk_migrations)
    unknown = [
        f"{app}.{name}"
        for app, names in manifest.migrations.items()
        for name in names
        if (app, name) not in known
    ]
    if unknown:
        raise InputError.of(
            "backup-newer",
            f"备份出自更新的版本（{manifest.version}），请先升级程序；没有改动任何数据",
            f"The backup was made by a newer version ({manifest.version}); upgrade first. Nothing was changed",
            found="、".join(unknown[:5]),
        )


def check(
    archive: zipfile.ZipFile, manifest: Manifest, told: Callable[[float], None] = lambda share: None
) -> None:
    """Read every file of the archive against its size and hash. Raises InputError with every one that does not fit."""
    wanted = [(each.member, each.sha256) for each in (*manifest.tables, *manifest.uploads)]
    there = set(archive.namelist())
    findings: list[Finding] = []
    for at, (member, sha256) in enumerate(wanted):
        told(at / len(wanted))
        if not _safe(member):
            findings.append(_finding("backup-path", "文件名不能用", "its name cannot be used", member))
        elif member not in there:
            findings.append(_finding("backup-missing", "缺少", "it is missing", member))
        elif _digest(archive, member) != sha256:
            findings.append(
                _finding(
                    "backup-changed",
                    "内容与清单里的指纹不符",
                    "its contents do not fit the manifest's hash",
                    member,
                )
            )
    for extra in sorted(there - {member for member, _ in wanted} - {layout.MANIFEST}):
        findings.append(
            _finding(
                "backup-extra",
                "清单里没有，是后来加进去的",
                "it is not in the manifest: it was added later",
                extra,
            )
        )
    if findings:
        raise InputError(findings)


def _safe(member: str) -> bool:
    parts = PurePosixPath(member).parts
    return not member.startswith("/") and "\\" not in member and ".." not in parts and ":" not in member


def _digest(archive: zipfile.ZipFile, member: str) -> str:
    made = hashlib.sha256()
    try:
        with archive.open(member) as file:
            while chunk := file.read(CHUNK):
                made.update(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return ""  # damaged inside: fits no hash
    return made.hexdigest()


def _finding(code: str, zh: str, en: str, member: str) -> Finding:
    return Finding(code, Text(zh, en), Place(file=member))
