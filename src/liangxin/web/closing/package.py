"""The hand-over package: what the next office needs to go on, in one zip with a signed list of what is in it.

Ledger, town file, journal and tree of organizations, indicators with their lists, issued documents, the town's audit events
and an anchor of the chain. Office holders are not in it: they are asked for anew. Issued documents are as they were issued.
"""

from __future__ import annotations

import json
import secrets
import tempfile
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from liangxin.files.town import format_town
from liangxin.findings import InputError
from liangxin.web.accounts.permission import Permit
from liangxin.web.audit import anchors
from liangxin.web.audit.chain import canonical, moment
from liangxin.web.audit.models import Event, Head
from liangxin.web.closing import queries
from liangxin.web.documents import services as documents
from liangxin.web.documents.making import Wanted
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures import papers
from liangxin.web.procedures.models import Paper
from liangxin.web.units.live import live
from liangxin.wording import Text

FORMAT: Final = "liangxin.handover/1"


def write(permit: Permit, path: Path) -> str:
    """Whole or not at all; gives the file's SHA-256."""
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    members: list[dict[str, Any]] = []
    try:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in _contents(permit):
                archive.writestr(name, content)
                members.append({"file": name, "bytes": len(content), "sha256": sha256(content).hexdigest()})
            archive.writestr("manifest.json", _manifest(permit, members))
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
    return sha256(path.read_bytes()).hexdigest()


def _contents(permit: Permit) -> Iterator[tuple[str, bytes]]:
    town = permit.town
    with tempfile.TemporaryDirectory() as folder:
        for document, kind in (("ledger", "xlsx"), ("ledger", "csv"), ("indicators", "xlsx")):
            made = documents.make(permit, Wanted(document, kind, {}, "zh"), Path(folder))
            yield f"{document}.{kind}", made.path.read_bytes()
    yield "indicator-lists.json", _json(_lists(permit))
    yield "town.yaml", format_town(queries.without_names(town.as_core())).encode()
    operations = (
        StoredOperation.objects.filter(town=town).order_by("number").values_list("number", "document")
    )
    yield "organizations.json", _json([{"number": number, "operation": each} for number, each in operations])
    for paper in Paper.objects.filter(case__town=town).select_related("case").order_by("pk"):
        stem = f"documents/{paper.case_id:06d}-{paper.event:03d}-{paper.kind}"
        yield (
            f"{stem}.json",
            _json(
                {
                    "kind": paper.kind,
                    "serial": paper.serial,
                    "day": paper.day.isoformat(),
                    "facts": paper.facts,
                }
            ),
        )
        yield f"{stem}.docx", papers.made(paper, "docx", "zh")
    events = Event.objects.filter(town=town.code).order_by("seq")
    yield "audit.jsonl", b"".join(_event(each) for each in events.iterator(chunk_size=2000))
    head = Head.objects.get(pk=1)
    yield "anchor.json", _json(anchors.sign(timezone.localdate(), head.seq, head.hash).as_json())


def _lists(permit: Permit) -> dict[str, Any]:
    """The units behind each number, as ids: they agree with the ledger beside them."""
    from liangxin.coverage import listing
    from liangxin.coverage.tally import PARTS

    shown = live(permit.town)
    return {
        each.id: {part: listing(shown.classified, each.id, part)["unit_id"].to_list() for part in PARTS}
        for each in load(permit.town, today(permit.town)).indicators
        if each.target is not None
    }


def _event(event: Event) -> bytes:
    names = (
        "seq",
        "actor",
        "town",
        "action",
        "object_kind",
        "object_id",
        "reason",
        "detail",
        "previous",
        "hash",
    )
    return (
        canonical({"at": moment(event.at)} | {name: getattr(event, name) for name in names}) + "\n"
    ).encode()


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _manifest(permit: Permit, members: list[dict[str, Any]]) -> bytes:
    facts = {
        "format": FORMAT,
        "town": {"code": permit.town.code, "name": permit.town.name},
        "as_of": today(permit.town).isoformat(),
        "made": moment(timezone.now()),
        "by": permit.user.username,
        "files": members,
        "public_key": anchors.made_public_key(),
    }
    return _json(facts | {"signature": anchors.signing_key().sign(canonical(facts).encode()).hex()})


def check(path: Path) -> dict[str, Any]:
    """The manifest of a package in which nothing is missing, changed or added. InputError names every file that is."""
    from liangxin.findings import Finding, Place

    findings: list[Finding] = []
    try:
        with zipfile.ZipFile(path) as archive:
            facts = dict(json.loads(archive.read("manifest.json")))
            signature = str(facts.pop("signature"))
            if not anchors.fits(str(facts["public_key"]), signature, canonical(facts).encode()):
                findings.append(
                    Finding("manifest", Text("清单被改动过：签名不符", "The manifest was changed"))
                )
            listed = {each["file"]: each["sha256"] for each in facts["files"]}
            held = {
                name: sha256(archive.read(name)).hexdigest()
                for name in archive.namelist()
                if name != "manifest.json"
            }
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise InputError.of(
            "package", "这不是移交包，或者不完整", "This is no hand-over package, or not a whole one"
        ) from None
    for name in sorted(listed.keys() | held.keys()):
        if listed.get(name) != held.get(name):
            findings.append(
                Finding("member", Text("与清单不符", "does not agree with the manifest"), Place(file=name))
            )
    if findings:
        raise InputError(findings)
    return facts
