"""What the tree needs of a plan: the organizations it arranges. ``engine.arranged`` makes this of a ``Plan``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Status = Literal["existing", "new", "changed", "dissolved"]


@dataclass(frozen=True, slots=True)
class ArrangedOrganization:
    """``host``: the lead unit's id, or an area's id for a village affiliation (2.7). Counts as the plan gives them."""

    id: str
    name: str
    type: str
    form: str
    host: str
    unit_ids: tuple[str, ...]
    full_members: int
    members: int
    status: Status


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Every organization of the plan on its day; a unit that is in none of them belongs to none."""

    as_of: date
    organizations: tuple[ArrangedOrganization, ...]
