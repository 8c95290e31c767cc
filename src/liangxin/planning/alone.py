"""What a unit may be without partners, and in which forms it stays uncovered: bit masks by unit, for every room of the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.forms import ALL_FORMS, MOBILE, NONE, ORGANIZED, SECONDED, SEPARATE, VILLAGE, bit

if TYPE_CHECKING:
    from liangxin.planning.problem import Ints, Problem


def forms_alone(problem: Problem) -> Ints:
    """[n] mask of the forms without partners that rules, policy, what exists and pins leave open; perhaps none at all."""
    t, least = problem.t, problem.limits.min_full_members
    free, own = problem.pinned_host < 0, problem.pinned_host == np.arange(problem.n)
    mask = np.zeros(problem.n, dtype=np.int32)
    for form, fits in (
        (SEPARATE, (t >= least) & (free | own)),
        (MOBILE, free | own),  # that there are mobile members enough is the policy's own condition
        (SECONDED, (t == problem.limits.seconded_full_members) & (free | own)),
        (VILLAGE, (problem.place >= 0) & free),
        (NONE, free),
    ):
        mask[fits & ((problem.allowed >> form & 1) == 1)] |= bit(form)
    for units in problem.together:
        mask[list(units)] = 0
    for unit, form, _ in problem.forbidden:
        for code in range(len(problem.weights.per_unit)) if form < 0 else (form,):
            if mask[unit] >> code & 1 and problem.is_forbidden(unit, code, unit if code in ORGANIZED else -1):
                mask[unit] &= ~bit(code)
    return mask


def uncovering_forms(problem: Problem, alone: Ints) -> Ints:
    """[n] mask of the forms in which a unit counts as left out: a required unit in a form that does not cover it, any unit
    with nothing where nothing is not open to it. ``alone``: as ``forms_alone`` gives it."""
    mask = np.where(problem.required, ALL_FORMS & ~problem.covering, 0).astype(np.int32)
    mask[(alone >> NONE & 1) == 0] |= bit(NONE)
    return mask
