"""Boundaries and centres of areas from a GeoJSON file, and what of a boundary is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

from django.db import transaction

from liangxin.findings import Finding, InputError, Place
from liangxin.registry.boundary import points_of, simplify
from liangxin.registry.text import unkept
from liangxin.registry.town import Area, AreaKind
from liangxin.registry.town import Town as CoreTown
from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import save_town
from liangxin.web.audit.services import record
from liangxin.wording import Text

MAX_GEOJSON_BYTES: Final = 20 * 1024 * 1024
LONGEST: Final = 60  # characters of an area's id and name, as in its table
KINDS: Final[tuple[AreaKind, ...]] = get_args(AreaKind)
ACCEPTED: Final = ("Polygon", "MultiPolygon", "Point")


@dataclass(frozen=True, slots=True)
class Taken:
    """``matched``: areas that got a boundary or centre; ``simplified``: those of which fewer points were kept, in words."""

    matched: int
    added: int
    simplified: tuple[Text, ...]


def with_fewer_points(areas: Iterable[Area]) -> tuple[tuple[Area, ...], tuple[Text, ...]]:
    """The areas with boundaries that the map can draw, and what was left out of which, in words."""
    kept: list[Area] = []
    said: list[Text] = []
    for area in areas:
        fewer = simplify(area.boundary) if area.boundary is not None else None
        if fewer is not None:
            area = replace(area, boundary=fewer.geometry)
            said.append(
                Text(
                    f"“{area.name}”的边界已简化：{fewer.before:,}个点减为{fewer.after:,}个，与原线最多相差约{fewer.metres:g}米",
                    f'The boundary of "{area.name}" was simplified from {fewer.before:,} to {fewer.after:,} points; it departs from the original line by about {fewer.metres:g} m at most',
                )
            )
        kept.append(area)
    return tuple(kept), tuple(said)


@transaction.atomic
def import_boundaries(town: Town, by: User, raw: bytes) -> Taken:
    """Boundaries and centres from a GeoJSON FeatureCollection; features are matched by id or name.

    A feature that names no known area must carry ``kind`` to be added.
    Coordinates are WGS 84, as GeoJSON says. Raises InputError with every feature that cannot be taken; then nothing is.
    """
    core = town.as_core()
    areas = {area.id: area for area in core.areas}
    matched, added, findings = 0, 0, []
    for number, feature in enumerate(_features(raw), start=1):
        try:
            area, new = _area(feature, areas, core)
        except InputError as refused:
            findings += [replace(each, place=Place(row=number)) for each in refused.findings]
            continue
        areas[area.id] = area
        matched, added = matched + (not new), added + new
    if findings:
        raise InputError(findings)
    kept, simplified = with_fewer_points(areas.values())
    save_town(town, replace(core, areas=kept))
    detail = {"areas": matched, "added": added, "simplified": len(simplified)}
    record(by, town, "town.boundaries", "town", town.code, detail=detail)
    return Taken(matched, added, simplified)


def _features(raw: bytes) -> list[Any]:
    if len(raw) > MAX_GEOJSON_BYTES:
        raise InputError.of(
            "geojson-size",
            "文件超过20兆，请按镇裁剪后再传",
            "The file is over 20 MB; cut it to the town first",
        )
    try:
        document = json.loads(raw.decode("utf-8-sig"))
    except (
        ValueError,
        RecursionError,
    ) as wrong:  # no UTF-8, no JSON, a number of thousands of digits, too deep
        raise InputError.of(
            "geojson-syntax",
            "不是有效的 GeoJSON 文件（UTF-8 编码）",
            "Not a valid GeoJSON file (UTF-8)",
            place=Place(line=getattr(wrong, "lineno", None)),
        ) from None
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not features:
        raise InputError.of(
            "geojson-features",
            "文件里没有要素（features）",
            "The file holds no features",
            accepted=Text("FeatureCollection", "a FeatureCollection"),
        )
    return features


def _area(feature: Any, areas: Mapping[str, Area], core: CoreTown) -> tuple[Area, bool]:
    feature = feature if isinstance(feature, dict) else {}
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    id = _words(properties.get("id"))
    name = _words(properties.get("name")) or id or _words(feature.get("id"))
    if any(len(words) > LONGEST or unkept(words) for words in (id, name)):
        raise InputError.of(
            "geojson-name",
            "要素的编号或名称太长，或含有不能保存的字符",
            "The id or name of the feature is too long, or holds a character that cannot be kept",
            found=name.encode("utf-8", "replace").decode().replace("\x00", "?")[:LONGEST],
            accepted=Text(f"最多{LONGEST}个字", f"at most {LONGEST} characters"),
        )
    boundary, centre = _geometry(name, feature.get("geometry"))
    known = core.area(id) or core.area(name)
    if known is not None:
        current = areas[known.id]
        return replace(current, boundary=boundary or current.boundary, centre=current.centre or centre), False
    given, parent = properties.get("kind"), properties.get("parent")
    kind = next((each for each in KINDS if each == given), None)
    if not name or kind is None or not (parent is None or (isinstance(parent, str) and parent in areas)):
        raise InputError.of(
            "geojson-unknown-area",
            f"镇的区域里没有“{name}”；要新增，须写明类别 kind 和上级 parent",
            f'The town has no area "{name}"; to add one, give its kind and parent',
            found=f"kind={_words(given)}, parent={_words(parent)}"[: LONGEST * 2],
            accepted=Text("kind：" + "、".join(KINDS), "kind: " + ", ".join(KINDS)),
        )
    return Area(id or name, name, kind, parent, centre, boundary), True


def _words(value: Any) -> str:
    """An id or a name; a number is one too."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).strip() if isinstance(value, str) or abs(value) < 10**18 else ""


def _geometry(name: str, given: Any) -> tuple[dict[str, Any] | None, tuple[float, float]]:
    """The boundary, None for a mere point; and the middle of the points."""
    kind = given.get("type") if isinstance(given, dict) else None
    if kind not in ACCEPTED:
        raise InputError.of(
            "geojson-geometry",
            f"要素“{name}”的图形不能用",
            f'The geometry of "{name}" cannot be used',
            found=_words(kind)[:LONGEST],
            accepted=Text("、".join(ACCEPTED), ", ".join(ACCEPTED)),
        )
    points, wrong = points_of(given)
    if wrong is not None:
        said = Text(f"“{name}”：{wrong.message.zh}", f'"{name}": {wrong.message.en}')
        raise InputError([Finding(wrong.code, said, found=wrong.found, accepted=wrong.accepted)])
    centre = (sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points))
    boundary = {"type": kind, "coordinates": given["coordinates"]}
    return None if kind == "Point" else boundary, centre
