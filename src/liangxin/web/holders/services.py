"""Writes of office holders, and the reading of one in full, which is a write too: it leaves an event with its reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from liangxin.findings import Finding, InputError
from liangxin.registry import private
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.holders import queries, sealing
from liangxin.web.holders.models import PARTS, Holder, Part
from liangxin.web.policies.queries import today
from liangxin.web.ui.language import current
from liangxin.wording import Text

_TELEPHONE: Final = re.compile(r"(?:\+?86[- ]?)?1[3-9]\d{9}|(?:0\d{2,3}[- ]?)?\d{7,8}(?:-\d{1,5})?|\d{3,6}")
FIELDS: Final = {"name": Text("姓名", "Name"), "telephone": Text("电话", "Telephone")}
SHORTEST_REASON: Final = 4


@dataclass(frozen=True, slots=True)
class InFull:
    name: str
    telephone: str


@transaction.atomic
def add(permit: Permit, kind: str, of: str, part: str, name: str, telephone: str) -> Holder:
    """Enter an office holder. InputError with everything that is wrong; 404 where the unit or organization is not theirs."""
    permit.require(Action.SEE_PERSONAL)
    permit.require(Action.EDIT_UNITS)
    if kind not in (Holder.UNIT, Holder.ORGANIZATION) or not queries.reaches(
        permit, kind, of, Action.EDIT_UNITS
    ):
        raise Http404
    _refuse_after_the_end(permit.town)
    name, telephone = name.strip(), telephone.strip()
    _check(part, name, telephone)
    holder = Holder(town=permit.town, kind=kind, of=of, part=part, since=today(permit.town), by=permit.user)
    _seal(holder, name, telephone)
    holder.save()
    detail = {"kind": part, "fields": ["name", "telephone"]}
    record(permit.user, permit.town, "holder.add", kind, of, detail=detail)
    return holder


@transaction.atomic
def end(permit: Permit, pk: int) -> Holder:
    """The person no longer holds the office. Name and telephone go at once: nobody needs them any more."""
    permit.require(Action.EDIT_UNITS)
    holder = queries.visible(permit).select_for_update().filter(pk=pk).first()
    if holder is None or not queries.reaches(permit, holder.kind, holder.of, Action.EDIT_UNITS):
        raise Http404
    kind, of, part = holder.kind, holder.of, holder.part
    holder.delete()
    record(permit.user, permit.town, "holder.end", kind, of, detail={"kind": part})
    return holder


@transaction.atomic
def show(permit: Permit, pk: int, reason: str) -> InFull:
    """Name and telephone in full, for a reason that is kept in the audit log. InputError without a reason."""
    permit.require(Action.SEE_PERSONAL)
    holder = queries.visible(permit).filter(pk=pk).first()
    if holder is None:
        raise Http404
    _needs_reason(reason)
    opened = _opened(permit.town, holder)
    detail = {"kind": holder.part, "fields": ["name", "telephone"]}
    record(permit.user, permit.town, "holder.show", holder.kind, holder.of, reason=reason, detail=detail)
    return opened


@transaction.atomic
def export(permit: Permit, reason: str, path: Path) -> int:
    """Every office holder that the person may see, in full, as a workbook that says on its sheet who took it, when and why."""
    permit.require(Action.SEE_PERSONAL)
    permit.require(Action.EXPORT)
    _needs_reason(reason)
    rows = list(queries.visible(permit))
    if permit.reach(Action.EXPORT) is not permit.reach(Action.SEE_PERSONAL):
        raise PermissionDenied
    _write(permit, reason, rows, path)
    detail = {"rows": len(rows), "fields": ["name", "telephone"]}
    record(permit.user, permit.town, "holder.export", "export", path.name, reason=reason, detail=detail)
    return len(rows)


@transaction.atomic
def rotate(town: Town) -> int:
    """Seal everything of a town with a new key, then destroy the old ones. Gives the number of rows; none are lost on the way:
    until the commit the old keys are there, and both open."""
    Town.objects.select_for_update().get(pk=town.pk)
    if sealing.from_environment():
        raise InputError.of(
            "personal-key",
            "密钥来自 LIANGXIN_PERSONAL_KEY，请在那里更换",
            "The key comes from LIANGXIN_PERSONAL_KEY; change it there",
        )
    rows = list(Holder.objects.select_for_update().filter(town=town))
    opened = [(holder, _opened(town, holder)) for holder in rows]
    made = sealing.add_key(town.code)
    for holder, words in opened:
        _seal(holder, words.name, words.telephone)
        holder.save(update_fields=["name", "telephone"])
    record(None, town, "holder.rotate", "town", town.code, detail={"rows": len(rows)})
    transaction.on_commit(lambda: sealing.forget(town.code, but=made.id))
    return len(rows)


def _opened(town: Town, holder: Holder) -> InFull:
    try:
        return InFull(
            *(
                sealing.unseal(getattr(holder, field), town.code, holder.bound(field))
                for field in ("name", "telephone")
            )
        )
    except sealing.NotReadable:
        raise InputError.of(
            "personal-key",
            "打不开：密钥文件里没有加密它的密钥，或数据被改动过。请找系统管理员",
            "It does not open: its key is not in the key file, or it was changed. Ask the administrator",
        ) from None


def _seal(holder: Holder, name: str, telephone: str) -> None:
    town = holder.town.code
    holder.name = sealing.seal(name, town, holder.bound("name"))
    holder.telephone = sealing.seal(telephone, town, holder.bound("telephone"))


def _check(part: str, name: str, telephone: str) -> None:
    findings = list(private.findings({"name": name, "telephone": telephone}, FIELDS))
    if part not in Part.values:
        accepted = Text(
            "、".join(each.zh for each in PARTS.values()), ", ".join(each.en for each in PARTS.values())
        )
        findings.append(
            Finding(
                "part",
                Text("请选择职务", "Choose the office"),
                found=part,
                accepted=accepted,
                column_of="part",
            )
        )
    if not 1 <= len(name) <= 20 or any(each.isdigit() for each in name):
        findings.append(
            Finding(
                "name",
                Text("姓名要填，最多20个字，不含数字", "A name of at most 20 characters, without digits"),
                found=private.hidden(name),
                column_of="name",
            )
        )
    if telephone and not _TELEPHONE.fullmatch(telephone):
        findings.append(
            Finding(
                "telephone",
                Text("不是电话号码", "This is no telephone number"),
                found=private.masked_telephone(telephone),
                accepted=Text(
                    "手机、带区号的固定电话、短号，或空着", "a mobile, a landline, a short number, or nothing"
                ),
                column_of="telephone",
            )
        )
    if findings:
        raise InputError(findings)


def _needs_reason(reason: str) -> None:
    private.refuse({"reason": reason})
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputError.of(
            "reason",
            "请写明用途，至少4个字；会记入审计记录",
            "Say what for, at least 4 characters; it is kept in the audit log",
            column_of="reason",
        )


def _refuse_after_the_end(town: Town) -> None:
    from liangxin.web.closing.queries import purged

    if purged(town):
        raise InputError.of(
            "drive-ended",
            "行动已结束，个人信息已清除，不再登记",
            "The drive has ended and personal data was purged; no more is entered",
        )


def _write(permit: Permit, reason: str, rows: list[Holder], path: Path) -> None:
    from xlsxwriter import Workbook

    town, lang = permit.town, current()
    said = Text(
        "{who} 于 {when} 导出，用途：{why}。含个人信息，用后即销毁。",
        "Taken by {who} on {when} for: {why}. Personal data: destroy after use.",
    ).fill(who=str(permit.user), when=f"{timezone.localtime():%Y-%m-%d %H:%M}", why=reason.strip())
    heads = (
        Text("所属", "Of"),
        Text("编号", "Number"),
        Text("职务", "Office"),
        *FIELDS.values(),
        Text("任职日期", "Since"),
    )
    kinds = {Holder.UNIT: Text("单位", "unit"), Holder.ORGANIZATION: Text("党组织", "organization")}
    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(Text("职务人员", "Office holders").in_language(lang))
        sheet.set_footer(f"&L{said.in_language(lang)}&R&P / &N")
        bold = book.add_format({"bold": True})
        sheet.write_string(0, 0, said.in_language(lang))
        for column, head in enumerate(heads):
            sheet.write_string(1, column, head.in_language(lang), bold)
        for at, holder in enumerate(rows, start=2):
            opened = _opened(town, holder)
            part = PARTS[Part(holder.part)]
            words = (
                kinds[holder.kind].in_language(lang), holder.of, part.in_language(lang), opened.name, opened.telephone,
                holder.since.isoformat(),
            )  # fmt: skip
            for column, each in enumerate(words):
                sheet.write_string(at, column, each)
        sheet.freeze_panes(2, 0)
        sheet.set_column(0, 5, 16)
