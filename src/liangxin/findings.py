"""What is wrong in an input: where, what was found, what is accepted. All findings are given at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from liangxin.wording import Lang, Text


class Severity(Enum):
    ERROR = "error"  # the row or file cannot be used as it stands
    WARNING = "warning"  # used, but somebody should look


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: in a workbook (sheet, row and column as Excel numbers them), a text file (line) or a form (field)."""

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""  # the header as the user wrote it, or the field's label
    cell: str = ""  # "F12"
    line: int | None = None  # text files: 1-based line
    offset: int | None = None  # text files: 1-based column in the line
    subject: str = ""  # in a form: the name of what is changed
    field: Text | None = None  # in a form: the field's label

    def text(self) -> Text:
        zh: list[str] = []
        en: list[str] = []
        if self.file:
            zh.append(self.file)
            en.append(self.file)
        if self.sheet:
            zh.append(f"工作表“{self.sheet}”")
            en.append(f'sheet "{self.sheet}"')
        if self.row is not None:
            zh.append(f"第{self.row}行")
            en.append(f"row {self.row}")
        if self.column:
            zh.append(f"“{self.column}”列")
            en.append(f'column "{self.column}"')
        if self.subject:
            zh.append(self.subject)
            en.append(self.subject)
        if self.field is not None:
            zh.append(f"“{self.field.zh}”栏")
            en.append(f'field "{self.field.en}"')
        if self.cell:
            zh.append(f"（{self.cell}）")
            en.append(f"({self.cell})")
        if self.line is not None:
            zh.append(f"第{self.line}行" + (f"第{self.offset}列" if self.offset is not None else ""))
            en.append(f"line {self.line}" + (f" column {self.offset}" if self.offset is not None else ""))
        return Text(" ".join(zh), " ".join(en))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong. ``code`` is stable (tests, API and help pages name it); ``column_of`` is the canonical field."""

    code: str
    message: Text
    place: Place = field(default_factory=Place)
    found: str = ""
    accepted: Text | None = None
    severity: Severity = Severity.ERROR
    column_of: str = ""  # canonical field name, where it is about one field

    def sentence(self, lang: Lang) -> str:
        where = self.place.text().in_language(lang)
        said = self.message.in_language(lang)
        colon, stop = ("：", "。") if lang == "zh" else (": ", ". ")
        line = f"{where}{colon}{said}" if where else said
        if self.found:
            line += f"{stop}{'填写的是' if lang == 'zh' else 'Found'}{colon}{self.found}"
        if self.accepted is not None:
            line += f"{stop}{'可填' if lang == 'zh' else 'Accepted'}{colon}{self.accepted.in_language(lang)}"
        return line


class InputError(Exception):
    """The input cannot be used. Carries every finding, never only the first. The command exits with 1."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        super().__init__("\n".join(finding.sentence("zh") for finding in self.findings))

    @classmethod
    def of(cls, code: str, zh: str, en: str, **kwargs: object) -> InputError:
        """One finding, raised. ``kwargs`` are Finding's (place, found, accepted, column_of)."""
        return cls([Finding(code, Text(zh, en), **kwargs)])  # type: ignore[arg-type]
