"""Open a backup file and check all of it before anything is touched: whole, unchanged, of a version we know."""

from __future__ import annotations

import hashlib
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from liangxin.findings import Finding, InputError, Place
from liangxin.web.audit import anchors
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
        if not anchors.fits(manifest.public_key, manifest.signature, manifest.signed_text()):
            raise InputError.of(
                "backup-signature", "备份的清单被改动过：签名不符，没有改动任何数据",
                "The backup's manifest was changed: its signature does not fit; nothing was changed",
                place=Place(file=path.name),
            )  # fmt: skip
        _of_known_version(manifest)
        yield archive, manifest


def require_known_signer(manifest: Manifest, named: str | None) -> None:
    """Raises InputError unless this installation's own key signed the backup, or the key that the person named.

    ``named``: its fingerprint, or the whole public key; spaces, hyphens and case do not matter. That the signature fits
    says only that whoever made the file had some key: a forger brings their own.
    """
    if manifest.public_key == anchors.public_key():
        return
    signer = anchors.fingerprint_of(manifest.public_key)
    given = re.sub(r"[\s-]", "", named or "").lower()
    if given in (manifest.public_key.lower(), signer.replace(" ", "")):
        return
    if given:
        raise InputError.of(
            "backup-signer",
            "备份不是您指定的密钥签的，没有改动任何数据。不要换成文件自己带的指纹再试：先查清这个文件从哪里来",
            "The backup was not signed by the key you named; nothing was changed. Do not simply name the one that the file "
            "brings: find out first where the file comes from",
            found=signer,
            accepted=Text(f"您指定的：{named}", f"the one you named: {named}"),
        )
    raise InputError.of(
        "backup-signer",
        "备份由本站不认识的密钥签名，没有改动任何数据。把原来的 audit-key 放回数据文件夹再试；密钥没有了，就把这个指纹和"
        "当时记下的核对（备份时显示的、审计页上的、打印件或别处保存的锚点文件里的），完全一样再加 --signer 和指纹",
        "The backup was signed by a key that this site does not know; nothing was changed. Put the original audit-key back "
        "into the data folder and try again. If that is lost, compare this fingerprint with the one noted at the time "
        "(shown by the backup and on the Audit page, printed, or in an anchor kept elsewhere) and only if they are the same "
        "add --signer and the fingerprint",
        found=signer,
    )


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
    wanted = [(each.member, each.sha256) for each in manifest.tables]
    wanted += [(each.member, each.sha256) for each in manifest.uploads]
    there = set(archive.namelist())
    names = [each.name for each in manifest.tables], [each.path for each in manifest.uploads]
    unsafe = {f"tables/{name}.jsonl" for name in names[0] if not layout.is_safe(name) or "/" in name}
    unsafe |= {f"uploads/{path}" for path in names[1] if not layout.is_safe(path)}
    findings = [
        _finding("backup-twice", "清单里有两次", "the manifest has it twice", member)
        for member in sorted(
            member for member, times in Counter(each for each, _ in wanted).items() if times > 1
        )
    ]
    for at, (member, sha256) in enumerate(wanted):
        told(at / len(wanted))
        if member in unsafe:
            findings.append(
                _finding(
                    "backup-path",
                    "文件名不能用：会写到上传文件夹以外，这不是正常的备份",
                    "its name cannot be used: it would be written outside the uploads folder; no real backup has that",
                    member,
                )
            )
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
