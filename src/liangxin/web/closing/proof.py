"""Erasing for good, and the signed record of it.

Deleted rows stay readable in a database file until their pages are written over. So the database is rewritten (VACUUM), its
log emptied, and the file then searched for what was deleted: the proof says what was looked for and how often it was found.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.db import OperationalError, connection
from django.utils import timezone

from liangxin.findings import Finding, InputError
from liangxin.web.audit import anchors
from liangxin.web.audit.chain import canonical, moment
from liangxin.web.audit.models import Head
from liangxin.web.closing.models import Closing
from liangxin.wording import Text

FORMAT: Final = "liangxin.purge/1"


@dataclass(frozen=True, slots=True)
class Looked:
    """``rewritten``: the database was written anew. ``sought`` sealed values in ``bytes`` of its files; ``found`` there."""

    engine: str
    rewritten: bool
    sought: int
    found: int
    bytes: int


def erase(sealed: Sequence[bytes]) -> Looked:
    """Rewrite the database and look for what was deleted. On PostgreSQL the rewritten table is a new file and the old one is
    gone; its bytes are not ours to search, so what is sought there is 0: the destroyed key is what makes it unreadable."""
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute('VACUUM FULL "holders_holder"')
        return Looked(connection.vendor, True, 0, 0, 0)
    rewritten = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except OperationalError:
        rewritten = False  # somebody was reading: the search below says what that left
    name = str(connection.settings_dict["NAME"])
    files = [path for path in (Path(name), Path(f"{name}-wal")) if path.is_file()]
    found = sum(_holds(path, sealed) for path in files)
    size = sum(path.stat().st_size for path in files)
    return Looked("sqlite", rewritten, len(sealed) if files else 0, found, size)


def _holds(path: Path, sealed: Sequence[bytes]) -> int:
    """How many of the values are in the file, byte for byte (the nonce and what follows are unique to each)."""
    if not path.stat().st_size:
        return 0
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return sum(content.find(value[9:41]) >= 0 for value in sealed)


def sign(
    row: Closing, counts: Mapping[str, int], digests: Mapping[str, str], keys: Sequence[str], looked: Looked
) -> str:
    """The proof's text. Nothing in it says who was purged."""
    head = Head.objects.get(pk=1)
    assert row.asked_by is not None and row.confirmed_by is not None and row.purged_at is not None
    facts: dict[str, Any] = {
        "format": FORMAT,
        "town": {"code": row.town.code, "name": row.town.name},
        "ended_on": row.ended_on.isoformat() if row.ended_on else None,
        "package_sha256": row.package_sha256,
        "asked_by": row.asked_by.username,
        "confirmed_by": row.confirmed_by.username,
        "purged_at": moment(row.purged_at),
        "made": moment(timezone.now()),
        "classes": [{"id": id, "count": count, "sha256": digests[id]} for id, count in counts.items()],
        "keys_destroyed": list(keys),
        "database": {
            "engine": looked.engine, "rewritten": looked.rewritten, "bytes": looked.bytes, "sought": looked.sought,
            "found": looked.found,
        },
        "audit": {"seq": head.seq, "hash": head.hash},
        "public_key": anchors.made_public_key(),
    }  # fmt: skip
    signature = anchors.signing_key().sign(canonical(facts).encode()).hex()
    return json.dumps(facts | {"signature": signature}, ensure_ascii=False, indent=1) + "\n"


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def check(text: str) -> dict[str, Any]:
    """The facts of a proof whose signature fits. InputError: no proof, changed, or a purge that left something."""
    try:
        facts = dict(json.loads(text))
        signature, public, format = str(facts.pop("signature")), str(facts["public_key"]), facts["format"]
        database = dict(facts["database"])
    except (ValueError, KeyError, TypeError):
        raise InputError.of("proof", "这不是清除证明", "This is no proof of a purge") from None
    findings: list[Finding] = []
    if format != FORMAT:
        findings.append(Finding("proof-format", Text("格式不认识", "Unknown format"), found=str(format)))
    elif not anchors.fits(public, signature, canonical(facts).encode()):
        said = Text("清除证明被改动过：签名不符", "The proof was changed: its signature does not fit")
        findings.append(Finding("proof-signature", said))
    elif database.get("found"):
        said = Text("清除后数据库文件里还找到密文", "Encrypted values were still found in the database file")
        findings.append(Finding("proof-left", said, found=str(database["found"])))
    if findings:
        raise InputError(findings)
    return facts
