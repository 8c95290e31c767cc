"""The last screen of ``liangxin plan``: where the town stands, what the plan does, what it cannot do, which files there are."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from liangxin.cli.columns import aligned
from liangxin.cli.language import say, tell
from liangxin.planning.plan import SOLVER_STATUS_WORDS

if TYPE_CHECKING:
    from liangxin.coverage import Rate
    from liangxin.engine.town_run import TownResult

CONFLICTS_SHOWN = 5


def print_summary(result: TownResult, out: Path) -> None:
    for block in (_head(result), _indicators(result), _forms(result), _open(result), _solver(result)):
        for line in block:
            click.echo(line)
        click.echo()
    print_files(out)


def _head(result: TownResult) -> list[str]:
    plan = result.plan
    policy = " + ".join((plan.policy_id, *plan.overlays))
    return [
        say(
            f"{result.town.name}组建方案（截至 {plan.as_of}，{policy}）：名册 {plan.roster.units:,} 家，"
            f"范围内 {plan.roster.in_scope:,} 家",
            f"{result.town.name}, plan as of {plan.as_of} ({policy}): {plan.roster.units:,} units on the roster, "
            f"{plan.roster.in_scope:,} in scope",
        )
    ]


def _indicators(result: TownResult) -> list[str]:
    from liangxin.files.plan_tables import met

    measures = {item.id: item.measure for item in result.policy.indicators}
    rows = [
        (
            say("指标", "Indicator"),
            "",
            say("现状", "Now"),
            "",
            say("方案后", "Planned"),
            say("目标", "Target"),
            "",
        )
    ]
    for change in result.plan.indicators:
        if change.target is None:
            continue
        rows.append(
            (
                change.id,
                tell(change.label),
                _rate(change.before, measures.get(change.id, "rate")),
                "→",
                _rate(change.after, measures.get(change.id, "rate")),
                f"{change.target:.0%}",
                tell(met(change.after, change.target)),
            )
        )
    return aligned(rows, right=(2, 4, 5))


def _rate(rate: Rate, measure: str) -> str:
    if rate.value is None and not rate.unknown:
        return "—"
    value = "—" if rate.value is None else f"{rate.value:.1%}" if measure == "rate" else f"{rate.value:.1f}"
    unknown = say(f" 待核{rate.unknown}", f" ?{rate.unknown}") if rate.unknown else ""
    return f"{rate.numerator}/{rate.denominator}{unknown}  {value}"


def _forms(result: TownResult) -> list[str]:
    from liangxin.registry.fields import FORMS

    units = Counter(decision.form for decision in result.plan.units)
    standing = [each for each in result.plan.organizations if each.status != "dissolved"]
    organizations = Counter(each.form for each in standing)
    new = Counter(each.form for each in standing if each.status == "new")
    rows = [
        (
            say("组建形式", "Form"),
            say("单位", "Units"),
            say("党组织", "Organizations"),
            say("新建", "New"),
        )
    ]
    for form, label in FORMS.items():
        if units[form] or organizations[form]:
            policy_form = result.policy.forms.get(form)
            name = tell(policy_form.label if policy_form else label)
            rows.append((name, f"{units[form]:,}", f"{organizations[form]:,}", f"{new[form]:,}"))
    total = (
        say("合计", "Total"),
        f"{sum(units.values()):,}",
        f"{len(standing):,}",
        f"{sum(new.values()):,}",
    )
    return aligned([*rows, total], right=(1, 2, 3))


def _open(result: TownResult) -> list[str]:
    """What somebody has to decide: what cannot be met, contradictions, what moved against an earlier plan."""
    plan = result.plan
    lines: list[str] = []
    if plan.infeasible:
        proven = sum(part.proven for part in plan.infeasible)
        lines.append(
            say(
                f"未满足的 {len(plan.infeasible)} 项，其中已证明做不到的 {proven} 项：",
                f"Not met: {len(plan.infeasible)}, of which {proven} are proven to be out of reach",
            )
        )
        lines += [f"  {part.clause}  {tell(part.text)}" for part in plan.infeasible[:CONFLICTS_SHOWN]]
        rest = len(plan.infeasible) - CONFLICTS_SHOWN
        if rest > 0:
            lines.append(
                say(f"  其余 {rest} 项见 plan.xlsx“未满足”", f"  {rest} more in plan.xlsx, “Not met”")
            )
    else:
        lines.append(say("必须覆盖的单位都有可行形式。", "Every unit that must be covered has a form."))
    conflicts = Counter(conflict.id for decision in plan.units for conflict in decision.conflicts)
    if conflicts:
        total = sum(conflicts.values())
        lines.append(
            say(
                f"有抵触需要把握的 {total} 处，见 plan.xlsx“一企一策名册”备注。",
                f"Contradictions to look at: {total}, in the remarks of plan.xlsx.",
            )
        )
    if plan.moved:
        lines.append(
            say(
                f"与上一次方案相比变动 {len(plan.moved)} 家。",
                f"Units that moved against the earlier plan: {len(plan.moved)}",
            )
        )
    return lines


_NO_BOUND: Final = 0.5
"""A gap of half the cost and more says nothing about the plan: there was no time to prove a bound."""


def _solver(result: TownResult) -> list[str]:
    solver = result.plan.solver
    status = tell(SOLVER_STATUS_WORDS[solver.status])
    if solver.gap >= _NO_BOUND:
        return [
            say(
                f"求解 {solver.seconds:.1f} 秒，总成本 {solver.objective:.2f}；时间不够，还没有证明离最省差多少，可加长时限再算",
                f"Solved in {solver.seconds:.1f} s: cost {solver.objective:.2f}; not enough time to prove how near that is "
                "to the least, allow more",
            )
        ]
    return [
        say(
            f"求解 {solver.seconds:.1f} 秒，总成本 {solver.objective:.2f}，已证明下界 {solver.bound:.2f}，"
            f"差距 {solver.gap:.2%}（{status}）",
            f"Solved in {solver.seconds:.1f} s: cost {solver.objective:.2f}, proven bound {solver.bound:.2f}, "
            f"gap {solver.gap:.2%} ({status})",
        )
    ]


def print_files(folder: Path) -> None:
    """Every file of a run with its size and what it is for."""
    from liangxin.engine.town_files import OUTPUTS

    click.echo(say(f"写出的文件（{folder}）：", f"Files written ({folder}):"))
    rows = [
        (f"  {output.name}", size((folder / output.name).stat().st_size), tell(output.purpose))
        for output in OUTPUTS
    ]
    for line in aligned(rows, right=(1,)):
        click.echo(line)


def size(count: int) -> str:
    """1,234 bytes as people say it."""
    return f"{max(count / 1024, 1):,.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:,.1f} MB"
