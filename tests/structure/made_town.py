"""A small town made by hand: seven work areas, a park of four areas, a market, villages; and an arrangement of 150."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import polars as pl

from liangxin.policy import Policy, load_policy
from liangxin.registry.fields import ledger_schema
from liangxin.registry.town import Area, Association, OrganizationRecord, Town
from liangxin.structure import ArrangedOrganization, Arrangement, Tree, build_tree

DAY = date(2011, 8, 15)
NUMERALS = "一二三四五六七"


@cache
def policy() -> Policy:
    return load_policy("changle-2011-44", as_of=DAY)


def made_town() -> Town:
    """Areas A1-A7 with villages V11..V73, park P with P1-P4, market M1; branches and villages that stood before."""
    areas: list[Area] = []
    organizations = [
        OrganizationRecord("O-P", "长乐工业园区联合党支部", "joint_branch", None, "P", date(2006, 7, 1)),
        OrganizationRecord("O-S", "个私协会联合党支部", "joint_branch", None, None, date(2005, 7, 1)),
    ]
    for number, numeral in enumerate(NUMERALS, start=1):
        areas.append(Area(f"A{number}", f"第{numeral}工作片", "work_area"))
        organizations.append(
            OrganizationRecord(
                f"O-A{number}",
                f"第{numeral}工作片党总支",
                "general_branch",
                None,
                f"A{number}",
                date(2008, 7, 1),
            )
        )
        for village in range(1, 4):
            id = f"V{number}{village}"
            areas.append(Area(id, f"{numeral}片{'东西南'[village - 1]}溪村", "village", f"A{number}"))
            if village < 3:  # the third village's organization is not in the town file
                organizations.append(
                    OrganizationRecord(
                        f"O-{id}",
                        f"{numeral}片{'东西南'[village - 1]}溪村党支部",
                        "branch",
                        f"O-A{number}",
                        id,
                        date(1990, 7, 1),
                    )
                )
    areas.append(Area("P", "长乐工业园区", "park"))
    areas += [
        Area(f"P{n}", f"工业园区{side}片", "park_area", "P") for n, side in enumerate("东南西北", start=1)
    ]
    areas.append(Area("M1", "五金市场", "market", "A1"))
    return Town(
        name="长乐镇",
        code="330683101",
        areas=tuple(areas),
        associations=(Association("S1", "电机行业协会", "u-assoc"),),
        organizations=tuple(organizations),
    )


def ledger(*rows: dict[str, Any]) -> pl.DataFrame:
    """A ledger of these rows; what is not given is 待核."""
    schema = ledger_schema()
    full = [{name: row.get(name) for name in schema} for row in rows]
    return pl.DataFrame(full, schema=schema)


def unit(id: str, full: int | None, **more: Any) -> dict[str, Any]:
    """One unit: an enterprise in operation, with no probationary and no mobile member, unless said otherwise."""
    return {
        "unit_id": id,
        "name": f"单位{id}",
        "kind": "enterprise",
        "state": "operating",
        "full_members": full,
        "probationary_members": 0,
        "mobile_members": 0,
        "graduate_mobile_members": 0,
        **more,
    }


def arranged(
    id: str, form: str, rows: list[dict[str, Any]], *, status: str = "new", name: str = "", host: str = ""
) -> ArrangedOrganization:
    """An organization of these units; the first is the lead unit."""
    type = {"separate": "branch", "seconded": "branch", "mobile": "branch", "village": "group"}.get(
        form, "joint_branch"
    )
    full = sum(row["full_members"] or 0 for row in rows)
    return ArrangedOrganization(
        id=id,
        name=name or f"{id}党组织",
        type=type,
        form=form,
        host=host or rows[0]["unit_id"],
        unit_ids=tuple(row["unit_id"] for row in rows),
        full_members=full,
        members=full,
        status=status,  # type: ignore[arg-type]
    )


def big_arrangement() -> tuple[Arrangement, pl.DataFrame]:
    """150 organizations over all areas: separate, joint and village ones, some names long, some with & < > and rare
    characters."""
    rows: list[dict[str, Any]] = []
    organizations: list[ArrangedOrganization] = []
    places = [{"village": f"V{a}{v}"} for a in range(1, 8) for v in range(1, 4)]
    places += [{"park": f"P{n}", "village": "V11"} for n in range(1, 5)] * 3
    places += [{"venue": "M1", "village": "V11"}]
    odd = [
        "A&B <精密> “模具”",
        "𠮷田（长乐）超长名称机械电子科技股份有限公司嵊州长乐分公司",
        "Changle Precision Motor Co.",
    ]
    for number in range(150):
        place = places[number % len(places)]
        village = place["village"]
        traders = number % 17 == 0 or "venue" in place
        kind = "household" if traders else "civil_non_enterprise" if number % 19 == 0 else "enterprise"
        form = ("separate", "zone", "village")[number % 3]
        if form == "zone" and "park" in place:
            form = "park"
        size = {"separate": 1, "village": 1}.get(form, 3)
        units = [
            unit(
                f"u{number}-{part}",
                {"separate": 3 + number % 5, "village": 1}.get(form, 1 + (part == 0)),
                kind=kind,
                graduate_mobile_members=1 if number % 10 == 0 and part == 0 else 0,
                **place,
            )
            for part in range(size)
        ]
        rows += units
        name = odd[number // 50] + f"{number}党支部" if number % 50 == 7 else f"长乐{number}号电机厂党支部"
        host = village if form == "village" else ""
        organizations.append(arranged(f"N{number}", form, units, name=name, host=host))
    return Arrangement(DAY, tuple(organizations)), ledger(*rows)


def big_tree() -> tuple[Tree, pl.DataFrame]:
    arrangement, frame = big_arrangement()
    return build_tree(made_town(), arrangement, policy(), frame), frame
