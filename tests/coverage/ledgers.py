"""Small ledgers for the tests of this room: written out, or drawn at random."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
from hypothesis import strategies as st

from liangxin.policy import load_policy
from liangxin.policy.model import Policy
from liangxin.registry.fields import ledger_schema

DAY = date(2011, 8, 15)


@lru_cache
def notice(as_of: date = DAY) -> Policy:
    return load_policy("changle-2011-44", as_of=as_of)


ENTERPRISE: dict[str, Any] = {
    "kind": "enterprise",
    "ownership": "private",
    "state": "operating",
    "staff": 20,
    "revenue": 100.0,
    "full_members": 0,
    "probationary_members": 0,
    "mobile_members": 0,
    "organization_form": "none",
    "area": "A1",
    "village": "V1",
}


def ledger(*units: dict[str, Any]) -> pl.DataFrame:
    """A ledger of enterprises with these facts; ids U1, U2 ... and names where none are given."""
    schema = ledger_schema()
    rows = [
        {**dict.fromkeys(schema), **ENTERPRISE, "unit_id": f"U{number}", "name": f"第{number}厂", **facts}
        for number, facts in enumerate(units, start=1)
    ]
    return pl.DataFrame(rows, schema=schema)


def _maybe(*values: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *values])


FACTS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "kind": _maybe("enterprise", "enterprise", "enterprise", "household", "social_group"),
        "ownership": _maybe("private", "private", "foreign", "state"),
        "state": _maybe("operating", "operating", "operating", "deregistered"),
        "staff": _maybe(0, 49, 50, 79, 80, 100),
        "revenue": _maybe(0.0, 499.99, 500.0),
        "full_members": _maybe(0, 1, 2, 3),
        "probationary_members": _maybe(0, 1),
        "mobile_members": _maybe(0, 3),
        "organization_form": _maybe("none", "none", "separate", "park", "village"),
        "organization_id": _maybe("O1", "O2"),
        "instructor_id": _maybe("", "I1"),
        "union": _maybe(True, False),
        "youth_league": _maybe(False),
        "womens_federation": _maybe(False),
        "applicants": _maybe(0, 1),
        "owner_trained_on": _maybe(date(2011, 8, 1), date(2011, 9, 1)),
        "owner_identity": _maybe("member", "none"),
    }
)
"""Any mixture of facts, each of them possibly 待核."""
