"""Units that may be one and the same: by code, by name as people vary it, and by place. A person decides; nothing merges."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from liangxin.registry.text import fold_column

if TYPE_CHECKING:
    import polars as pl

_PROVINCES: Final = [
    "北京",
    "天津",
    "河北",
    "山西",
    "内蒙古",
    "辽宁",
    "吉林",
    "黑龙江",
    "上海",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "广西",
    "海南",
    "重庆",
    "四川",
    "贵州",
    "云南",
    "西藏",
    "陕西",
    "甘肃",
    "青海",
    "宁夏",
    "新疆",
]
_LEGAL_FORM: Final = (
    r"(?:股份有限责任公司|有限责任公司|股份有限公司|集团有限公司|有限公司|股份公司|集团公司|总公司|公司|集团|"
    r"\(?(?:普通合伙|有限合伙|个人独资|合伙)\)?)+$"
)
_DIVISION: Final = (
    rf"^(?:中国)?(?:(?:{'|'.join(_PROVINCES)})省?)?(?:\p{{Han}}{{2,3}}市){{0,2}}(?:\p{{Han}}{{1,3}}[县区])?"
)

SAME_CODE, SAME_NAME_AND_PLACE, SAME_NAME, SAME_NAME_OTHER_CODE = 1.0, 0.95, 0.8, 0.6
"""How sure: the score of each kind of likeness. Two different good codes speak against it, since a code is for life."""


def plain_name(name: pl.Expr, places: Collection[str] = ()) -> pl.Expr:
    """A name without what varies in writing: width, brackets, spaces, division in front, legal form at the end.

    ``places`` are further words to take off the front, such as the town's own name.

    >>> import polars as pl
    >>> pl.select(plain_name(pl.lit("浙江省嵊州市三界（丝绸）有限公司"))).item()
    '三界丝绸'
    """
    import polars as pl

    bare = fold_column(name).str.to_uppercase()
    shortened = bare.str.replace(_LEGAL_FORM, "").str.replace(_DIVISION, "")
    for place in sorted(places, key=len, reverse=True):
        shortened = shortened.str.strip_prefix(place)
    shortened = shortened.str.replace_all(r"[^\p{Han}0-9A-Z]", "")
    # a name that is nothing but division and form ("嵊州市有限公司") keeps all it has
    return pl.when(shortened.str.len_chars() >= 2).then(shortened).otherwise(bare)


def find_duplicates(frame: pl.DataFrame, places: Collection[str] = ()) -> pl.DataFrame:
    """Pairs of units that may be one.

    Args:
        frame: a ledger, or any frame with ``name`` and ``uscc``; ``address`` or the ledger's place columns are used
            where they are there.
        places: see ``plain_name``.

    Returns:
        ``other`` and ``unit`` (rows of ``frame``, other < unit), ``reason`` (code, name_and_place, name), ``score``
        (0-1), best first. A unit is paired with the first one it resembles, so three alike make two pairs.
    """
    import polars as pl

    rows = frame.select(
        pl.int_range(pl.len()).alias("unit"),
        pl.when(pl.col("uscc").str.contains(r"^[0-9A-Z]{8,}$")).then("uscc").alias("code"),
        plain_name(pl.col("name"), places).alias("plain"),
        *[pl.col(name) for name in ("address", "village", "park", "venue") if name in frame.columns],
    )
    by_code = _pairs(rows, "code").select("other", "unit", reason=pl.lit("code"), score=pl.lit(SAME_CODE))
    same_place = pl.lit(False)
    for name in ("address", "village", "park", "venue"):
        if name in frame.columns:
            same_place = same_place | (pl.col(name) == pl.col(f"{name}_other")).fill_null(False)
    other_code = (pl.col("code") != pl.col("code_other")).fill_null(False)
    by_name = (
        _pairs(rows, "plain")
        .filter((pl.col("code") != pl.col("code_other")).fill_null(True))
        .select(
            "other",
            "unit",
            reason=pl.when(same_place).then(pl.lit("name_and_place")).otherwise(pl.lit("name")),
            score=pl.when(other_code)
            .then(SAME_NAME_OTHER_CODE)
            .when(same_place)
            .then(SAME_NAME_AND_PLACE)
            .otherwise(SAME_NAME),
        )
    )
    return pl.concat([by_code, by_name]).sort("score", "unit", descending=[True, False])


def _pairs(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """Each row with the first row of the same key, that row's columns marked ``_other``."""
    import polars as pl

    alike = rows.filter(pl.col(key).is_not_null() & pl.col(key).is_duplicated())
    first = (
        alike.group_by(key, maintain_order=True)
        .first()
        .rename({name: f"{name}_other" for name in rows.columns if name != key})
    )
    return (
        alike.join(
            first.with_columns(pl.col(key).alias(f"{key}_other")), on=key, how="inner", maintain_order="left"
        )
        .rename({"unit_other": "other"})
        .filter(pl.col("unit") != pl.col("other"))
    )
