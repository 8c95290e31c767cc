from __future__ import annotations

from functools import lru_cache

from liangxin.files.town import parse_town
from liangxin.registry.town import Town


@lru_cache(maxsize=64)
def core_town(town_file: str) -> Town:
    """The typed town of a stored town file; read once for each text."""
    return parse_town(town_file)
