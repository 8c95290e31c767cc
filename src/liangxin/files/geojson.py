"""map.geojson: where each unit is, its form, and a line from each lead unit to the units it leads.

RFC 7946, WGS 84. The file may be passed around, so it holds no person, no number of members, and nothing else that is not
in the business register or the plan.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from liangxin.files.dossier import Dossier
from liangxin.wording import Lang, Text

FORMAT: Final = "liangxin.map/1"
COORDINATES: Final = "WGS 84 (EPSG:4326)"
DECIMALS: Final = 6  # 0.1 m


def map_document(dossier: Dossier, lang: Lang = "zh") -> dict[str, Any]:
    """Units that have a position as Points, host to member as LineStrings."""
    positions = _positions(dossier)
    features = [
        _feature("Point", positions[decision.unit_id], _unit(dossier, decision.unit_id, lang))
        for decision in dossier.plan.units
        if decision.unit_id in positions
    ]
    for organization in dossier.plan.organizations:
        start = positions.get(organization.host)
        if start is None or organization.status == "dissolved":
            continue
        label = dossier.form_label(organization.form)
        for unit_id in organization.unit_ids:
            if unit_id == organization.host or unit_id not in positions:
                continue
            properties = {
                "feature": "link",
                "organization_id": organization.organization_id,
                "organization": organization.name,
                "form": organization.form,
                "form_label": label.in_language(lang) if label else organization.form,
                "host": organization.host,
                "unit_id": unit_id,
            }
            features.append(_feature("LineString", [start, positions[unit_id]], properties))
    title = Text("{town}组建方案地图", "{town}: map of the plan").fill(town=dossier.town.name)
    return {
        "type": "FeatureCollection",
        "format": FORMAT,
        "name": title.in_language(lang),
        "coordinate_system": COORDINATES,
        "as_of": dossier.plan.as_of.isoformat(),
        "units_without_position": sum(decision.unit_id not in positions for decision in dossier.plan.units),
        "features": features,
    }


def _positions(dossier: Dossier) -> dict[str, list[float]]:
    """Known positions of units, and the centres of areas that affiliations stand at."""
    places = {
        area.id: [round(area.centre[0], DECIMALS), round(area.centre[1], DECIMALS)]
        for area in dossier.town.areas
        if area.centre is not None
    }
    for id, row in dossier.units.items():
        if row["lon"] is not None and row["lat"] is not None:
            places[id] = [round(row["lon"], DECIMALS), round(row["lat"], DECIMALS)]
    return places


def _unit(dossier: Dossier, unit_id: str, lang: Lang) -> dict[str, Any]:
    row, decision = dossier.units[unit_id], dossier.decisions[unit_id]
    organization = dossier.organizations.get(decision.organization_id or "")
    label = dossier.form_label(decision.form)
    return {
        "feature": "unit",
        "unit_id": unit_id,
        "name": row["name"],
        "kind": row["kind"],
        "form": decision.form,
        "form_label": label.in_language(lang) if label else decision.form,
        "classes": list(decision.classes),
        "organization_id": decision.organization_id,
        "organization": dossier.organization_name(decision.organization_id),
        "change": decision.change,
        "is_host": organization is not None and organization.host == unit_id,
    }


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }


def write_map(path: Path, dossier: Dossier, lang: Lang = "zh") -> None:
    """One feature a line."""
    document = map_document(dossier, lang)
    features = document.pop("features")
    head = json.dumps(document, ensure_ascii=False, allow_nan=False)[:-1]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, allow_nan=False) for feature in features)
    path.write_text(f'{head}, "features": [\n{lines}\n]}}\n', encoding="utf-8")
