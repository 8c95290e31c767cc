"""A ledger of a few units, written as the facts that matter, and a town to go with it."""

from __future__ import annotations

from datetime import date

import polars as pl

from liangxin.coverage import Classification, classify
from liangxin.policy import load_policy
from liangxin.registry.fields import ledger_schema
from liangxin.registry.town import Area, Association, Instructor, OrganizationRecord, Town

DAY = date(2011, 8, 15)


def town(*organizations: OrganizationRecord, instructors: int = 4) -> Town:
    return Town(
        name="长乐镇",
        code="330683101",
        areas=(
            Area("A1", "第一工作片", "work_area", None, (120.62, 29.47)),
            Area("V1", "水竹村", "village", "A1", (120.62, 29.47)),
            Area("V2", "上枫村", "village", "A1", (120.64, 29.47)),
            Area("P1", "工业园区东片", "park_area", "A1", (120.615, 29.465)),
        ),
        associations=(Association("S1", "电机行业协会"),),
        instructors=tuple(Instructor(f"I{number}", capacity=25, area="A1") for number in range(instructors)),
        organizations=organizations,
    )


def unit(unit_id: str, full: int | None = 0, **facts: object) -> dict[str, object]:
    """An operating private enterprise of 水竹村 with ten staff."""
    known: dict[str, object] = {
        "unit_id": unit_id,
        "name": f"{unit_id}有限公司",
        "kind": "enterprise",
        "ownership": "private",
        "state": "operating",
        "industry": "3811",
        "staff": 10,
        "revenue": 100.0,
        "full_members": full,
        "probationary_members": 0,
        "mobile_members": 0,
        "organization_form": "none",
        "area": "A1",
        "village": "V1",
        "lon": 120.62,
        "lat": 29.47,
    }
    return {**known, **facts}


def classified(*units: dict[str, object]) -> Classification:
    return classify(
        pl.DataFrame(list(units), schema=ledger_schema()), load_policy("changle-2011-44", as_of=DAY)
    )
