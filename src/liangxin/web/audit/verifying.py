"""Walk the whole chain and say what is wrong with it: which event, and what about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.db import connection

from liangxin.web.audit import guard
from liangxin.web.audit.anchors import Anchor
from liangxin.web.audit.chain import START, digest
from liangxin.web.audit.models import Event, Head
from liangxin.wording import Text

AT_ONCE: Final = 2000  # events read in one go


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit. ``seq``: the event it shows at; None where it is not about one event."""

    code: str
    message: Text
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Walked:
    events: int
    faults: tuple[Fault, ...]


def walk(anchors: Iterable[Anchor] = ()) -> Walked:
    """Check every event against its hash, its predecessor and its number, then the end against the head and anchors."""
    anchored: dict[int, list[Anchor]] = {}
    for anchor in anchors:
        anchored.setdefault(anchor.seq, []).append(anchor)
    faults: list[Fault] = []
    seen, last, previous = 0, 0, START
    rewritten = False  # an anchor showed it: one fault is enough for all that follow
    for row in _rows():
        if isinstance(row, int):
            faults.append(
                _fault(
                    "audit-unreadable",
                    f"第 {row} 号事件：内容已不可读",
                    f"event {row}: it cannot be read any more",
                    row,
                )
            )
            seen, last, previous = seen + 1, row, ""
            continue
        seen += 1
        if row.seq != last + 1:
            faults.append(_gap(last, row.seq))
        elif previous and row.previous != previous:
            faults.append(_unlinked(row, last))
        if not _fits(row):
            faults.append(
                _fault(
                    "audit-changed",
                    f"第 {row.seq} 号事件：内容被改动，与它的指纹不符",
                    f"event {row.seq}: it was changed, its contents do not fit its hash",
                    row.seq,
                )
            )
        for anchor in anchored.pop(row.seq, []):
            if anchor.hash != row.hash and not rewritten:
                rewritten = True
                faults.append(
                    _fault(
                        "audit-anchor",
                        f"第 {row.seq} 号事件：与 {anchor.day} 的锚点不符，此前的记录被改写过",
                        f"event {row.seq}: it is not the one anchored on {anchor.day}; the record before it was rewritten",
                        row.seq,
                    )
                )
        last, previous = row.seq, row.hash
    faults += _end(last, previous)
    for seq, missing in sorted(anchored.items()):
        days = "、".join(str(each.day) for each in missing), ", ".join(str(each.day) for each in missing)
        faults.append(
            _fault(
                "audit-anchor-gone",
                f"第 {seq} 号事件：{days[0]} 的锚点有它，现在没有了",
                f"event {seq}: the anchor of {days[1]} has it, it is gone now",
                seq,
            )
        )
    if gone := guard.missing(connection):
        faults.append(
            _fault(
                "audit-unguarded",
                f"数据库里保护审计记录的触发器被删：{'、'.join(gone)}",
                f"triggers that guard the audit events were dropped: {', '.join(gone)}",
            )
        )
    return Walked(seen, tuple(faults))


def _fault(code: str, zh: str, en: str, seq: int | None = None) -> Fault:
    return Fault(code, Text(zh, en), seq)


def _rows() -> Iterator[Event | int]:
    """Every event by number; a number alone where somebody put something unreadable into the row."""
    start: int | None = None
    while True:
        rows = Event.objects.order_by("seq")
        if start is not None:
            rows = rows.filter(seq__gt=start)
        keys = list(rows.values_list("seq", flat=True)[:AT_ONCE])
        if not keys:
            return
        try:
            yield from list(Event.objects.filter(seq__gte=keys[0], seq__lte=keys[-1]).order_by("seq"))
        except (ValueError, TypeError):
            for key in keys:
                try:
                    yield Event.objects.get(seq=key)
                except (ValueError, TypeError):
                    yield key
        start = keys[-1]


def _fits(row: Event) -> bool:
    try:
        return digest(row) == row.hash
    except (AttributeError, TypeError, ValueError):
        return False  # a time that is none, or a text that is none


def _gap(last: int, seq: int) -> Fault:
    if seq <= last or seq < 1:
        return _fault(
            "audit-inserted",
            f"第 {seq} 号事件：是插进来的，号码不在序列里",
            f"event {seq}: it was inserted, its number is not of the sequence",
            seq,
        )
    first, until = last + 1, seq - 1
    if first == until:
        return _fault("audit-removed", f"第 {first} 号事件：被删除", f"event {first}: it was removed", first)
    return _fault(
        "audit-removed",
        f"第 {first} 至 {until} 号事件：被删除",
        f"events {first} to {until}: they were removed",
        first,
    )


def _unlinked(row: Event, last: int) -> Fault:
    """Which of the two neighbours was touched: the one whose own contents still fit its hash was made anew."""
    if _fits(row):
        return _fault(
            "audit-replaced",
            f"第 {last} 号事件：被换过，第 {row.seq} 号记着的前一指纹不是它的",
            f"event {last}: it was replaced; event {row.seq} names another predecessor",
            last,
        )
    return _fault(
        "audit-link",
        f"第 {row.seq} 号事件：记着的前一指纹被改动",
        f"event {row.seq}: the predecessor it names was changed",
        row.seq,
    )


def _end(last: int, hash: str) -> list[Fault]:
    head = Head.objects.filter(pk=1).first()
    if head is None:
        return [_fault("audit-head", "链尾记录被删除", "the row that says where the chain ends was removed")]
    if head.seq > last:
        if head.seq == last + 1:
            return [
                _fault(
                    "audit-cut",
                    f"第 {head.seq} 号事件：链尾被截去",
                    f"event {head.seq}: the end of the chain was cut off",
                    head.seq,
                )
            ]
        return [
            _fault(
                "audit-cut",
                f"第 {last + 1} 至 {head.seq} 号事件：链尾被截去",
                f"events {last + 1} to {head.seq}: the end of the chain was cut off",
                last + 1,
            )
        ]
    if head.seq < last:
        return [
            _fault(
                "audit-inserted",
                f"第 {head.seq + 1} 至 {last} 号事件：是绕过系统插进来的",
                f"events {head.seq + 1} to {last}: they were inserted past the system",
                head.seq + 1,
            )
        ]
    if head.hash != (hash or START) and last:
        return [
            _fault(
                "audit-head",
                f"第 {last} 号事件：与链尾记录的指纹不符",
                f"event {last}: it does not fit the hash that the end of the chain names",
                last,
            )
        ]
    return []
