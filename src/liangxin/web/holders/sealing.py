"""Encryption of names and telephones (AES-256-GCM) with a key for each town, kept outside the database.

The keys are in the file ``personal-key`` beside the database, readable by its owner only and in no backup. Destroying a town's
key makes every copy of what it sealed unreadable, old backups included. With LIANGXIN_PERSONAL_KEY (64 hexadecimal digits)
the keys are derived from that instead, and the file does not exist.

A sealed value is: 1 version byte, 8 bytes of the key's id, 12 of nonce, then the encrypted text with its tag. The text is
padded to 64 bytes at least, so that its length does not tell the name.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_FILE: Final = "personal-key"
FORMAT: Final = "liangxin.personal-key/1"
_VERSION: Final = b"\x01"
_LENGTH: Final = 64


class NotReadable(Exception):
    """A sealed value does not open: its key is not here, or it was changed or moved."""


@dataclass(frozen=True, slots=True)
class Key:
    id: str  # 16 hexadecimal digits
    secret: bytes

    @classmethod
    def of(cls, secret: bytes) -> Key:
        return cls(sha256(b"liangxin" + secret).hexdigest()[:16], secret)


def seal(words: str, town: str, bound: str) -> bytes:
    """Encrypt with the town's present key. ``bound`` says what the value belongs to and is checked on opening."""
    key = present(town)
    nonce = secrets.token_bytes(12)
    padded = words.encode().ljust(_LENGTH, b"\0")
    sealed = AESGCM(key.secret).encrypt(nonce, padded, bound.encode())
    return _VERSION + bytes.fromhex(key.id) + nonce + sealed


def unseal(value: bytes | memoryview, town: str, bound: str) -> str:
    """The words of a sealed value. Raises NotReadable."""
    value = bytes(value)
    key = _keys(town).get(value[1:9].hex())
    if value[:1] != _VERSION or key is None:
        raise NotReadable(f"key {value[1:9].hex()} of town {town}")
    try:
        return AESGCM(key.secret).decrypt(value[9:21], value[21:], bound.encode()).rstrip(b"\0").decode()
    except InvalidTag:
        raise NotReadable(bound) from None


def key_id(value: bytes) -> str:
    return bytes(value)[1:9].hex()


def present(town: str) -> Key:
    """The key that seals now; made when a town has none."""
    given = _given()
    if given is not None:
        return _derived(given, town)
    stored = _read()
    id = stored["present"].get(town)
    return Key(id, bytes.fromhex(stored["keys"][id]["secret"])) if id else add_key(town)


def add_key(town: str) -> Key:
    """A new key that seals from now on; the older ones still open."""
    made = Key.of(secrets.token_bytes(32))
    stored = _read()
    stored["keys"][made.id] = {"town": town, "secret": made.secret.hex()}
    stored["present"][town] = made.id
    _write(stored)
    return made


def forget(town: str, *, but: str = "") -> tuple[str, ...]:
    """Destroy the town's keys (all but one, after a rotation). Gives the ids of those destroyed."""
    stored = _read()
    gone = tuple(id for id, key in stored["keys"].items() if key["town"] == town and id != but)
    if gone:
        for id in gone:
            del stored["keys"][id]
        if stored["present"].get(town) in gone:
            del stored["present"][town]
        _write(stored)
    return gone


def from_environment() -> bool:
    return _given() is not None


def _given() -> bytes | None:
    words = os.environ.get("LIANGXIN_PERSONAL_KEY", "")
    if not words:
        return None
    try:
        secret = bytes.fromhex(words)
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise RuntimeError(
            "LIANGXIN_PERSONAL_KEY: 应为64位十六进制数字 / must be 64 hexadecimal digits"
        )  # a shorter key would be a weak one: nothing is sealed with it
    return secret


def _derived(given: bytes, town: str) -> Key:
    return Key.of(HKDF(SHA256(), 32, None, f"liangxin holders {town}".encode()).derive(given))


def _keys(town: str) -> dict[str, Key]:
    found = {
        id: Key(id, bytes.fromhex(key["secret"]))
        for id, key in _read()["keys"].items()
        if key["town"] == town
    }
    given = _given()
    if given is not None:
        derived = _derived(given, town)
        found[derived.id] = derived
    return found


def _path() -> Path:
    return Path(settings.DATA) / KEY_FILE


def _read() -> dict[str, Any]:
    try:
        stored: dict[str, Any] = json.loads(_path().read_text(encoding="ascii"))
    except FileNotFoundError:
        return {"format": FORMAT, "present": {}, "keys": {}}
    return stored


def _write(stored: dict[str, Any]) -> None:
    """Whole or not at all, and what was there before is overwritten before its space is given back."""
    path = _path()
    scratch = path.with_name(f".{KEY_FILE}.{secrets.token_hex(4)}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(stored, file)
        file.flush()
        os.fsync(file.fileno())
    old = path.open("r+b") if path.exists() else None
    scratch.replace(path)
    if old is not None:
        with old:
            length = old.seek(0, os.SEEK_END)
            old.seek(0)
            old.write(secrets.token_bytes(length))
            old.flush()
            os.fsync(old.fileno())
