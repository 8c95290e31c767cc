"""Tiles of a tile server, fetched by this site: the key stays on the server, and no browser asks anybody else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.error import URLError
from urllib.parse import urlparse
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from liangxin.wording import Text

DEEPEST: Final = 20
LONGEST_BYTES: Final = 1_000_000
SECONDS: Final = 6
KINDS: Final = frozenset({"image/png", "image/jpeg", "image/webp"})
_SHIFTED: Final = ("amap.com", "autonavi.com", "gtimg.com", "map.qq.com", "google.cn")
"""Hosts whose tiles are drawn in GCJ-02. Tianditu is CGCS2000, within a metre of WGS 84."""


class Datum(Enum):
    """What the tiles are drawn in."""

    WGS84 = "WGS 84"
    GCJ02 = "GCJ-02"


class TileError(Exception):
    """No tile came; ``said`` holds neither the address nor the key."""

    def __init__(self, said: Text) -> None:
        self.said = said
        super().__init__(said.en)


@dataclass(frozen=True, slots=True)
class Tile:
    body: bytes
    kind: str


def wanted() -> bool:
    return bool(settings.TILES)


def datum() -> Datum:
    """Known by the server's name; without tiles, and for any other server, WGS 84."""
    host = (urlparse(settings.TILES).hostname or "") if settings.TILES else ""
    shifted = any(host == each or host.endswith("." + each) for each in _SHIFTED)
    return Datum.GCJ02 if shifted else Datum.WGS84


def address(z: int, x: int, y: int) -> str | None:
    """The tile's address with the key put in; None where there is no such tile."""
    if not (0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        return None
    values = {"z": str(z), "x": str(x), "y": str(y), "key": settings.TILES_KEY, "s": "0"}
    return re.sub(r"\{(z|x|y|key|s)\}", lambda found: values[found.group(1)], settings.TILES)


class _NoRedirect(HTTPRedirectHandler):
    """A tile server that sends us elsewhere is not followed: the key would go with us."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None


def fetch(z: int, x: int, y: int) -> Tile | None:
    """One tile; None where there is no such tile. Raises TileError when the server gave no picture."""
    found = address(z, x, y)
    if found is None or urlparse(found).scheme not in ("http", "https"):
        return None
    request = Request(found, headers={"User-Agent": "liangxin", "Accept": "image/*"})
    try:
        with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            kind = answer.headers.get_content_type()
            body = answer.read(LONGEST_BYTES + 1)
    except (URLError, OSError, ValueError):
        # ``from None``: the address with its key must not reach a log through the chained exception.
        raise TileError(Text("底图服务器没有回应", "The tile server did not answer")) from None
    if kind not in KINDS or len(body) > LONGEST_BYTES:
        raise TileError(Text("底图服务器给的不是图片", "The tile server gave no picture"))
    return Tile(body, kind)
