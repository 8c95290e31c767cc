"""The one constraint checker: every rule that an arrangement breaks, with the units and both numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from liangxin.planning.forms import (
    ALONE,
    INDUSTRY,
    JOINT,
    LEADER,
    NAMES,
    NONE,
    ORGANIZED,
    SECONDED,
    SEPARATE,
    VILLAGE,
)
from liangxin.planning.problem import Arrangement, Problem, may_join, stays_with
from liangxin.registry.fields import FORMS
from liangxin.wording import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule. ``code`` is stable; ``units`` are indices; ``found`` and ``limit`` the two numbers where there are two."""

    code: str
    text: Text
    units: tuple[int, ...] = ()
    found: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """The town-wide counts behind 1.4, 1.5 and the instructors."""

    established: int  # units of the base that count, 1.4
    without: int  # units of the base without an organization
    seconded: int
    reach_asked: float  # what those without an organization ask of the instructors (``Problem.reach_asked``)

    def reachable(self, problem: Problem) -> float:
        """Units without an organization that the instructors left over can reach (1.5)."""
        return problem.instructor_capacity * (problem.instructors - self.seconded)

    def reach_needed(self) -> float:
        return self.reach_asked


def tally(problem: Problem, arrangement: Arrangement) -> Tally:
    chosen = np.left_shift(1, arrangement.form)
    organized = np.isin(arrangement.form, ORGANIZED)
    return Tally(
        established=int(np.count_nonzero(problem.in_base & ((problem.counted & chosen) != 0))),
        without=int(np.count_nonzero(problem.in_base & ~organized)),
        seconded=int(np.count_nonzero(arrangement.form == SECONDED)),
        reach_asked=float(problem.reach_asked[~organized].sum()),
    )


def check(problem: Problem, arrangement: Arrangement) -> list[Violation]:
    """All broken rules; an empty list means that the arrangement is allowed and meets every target."""
    found = [violation for unit in range(problem.n) for violation in _unit(problem, arrangement, unit)]
    for (host, form), units in arrangement.groups().items():
        found += joint_violations(problem, form, host, units)
    found += _pins(problem, arrangement)
    found += _town(problem, arrangement)
    return found


def _unit(problem: Problem, arrangement: Arrangement, unit: int) -> Iterator[Violation]:
    form, host = int(arrangement.form[unit]), int(arrangement.host[unit])
    t, limits = int(problem.t[unit]), problem.limits
    if form in ALONE and host != unit:
        yield Violation("host", Text("单独建立的组织以本单位为主", "A unit alone is its own host"), (unit,))
    if form in (VILLAGE, NONE) and host != -1:
        yield Violation(
            "host", Text("挂靠或未建的单位没有主单位", "No host without an organization"), (unit,)
        )
    if not problem.allows(unit, form) or problem.is_forbidden(unit, form, host):
        yield Violation(
            "form", Text("这种形式对该单位不适用或已被禁止", "This form is not open to the unit"), (unit,)
        )
    if form == SEPARATE and t < limits.min_full_members:
        yield Violation(
            "separate_t",
            Text(
                f"单独组建只有{t}名正式党员，需要{limits.min_full_members}名",
                f"Separate with {t} full members; {limits.min_full_members} needed",
            ),
            (unit,),
            t,
            limits.min_full_members,
        )
    if form == SECONDED and t != limits.seconded_full_members:
        yield Violation(
            "seconded_t",
            Text(
                f"派员帮建要求恰好{limits.seconded_full_members}名正式党员，现有{t}名",
                f"Seconded needs exactly {limits.seconded_full_members} full members; there are {t}",
            ),
            (unit,),
            t,
            limits.seconded_full_members,
        )
    if form == VILLAGE and problem.place[unit] < 0:
        yield Violation(
            "no_place", Text("没有可挂靠的村（社区）", "No village to be affiliated with"), (unit,)
        )
    if problem.required[unit] and not problem.covers(unit, form):
        yield Violation(
            "required", Text("必须覆盖的单位没有覆盖", "A unit that must be covered is not"), (unit,)
        )


