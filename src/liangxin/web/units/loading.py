"""A ledger frame into the database, as one change set: for the demo, for imports and for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.units.models import ChangeSet
from liangxin.web.units.services import Edit, write
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl


def load_ledger(town: Town, frame: pl.DataFrame, by: User | None, title: Text) -> ChangeSet:
    """Every row as a new unit, in the organizations that it names. Callers use ``imports`` where units may exist already."""
    rows = (Edit(None, row) for row in frame.iter_rows(named=True))
    return write(town, by, "import", title, rows, judge=False, partly=True)
