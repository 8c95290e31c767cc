"""Rows of a sparse matrix for the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from liangxin.planning.problem import Floats, Ints


class Rows:
    """Rows of a sparse matrix, collected entry by entry."""

    def __init__(self) -> None:
        self.lower: list[float] = []
        self.upper: list[float] = []
        self.parts: list[tuple[Ints, Ints, Floats]] = []

    def add(self, lower: Floats, upper: Floats) -> int:
        first = len(self.lower)
        self.lower += lower.tolist()
        self.upper += upper.tolist()
        return first

    def entries(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        self.parts.append(
            (rows, columns, np.broadcast_to(np.asarray(values, dtype=np.float64), np.shape(rows)))
        )

    def matrix(self, columns: int) -> tuple[Ints, Ints, Floats]:
        """Compressed columns: starts, rows, values; zeros left out."""
        row = np.concatenate([part[0] for part in self.parts])
        column = np.concatenate([part[1] for part in self.parts])
        value = np.concatenate([part[2] for part in self.parts])
        used = value != 0
        row, column, value = row[used], column[used], value[used]
        order = np.argsort(column, kind="stable")
        starts = np.searchsorted(column[order], np.arange(columns + 1))
        return starts.astype(np.int32), row[order].astype(np.int32), value[order]
