"""What an organization is on one day: its type, name, form and place. Types are data with words, a letter and a rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class OrganizationType:
    """``rank`` orders upgrades (升格 goes up); ``mark`` is the one character that stands for it on the chart.

    ``joint``: made of several units (联合). ``leads``: other organizations may stand under it.
    """

    id: str
    label: Text
    mark: str
    rank: int
    joint: bool = False
    leads: bool = True


def _table(*types: OrganizationType) -> Mapping[str, OrganizationType]:
    return MappingProxyType({each.id: each for each in types})


ORGANIZATION_TYPES: Final = _table(
    OrganizationType("party_committee", Text("党委", "Party committee"), "委", 5),
    OrganizationType("working_committee", Text("党工委", "working committee"), "工", 4),
    OrganizationType("general_branch", Text("党总支", "general branch"), "总", 3),
    OrganizationType(
        "joint_general_branch", Text("联合党总支", "joint general branch"), "联总", 3, joint=True
    ),
    OrganizationType("branch", Text("党支部", "branch"), "支", 2),
    OrganizationType("joint_branch", Text("联合党支部", "joint branch"), "联", 2, joint=True),
    OrganizationType("group", Text("党小组", "Party group"), "组", 1, leads=False),
    OrganizationType("leading_group", Text("领导小组", "leading group"), "领", 0, leads=False),
)
"""Every type an organization may have, by id, highest first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an organization is over some days. ``host``: lead unit or area; ``area``: the area it belongs to."""

    name: str
    type: str
    form: str | None = None
    host: str | None = None
    area: str | None = None

    @property
    def kind(self) -> OrganizationType:
        return ORGANIZATION_TYPES[self.type]
