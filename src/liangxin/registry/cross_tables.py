"""Several tables of the same units, by area, by group, by kind: which cells are withheld so that no table gives away another's.

Where a task group has exactly an area's units, the group's cell is the area's; where it has all of them but one, the difference is
that one. So the cells of all tables are reckoned together. Units that lie in the same cell of every table are one *crossing*; a
cell is a sum of crossings, and so is everything that can be worked out from cells by adding and subtracting. What may not be
worked out: a small count of a cell, of the difference of two cells of which one lies within the other, or of a single crossing.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from liangxin.registry.small_counts import LEAST, withhold

Flags = NDArray[np.bool_]
NEAR_ZERO = 1e-7


@dataclass(frozen=True, slots=True)
class Withheld:
    """For each table the values whose cells are withheld; ``total``: the number of all units must be too."""

    values: tuple[frozenset[Hashable], ...]
    total: bool


def withhold_in_tables(
    crossings: Sequence[Sequence[Hashable]], measures: Sequence[Sequence[int]], least: int = LEAST
) -> Withheld:
    """Which cells of each table are withheld from who may not read the units.

    Args:
        crossings: for each crossing its value in each table, e.g. ``("A1", "G1", "enterprise")``; each once. None: then no
            table has a cell.
        measures: for each number that a cell shows (denominator, numerator) its count in every crossing.

    >>> areas_are_groups = [("A1", "G1"), ("A2", "G2"), ("A3", "G3")]
    >>> found = withhold_in_tables(areas_are_groups, [[1, 9, 20]])
    >>> [sorted(each) for each in found.values]
    [['A1', 'A2'], ['G1', 'G2']]
    """
    if not crossings:
        return Withheld((), False)
    tables = _Tables(crossings, measures)
    total = tables.withhold_each(least)
    if total:
        return Withheld(tuple(frozenset(values) for values in tables.values), True)
    alone = tables.hidden.copy()
    while (told := tables.told(least)) is not None:
        tables.hidden[told] = True
    tables.show_what_may_be(alone, least)
    return Withheld(tables.hidden_values(), False)


class _Tables:
    """All cells one under the other: ``cells`` (cell, crossing) says what is summed, ``hidden`` what is withheld so far."""

    def __init__(self, crossings: Sequence[Sequence[Hashable]], measures: Sequence[Sequence[int]]) -> None:
        columns = list(zip(*crossings, strict=True))
        self.values = [list(dict.fromkeys(column)) for column in columns]
        self.owner = [(table, value) for table, values in enumerate(self.values) for value in values]
        self.cells: Flags = np.array(
            [[each == value for each in columns[table]] for table, value in self.owner], dtype=bool
        ).reshape(len(self.owner), len(crossings))
        self.measures = np.array(measures, dtype=np.int64).reshape(len(measures), len(crossings))
        self.counts = self.measures @ self.cells.T  # (measure, cell)
        self.hidden: Flags = np.zeros(len(self.owner), dtype=bool)
        self.questions: list[tuple[Flags, NDArray[np.float64]]] = []

    def withhold_each(self, least: int) -> bool:
        """Each table by itself, for each measure. True where some number of the whole cannot be told either."""
        total = False
        for table in range(len(self.values)):
            mine = np.array([owner == table for owner, _ in self.owner], dtype=bool)
            for counts in self.counts:
                found = withhold([int(count) for count in counts[mine]], least)
                self.hidden[mine] |= np.array(found.parts, dtype=bool)
                total |= found.total
        return total

    def show_what_may_be(self, alone: Flags, least: int) -> None:
        """Cells that went on the way and need not have gone, the largest first; those that one table asks for stay withheld."""
        for cell in sorted(np.flatnonzero(self.hidden & ~alone), key=lambda cell: -self.counts[0, cell]):
            self.hidden[cell] = False
            if self.told(least) is not None:
                self.hidden[cell] = True

    def hidden_values(self) -> tuple[frozenset[Hashable], ...]:
        return tuple(
            frozenset(
                value
                for (owner, value), gone in zip(self.owner, self.hidden, strict=True)
                if owner == table and gone
            )
            for table in range(len(self.values))
        )

    def told(self, least: int) -> int | None:
        """A shown cell without which a small count can no longer be worked out in the way it can now; None: none can.

        The smallest such cell, so that as little as possible is lost.
        """
        for counts, (unknown, small) in zip(self.counts, self._questions(least), strict=True):
            shown = np.flatnonzero(~self.hidden & (counts > 0))
            known = np.vstack([unknown[shown], np.ones((1, unknown.shape[1]), dtype=bool)]).astype(float)
            target = _first_within(known, small)
            if target is None:
                continue
            weights, *_ = np.linalg.lstsq(known.T, target, rcond=None)
            used = [cell for cell, weight in zip(shown, weights, strict=False) if abs(weight) > NEAR_ZERO]
            if used:
                return int(min(used, key=lambda cell: (self.counts[0, cell], cell)))
        return None

    def _questions(self, least: int) -> list[tuple[Flags, NDArray[np.float64]]]:
        """For each measure the cells over the crossings that are not known to be 0, and the sums of those that are small."""
        if not self.questions:
            for measure, counts in zip(self.measures, self.counts, strict=True):
                # Where a cell shows 0, each of its crossings is known to be 0 and is no unknown any more.
                known = self.cells[counts == 0].any(axis=0)
                unknown = self.cells[:, ~known]
                self.questions.append((unknown, self._small(unknown, measure[~known], least)))
        return self.questions

    @staticmethod
    def _small(cells: Flags, measure: NDArray[np.int64], least: int) -> NDArray[np.float64]:
        """Sets of crossings with a small count: cells, what one cell has beyond another within it, single crossings."""
        within = (cells[:, None, :] | ~cells[None, :, :]).all(axis=2)  # [a, b]: b lies within a
        outer, inner = np.nonzero(within)
        sets = np.vstack([cells, cells[outer] & ~cells[inner], np.eye(cells.shape[1], dtype=bool)])
        counts = sets @ measure
        return np.unique(sets[(counts > 0) & (counts < least)], axis=0).astype(float)


def _first_within(known: NDArray[np.float64], targets: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The first of the targets that is a sum of known rows, each some number of times; None: none is."""
    _, sizes, directions = np.linalg.svd(known, full_matrices=False)
    basis = directions[sizes > NEAR_ZERO * max(known.shape)]
    left = targets - (targets @ basis.T) @ basis
    within = np.flatnonzero(np.abs(left).max(axis=1, initial=0.0) < NEAR_ZERO)
    return targets[within[0]] if len(within) else None
