"""The registers of serial numbers (A3): opened, reserved, issued, voided, each line written once under the register's lock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import transaction

from liangxin.findings import InputError
from liangxin.procedure import Register, Serial, office_of, parse_serial
from liangxin.registry import private
from liangxin.registry.access import Action, Reach
from liangxin.web.accounts import two_step
from liangxin.web.accounts.models import User
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit.services import record
from liangxin.web.organizations.queries import day_tree
from liangxin.web.policies.queries import load, today
from liangxin.web.procedures.models import Case, SerialNumber, SerialRegister
from liangxin.web.procedures.queries import core_register, issuing_register
from liangxin.wording import Text

HIGHEST_FIRST: Final = 9999


def may_keep(permit: Permit) -> bool:
    """The office and the committee keep the register: whoever carries out or decides for the whole town."""
    return Reach.TOWN in (permit.reach(Action.CARRY_OUT), permit.reach(Action.DECIDE))


def require_keeper(permit: Permit) -> None:
    """Refuses whoever may not keep the register."""
    if not may_keep(permit):
        permit.require(Action.DECIDE)
    two_step.require(permit)


def locked(town: Town, year: int, body: str = "", issuer: str = "") -> SerialRegister:
    """The register, its row locked until the transaction ends; opened with number 1 where none is kept yet."""
    made, _ = SerialRegister.objects.get_or_create(
        town=town, body=body or issuing_register(town, year).body, year=year, defaults={"issuer": issuer}
    )
    return SerialRegister.objects.select_for_update().get(pk=made.pk)


def issue(case: Case, by: User, serial: Serial, day: date, what: str, also: Sequence[Case] = ()) -> None:
    """发文: the number becomes this case's document, and that of ``also`` where it decides them too. InputError where it
    is not the next one and not reserved."""
    kept = locked(case.town, serial.year, serial.body)
    before = core_register(kept)
    after, _ = before.issue(day, case=case.key, what=what, number=serial.number)
    _write(kept, before, after, by)
    if also:
        kept.numbers.get(number=serial.number).also.set(also)


def number_of_body(case: Case, by: User, issuer: str, day: date, what: str) -> str:
    """The next number of a body other than the town committee; "" where it keeps none: then it is written by hand."""
    known = SerialRegister.objects.filter(town=case.town, issuer=issuer).order_by("-year", "-pk").first()
    if known is None:
        return ""
    kept = locked(case.town, day.year, known.body, issuer)
    before = core_register(kept)
    after, serial = before.issue(day, case=case.key, what=what)
    _write(kept, before, after, by)
    return serial.text


def issuers(town: Town) -> list[tuple[str, Text]]:
    """The bodies that can have numbers of their own: the committee, working committee, leading group, and organizations
    that others stand below."""
    office = office_of(town.as_core(), load(town))
    now = day_tree(town, today(town))
    above = [
        each for each in now.organizations.values() if each.parent is not None and now.children.get(each.id)
    ]
    return [
        ("", office.committee),
        ("working_committee", office.working_committee),
        ("leading_group", office.leading_group),
        *(
            (each.id, Text(each.name, each.name))
            for each in above
            if each.standing.type != "working_committee"
        ),
    ]


def _write(kept: SerialRegister, before: Register, after: Register, by: User) -> None:
    known = {line.number: line for line in before.lines}
    for line in after.lines:
        if known.get(line.number) == line:
            continue
        SerialNumber.objects.update_or_create(
            register=kept,
            number=line.number,
            defaults={
                "state": line.state.value,
                "on": line.on,
                "case_id": int(line.case) if line.case else None,
                "what": line.what[:200],
                "reason": line.reason[:200],
                "by": by,
            },
        )


@transaction.atomic
def open_register(permit: Permit, body: str, year: int, first: int, issuer: str = "") -> SerialRegister:
    """A register that begins after the numbers on paper. InputError once a number of it is given, or where the code is
    another body's or the body is none of ``issuers``."""
    require_keeper(permit)
    Town.objects.select_for_update().get(pk=permit.town.pk)
    if not 1 <= first <= HIGHEST_FIRST:
        raise InputError.of(
            "serial.first", "起始号应是1至9999", "the first number is from 1 to 9999", found=str(first),
            column_of="first",
        )  # fmt: skip
    parse_serial(Serial(body, year, first).text)  # the code itself must be readable
    if issuer not in dict(issuers(permit.town)):
        raise InputError.of(
            "serial.issuer", "没有这个发文机关", "there is no such body", found=issuer, column_of="issuer"
        )
    kept = locked(permit.town, year, body, issuer)
    if kept.issuer != issuer:
        raise InputError.of(
            "serial.body_taken", f"机关代字“{body}”已由另一机关使用", f"the code “{body}” is another body's", column_of="body"
        )  # fmt: skip
    if kept.numbers.exists() and kept.first != first:
        raise InputError.of(
            "serial.begun",
            f"{kept}已经有号，起始号不能再改",
            f"{kept} has numbers already; its first one stays",
            column_of="first",
        )
    kept.first = first
    kept.save()
    record(permit.user, permit.town, "serial.open", "serial", str(kept), detail={"numbers": [first]})
    return kept


@transaction.atomic
def reserve(permit: Permit, what: str) -> Serial:
    """预留 the next number of this year."""
    require_keeper(permit)
    private.refuse({"what": what})
    town = permit.town
    Town.objects.select_for_update().get(pk=town.pk)
    kept = locked(town, today(town).year)
    before = core_register(kept)
    after, serial = before.reserve(today(town), what=what)
    _write(kept, before, after, permit.user)
    record(permit.user, town, "serial.reserve", "serial", serial.text, reason=what)
    return serial


@transaction.atomic
def void(permit: Permit, key: int, reason: str) -> Serial:
    """作废 a reserved number. It stays in the register and is never given again."""
    require_keeper(permit)
    private.refuse({"reason": reason})
    town = permit.town
    Town.objects.select_for_update().get(pk=town.pk)
    line = SerialNumber.objects.select_related("register").filter(register__town=town, pk=key).first()
    if line is None:
        raise InputError.of("serial.unknown", "没有这个号", "There is no such number")
    kept = SerialRegister.objects.select_for_update().get(pk=line.register_id)
    before = core_register(kept)
    _write(kept, before, before.void(line.number, today(town), reason=reason), permit.user)
    serial = Serial(kept.body, kept.year, line.number)
    record(permit.user, town, "serial.void", "serial", serial.text, reason=reason)
    return serial


def words_of(case: Case, paper: Text | None) -> str:
    """What the register says a number is for."""
    return f"{paper.zh}：{case.title}" if paper is not None else case.title
