"""An id for every unit: as filled in, else from the credit code, else from name and place, the same on every run."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from liangxin.findings import Finding, Severity
from liangxin.registry.unit_finding import UnitFinding
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl


def give_ids(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[UnitFinding]]:
    """Fill missing ``unit_id``: the organization code where there is one, else a digest of name, village, park and venue.

    The same unit gets the same id whatever its row, so that plans of two days can be compared; only units without a name,
    which are errors anyhow, differ by their row. One warning says how many ids were given.
    """
    import polars as pl

    missing = frame["unit_id"].is_null()
    if not missing.any():
        return frame, []
    places = ("name", "area", "village", "park", "venue")
    given = [
        own_id or code or _digest(*(rest if rest[0] else (*rest, str(row))))
        for row, (own_id, code, *rest) in enumerate(
            frame.select("unit_id", _usable_code(), *places).iter_rows()
        )
    ]
    units = missing.arg_true().to_list()
    finding = Finding(
        "given_id",
        Text(
            f"{len(units)}家单位没有编号，已按信用代码或名称编号",
            f"{len(units)} units have no number; they were given one from the credit code or the name",
        ),
        severity=Severity.WARNING,
        column_of="unit_id",
    )
    return frame.with_columns(pl.Series("unit_id", given, dtype=pl.String)), [UnitFinding(units[0], finding)]


def _usable_code() -> pl.Expr:
    """The organization code inside a credit code (places 9 to 17), which a change of the credit code leaves; older
    codes as they are."""
    import polars as pl

    code = pl.col("uscc")
    return (
        pl.when(code.str.len_chars() == 18)
        .then(code.str.slice(8, 9))
        .when(~code.str.starts_with("无"))
        .then(code)
        .alias("uscc")
    )


def _digest(*parts: str | None) -> str:
    content = "\x1f".join(part or "" for part in parts)
    return "U" + hashlib.sha256(content.encode()).hexdigest()[:12]
