"""A finding about one unit of a frame; whoever knows the sheet turns it into a finding with a cell."""

from __future__ import annotations

from dataclasses import dataclass

from liangxin.findings import Finding


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """``unit`` is the row of the frame; ``related`` other rows, put into the message's ``{rows}`` by their own numbers."""

    unit: int
    finding: Finding
    related: tuple[int, ...] = ()
