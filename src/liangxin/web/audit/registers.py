"""The registers of a town: serial numbers and the logs of cases have every number once, none is missing, and each event
of a case is the one that the chain tells of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from liangxin.web.areas.models import Town
from liangxin.web.audit import fingerprint
from liangxin.web.audit.models import Event
from liangxin.web.audit.verifying import Fault
from liangxin.web.procedures.models import CaseEvent, SerialRegister
from liangxin.wording import Text


def check_registers(town: Town) -> Iterator[Fault]:
    """Serial numbers (A3) from the first that is kept here; the events of each case from 1."""
    for register in SerialRegister.objects.filter(town=town).prefetch_related("numbers"):
        numbers = sorted(each.number for each in register.numbers.all())
        yield from _gaps(
            town,
            numbers,
            register.first,
            Text(f"发文字号登记 {register}", f"the register of serial numbers {register}"),
        )
    rows = (
        CaseEvent.objects.filter(case__town=town)
        .order_by("case_id", "number")
        .values_list("case_id", "number")
    )
    for case, events in groupby(rows.iterator(chunk_size=5000), key=itemgetter(0)):
        yield from _gaps(
            town,
            [number for _, number in events],
            1,
            Text(f"办件 {case} 的办理记录", f"the log of case {case}"),
        )


def check_case_events(town: Town) -> Iterator[Fault]:
    """Events of cases against the fingerprints in the chain. Events from before fingerprints were kept are passed over."""
    told: dict[tuple[int, int], tuple[int, str]] = {}
    events = Event.objects.filter(town=town.code, object_kind="case", action__in=("case.start", "case.act"))
    for event in events.order_by("seq").iterator(chunk_size=2000):
        if "sha256" in event.facts and event.object_id.isdigit():
            told[int(event.object_id), event.facts["version"]] = (event.seq, event.facts["sha256"])
    began = False
    rows = (
        CaseEvent.objects.filter(case__town=town).order_by("pk").values_list("case_id", "number", "document")
    )
    for case, number, document in rows.iterator(chunk_size=2000):
        known = told.pop((case, number), None)
        if known is None:
            if began:
                yield _event_fault(
                    "case-inserted", town, case, number,
                    Text("没有审计记录，是绕过系统写入的", "has no audit event: it was written past the system"),
                )  # fmt: skip
            continue
        began = True
        if fingerprint.of_case_event(document) != known[1]:
            yield _event_fault(
                "case-changed", town, case, number,
                Text(f"被改动（审计第 {known[0]} 号）", f"was changed (audit event {known[0]})"), known[0],
            )  # fmt: skip
    for (case, number), (seq, _) in told.items():
        yield _event_fault(
            "case-removed", town, case, number,
            Text(f"被删除（审计第 {seq} 号）", f"was removed (audit event {seq})"), seq,
        )  # fmt: skip


def _event_fault(code: str, town: Town, case: int, number: int, said: Text, seq: int | None = None) -> Fault:
    return Fault(
        code,
        Text(
            f"{town.name}：办件 {case} 第 {number} 笔办理记录{said.zh}",
            f"{town.name}: event {number} of case {case} {said.en}",
        ),
        seq,
    )


def _gaps(town: Town, numbers: list[int], first: int, what: Text) -> Iterator[Fault]:
    wanted = range(first, first + len(numbers))
    if numbers == list(wanted):
        return
    missing = sorted(set(range(first, max(numbers) + 1)) - set(numbers))
    odd = missing or sorted(set(numbers) - set(wanted))
    shown = "、".join(str(number) for number in odd[:10])
    yield Fault(
        "register-gap",
        Text(f"{town.name}：{what.zh} 号码不连续：{shown}", f"{town.name}: {what.en} has a gap or a number too many: {shown}"),
    )  # fmt: skip
