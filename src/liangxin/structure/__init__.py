"""Room 4, structure (section 3 of the notice): the dated tree of organizations, and the network chart (annex 1)."""

from liangxin.structure.arranged import ArrangedOrganization, Arrangement
from liangxin.structure.build import build_tree, parents
from liangxin.structure.difference import Change, difference
from liangxin.structure.graduates import GraduateCount, count_graduates
from liangxin.structure.journal import apply, apply_all, changes_on, preview
from liangxin.structure.operations import (
    Adjust,
    Annul,
    Attach,
    Basis,
    Dissolve,
    Found,
    Merge,
    Operation,
    Record,
    Release,
    SplitOff,
    Transfer,
    Upgrade,
)
from liangxin.structure.organization import ORGANIZATION_TYPES, OrganizationType, Standing
from liangxin.structure.tree import DayOrganization, DayTree, Entry, Span, Tree

__all__ = [
    "ORGANIZATION_TYPES",
    "Adjust",
    "Annul",
    "ArrangedOrganization",
    "Arrangement",
    "Attach",
    "Basis",
    "Change",
    "DayOrganization",
    "DayTree",
    "Dissolve",
    "Entry",
    "Found",
    "GraduateCount",
    "Merge",
    "Operation",
    "OrganizationType",
    "Record",
    "Release",
    "Span",
    "SplitOff",
    "Standing",
    "Transfer",
    "Tree",
    "Upgrade",
    "apply",
    "apply_all",
    "build_tree",
    "changes_on",
    "count_graduates",
    "difference",
    "parents",
    "preview",
]
