"""An official document, composed: what it is, its marks, and its text as blocks. Word and PDF are set from this alone.

A document is composed once, when a step makes it (``papers_of``), and kept so (``paper_to_json``): it reads the same
whatever the ledger, the policy or this program say later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final, Literal

from liangxin.wording import Text

PRE_2012: Final = "pre-2012"
"""The style with subject words 主题词 and the date in Chinese numerals; every other style is GB/T 9704-2012."""

_NUMBERED: Final = re.compile(r"[0-9]+号$")


class PaperKind(Enum):
    """Kinds of document. The values are the ``paper`` of the procedures' transitions, where one makes it."""

    REQUEST = "request"
    REPLY = "reply"
    APPROVAL_FORM = "approval_form"
    COMMITMENT = "commitment"
    ROSTER = "roster"
    ELECTION_REPORT = "election_report"
    RESULT_REPLY = "result_reply"
    FILING_REPORT = "filing_report"
    ANNULMENT = "annulment"
    NOTICE = "notice"
    MINUTES = "minutes"
    IMPLEMENTATION_PLAN = "implementation_plan"
    MONTHLY_REPORT = "monthly_report"
    SUMMARY_REPORT = "summary_report"

    @property
    def label(self) -> Text:
        return _LABELS[self]


_LABELS: Final[Mapping[PaperKind, Text]] = MappingProxyType(
    {
        PaperKind.REQUEST: Text("请示", "request"),
        PaperKind.REPLY: Text("批复", "reply"),
        PaperKind.APPROVAL_FORM: Text("审批表", "approval form"),
        PaperKind.COMMITMENT: Text("挂靠党支部承诺书", "commitment"),
        PaperKind.ROSTER: Text("单位名册", "roster of units"),
        PaperKind.ELECTION_REPORT: Text("选举结果报告", "election report"),
        PaperKind.RESULT_REPLY: Text("选举结果批复", "reply on the result"),
        PaperKind.FILING_REPORT: Text("备案报告", "filing report"),
        PaperKind.ANNULMENT: Text("废止批复的通知", "annulment"),
        PaperKind.NOTICE: Text("通知", "notice"),
        PaperKind.MINUTES: Text("会议纪要", "minutes"),
        PaperKind.IMPLEMENTATION_PLAN: Text("实施方案", "implementation plan"),
        PaperKind.MONTHLY_REPORT: Text("月报", "monthly report"),
        PaperKind.SUMMARY_REPORT: Text("总结报告", "summary report"),
    }
)


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is 一、, 2 is （一）, 3 is 1. — the number is part of the text."""

    level: Literal[1, 2, 3]
    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """``indented``: by two characters, as body text is."""

    text: Text
    indented: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """``width``: millimetres, of the 156 that the text is wide."""

    label: Text
    width: float
    number: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with a header that comes again on every page. ``total``: the closing row; ``note``: below the table."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Text, ...], ...]
    caption: Text | None = None
    total: tuple[Text, ...] = ()
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class FormRow:
    """A line of a form: one or two fields of label and value. ``sign``: words at the lower right of the value.

    ``height``: millimetres at least.
    """

    fields: tuple[tuple[Text, Text], ...]
    height: float = 11.0
    sign: Text | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A ruled form 审批表."""

    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to be filled in by hand: label, then a place to write; right half of the page."""

    lines: tuple[Text, ...]


Block = Heading | Paragraph | Table | Form | Signatures


@dataclass(frozen=True, slots=True)
class Annex:
    """On pages of its own, before the imprint. ``mark``: 附件1, or empty for a further page of the same kind. Without blocks
    it is only named under the text: a document of its own goes along."""

    mark: Text
    title: Text
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """版头: letterhead in red, serial number, red rule. ``signer``: of a document to the level above (签发人), else None;
    "" leaves the place for a signature by hand. ``serial`` "" leaves the place of the number."""

    letterhead: Text
    serial: str = ""
    signer: str | None = None


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 at the foot of the last page: subject words (before 2012), copy to, printed by and on."""

    printed_by: Text
    printed_on: date
    copy_to: tuple[Text, ...] = ()
    subject_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """``head`` None: no letterhead (forms, rosters, commitments). ``style``: id of the policy's document style.

    ``by``: the body that issues it, where that is not the town committee: ``working_committee``, ``leading_group``, or the
    id of an organization. ``facts``: what an office's own template may put into its own words, by name (docs/documents.md).
    """

    kind: PaperKind
    title: Text
    blocks: tuple[Block, ...]
    style: str = "gbt9704-2012"
    head: Head | None = None
    addressees: Text | None = None
    annexes: tuple[Annex, ...] = ()
    signed: Text | None = None
    day: date | None = None
    imprint: Imprint | None = None
    facts: Mapping[str, Text] = field(default_factory=dict)
    by: str = ""

    @property
    def layout(self) -> Literal["official", "upward", "plain"]:
        """Which template: with a letterhead, with a letterhead to the level above (上行文), or without one."""
        if self.head is None:
            return "plain"
        return "official" if self.head.signer is None else "upward"

    @property
    def serial(self) -> str:
        """The number that was given; "" where there is none, or only the place for one."""
        return self.head.serial if self.head is not None and _NUMBERED.search(self.head.serial) else ""

    def numbered(self, serial: str) -> Paper:
        """The document with the number that its body gave it. ValueError where it has no letterhead to bear one."""
        if self.head is None:
            raise ValueError(f"a {self.kind.value} bears no number")
        return replace(self, head=replace(self.head, serial=serial))
