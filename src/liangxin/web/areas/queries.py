from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from liangxin.registry import town as core

if TYPE_CHECKING:
    from liangxin.web.areas.models import Town


def core_town(town: Town) -> core.Town:
    """The typed town of a stored one; read once for each version."""
    return _read(town.pk, town.version)


@lru_cache(maxsize=64)
def _read(key: int, version: int) -> core.Town:
    from liangxin.web.areas.models import Town

    return parse(Town.objects.get(pk=key).town_file)


def parse(text: str) -> core.Town:
    """A town file's text as a typed town. Raises InputError with line and column."""
    import tempfile
    from pathlib import Path

    from liangxin.files.town import read_town

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.yaml"
        path.write_text(text, encoding="utf-8")
        return read_town(path)


def as_text(town: core.Town) -> str:
    """The town file of a typed town."""
    import tempfile
    from pathlib import Path

    from liangxin.files.town import write_town

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "town.yaml"
        write_town(path, town)
        return path.read_text(encoding="utf-8")
