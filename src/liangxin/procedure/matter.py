"""What a case is about: the units on its roster, what changes in the tree, and for a plan the figures that weigh it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Final

from liangxin.structure import (
    Adjust,
    Attach,
    Dissolve,
    Found,
    Merge,
    Operation,
    Release,
    SplitOff,
    Transfer,
    Upgrade,
)
from liangxin.wording import Text


class Kind(Enum):
    """What is asked for. ``PLAN`` is the plan's procedure; all others are the founding procedure's."""

    PLAN = "plan"
    FOUND = "found"
    CHANGE = "change"
    SPLIT_OFF = "split_off"
    UPGRADE = "upgrade"
    MERGE = "merge"
    DISSOLVE = "dissolve"
    TRANSFER = "transfer"

    @property
    def label(self) -> Text:
        return _KIND_LABELS[self]

    @property
    def operations(self) -> tuple[type[Operation], ...]:
        """The operations on the tree that such a case may ask for."""
        return _OPERATIONS[self]


_KIND_LABELS: Final[Mapping[Kind, Text]] = MappingProxyType(
    {
        Kind.PLAN: Text("组建方案", "plan"),
        Kind.FOUND: Text("成立", "founding"),
        Kind.CHANGE: Text("调整设置", "change"),
        Kind.SPLIT_OFF: Text("剥离", "split off"),
        Kind.UPGRADE: Text("升格", "upgrade"),
        Kind.MERGE: Text("合并", "merger"),
        Kind.DISSOLVE: Text("撤销", "dissolution"),
        Kind.TRANSFER: Text("挂靠、调整隶属", "attachment or transfer"),
    }
)

_OPERATIONS: Final[Mapping[Kind, tuple[type[Operation], ...]]] = MappingProxyType(
    {
        Kind.PLAN: (),
        Kind.FOUND: (Found,),
        Kind.CHANGE: (Adjust, Attach, Release),
        Kind.SPLIT_OFF: (SplitOff,),
        Kind.UPGRADE: (Upgrade,),
        Kind.MERGE: (Merge,),
        Kind.DISSOLVE: (Dissolve,),
        Kind.TRANSFER: (Transfer, Attach),
    }
)


class Leadership(Enum):
    """How the secretary comes: elected, appointed by the level above, or appointed to a temporary branch."""

    ELECTED = "elected"
    APPOINTED = "appointed"
    TEMPORARY = "temporary"

    @property
    def label(self) -> Text:
        return _LEADERSHIP_LABELS[self]


_LEADERSHIP_LABELS: Final[Mapping[Leadership, Text]] = MappingProxyType(
    {
        Leadership.ELECTED: Text("选举产生", "elected"),
        Leadership.APPOINTED: Text("上级任命", "appointed from above"),
        Leadership.TEMPORARY: Text("临时党支部，上级任命", "temporary branch, appointed from above"),
    }
)


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A unit on the roster, in counts only. None: 待核. ``commitment_on``: day of its commitment 挂靠党支部承诺书."""

    unit: str
    name: str
    full_members: int | None
    probationary_members: int | None = None
    host: bool = False
    commitment_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """What a proposal holds, counted: the policy's list of important matters is over these (``policy.names``)."""

    units: int = 0
    organizations: int = 0  # new ones
    general_branches: int = 0  # new general branches and joint general branches
    upgrades: int = 0
    dissolved: int = 0
    required_left_out: int = 0  # units of a required class that stay without an organization
    conflicts: int = 0


@dataclass(frozen=True, slots=True)
class Matter:
    """``task_group``: whose units these are. ``organization``: id, in the tree, of what is founded or changed.

    ``operations`` have no day of their own yet: the reply gives it to them, with its serial number.
    """

    kind: Kind
    title: str
    task_group: str
    roster: tuple[RosterLine, ...] = ()
    organization: str = ""
    operations: tuple[Operation, ...] = ()
    leadership: Leadership = Leadership.ELECTED
    figures: PlanFigures = PlanFigures()

    @property
    def organization_type(self) -> str | None:
        """The type that the organization has afterwards, where the matter says so."""
        for operation in self.operations:
            if isinstance(operation, Found | SplitOff | Upgrade):
                return operation.type
        return None

    @property
    def full_members(self) -> int | None:
        """All full members on the roster; None where one count is 待核."""
        counts = [line.full_members for line in self.roster]
        return None if any(count is None for count in counts) else sum(count or 0 for count in counts)

    def attached(self) -> tuple[RosterLine, ...]:
        """The units that sign a commitment: all of a joint organization but its lead unit; each one newly attached."""
        coming = {
            unit
            for operation in self.operations
            if isinstance(operation, Attach) and not operation.graduates
            for unit in operation.units
        }
        joint = self.kind is Kind.FOUND and len(self.roster) > 1
        return tuple(line for line in self.roster if line.unit in coming or (joint and not line.host))
