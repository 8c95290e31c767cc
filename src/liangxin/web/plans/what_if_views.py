from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from liangxin.findings import InputError
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.plans import finding, whatif
from liangxin.web.ui.language import told
from liangxin.web.units.live import live


@in_town(Action.READ_UNITS)
def what_if(request: TownRequest) -> HttpResponse:
    """The office came to ask: if 80 were 50, who would be asked for what? Counts first, then names; nothing is kept."""
    import polars as pl

    from liangxin.coverage.movement import ASPECTS

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
            said = whatif.told(request.permit, now, moved)
            aspect = request.GET.get("aspect", "")
            if aspect not in ASPECTS:
                aspect = next((each for each in whatif.ASPECTS if said.counts[each] != 0), whatif.ASPECTS[0])
            mine, every = said.mine.filter(pl.col("aspect") == aspect), said.counts[aspect]
            page = Paginator(range(mine.height), finding.PAGE_SIZE).get_page(request.GET.get("page"))
            rows = mine.slice((page.number - 1) * finding.PAGE_SIZE, finding.PAGE_SIZE).rows(named=True)
            context |= {
                "counts": [(each, ASPECTS[each], said.counts[each]) for each in whatif.ASPECTS],
                "aspect": aspect,
                "aspect_label": ASPECTS[aspect],
                "total": every,
                "hidden": None if every is None else every - mine.height,
                "page": page,
                "rows": [
                    (
                        row,
                        whatif.words(moved.before, aspect, row["before"]),
                        whatif.words(moved.after, aspect, row["after"]),
                    )
                    for row in rows
                ],
                "rates": said.rates,
                "touched": said.touched,
                "withheld": said.withheld,
            }
    return render(request, "plans/what_if.html", context, status=422 if errors else 200)
