"""The register as it would stand if a plan were carried out."""

from __future__ import annotations

import polars as pl

from liangxin.coverage.classify import Classification
from liangxin.registry.fields import FORMS


def as_planned(classification: Classification, forms: pl.DataFrame | None) -> pl.DataFrame:
    """The classified frame with ``organization_form`` and ``work_covered`` (and ``organization_id``) of the plan.

    ``forms``: ``unit_id``, ``form``, and if the plan says so ``work_covered`` (Boolean) and ``organization_id``. An
    empty cell, and a unit that the plan does not name, leaves what is. The numbers of members stay: an instructor
    whose relation moves in (2.2) is not a member the survey found.

    Raises ValueError when a unit is named twice or is not in the ledger, or a form does not exist.
    """
    frame = classification.frame
    if forms is None:
        return frame
    if forms["unit_id"].is_duplicated().any():
        twice = forms.filter(pl.col("unit_id").is_duplicated())["unit_id"].unique().sort().to_list()
        raise ValueError(f"units named twice in the plan: {', '.join(twice[:5])}")
    strangers = forms.join(frame, on="unit_id", how="anti")["unit_id"].to_list()
    if strangers:
        raise ValueError(f"units of the plan that are not in the ledger: {', '.join(strangers[:5])}")
    odd = sorted(set(forms["form"].drop_nulls()) - set(FORMS))
    if odd:
        raise ValueError(f"no such form: {', '.join(odd)}; forms are {', '.join(FORMS)}")
    replaced = {
        "form": "organization_form",
        "work_covered": "work_covered",
        "organization_id": "organization_id",
    }
    given = [name for name in replaced if name in forms.columns]
    plan = forms.select("unit_id", *(pl.col(name).alias(f"planned:{name}") for name in given))
    joined = frame.join(plan, on="unit_id", how="left", maintain_order="left")
    return joined.with_columns(
        pl.coalesce(f"planned:{name}", replaced[name]).alias(replaced[name]) for name in given
    ).drop(f"planned:{name}" for name in given)
