"""Files for other programs. Each is an export like those of the documents page, and written in the same log."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from django.http import HttpResponse

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.reads import read_filter
from liangxin.web.areas.models import Town
from liangxin.web.documents import services
from liangxin.web.documents.making import Made, Wanted, file_name
from liangxin.web.map.queries import areas_geojson, groups, points, units_geojson
from liangxin.web.map.tiles import Datum
from liangxin.web.organizations.queries import day_tree
from liangxin.web.policies.queries import today
from liangxin.web.ui.attachment import CONTENT_TYPES, attachment
from liangxin.web.units.live import live
from liangxin.web.units.queries import readable
from liangxin.wording import Text


def ledger(permit: Permit, kind: str, given: dict[str, str]) -> HttpResponse:
    read_filter(live(permit.town), given)
    wanted = Wanted("ledger", kind, {name: value for name, value in given.items() if value}, "zh")
    with tempfile.TemporaryDirectory() as folder:
        made = services.make(permit, wanted, Path(folder))
        services.record(permit, made, wanted)
        return attachment(made.path.read_bytes(), kind, made.file_name)


def geojson(permit: Permit) -> HttpResponse:
    import polars as pl

    shown = live(permit.town)
    mine = readable(permit, shown, Action.EXPORT)["unit_id"]
    frame = points(permit, shown).filter(pl.col("unit_id").is_in(mine.implode()))
    standing = day_tree(permit.town, today(permit.town))
    text = units_geojson(frame, groups(permit.town, standing), Datum.WGS84)
    label = Text("单位地图数据", "units")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "units.geojson"
        path.write_text(text, encoding="utf-8")
        name = file_name(permit, label, "geojson", "zh")
        fields = ("unit_id", "name", "kind", "area", "organization_form", "organization_id", "lon", "lat")
        made = Made(path, name, label, Text("全部", "all"), frame.height, fields)
        services.record(permit, made, Wanted("units.geojson", "geojson", {}, "zh"))
    return attachment(text.encode(), "geojson", name)


def areas(town: Town) -> HttpResponse:
    """Places, no unit and no person: not in the export log."""
    text = json.dumps(areas_geojson(town.as_core(), Datum.WGS84), ensure_ascii=False)
    return HttpResponse(text, content_type=CONTENT_TYPES["geojson"])
