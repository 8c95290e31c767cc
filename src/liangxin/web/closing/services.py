"""Steps at the end of a drive. The purge is asked for by one person and confirmed by another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import save_town
from liangxin.web.audit.services import record
from liangxin.web.closing import package, proof, queries
from liangxin.web.closing.models import Closing
from liangxin.web.holders import sealing
from liangxin.web.holders.models import Holder
from liangxin.web.imports.models import Import
from liangxin.web.policies.queries import today

MONTHS = range(1, 61)


@transaction.atomic
def set_term(permit: Permit, months: int) -> None:
    """How many months after the end of the drive personal data may stay."""
    permit.require(Action.CLOSE)
    row = _locked(permit.town)
    _not_after_the_purge(row)
    if months not in MONTHS:
        raise InputError.of("months", "保存期限为1至60个月", "The term is 1 to 60 months", found=str(months))
    row.months = months
    row.save(update_fields=["months"])
    record(permit.user, permit.town, "closing.term", "town", permit.town.code, detail={"months": months})


@transaction.atomic
def end_drive(permit: Permit, on: date) -> None:
    """Say that the drive is over since a day: the clock begins."""
    permit.require(Action.CLOSE)
    row = _locked(permit.town)
    _not_after_the_purge(row)
    if not permit.town.drive_starts <= on <= today(permit.town):
        raise InputError.of(
            "ended-on",
            "结束日期要在行动开始之后、今天或以前",
            "The drive ends after its beginning and not in the future",
            found=on.isoformat(),
        )
    row.ended_on = on
    row.save(update_fields=["ended_on"])
    detail = {"day": on.isoformat()}
    record(permit.user, permit.town, "closing.end", "town", permit.town.code, detail=detail)


def hand_over(permit: Permit, path: Path) -> str:
    """Write the hand-over package; gives its SHA-256. Without names: what is handed over is the town's work, not persons."""
    permit.require(Action.CLOSE)
    permit.require(Action.EXPORT)
    digest = package.write(permit, path)
    with transaction.atomic():
        row = _locked(permit.town)
        row.package_sha256, row.package_at = digest, timezone.now()
        row.save(update_fields=["package_sha256", "package_at"])
        detail = {"file": path.name, "size": path.stat().st_size, "sha256": digest}
        record(permit.user, permit.town, "closing.package", "town", permit.town.code, detail=detail)
    return digest


@transaction.atomic
def ask_for_purge(permit: Permit, reason: str) -> None:
    """First person. Nothing is taken yet."""
    permit.require(Action.CLOSE)
    row = _locked(permit.town)
    _not_after_the_purge(row)
    if row.ended_on is None or not row.package_sha256:
        raise InputError.of(
            "purge-order",
            "先结束行动、下载移交包，再申请清除",
            "End the drive and take the hand-over package first",
        )
    row.asked_by, row.asked_at = permit.user, timezone.now()
    row.save(update_fields=["asked_by", "asked_at"])
    detail = {each.id: each.count for each in queries.personal(permit.town)}
    record(
        permit.user,
        permit.town,
        "purge.ask",
        "town",
        permit.town.code,
        reason=reason,
        detail={"counts": detail},
    )


@transaction.atomic
def withdraw(permit: Permit) -> None:
    """The purge is not wanted after all; either of the two may say so."""
    permit.require(Action.CLOSE)
    row = _locked(permit.town)
    _not_after_the_purge(row)
    row.asked_by = row.asked_at = None
    row.save(update_fields=["asked_by", "asked_at"])
    record(permit.user, permit.town, "purge.withdraw", "town", permit.town.code)


def purge(permit: Permit) -> Closing:
    """Second person: everything personal goes, for good. The database is rewritten, the town's key destroyed, and the proof
    signed. What was interrupted after the data was gone is finished by calling it again."""
    permit.require(Action.CLOSE)
    with transaction.atomic():
        row = _locked(permit.town)
        if row.proof:
            _not_after_the_purge(row)
        if row.purged_at is None:
            _may_confirm(permit, row)
            before = queries.personal(permit.town)
            sealed = queries.sealed_values(permit.town)
            _take(permit.town)
            row.confirmed_by, row.purged_at = permit.user, timezone.now()
            row.save(update_fields=["confirmed_by", "purged_at"])
            counts = {each.id: each.count for each in before}
            digests = {each.id: each.sha256 for each in before}
            detail = {"counts": counts, "sha256": digests}
            record(permit.user, permit.town, "purge.confirm", "town", permit.town.code, detail=detail)
        else:  # begun before, not finished: what went is in the audit chain
            from liangxin.web.audit.models import Event

            told = Event.objects.filter(town=permit.town.code, action="purge.confirm").first()
            assert told is not None, "the event is in the transaction that set purged_at"
            counts, digests, sealed = told.facts["counts"], told.facts["sha256"], []
    keys = sealing.forget(permit.town.code)
    looked = proof.erase(sealed)
    with transaction.atomic():
        row = _locked(permit.town)
        row.proof = proof.sign(row, counts, digests, keys, looked)
        row.save(update_fields=["proof"])
        record(
            permit.user, permit.town, "purge.proof", "town", permit.town.code,
            detail={"sha256": proof.digest(row.proof)},
        )  # fmt: skip
    return row


def _take(town: Town) -> None:
    Holder.objects.filter(town=town).delete()
    files = [str(each.file) for each in Import.objects.filter(town=town).exclude(file="")]
    Import.objects.filter(town=town).update(file="")
    core = town.as_core()
    if queries.group_names(core):
        save_town(town, queries.without_names(core))
    transaction.on_commit(lambda: _delete(files))


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _may_confirm(permit: Permit, row: Closing) -> None:
    if row.asked_by_id is None:
        raise InputError.of(
            "purge-order", "还没有人申请清除", "Nobody has asked for the purge", found=str(permit.town)
        )
    if row.asked_by_id == permit.user.pk:
        raise InputError.of(
            "purge-second",
            "要由另一个人确认：申请人自己不能确认",
            "Another person must confirm: not the one who asked",
            found=str(permit.user),
        )


def _not_after_the_purge(row: Closing) -> None:
    if row.purged_at is not None:
        raise InputError.of("purged", "个人信息已经清除", "Personal data has been purged already")


def _locked(town: Town) -> Closing:
    Town.objects.select_for_update().get(pk=town.pk)
    return Closing.objects.get_or_create(town=town)[0]
