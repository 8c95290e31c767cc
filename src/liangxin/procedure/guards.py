"""Which ways are open from a step: important matters (5.2), and whether an election is due (4.3), by the policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from liangxin.policy.model import ImportantMatter, Policy
from liangxin.policy.names import PROPOSAL_NAMES
from liangxin.procedure.matter import Leadership, Matter
from liangxin.procedure.table import Guard, Transition

if TYPE_CHECKING:
    from liangxin.procedure.case import Case


def important(matter: Matter, policy: Policy) -> tuple[ImportantMatter, ...]:
    """Why a plan is an important matter that goes to the town committee (5.2); empty where it is not one.

    A rule that cannot be decided (a share of nothing) counts as met: the committee sees one plan too many, never too few.
    """
    if not policy.procedure.important:
        return ()
    counts = {name: getattr(matter.figures, name.removeprefix("plan_")) for name in PROPOSAL_NAMES}
    frame = pl.DataFrame(
        {name: [count] for name, count in counts.items()}, schema=dict.fromkeys(counts, pl.Int64)
    )
    verdicts = frame.select(
        each.when.polars().alias(str(index)) for index, each in enumerate(policy.procedure.important)
    ).row(0)
    return tuple(
        each for each, met in zip(policy.procedure.important, verdicts, strict=True) if met is not False
    )


def election_due(matter: Matter, policy: Policy) -> bool:
    """Does the policy ask for an election after such a reply, whoever then appoints instead? An organization whose
    type is not said elects as its kind of matter says."""
    rules = policy.procedure
    type_ = matter.organization_type
    return matter.kind.value in rules.election_kinds and (type_ is None or type_ in rules.election_types)


def meets(guard: Guard | None, matter: Matter, policy: Policy) -> bool:
    """Is the transition with this guard open? Exactly one of each family's guards holds."""
    match guard:
        case None:
            return True
        case Guard.IMPORTANT:
            return bool(important(matter, policy))
        case Guard.NOT_IMPORTANT:
            return not important(matter, policy)
        case Guard.ELECTION_DUE:
            return election_due(matter, policy) and matter.leadership is Leadership.ELECTED
        case Guard.APPOINTED:
            return election_due(matter, policy) and matter.leadership is not Leadership.ELECTED
        case Guard.NO_ELECTION:
            return not election_due(matter, policy)


def open_transitions(case: Case, policy: Policy) -> tuple[Transition, ...]:
    """The ways on from where the case stands, whoever may take them."""
    return tuple(
        each for each in case.procedure.from_step(case.step.id) if meets(each.guard, case.matter, policy)
    )
