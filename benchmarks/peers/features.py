"""What a clustering method sees of a unit: place and trade, scaled so that distance is about what the objective charges."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from liangxin.planning.problem import Problem


def pools(problem: Problem) -> Iterator[np.ndarray]:
    """Territory by territory, the free units that must be covered or bring members."""
    asked = (problem.required | (problem.t > 0)) & (problem.t < problem.limits.min_full_members)
    asked &= (problem.territory >= 0) & (problem.pinned_host < 0)
    order = np.flatnonzero(asked)
    order = order[np.argsort(problem.territory[order], kind="stable")]
    for units in np.split(order, np.flatnonzero(np.diff(problem.territory[order])) + 1):
        if len(units) >= 2 and problem.t[units].sum() >= problem.limits.min_full_members:
            yield units


def features(problem: Problem, units: np.ndarray) -> np.ndarray:
    """Rows for ``units``: half a kilometre's cost per kilometre, and trade by division, group and class. Shape (n, d)."""
    weights = problem.weights
    place = np.column_stack([problem.x_km[units], problem.y_km[units]])
    place = weights.distance * np.nan_to_num(
        place, nan=float(np.nanmean(place)) if not np.isnan(place).all() else 0.0
    )
    steps = weights.industry * np.diff(
        [0.0, weights.industry_same_group, weights.industry_same_division, 1.0]
    )
    columns = [place]
    for step, tail in zip(steps, (1, 10, 100), strict=True):
        codes = problem.industry[units] // tail
        hot = (codes[:, None] == np.unique(codes)[None, :]).astype(float)
        columns.append(hot * step / np.sqrt(2))
    return np.hstack(columns)


def groups_of(units: np.ndarray, labels: np.ndarray) -> list[list[int]]:
    """The units of each label."""
    return [units[labels == label].tolist() for label in np.unique(labels) if label >= 0]
