"""The registers of a town: serial numbers and the logs of cases have every number once, and none is missing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from liangxin.web.areas.models import Town
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
