"""Who may do what: one table, read by pages, API, exports, jobs, search and documents alike.

A person holds roles, each for a town (or, for a county reader, all its towns) and, for task groups, for the units of
that group. ``may`` answers for a kind of action and, where fields are read, for each privacy class.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Final

from liangxin.registry.fields import FIELDS, Reader
from liangxin.wording import Text


class Role(Enum):
    ADMINISTRATOR = "administrator"
    OFFICE = "office"
    GROUP_LEADER = "group_leader"
    GROUP_MEMBER = "group_member"
    LEADING_GROUP = "leading_group"
    COMMITTEE = "committee"
    COUNTY_READER = "county_reader"


ROLE_LABELS: Final = MappingProxyType(
    {
        Role.ADMINISTRATOR: Text("系统管理员", "administrator"),
        Role.OFFICE: Text("组织办", "organization office"),
        Role.GROUP_LEADER: Text("推进组组长", "task group leader"),
        Role.GROUP_MEMBER: Text("推进组成员", "task group member"),
        Role.LEADING_GROUP: Text("领导小组", "leading group"),
        Role.COMMITTEE: Text("镇党委", "town committee"),
        Role.COUNTY_READER: Text("县级查看", "county reader"),
    }
)


class Action(Enum):
    SEE_FIGURES = "see_figures"  # rates, counts, charts, the tree
    READ_UNITS = "read_units"  # a unit's own facts
    EDIT_UNITS = "edit_units"
    IMPORT = "import"
    EXPORT = "export"
    PLAN = "plan"  # start runs, move units, pin
    PUBLISH = "publish"  # make a plan the proposal
    ORGANIZE = "organize"  # found, attach, split off, upgrade, merge, dissolve
    SETTINGS = "settings"  # town, areas, associations, groups, policy
    USERS = "users"
    PROPOSE = "propose"  # draft a proposal, request a founding
    APPROVE = "approve"  # the leading group's word on a proposal
    DECIDE = "decide"  # the town committee's reply
    CARRY_OUT = "carry_out"  # what a reply asks for, with evidence; elections, filing
    SEE_PERSONAL = "see_personal"  # names and telephones of office holders: masked, shown for a reason
    READ_AUDIT = "read_audit"
    CLOSE = "close"  # end of the drive: hand over, purge


class Reach(Enum):
    """Of which units an action holds."""

    NONE = 0
    GROUP = 1  # those of the person's own task group
    TOWN = 2


_NONE, _GROUP, _TOWN = Reach.NONE, Reach.GROUP, Reach.TOWN
_ORDER: Final = tuple(Action)


def _row(*reaches: Reach) -> dict[Action, Reach]:
    return dict(zip(_ORDER, reaches, strict=True))


# One line a role; below it what the procedures and the protection of persons ask.
TABLE: Final = MappingProxyType(
    {
        #         figures units   edit    import  export  plan    publish organize settings users
        #         propose approve decide  carry   personal audit  close
        Role.ADMINISTRATOR: _row(
            _TOWN, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _TOWN, _TOWN,
            _NONE, _NONE, _NONE, _NONE, _NONE, _TOWN, _NONE,
        ),
        Role.OFFICE: _row(
            _TOWN, _TOWN, _TOWN, _TOWN, _TOWN, _TOWN, _TOWN, _TOWN, _TOWN, _NONE,
            _TOWN, _NONE, _NONE, _TOWN, _TOWN, _TOWN, _TOWN,
        ),
        Role.GROUP_LEADER: _row(
            _TOWN, _GROUP, _GROUP, _NONE, _GROUP, _GROUP, _NONE, _NONE, _NONE, _NONE,
            _GROUP, _NONE, _NONE, _GROUP, _GROUP, _NONE, _NONE,
        ),
        Role.GROUP_MEMBER: _row(
            _TOWN, _GROUP, _GROUP, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE,
            _GROUP, _NONE, _NONE, _NONE, _GROUP, _NONE, _NONE,
        ),
        Role.LEADING_GROUP: _row(
            _TOWN, _TOWN, _NONE, _NONE, _TOWN, _NONE, _TOWN, _NONE, _NONE, _NONE,
            _NONE, _TOWN, _NONE, _NONE, _TOWN, _NONE, _NONE,
        ),
        Role.COMMITTEE: _row(
            _TOWN, _TOWN, _NONE, _NONE, _TOWN, _NONE, _NONE, _NONE, _NONE, _NONE,
            _NONE, _NONE, _TOWN, _NONE, _TOWN, _TOWN, _NONE,
        ),
        Role.COUNTY_READER: _row(
            _TOWN, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE,
            _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE,
        ),
    }
)  # fmt: skip

_READERS: Final = MappingProxyType(
    {
        Role.ADMINISTRATOR: frozenset[Reader](),
        Role.OFFICE: frozenset(Reader),
        Role.GROUP_LEADER: frozenset(Reader),
        Role.GROUP_MEMBER: frozenset(Reader),
        Role.LEADING_GROUP: frozenset(Reader),
        Role.COMMITTEE: frozenset(Reader),
        Role.COUNTY_READER: frozenset[Reader](),
    }
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role a person holds in a town; ``task_group`` for the two group roles."""

    role: Role
    task_group: str | None = None


def reach(grants: tuple[Grant, ...], action: Action) -> Reach:
    """The widest reach that any of the roles gives for this action."""
    return max(
        (TABLE[grant.role][action] for grant in grants), key=lambda found: found.value, default=Reach.NONE
    )


def groups(grants: tuple[Grant, ...], action: Action) -> frozenset[str]:
    """The task groups whose units the person may act on, where the reach is GROUP."""
    return frozenset(
        grant.task_group for grant in grants if grant.task_group and TABLE[grant.role][action] is Reach.GROUP
    )


def readable_fields(grants: tuple[Grant, ...]) -> tuple[str, ...]:
    """Names of the ledger fields whose values the person may read, in the ledger's order."""
    readers = frozenset[Reader]().union(*(_READERS[grant.role] for grant in grants))
    return tuple(name for name, field in FIELDS.items() if field.reader in readers)
