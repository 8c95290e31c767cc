"""The peers. Each takes a problem and proposes which units belong together; third-party libraries are imported where used."""

from __future__ import annotations

import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from benchmarks.peers.features import features, groups_of, pools
from liangxin.planning.problem import Problem

Proposals = list[list[int]]
Method = Callable[[Problem, int], Proposals]
MAX_P_SECONDS = 240.0
"""Bound for max-p over all territories; those not reached by then go to the repair as they are."""

TERRITORY_SECONDS = 8
"""Bound for max-p in one territory: spopt's annealing does not end where only one region can be made."""

given_up: list[int] = []
"""How many units each territory had that max-p did not divide, of the last call."""


def greedy(problem: Problem, seed: int) -> Proposals:
    """Nearest neighbours: nothing is proposed, and the repair founds again and again what costs least for what it saves."""
    return []


def max_p(problem: Problem, seed: int) -> Proposals:
    """spopt's max-p-regions (Wei, Rey and Knaap 2021), territory by territory: as many regions of three members as can be."""
    import geopandas
    from libpysal.weights import KNN
    from spopt.region import MaxPHeuristic

    ends = time.perf_counter() + MAX_P_SECONDS
    proposals: Proposals = []
    given_up.clear()
    for units in pools(problem):
        if problem.t[units].sum() < 2 * problem.limits.min_full_members:  # one region: nothing to divide
            proposals.append(units.tolist())
            continue
        values = features(problem, units)
        names = [f"f{column}" for column in range(values.shape[1])]
        frame = geopandas.GeoDataFrame(
            {name: values[:, column] for column, name in enumerate(names)},
            geometry=geopandas.points_from_xy(*_apart(problem, units)),
        )
        frame["t"] = problem.t[units].astype(float)
        weights = KNN.from_dataframe(frame, k=min(6, len(units) - 1)).symmetrize()
        np.random.seed(seed)  # spopt draws from numpy's global stream
        model = MaxPHeuristic(
            frame,
            weights,
            names,
            "t",
            problem.limits.min_full_members,
            top_n=2,
            max_iterations_construction=60,
            max_iterations_sa=5,
        )
        try:
            with _at_most(min(TERRITORY_SECONDS, ends - time.perf_counter())):
                model.solve()
        except (ValueError, KeyError, IndexError, AttributeError, TimeoutError):  # told in the report
            given_up.append(len(units))
            proposals.append(units.tolist())
            continue
        proposals += groups_of(units, np.asarray(model.labels_))
    return proposals


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise TimeoutError in the block after so many seconds. Main thread only."""

    def over(*_: object) -> None:
        raise TimeoutError

    if seconds <= 0:
        raise TimeoutError
    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def k_means_constrained(problem: Problem, seed: int) -> Proposals:
    """k-means with cluster sizes of at most the policy's units, by minimum cost flow; k from the members there are."""
    from k_means_constrained import KMeansConstrained

    proposals: Proposals = []
    for units in pools(problem):
        clusters = _clusters(problem, units)
        if clusters < 2:
            proposals.append(units.tolist())
            continue
        model = KMeansConstrained(
            clusters,
            size_min=1,
            size_max=min(max(problem.limits.max_units, math.ceil(len(units) / clusters)), len(units) - 1),
            random_state=seed,
            n_init=4,
            n_jobs=1,
        )
        proposals += groups_of(units, model.fit_predict(features(problem, units)))
    return proposals


def ward(problem: Problem, seed: int) -> Proposals:
    """Agglomerative clustering (Ward) of scikit-learn, territory by territory."""
    from sklearn.cluster import AgglomerativeClustering

    proposals: Proposals = []
    for units in pools(problem):
        clusters = _clusters(problem, units)
        if clusters < 2:
            proposals.append(units.tolist())
            continue
        labels = AgglomerativeClustering(n_clusters=clusters, linkage="ward").fit_predict(
            features(problem, units)
        )
        proposals += groups_of(units, labels)
    return proposals


def _clusters(problem: Problem, units: np.ndarray) -> int:
    """As many as there are members for, and enough that no more than the policy's units fall on one."""
    by_members = int(problem.t[units].sum()) // problem.limits.min_full_members
    by_size = math.ceil(len(units) / problem.limits.max_units)
    return min(max(by_members, by_size), len(units) - 1)


def _apart(problem: Problem, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions a hair apart: neighbour graphs do not like two units on one spot."""
    hair = 1e-6 * np.arange(len(units))
    return np.nan_to_num(problem.x_km[units]) + hair, np.nan_to_num(problem.y_km[units]) - hair


PEERS: dict[str, Method] = {
    "greedy nearest neighbour": greedy,
    "spopt max-p": max_p,
    "k-means-constrained": k_means_constrained,
    "Ward agglomerative": ward,
}
