"""What an organization is on one day: its type, name, form and place. Types are data with words, a letter and a rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from liangxin.policy.names import ORGANIZATION_TYPES as _LABELS
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
    OrganizationType("committee", _LABELS["committee"], "委", 5),
    OrganizationType("working_committee", Text("党工委", "working committee"), "工", 4),
    OrganizationType("general_branch", _LABELS["general_branch"], "总", 3),
    OrganizationType("joint_general_branch", _LABELS["joint_general_branch"], "联总", 3, joint=True),
    OrganizationType("branch", _LABELS["branch"], "支", 2),
    OrganizationType("joint_branch", _LABELS["joint_branch"], "联", 2, joint=True),
    OrganizationType("mobile_branch", _LABELS["mobile_branch"], "流", 2),
    OrganizationType("temporary_branch", _LABELS["temporary_branch"], "临", 2),
    OrganizationType("group", _LABELS["group"], "组", 1, leads=False),
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
