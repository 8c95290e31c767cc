from __future__ import annotations

from liangxin.files.town import parse_town
from liangxin.registry.town import Town
from liangxin.web.ui.memory import MEMORY


def core_town(town_file: str) -> Town:
    """The typed town of a stored town file; read once for each text."""
    return MEMORY.get(("town file", town_file), lambda: parse_town(town_file), pure=True)
