"""The plan as data: exactly what plan.json (``liangxin.plan/1``) holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final, Literal

from liangxin.coverage.rate import Rate
from liangxin.wording import Text

Change = Literal["kept", "new", "moved", "split_off", "none"]
OrganizationStatus = Literal["existing", "new", "changed", "dissolved"]
SolverStatus = Literal["optimal", "gap_reached", "time_limit"]
SOLVER_STATUS_WORDS: Final[Mapping[SolverStatus, Text]] = MappingProxyType(
    {
        "optimal": Text("已证明最优", "proven optimal"),
        "gap_reached": Text("已达到要求的差距", "gap reached"),
        "time_limit": Text("到时限或搜索上限为止", "stopped at the limit of time or search"),
    }
)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another form the unit could take and what the whole plan would cost more for it, at most."""

    form: str
    host: str | None
    extra_cost: float


@dataclass(frozen=True, slots=True)
class Conflict:
    id: str
    clause: str
    text: Text


@dataclass(frozen=True, slots=True)
class UnitDecision:
    unit_id: str
    classes: tuple[str, ...]
    asked_form: str | None  # separate, any
    form: str
    organization_id: str | None
    change: Change
    clause: str
    reason: Text
    alternatives: tuple[Alternative, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unknown: tuple[str, ...] = ()
    instructor_id: str | None = None  # who contacts the unit, or whose relation moves there (1.5, 2.2, 4.5)


@dataclass(frozen=True, slots=True)
class InstructorContacts:
    """What one instructor does in the plan. ``seconded_to``: the unit the relation moves to (2.2); then no contacts are given.

    ``capacity``: most units without an organization, by person and policy; ``unit_ids``: those contacted, also such that
    1.5 does not ask about where the ledger names them. More than the capacity only where the ledger has them already. An instructor who is seconded has none: a whole person went.
    """

    instructor_id: str
    capacity: int
    seconded_to: str | None
    unit_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactReport:
    """``asked``: how many units without an organization 1.5 asks about; ``not_served``: those whom no instructor contacts."""

    asked: int = 0
    not_served: tuple[str, ...] = ()
    instructors: tuple[InstructorContacts, ...] = ()

    @property
    def served(self) -> int:
        return self.asked - len(self.not_served)


@dataclass(frozen=True, slots=True)
class PlannedOrganization:
    """``host``: the lead unit's id, or the area's id for a village affiliation. ``parent_id`` comes from ``structure``."""

    organization_id: str
    name: str
    type: str
    form: str
    host: str
    unit_ids: tuple[str, ...]
    full_members: int
    members: int
    instructor_id: str | None
    parent_id: str | None
    status: OrganizationStatus
    cost: float


@dataclass(frozen=True, slots=True)
class IndicatorChange:
    id: str
    label: Text
    before: Rate
    after: Rate
    target: float | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Infeasible:
    """A part that is not met, with both numbers in the sentence. ``proven``: no arrangement could meet it."""

    unit_ids: tuple[str, ...]
    clause: str
    text: Text
    proven: bool = True


@dataclass(frozen=True, slots=True)
class StageReport:
    """What comes before cost: what the plan leaves unmet, and the least that is proven possible. ``id``: uncovered (1.1-1.3),
    unestablished (1.4) or unreached (1.5), in units."""

    id: str
    reached: float
    least: float


@dataclass(frozen=True, slots=True)
class SolverReport:
    """``gap``: 0 to 1, of plans that leave no more unmet than this one."""

    objective: float
    bound: float
    gap: float
    seconds: float
    status: SolverStatus
    seed: int
    stages: tuple[StageReport, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterSummary:
    units: int
    in_scope: int
    left_out: dict[str, int]
    sha256: str


@dataclass(frozen=True, slots=True)
class Plan:
    policy_id: str
    overlays: tuple[str, ...]
    as_of: date
    roster: RosterSummary
    units: tuple[UnitDecision, ...]
    organizations: tuple[PlannedOrganization, ...]
    indicators: tuple[IndicatorChange, ...]
    infeasible: tuple[Infeasible, ...]
    solver: SolverReport
    moved: tuple[str, ...] = field(
        default=()
    )  # units that changed against --previous, with the reason in their decision
    contacts: ContactReport = field(default=ContactReport())