def joint_violations(problem: Problem, form: int, host: int, units: Sequence[int]) -> list[Violation]:
    """Rules of one joint organization: size, members, lead unit, place and line."""
    limits = problem.limits
    group = tuple(units)
    found: list[Violation] = []
    if host not in group:
        found.append(
            Violation("host", Text("主单位不在联合党组织内", "The host is not in its organization"), group)
        )
        return found
    settled = [unit for unit in group if stays_with(problem, unit, host)]
    if not 2 <= len(group) <= max(limits.max_units, len(settled)):
        found.append(
            Violation(
                "units",
                Text(
                    f"联合党组织有{len(group)}家单位，应为2至{limits.max_units}家",
                    f"{len(group)} units; 2 to {limits.max_units} allowed",
                ),
                group,
                len(group),
                limits.max_units,
            )
        )
    full = int(problem.t[list(group)].sum())
    if full < limits.min_full_members:
        found.append(
            Violation(
                "full_members",
                Text(
                    f"联合党组织只有{full}名正式党员，需要{limits.min_full_members}名",
                    f"{full} full members; {limits.min_full_members} needed",
                ),
                group,
                full,
                limits.min_full_members,
            )
        )
    members = int(problem.members[list(group)].sum())
    if members > limits.max_members:
        found.append(
            Violation(
                "members",
                Text(
                    f"联合党组织有{members}名党员，不超过{limits.max_members}名",
                    f"{members} members; at most {limits.max_members}",
                ),
                group,
                members,
                limits.max_members,
            )
        )
    if form == LEADER:
        if not problem.can_lead[host] or problem.t[host] < limits.min_full_members:
            found.append(
                Violation("leader", Text("主单位不是龙头企业", "The host is no leading enterprise"), (host,))
            )
    elif not 1 <= problem.t[host] < limits.min_full_members:
        found.append(
            Violation(
                "host_t", Text("主单位应有1至2名正式党员", "The host needs 1 or 2 full members"), (host,)
            )
        )
    for unit in group:
        if unit == host:
            continue
        if problem.t[unit] >= limits.min_full_members:
            found.append(
                Violation(
                    "split_off",
                    Text(
                        f"有{int(problem.t[unit])}名正式党员的单位应单独组建",
                        f"A unit with {int(problem.t[unit])} full members stands alone",
                    ),
                    (unit,),
                    int(problem.t[unit]),
                    limits.min_full_members,
                )
            )
        if unit not in settled and not may_join(problem, unit, host, form):
            found.append(
                Violation(
                    "may_join",
                    Text(
                        f"不能加入这个{FORMS[NAMES[form]].zh}的党组织：不在同一园区、协会或龙头周边",
                        f"May not join this {FORMS[NAMES[form]].en} organization: not of one park, association or neighbourhood",
                    ),
                    (unit, host),
                )
            )
    if form == INDUSTRY:
        shared = set(problem.associations.of(host).tolist())
        joining = [unit for unit in group if unit not in settled]
        for unit in joining:
            shared &= set(problem.associations.of(unit).tolist())
        if joining and not shared:
            found.append(
                Violation("association", Text("各单位没有共同的协会", "No association in common"), group)
            )
    return found


def _pins(problem: Problem, arrangement: Arrangement) -> Iterator[Violation]:
    for unit in np.flatnonzero(problem.pinned_host >= 0):
        if arrangement.host[unit] != problem.pinned_host[unit]:
            yield Violation(
                "pinned", Text("应留在指定的组织", "Pinned to another organization"), (int(unit),)
            )
    for units in problem.together:
        keys = {(int(arrangement.form[unit]), int(arrangement.host[unit])) for unit in units}
        if len(keys) > 1 or not all(form in JOINT for form, _ in keys):
            yield Violation("together", Text("应在同一组织的单位没有在一起", "Not together as asked"), units)
    for units in problem.apart:
        hosts = [int(arrangement.host[unit]) for unit in units if arrangement.form[unit] in JOINT]
        if len(set(hosts)) < len(hosts):
            yield Violation("apart", Text("不应在同一组织的单位在一起", "Not apart as asked"), units)


def _town(problem: Problem, arrangement: Arrangement) -> Iterator[Violation]:
    counts = tally(problem, arrangement)
    if counts.established < problem.establishment_needed:
        yield Violation(
            "establishment",
            Text(
                f"已组建{counts.established}家，需要{problem.establishment_needed}家",
                f"{counts.established} established; {problem.establishment_needed} needed",
            ),
            (),
            counts.established,
            problem.establishment_needed,
        )
    if counts.seconded > problem.instructors:
        yield Violation(
            "instructors",
            Text(
                f"派员帮建{counts.seconded}家，只有{problem.instructors}名指导员",
                f"{counts.seconded} seconded; {problem.instructors} instructors",
            ),
            (),
            counts.seconded,
            problem.instructors,
        )
    reach, needed = counts.reachable(problem), counts.reach_needed()
    if reach < needed - 1e-9:
        yield Violation(
            "work_coverage",
            Text(
                f"指导员可覆盖{math.floor(reach)}家，需要{math.ceil(needed - 1e-9)}家",
                f"Instructors reach {math.floor(reach)}; {math.ceil(needed - 1e-9)} needed",
            ),
            (),
            reach,
            needed,
        )
