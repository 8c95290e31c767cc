"""Uploads that show work done: small, of a few kinds told by their content, kept under their digest."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from liangxin import procedure
from liangxin.files import incoming
from liangxin.findings import Finding, InputError
from liangxin.web.accounts.models import User
from liangxin.web.procedures.models import Case, Evidence
from liangxin.wording import Text

LARGEST: Final = 10 * 1024 * 1024
MOST: Final = 10
_STARTS: Final = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
ACCEPTED: Final = Text(
    "PDF、JPG、PNG、docx、xlsx，每个最多10兆", "PDF, JPG, PNG, docx, xlsx of at most 10 MB each"
)
TYPES: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Received:
    """A checked upload, not kept yet."""

    name: str
    kind: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def named(self) -> procedure.Evidence:
        return procedure.Evidence(self.name, self.sha256)


def receive(uploads: list[UploadedFile[bytes]]) -> tuple[Received, ...]:
    """The uploads, each told by its content. InputError names every one that is not accepted, and why."""
    findings: list[Finding] = []
    received: list[Received] = []
    if len(uploads) > MOST:
        findings.append(
            _wrong(Text(f"一次最多{MOST}个文件", f"at most {MOST} files at once"), str(len(uploads)))
        )
    for upload in uploads[:MOST]:
        name = Path(upload.name or "").name[-200:]
        if not upload.size or upload.size > LARGEST:
            findings.append(_wrong(Text("文件是空的或太大", "the file is empty or too large"), name))
            continue
        content = upload.read()
        kind = kind_of(content)
        if kind is None:
            findings.append(_wrong(Text("这种文件不能作佐证", "this kind of file is not accepted"), name))
            continue
        try:
            incoming.inspect(f"{name}.{kind}", content)
        except InputError as refused:
            findings += [replace(each, column_of="evidence") for each in refused.findings]
        else:
            received.append(Received(name, kind, content))
    if findings:
        raise InputError(findings)
    return tuple(received)


def _wrong(message: Text, found: str) -> Finding:
    return Finding("evidence-kind", message, found=found, accepted=ACCEPTED, column_of="evidence")


def kind_of(content: bytes) -> str | None:
    """What a file is by its content; None: not accepted."""
    for start, kind in _STARTS.items():
        if content.startswith(start):
            return kind
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        return None
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None


def keep(case: Case, by: User, received: tuple[Received, ...]) -> list[Evidence]:
    """Store the files beside the case; the same file sent twice is kept once."""
    kept: list[Evidence] = []
    for each in received:
        if case.evidence.filter(sha256=each.sha256).exists():
            continue
        made = Evidence(
            case=case, name=each.name, sha256=each.sha256, size=len(each.content), kind=each.kind, by=by
        )
        made.file.save(f"{each.sha256}.{each.kind}", ContentFile(each.content), save=True)
        kept.append(made)
    return kept
