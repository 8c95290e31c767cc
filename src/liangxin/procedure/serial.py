"""发文字号 such as 长委〔2011〕44号: a register by body and year, in which no number is left out and none is used twice (A3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Final

from liangxin.findings import Finding, InputError
from liangxin.wording import Text

_WRITTEN: Final = re.compile(r"([^\s〔〕0-9]{1,12})〔([0-9]{4})〕([1-9][0-9]{0,4})号")
_BRACKETS: Final = str.maketrans({"[": "〔", "［": "〔", "【": "〔", "(": "〔", "（": "〔",
                                  "]": "〕", "］": "〕", "】": "〕", ")": "〕", "）": "〕"})  # fmt: skip
_ACCEPTED: Final = Text("如 长委〔2011〕44号", "such as “长委〔2011〕44号”")


@dataclass(frozen=True, slots=True, order=True)
class Serial:
    """The number of a document: the code of the body that issues it, the year, and its number in that year.

    >>> Serial("长委", 2011, 44).text
    '长委〔2011〕44号'
    """

    body: str
    year: int
    number: int

    @property
    def text(self) -> str:
        return f"{self.body}〔{self.year}〕{self.number}号"


def parse_serial(written: str) -> Serial:
    """The number as somebody wrote it; other brackets and spaces are read too. ``InputError`` says what is accepted.

    >>> parse_serial("长委 [2011] 44 号").text
    '长委〔2011〕44号'
    """
    tidied = "".join(written.split()).translate(_BRACKETS)
    found = _WRITTEN.fullmatch(tidied)
    if found is None:
        raise InputError.of(
            "serial.unreadable",
            "发文字号要写成机关代字、〔年份〕、顺序号和“号”，顺序号前不加0",
            "a serial number is the body's code, the 〔year〕, the number and “号”; the number has no zero before it",
            found=written,
            accepted=_ACCEPTED,
        )
    return Serial(found[1], int(found[2]), int(found[3]))


class SerialState(Enum):
    RESERVED = "reserved"
    ISSUED = "issued"
    VOID = "void"

    @property
    def label(self) -> Text:
        return _STATE_LABELS[self]


_STATE_LABELS: Final = {
    SerialState.RESERVED: Text("预留", "reserved"),
    SerialState.ISSUED: Text("已发", "issued"),
    SerialState.VOID: Text("作废", "void"),
}


@dataclass(frozen=True, slots=True)
class SerialLine:
    """A line of the register. ``case`` and ``what``: whose document it is; ``on``: the day of its present state."""

    number: int
    state: SerialState
    on: date
    case: str = ""
    what: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """The numbers of one body in one year. ``first``: the first number kept here, where earlier ones are on paper.

    Lines run from ``first`` without a gap; each act gives a new register or an ``InputError``.

    >>> day = date(2011, 8, 9)
    >>> register, serial = Register("长委", 2011, first=44).issue(day, case="c1", what="通知")
    >>> serial.text, register.next.text
    ('长委〔2011〕44号', '长委〔2011〕45号')
    """

    body: str
    year: int
    first: int = 1
    lines: tuple[SerialLine, ...] = ()

    def __post_init__(self) -> None:
        numbers = [line.number for line in self.lines]
        if numbers != list(range(self.first, self.first + len(numbers))):
            raise InputError.of(
                "serial.gap",
                "发文登记的号码不连续",
                "the numbers of the register do not follow one another",
                found="、".join(map(str, numbers)),
            )

    @property
    def next(self) -> Serial:
        """The number that the next document gets; reserved ones are passed over."""
        return self._serial(self.first + len(self.lines))

    def line(self, number: int) -> SerialLine | None:
        index = number - self.first
        return self.lines[index] if 0 <= index < len(self.lines) else None

    def reserve(self, on: date, *, what: str) -> tuple[Register, Serial]:
        """预留: the next number is kept for a document that is not issued yet; ``what`` says for which."""
        _raise(self._wrong_year(on) + _without(what, "预留号码要写明用途", "say what the number is kept for"))
        return self._added(SerialLine(self.next.number, SerialState.RESERVED, on, what=what))

    def issue(self, on: date, *, case: str, what: str, number: int | None = None) -> tuple[Register, Serial]:
        """发文: the next number, or a reserved one. A number once issued or void is never given again."""
        _raise(self.refusals(on, number))
        line = SerialLine(self.next.number, SerialState.ISSUED, on, case, what)
        if number is None or number == self.next.number:
            return self._added(line)
        return self._changed(replace(line, number=number)), self._serial(number)

    def void(self, number: int, on: date, *, reason: str) -> Register:
        """作废: a reserved number that will not be used. An issued document is annulled by a later one instead."""
        wrong = self._wrong_year(on) + _without(reason, "作废要写明理由", "say why it is void")
        line = self.line(number)
        if line is None or line.state is not SerialState.RESERVED:
            wrong.append(self._not_reserved(number, line))
        _raise(wrong)
        assert line is not None
        return self._changed(SerialLine(number, SerialState.VOID, on, line.case, line.what, reason))

    def refusals(self, on: date, number: int | None = None) -> list[Finding]:
        """Why this number cannot be issued on that day; nothing where it can."""
        wrong = self._wrong_year(on)
        if number is None or number == self.next.number:
            return wrong
        line = self.line(number)
        if line is None:
            wrong.append(
                Finding(
                    "serial.not_next",
                    Text("发文号要连续，不能跳号", "numbers follow one another; none is left out"),
                    found=self._serial(number).text,
                    accepted=Text(self.next.text, self.next.text),
                )
            )
        elif line.state is not SerialState.RESERVED:
            wrong.append(self._not_reserved(number, line))
        return wrong

    def _serial(self, number: int) -> Serial:
        return Serial(self.body, self.year, number)

    def _added(self, line: SerialLine) -> tuple[Register, Serial]:
        return replace(self, lines=(*self.lines, line)), self._serial(line.number)

    def _changed(self, line: SerialLine) -> Register:
        at = line.number - self.first
        return replace(self, lines=(*self.lines[:at], line, *self.lines[at + 1 :]))

    def _wrong_year(self, on: date) -> list[Finding]:
        if on.year == self.year:
            return []
        message = Text(
            "这是{year}年的发文登记，文件日期却是{day}",
            "this register is of {year}, the document is of {day}",
        )
        return [Finding("serial.year", message.fill(year=self.year, day=on.isoformat()))]

    def _not_reserved(self, number: int, line: SerialLine | None) -> Finding:
        serial = self._serial(number).text
        if line is None:
            message = Text("{serial}还没有用过", "{serial} has not been used").fill(serial=serial)
        elif line.state is SerialState.VOID:
            message = Text("{serial}已作废，不再使用", "{serial} is void and not used again").fill(
                serial=serial
            )
        else:
            message = Text(
                "{serial}已于{day}发出，不能再用", "{serial} was issued on {day} and is not used again"
            ).fill(serial=serial, day=line.on.isoformat())
        return Finding("serial.taken", message, accepted=Text(self.next.text, self.next.text))


def _without(words: str, zh: str, en: str) -> list[Finding]:
    return [] if words.strip() else [Finding("serial.words", Text(zh, en))]


def _raise(findings: list[Finding]) -> None:
    if findings:
        raise InputError(findings)
