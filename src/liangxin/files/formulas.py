"""Formulas that were never computed, and those that give an error: the parser reads both as empty cells.

Taken for empty they would silently become 待核, so they are found in the sheet's XML and said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_FORMULA: Final = re.compile(rb"<f[ >/]")
_ERROR: Final = re.compile(rb'<c (?=[^>]*\bt="e")[^>]*\br="([A-Z]+\d+)"')
_REFERENCE: Final = re.compile(rb'\br="([A-Z]+\d+)"')
_VALUE: Final = re.compile(rb"<v(?:\s[^>]*)?>[^<]")


@dataclass(frozen=True, slots=True)
class Faults:
    """Cells by their name ("H5"). ``unvalued``: formulas without a stored value; ``errors``: #N/A, #REF! and their kin."""

    unvalued: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def find_faults(xml: bytes) -> Faults:
    """The faulty cells of a sheet, given as its XML."""
    errors = _ERROR.findall(xml) if b't="e"' in xml else []
    return Faults(_unvalued(xml), tuple(cell.decode() for cell in errors))


def _unvalued(xml: bytes) -> tuple[str, ...]:
    found: list[str] = []
    for formula in _FORMULA.finditer(xml):
        start = xml.rfind(b"<c ", 0, formula.start())
        end = xml.find(b"</c>", formula.start())
        cell = xml[start : end if end >= 0 else len(xml)]
        opening = cell[: cell.find(b">")]
        computed = _VALUE.search(cell) or (
            b't="str"' in opening and b"<v" in cell
        )  # an empty text is a value
        reference = _REFERENCE.search(opening)
        if not computed and reference is not None:
            found.append(reference.group(1).decode())
    return tuple(found)
