from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import in_town
from liangxin.web.plans import finding, whatif
from liangxin.web.ui.language import told
from liangxin.web.units.live import live


@in_town(Action.READ_UNITS)
def what_if(request: HttpRequest) -> HttpResponse:
    """The office came to ask: if 80 were 50, who would be asked for what? Counts first, then names; nothing is kept."""
    import polars as pl

    from liangxin.coverage.movement import ASPECTS
    from liangxin.web.units.queries import readable

    now = live(request.town)
    asked = whatif.read(now.policy, request.GET)
    changed = [each for each in asked if each.changed]
    errors = [each for each in asked if each.wrong is not None]
    context: dict[str, Any] = {"asked": asked, "changed": changed, "errors": errors, "policy": now.policy}
    if changed and not errors:
        try:
            moved = whatif.moved(request.town, now, changed)
        except InputError as refused:
            context["refused"] = told(refused.findings)
        else:
            own = readable(request.permit, now)["unit_id"]
            counts = moved.counts()
            aspect = request.GET.get("aspect", "")
            if aspect not in ASPECTS:
                aspect = next((each for each in whatif.ASPECTS if counts[each]), whatif.ASPECTS[0])
            moves = moved.moves.filter(pl.col("aspect") == aspect)
            mine = moves.filter(pl.col("unit_id").is_in(own.implode()))
            page = Paginator(range(mine.height), finding.PAGE_SIZE).get_page(request.GET.get("page"))
            rows = mine.slice((page.number - 1) * finding.PAGE_SIZE, finding.PAGE_SIZE).rows(named=True)
            context |= {
                "counts": [(each, ASPECTS[each], counts[each]) for each in whatif.ASPECTS],
                "aspect": aspect,
                "aspect_label": ASPECTS[aspect],
                "total": moves.height,
                "hidden": moves.height - mine.height,
                "page": page,
                "rows": [
                    (
                        row,
                        whatif.words(moved.before, aspect, row["before"]),
                        whatif.words(moved.after, aspect, row["after"]),
                    )
                    for row in rows
                ],
                "rates": [
                    (each, *moved.rates[each.id])
                    for each in now.policy.indicators
                    if moved.rates[each.id][0] != moved.rates[each.id][1]
                ],
                "touched": moved.moves["unit_id"].n_unique(),
            }
    return render(request, "plans/what_if.html", context, status=422 if errors else 200)
