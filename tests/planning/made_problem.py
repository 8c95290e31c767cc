"""Made-up planning problems, straight as arrays, for tests of the solver (the sample room makes whole ledgers)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from liangxin.planning.forms import ALL_FORMS, MOBILE, NONE, ORGANIZED, VILLAGE, bit
from liangxin.planning.problem import Limits, Links, Problem, Weights, links

WEIGHTS = Weights(
    per_unit=np.array([0.0, 0.10, 0.30, 0.45, 0.25, 0.35, 0.90, 0.0, 0.0]),
    per_organization=np.array([0.0, 0.20, 0.20, 0.20, 0.10, 0.20, 0.0, 0.0, 0.0]),
)


def blank(n: int, **changes: object) -> Problem:
    """n enterprises of one village at one place with no member; ``changes`` replace fields."""
    problem = Problem(
        unit_ids=tuple(f"u{unit}" for unit in range(n)),
        t=np.zeros(n, np.int32),
        members=np.zeros(n, np.int32),
        staff=np.full(n, 10, np.int32),
        x_km=np.zeros(n),
        y_km=np.zeros(n),
        industry=np.full(n, 3811, np.int32),
        industry_digits=np.full(n, 4, np.int32),
        territory=np.zeros(n, np.int32),
        in_park=np.zeros(n, bool),
        associations=links([[] for _ in range(n)]),
        work_area=np.zeros(n, np.int32),
        place=np.zeros(n, np.int32),
        can_lead=np.zeros(n, bool),
        chain=links([[] for _ in range(n)]),
        required=np.zeros(n, bool),
        in_base=np.ones(n, bool),
        covering=np.full(n, bit(*ORGANIZED, VILLAGE), np.int32),
        counted=np.full(n, bit(*ORGANIZED), np.int32),
        allowed=np.full(n, ALL_FORMS & ~bit(MOBILE), np.int32),
        pinned_host=np.full(n, -1, np.int32),
        previous_form=np.full(n, -1, np.int32),
        previous_host=np.full(n, -1, np.int32),
        territory_ids=("V0",),
        association_ids=(),
        work_area_ids=("A0",),
        place_ids=("V0",),
        place_x_km=np.zeros(1),
        place_y_km=np.zeros(1),
        limits=Limits(),
        weights=WEIGHTS,
        establishment_needed=0,
        work_coverage_share=0.0,
        instructors=0,
        instructor_capacity=25.0,
        stays=np.zeros(n, bool),
        policy_forms=np.full(n, ALL_FORMS, np.int32),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def made_problem(n: int, seed: int, share: float = 0.35) -> Problem:
    """A town of n units: parks, markets and villages in work areas, skewed sizes, about 15% with any member."""
    rng = np.random.default_rng(seed)
    areas = max(1, round(n / 285))
    side = 4.0 * np.sqrt(areas)
    centre = rng.uniform(0, side, (areas, 2))
    work_area = rng.integers(0, areas, n).astype(np.int32)
    villages = 6
    village_xy = centre[:, None, :] + rng.normal(0, 1.6, (areas, villages, 2))
    village = work_area * villages + rng.integers(0, villages, n)
    where = rng.random(n)
    in_park = (where < 0.30) & (work_area % 2 == 0)
    in_market = ~in_park & (where > 0.85)
    xy = village_xy.reshape(-1, 2)[village] + rng.normal(0, 0.5, (n, 2))
    park_xy = centre + rng.normal(0, 1.0, (areas, 2))
    market_xy = centre + rng.normal(0, 1.0, (areas, 2))
    xy[in_park] = park_xy[work_area[in_park]] + rng.normal(0, 0.35, (int(in_park.sum()), 2))
    xy[in_market] = market_xy[work_area[in_market]] + rng.normal(0, 0.12, (int(in_market.sum()), 2))
    territory = village.copy()
    territory[in_park] = areas * villages + work_area[in_park]
    territory[in_market] = areas * (villages + 1) + work_area[in_market]
    staff = np.minimum(rng.lognormal(2.4, 1.1, n), 3000).astype(np.int32) + 1
    revenue = staff * rng.lognormal(3.0, 0.7, n)
    chance = np.clip(0.06 + 0.10 * np.log10(staff), 0.02, 0.9)
    has = rng.random(n) < chance * 0.18 / chance.mean()
    t = np.where(has, rng.geometric(0.55, n) + rng.poisson(staff / 60), 0).astype(np.int32)
    members = (t + np.where(has, rng.random(n) < 0.25, 0)).astype(np.int32)
    divisions = np.array([13, 17, 18, 29, 33, 34, 35, 38, 51, 52, 65])
    own_trade = divisions[(work_area * 3) % len(divisions)]
    division = np.where(rng.random(n) < 0.45, own_trade, rng.choice(divisions, n))
    industry = (division * 100 + rng.integers(1, 4, n) * 10 + rng.integers(1, 5, n)).astype(np.int32)
    member_of = [
        [int(np.flatnonzero(divisions == d)[0]) + len(divisions) * int(a // 12)] if joins else []
        for d, a, joins in zip(division, work_area, rng.random(n) < 0.08, strict=True)
    ]
    chain: list[set[int]] = [set() for _ in range(n)]
    for unit in rng.choice(n, n // 25, replace=False):
        near = np.flatnonzero(work_area == work_area[unit])
        other = int(rng.choice(near))
        if other != unit:
            chain[unit].add(other)
            chain[other].add(int(unit))
    instructors = max(4, round(n / 55))
    required = (t > 0) | (staff >= 80) | ((staff >= 50) & (revenue >= 500))
    allowed = np.full(n, ALL_FORMS & ~bit(MOBILE), np.int32)
    allowed[staff < 50] &= ~bit(1)
    allowed[required] &= ~bit(NONE)
    places = village_xy.reshape(-1, 2)
    return blank(
        n,
        t=t,
        members=members,
        staff=staff,
        x_km=xy[:, 0],
        y_km=xy[:, 1],
        industry=industry,
        territory=territory.astype(np.int32),
        in_park=in_park,
        associations=links(member_of),
        work_area=work_area,
        place=village.astype(np.int32),
        can_lead=(t >= 3) & ((staff >= 45) | (revenue >= 1500)),
        chain=_rows(chain),
        required=required,
        allowed=allowed,
        establishment_needed=int(np.ceil(share * n)),
        work_coverage_share=0.4,
        instructors=instructors,
        territory_ids=tuple(f"T{k}" for k in range(areas * (villages + 2))),
        association_ids=tuple(f"S{k}" for k in range(len(divisions) * (areas // 12 + 1))),
        work_area_ids=tuple(f"A{k}" for k in range(areas)),
        place_ids=tuple(f"V{k}" for k in range(len(places))),
        place_x_km=places[:, 0],
        place_y_km=places[:, 1],
    )


def _rows(sets: list[set[int]]) -> Links:
    return links([sorted(row) for row in sets])
