"""What ``liangxin check --json`` prints (``liangxin.check/1``): the counts and every finding with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from liangxin.files.ledger import LedgerFile
from liangxin.findings import Finding, Severity

FORMAT: Final = "liangxin.check/1"


def checked(ledger: LedgerFile) -> dict[str, Any]:
    """A ledger that could be read, with or without errors."""
    wrong = len(ledger.units_of(ledger.errors))
    return _document(ledger.path.name, ledger.layout.sheet, ledger.frame.height, wrong, ledger.findings)


def refused(file: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """A file that cannot be used at all: no unit was read."""
    return _document(file, "", 0, 0, findings)


def _document(file: str, sheet: str, units: int, wrong: int, findings: Sequence[Finding]) -> dict[str, Any]:
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    return {
        "format": FORMAT,
        "file": file,
        "sheet": sheet,
        "units": units,
        "units_without_errors": units - wrong,
        "units_with_errors": wrong,
        "errors": errors,
        "warnings": len(findings) - errors,
        "findings": [_finding(finding) for finding in findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    """What is not known of a finding (a sheet in a text file, a line in a workbook) is left out."""
    place = finding.place
    known = {
        "file": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "cell": place.cell,
        "line": place.line,
        "offset": place.offset,
        "field": finding.column_of,
        "found": finding.found,
    }
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message.as_dict(),
        **{key: value for key, value in known.items() if value not in ("", None)},
        **({"accepted": finding.accepted.as_dict()} if finding.accepted is not None else {}),
    }
