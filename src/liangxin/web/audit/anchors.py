"""Anchors: once a day the end of the chain is signed and written to a file of its own, outside the database.

Somebody who owns the database could compute the whole chain anew. They cannot sign (the key lies beside the database,
not in it), and they cannot change an anchor that the office keeps elsewhere: a USB stick, a printout, another machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liangxin.findings import InputError, Place
from liangxin.web.audit.chain import canonical, moment
from liangxin.web.audit.models import Head
from liangxin.wording import Text

FORMAT: Final = "liangxin.anchor/1"
KEY_FILE: Final = "audit-key"
FOLDER: Final = "anchors"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The chain ended at event ``seq`` with ``hash``. ``public_key`` and ``signature`` are hexadecimal (Ed25519)."""

    day: date
    seq: int
    hash: str
    made: str  # UTC
    public_key: str
    signature: str = ""

    def signed_text(self) -> bytes:
        facts = self.as_json()
        del facts["signature"]
        return canonical(facts).encode()

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "day": self.day.isoformat(),
            "seq": self.seq,
            "hash": self.hash,
            "made": self.made,
            "public_key": self.public_key,
            "signature": self.signature,
        }


def folder() -> Path:
    return Path(settings.DATA) / FOLDER


def before_first_of_day(head: Head, at: datetime) -> None:
    """The first event of a day anchors all before it, when it is committed. A stat for every other event.

    A disk that is full must not stop the office's work: the failure is logged, and ``liangxin verify`` says which day
    the newest anchor is of.
    """
    day = timezone.localdate(at)
    if head.seq and not (folder() / f"{day}.json").exists():
        transaction.on_commit(lambda: _keep(sign(day, head.seq, head.hash)), robust=True)


def _keep(anchor: Anchor) -> None:
    folder().mkdir(parents=True, exist_ok=True)
    write(anchor, folder() / f"{anchor.day}.json")


def write(anchor: Anchor, path: Path) -> None:
    """The file is there whole or not at all; one that is there already stays."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    scratch.write_text(as_text(anchor), encoding="utf-8")
    try:
        os.link(scratch, path)
    except FileExistsError:
        pass  # another process was first: its anchor is as good
    finally:
        scratch.unlink()


def as_text(anchor: Anchor) -> str:
    return json.dumps(anchor.as_json(), indent=1) + "\n"


def newest() -> date | None:
    """The day of the newest anchor that the site made."""
    days = sorted(path.stem for path in folder().glob("*-*-*.json"))
    return date.fromisoformat(days[-1]) if days else None


def set_aside(ended: Head) -> None:
    """After a restore whose chain ended there: anchors of what the backup does not hold go into a folder of their own.

    They are kept: they show what was there, and that it was replaced.
    """
    for path in sorted(folder().glob("*.json")):
        if read(path).seq > ended.seq:
            aside = folder() / "replaced"
            aside.mkdir(exist_ok=True)
            path.replace(aside / f"{path.stem}-{secrets.token_hex(4)}.json")


def sign(day: date, seq: int, hash: str) -> Anchor:
    key, public = signing_key(), made_public_key()
    anchor = Anchor(day, seq, hash, moment(timezone.now()), public)
    return Anchor(day, seq, hash, anchor.made, public, key.sign(anchor.signed_text()).hex())


def signing_key() -> Ed25519PrivateKey:
    """The site's key: a file made once beside the database, readable by its owner only, and in no backup."""
    path = Path(settings.DATA) / KEY_FILE
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except FileNotFoundError:
        made = Ed25519PrivateKey.generate()
        scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(made.private_bytes_raw().hex())
        try:
            os.link(scratch, path)
        except FileExistsError:
            return signing_key()  # another process made it meanwhile
        finally:
            scratch.unlink()
        return made


def public_key() -> str | None:
    """Of this site, if it has a key yet."""
    if not (Path(settings.DATA) / KEY_FILE).exists():
        return None
    return made_public_key()


def made_public_key() -> str:
    """Of this site; a key is made if it has none."""
    return signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def fingerprint_of(public_key: str) -> str:
    """What a person compares and notes down: 128 bits of the key's SHA-256, in eight groups of four."""
    digits = hashlib.sha256(public_key.lower().encode()).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, 32, 4))


def read(path: Path) -> Anchor:
    """An anchor file, its signature checked. Raises InputError: not an anchor, changed, or a newer format."""
    place = Place(file=path.name)
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        version = given["format"]
        anchor = Anchor(
            date.fromisoformat(given["day"]),
            int(given["seq"]),
            str(given["hash"]),
            str(given["made"]),
            str(given["public_key"]),
            str(given["signature"]),
        )
    except (ValueError, KeyError, TypeError):
        raise InputError.of(
            "anchor-file", "这不是审计锚点文件，或者不完整", "This is not an audit anchor, or not a whole one",
            place=place,
        ) from None  # fmt: skip
    if version != FORMAT:
        raise InputError.of(
            "anchor-format", "锚点文件的格式不认识，可能出自更新的版本",
            "The anchor has a format that this version does not know", place=place, found=str(version),
            accepted=Text(FORMAT, FORMAT),
        )  # fmt: skip
    if not fits(anchor.public_key, anchor.signature, anchor.signed_text()):
        raise InputError.of(
            "anchor-signature", "锚点文件被改动过：签名不符",
            "The anchor was changed: its signature does not fit", place=place,
        )  # fmt: skip
    return anchor


def fits(public_key: str, signature: str, text: bytes) -> bool:
    """Whether the text was signed by the holder of that key (both hexadecimal)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True
