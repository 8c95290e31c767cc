"""What a backup file holds: one ZIP with a manifest, a file of JSON lines for each table, and the uploads.

It knows no database engine: a backup of SQLite restores into PostgreSQL and back. Rows are written by column name with
values that JSON has (dates as ISO text, bytes as base64), and read back by the field of the model.
"""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import BinaryField, Field, FileField, ForeignKey, JSONField, Model

from liangxin.findings import InputError
from liangxin.web.audit.chain import canonical
from liangxin.web.audit.fingerprint import plain
from liangxin.wording import Text

FORMAT: Final = "liangxin.backup/1"
MANIFEST: Final = "manifest.json"
LEFT_OUT: Final = frozenset(
    {"django_session", "usersessions_usersession", "accounts_signinattempt"}
)  # signing in again is safer than reviving old sessions


@dataclass(frozen=True, slots=True)
class TableFile:
    """One table: its columns in the order of the lines' values, its rows, the SHA-256 of the file."""

    name: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def member(self) -> str:
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True, slots=True)
class UploadFile:
    path: str  # below the uploads folder, with /
    size: int  # bytes
    sha256: str

    @property
    def member(self) -> str:
        return f"uploads/{self.path}"


@dataclass(frozen=True, slots=True)
class TownFigures:
    """What the town's pages showed at the moment of the backup: id -> [numerator, denominator, unknown]."""

    code: str
    name: str
    day: str
    units: int
    indicators: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Manifest:
    id: str
    made: str  # UTC
    version: str  # of liangxin
    engine: str
    migrations: dict[str, list[str]]
    tables: list[TableFile]
    uploads: list[UploadFile]
    towns: list[TownFigures]
    public_key: str
    signature: str = ""

    def signed_text(self) -> bytes:
        facts = {"format": FORMAT, **asdict(self)}
        del facts["signature"]
        return canonical(facts).encode()

    def as_text(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1)


def manifest_from(text: bytes) -> Manifest:
    """Raises InputError: no manifest, or one of a format this version does not know."""
    try:
        given = json.loads(text)
        version = given.pop("format")
    except (ValueError, KeyError, AttributeError):
        raise not_a_backup() from None
    if version != FORMAT:
        raise InputError.of(
            "backup-format",
            "备份出自更新的版本，请先升级程序",
            "The backup was made by a newer version; upgrade first",
            found=str(version),
            accepted=Text(FORMAT, FORMAT),
        )
    try:
        manifest = Manifest(
            **given
            | {
                "tables": [TableFile(**each) for each in given["tables"]],
                "uploads": [UploadFile(**each) for each in given["uploads"]],
                "towns": [TownFigures(**each) for each in given["towns"]],
            }
        )
    except (TypeError, KeyError):
        raise not_a_backup() from None
    names = [each.name for each in manifest.tables] + [each.path for each in manifest.uploads]
    if not all(isinstance(each, str) for each in (*names, manifest.public_key, manifest.signature)):
        raise not_a_backup()
    return manifest


def is_safe(path: str) -> bool:
    """Whether a path of the manifest can only be a file below the folder that it is joined to, on any system."""
    parts = path.split("/")
    return not any(each in ("", ".", "..") or set(each) & set("\\:\0") for each in parts)


def not_a_backup() -> InputError:
    return InputError.of(
        "backup-file",
        "这不是备份文件，没有改动任何数据",
        "This is not a backup; nothing was changed",
        accepted=Text("liangxin backup 生成的文件", "a file made by liangxin backup"),
    )


def columns(model: type[Model]) -> list[Field[Any, Any]]:
    return list(model._meta.concrete_fields)


def line(values: tuple[Any, ...]) -> bytes:
    """One row as a line. The same row gives the same line on every engine."""
    return (
        json.dumps(
            [plain(value) for value in values],
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
            sort_keys=True,
        )
        + "\n"
    ).encode("utf-8", "surrogatepass")


def stored(field: Field[Any, Any], value: Any) -> Any:
    """A line's value as the model's field takes it."""
    if value is None or isinstance(field, JSONField):
        return value
    if isinstance(field, BinaryField):
        return base64.b64decode(value)
    if isinstance(field, FileField):
        return str(value)
    if field.get_internal_type() == "DurationField":
        return timedelta(seconds=value)
    return (field.target_field if isinstance(field, ForeignKey) else field).to_python(value)
