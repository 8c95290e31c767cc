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

    ``joint``: made of several units (联合). ``leads``: other organizations may stand under it. ``party``: a party
    organization, which units belong to; a body that only coordinates is none.
    """

    id: str
    label: Text
    mark: str
    rank: int
    joint: bool = False
    leads: bool = True
    party: bool = True


def _type(
    id: str, mark: str, rank: int, *, joint: bool = False, leads: bool = True, party: bool = True
) -> OrganizationType:
    """The words are the policy language's, so that rules, tree and chart call a type the same."""
    return OrganizationType(id, _LABELS[id], mark, rank, joint, leads, party)


def _table(*types: OrganizationType) -> Mapping[str, OrganizationType]:
    return MappingProxyType({each.id: each for each in types})


ORGANIZATION_TYPES: Final = _table(
    _type("party_committee", "委", 5),
    _type("working_committee", "工", 4),
    _type("general_branch", "总", 3),
    _type("joint_general_branch", "总", 3, joint=True),
    _type("branch", "支", 2),
    _type("joint_branch", "联", 2, joint=True),
    _type("group", "组", 1, leads=False),
    _type("leading_group", "领", 0, leads=False, party=False),
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
