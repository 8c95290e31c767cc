"""Subset-row cuts over cores: of any three units, at most one organization can have two.

Three units with two full members each can be paired half and half in the relaxation (three halves of an organization);
in truth only one pair is founded. For a set S of three units: sum of y over cores with at least two of S <= 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from liangxin.planning.problem import Floats, Ints

Triple = tuple[int, int, int]
_VIOLATED: Final = 0.02
MOST_PER_ROUND: Final = 150


def triples(units: Ints, columns: Ints, value: Floats, most: int = MOST_PER_ROUND) -> list[Triple]:
    """The most violated triples. ``units``, ``columns``: the units with members of every core; ``value``: its y."""
    fractional = (value > 1e-6) & (value < 1 - 1e-6)
    keep = fractional[columns]
    by_core: dict[int, list[int]] = {}
    for unit, column in zip(units[keep].tolist(), columns[keep].tolist(), strict=True):
        by_core.setdefault(column, []).append(unit)
    pair: dict[tuple[int, int], float] = {}
    whole: dict[Triple, float] = {}
    near: dict[int, set[int]] = {}
    for column, members in by_core.items():
        members = sorted(set(members))
        for i, a in enumerate(members):
            for j in range(i + 1, len(members)):
                b = members[j]
                pair[a, b] = pair.get((a, b), 0.0) + float(value[column])
                near.setdefault(a, set()).add(b)
                near.setdefault(b, set()).add(a)
                for c in members[j + 1 :]:
                    whole[a, b, c] = whole.get((a, b, c), 0.0) + float(value[column])
    found: list[tuple[float, Triple]] = []
    for a, b in sorted(pair):
        for c in sorted(near[a] | near[b]):
            if c <= b:
                continue
            total = pair[a, b] + pair.get((a, c), 0.0) + pair.get((b, c), 0.0) - 2 * whole.get((a, b, c), 0.0)
            if total > 1 + _VIOLATED:
                found.append((-total, (a, b, c)))
    found.sort()
    return [triple for _, triple in found[:most]]


class ByUnit:
    """The cores of every unit, to find those that a cut is about."""

    def __init__(self, units: Ints, cores: Ints) -> None:
        order = np.argsort(units, kind="stable")
        self.units, self.cores = units[order], cores[order]

    def with_two(self, triple: Triple) -> Ints:
        """The cores that have at least two units of the triple, ascending."""
        first, last = np.searchsorted(self.units, triple), np.searchsorted(self.units, triple, side="right")
        found = [self.cores[a:b] for a, b in zip(first, last, strict=True)]
        core, times = np.unique(np.concatenate(found), return_counts=True)
        result: Ints = core[times >= 2].astype(np.int32)
        return result
