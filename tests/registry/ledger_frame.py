"""A small ledger frame from the few facts that a test is about; everything else is not yet known."""

from __future__ import annotations

from typing import Any

import polars as pl

from liangxin.registry.fields import ledger_schema


def ledger(*units: dict[str, Any]) -> pl.DataFrame:
    """Units without ``unit_id`` or ``name`` get U0, U1 ... and 甲厂, 乙厂 ..."""
    rows = [
        {"unit_id": f"U{number}", "name": f"{'甲乙丙丁戊己庚辛'[number % 8]}厂{number}"} | unit
        for number, unit in enumerate(units)
    ]
    return pl.DataFrame(rows, schema_overrides=ledger_schema(), infer_schema_length=None).pipe(_complete)


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in ledger_schema().items()
    )
