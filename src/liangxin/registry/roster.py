"""A frozen roster: the base that a report stands on, with a fingerprint, and who left it and why.

The base matters more than anything else in a rate, so every report names the roster it was counted on. Two rosters
with the same fingerprint hold the same facts of the same units, whatever the order of their rows.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from liangxin.findings import Finding, InputError
from liangxin.registry.fields import FIELDS, FieldType, ledger_schema
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Roster:
    """``left_out``: unit id -> id of the scope rule (or state) that left it out. ``frame`` is sorted by unit id."""

    as_of: date
    frame: pl.DataFrame
    left_out: Mapping[str, str]
    sha256: str

    @property
    def units(self) -> int:
        return self.frame.height

    @property
    def in_scope(self) -> int:
        return self.frame.height - len(self.left_out)

    def reasons(self) -> dict[str, int]:
        """How many units each reason left out, the most frequent first."""
        return dict(Counter(self.left_out.values()).most_common())

    def base(self) -> pl.DataFrame:
        """The units that count."""
        import polars as pl

        return self.frame.filter(~pl.col("unit_id").is_in(list(self.left_out)))


@dataclass(frozen=True, slots=True)
class BaseChange:
    """What happened to the base between two rosters; a rate may move by this alone."""

    joined: tuple[str, ...]  # unit ids that are in the newer base only
    left: Mapping[
        str, str
    ]  # unit ids of the older base: why they left ("gone": not in the newer roster at all)


def freeze(frame: pl.DataFrame, left_out: Mapping[str, str] | pl.DataFrame, as_of: date) -> Roster:
    """Freeze a ledger.

    Args:
        frame: with columns of ``ledger_schema()``; further ones are let go, of one that lacks nothing is known. Every unit has an id of its own.
        left_out: unit id -> reason, or a frame with ``unit_id`` and ``left_out`` (null: in the base), as ``coverage``
            makes it.
        as_of: the day the facts are of.

    Raises:
        InputError: a unit without id, or two with the same.
    """
    import polars as pl

    ids = frame["unit_id"]
    doubled = sorted(set(ids.filter(ids.is_duplicated()).drop_nulls().to_list()))
    if doubled or ids.null_count():
        raise InputError(_unusable_ids(doubled, ids.null_count()))
    if isinstance(left_out, pl.DataFrame):
        rows = left_out.select("unit_id", "left_out").drop_nulls("left_out").iter_rows()
        left_out = dict(rows)
    kept = frame.select([name for name in FIELDS if name in frame.columns]).sort("unit_id")
    reasons = {unit_id: left_out[unit_id] for unit_id in kept["unit_id"].to_list() if unit_id in left_out}
    return Roster(as_of, kept, reasons, _fingerprint(kept, reasons, as_of))


def compare(older: Roster, newer: Roster) -> BaseChange:
    """Who joined and who left the base, each leaver with the newer roster's reason."""
    before, after = set(older.base()["unit_id"]), set(newer.base()["unit_id"])
    left = {unit_id: newer.left_out.get(unit_id, "gone") for unit_id in sorted(before - after)}
    return BaseChange(tuple(sorted(after - before)), left)


def _unusable_ids(doubled: list[str], missing: int) -> list[Finding]:
    findings = [
        Finding(
            "double_id",
            Text("编号重复，不能冻结名册", "Two units have this number; the roster cannot be frozen"),
            found=unit_id,
            column_of="unit_id",
        )
        for unit_id in doubled
    ]
    if missing:
        findings.append(
            Finding(
                "missing_id",
                Text(f"{missing}家单位没有编号，不能冻结名册", f"{missing} units have no number"),
                column_of="unit_id",
            )
        )
    return findings


FINGERPRINTS: Final = ("roster/2", "roster/1", "plan/1")
"""Every way a fingerprint was ever made, newest first. ``plan/1`` is the one that plan.json had before ``roster/2``."""

# The ledger's columns when roster/1 and plan/1 were the way; both are over all of them, known or not.
_COLUMNS_THEN: Final = (
    "unit_id", "uscc", "name", "kind", "ownership", "state", "industry", "staff", "revenue", "member_units",
    "full_time_staff", "owner_identity", "owner_is_secretary", "full_members", "probationary_members", "mobile_members",
    "graduate_mobile_members", "organization_id", "organization_form", "superior_id", "intended_form", "area", "village",
    "park", "venue", "association", "leader_unit_id", "chain_unit_ids", "lon", "lat", "instructor_id", "union",
    "youth_league", "womens_federation", "applicants", "owner_trained_on", "secretary_candidate", "conditions_mature",
    "reason_none", "task_group", "surveyed_on", "remark",
)  # fmt: skip


def matching_fingerprint(roster: Roster, sha256: str) -> str | None:
    """Which of ``FINGERPRINTS`` gives ``sha256`` for these facts; None: other facts, another day or other reasons."""
    ways = {
        "roster/2": lambda: roster.sha256,
        "roster/1": lambda: _by_columns(roster),
        "plan/1": lambda: _as_lines(roster),
    }
    return next((name for name in FINGERPRINTS if ways[name]() == sha256), None)


def _fingerprint(frame: pl.DataFrame, left_out: Mapping[str, str], as_of: date) -> str:
    """SHA-256 over one line of JSON a unit, in the order of ids: what is known by field name, and why it was left out.

    Written out so that anyone can recompute it: names in the order of the alphabet, nothing for 待核, days as 2011-08-09,
    several values sorted. A field that the table gets later changes no fingerprint where nothing is known of it.
    """
    digest = hashlib.sha256(f"liangxin.roster/2 {as_of.isoformat()}\n".encode())
    ordered = _canonical(frame.select(sorted(frame.columns)))
    names, number = ordered.columns, ordered.columns.index("unit_id")
    for row in ordered.iter_rows():
        known = {
            name: value for name, value in zip(names, row, strict=True) if value is not None and value != []
        }
        _add_line(digest, [known, left_out.get(row[number])])
    return digest.hexdigest()


def _by_columns(roster: Roster) -> str:
    """``roster/1``: every column in the ledger's order, null for not known; a line a unit."""
    digest = hashlib.sha256(f"liangxin.roster/1 {roster.as_of.isoformat()}\n".encode())
    for row in _canonical(_columns_then(roster.frame)).iter_rows():
        _add_line(digest, [*row, roster.left_out.get(row[0])])
    return digest.hexdigest()


def _as_lines(roster: Roster) -> str:
    """``plan/1``: the facts as Polars writes lines of JSON, without the day and the reasons."""
    return hashlib.sha256(_columns_then(roster.frame).write_ndjson().encode()).hexdigest()


def _columns_then(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    schema = ledger_schema()
    missing = [pl.lit(None, schema[name]).alias(name) for name in _COLUMNS_THEN if name not in frame.columns]
    return frame.with_columns(missing).select(_COLUMNS_THEN)


def _add_line(digest: hashlib._Hash, content: list[Any]) -> None:
    digest.update(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _canonical(frame: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    several = [name for name in frame.columns if FIELDS[name].type is FieldType.REFERENCES]
    dates = [name for name in frame.columns if FIELDS[name].type is FieldType.DATE]
    return frame.with_columns(
        *[pl.col(name).list.sort() for name in several],
        *[pl.col(name).dt.to_string("%Y-%m-%d") for name in dates],
    )
