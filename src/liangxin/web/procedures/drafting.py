"""What a case is about, made of operations on the tree and the ledger of now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from liangxin.findings import InputError
from liangxin.procedure import Kind, Leadership, Matter, RosterLine
from liangxin.web.areas.models import Town
from liangxin.web.procedures.models import Case
from liangxin.web.units.live import Live, live

if TYPE_CHECKING:
    from liangxin.structure import Operation

TITLES: Final = {
    Kind.FOUND: "关于成立{name}的请示",
    Kind.CHANGE: "关于调整{name}设置的请示",
    Kind.SPLIT_OFF: "关于剥离成立{name}的请示",
    Kind.UPGRADE: "关于{name}升格的请示",
    Kind.MERGE: "关于将有关党组织并入{name}的请示",
    Kind.DISSOLVE: "关于撤销{name}的请示",
    Kind.TRANSFER: "关于调整{name}隶属关系的请示",
}
ATTACHING: Final = "关于{n}家单位挂靠{name}的请示"


def roster(shown: Live, units: Iterable[str], host: str | None) -> tuple[RosterLine, ...]:
    """The units with their members as the ledger counts them now; the lead unit is marked."""
    import polars as pl

    wanted = list(dict.fromkeys(units))
    rows = shown.frame.filter(pl.col("unit_id").is_in(wanted)).select(
        "unit_id", "name", "full_members", "probationary_members"
    )
    by_id = {row[0]: row for row in rows.iter_rows()}
    return tuple(
        RosterLine(unit, str(by_id[unit][1]), by_id[unit][2], by_id[unit][3], host=unit == host)
        for unit in wanted
        if unit in by_id
    )


def groups_of(shown: Live) -> dict[str, str]:
    """Unit -> task group, "" where none has it."""
    rows = shown.frame.select("unit_id", "task_group").iter_rows()
    return {unit: group or "" for unit, group in rows}


def task_group(groups: Mapping[str, str], units: Sequence[str], host: str | None = None) -> str:
    """Whose matter it is: the lead unit's group, else that of most units."""
    if host is not None and groups.get(host):
        return groups[host]
    counted = Counter(groups[unit] for unit in units if groups.get(unit))
    return counted.most_common(1)[0][0] if counted else ""


def kind_of(operation: Operation) -> tuple[Kind, str] | None:
    """Under which kind of matter an operation is asked for, and of which organization; None: it is not asked for."""
    from liangxin.structure import (
        Adjust,
        Attach,
        Dissolve,
        Found,
        Merge,
        Release,
        SplitOff,
        Transfer,
        Upgrade,
    )

    match operation:
        case Found():
            return Kind.FOUND, operation.id
        case SplitOff():
            return Kind.SPLIT_OFF, operation.id
        case Attach():
            return Kind.TRANSFER, operation.to
        case Transfer():
            return Kind.TRANSFER, operation.organization
        case Upgrade():
            return Kind.UPGRADE, operation.organization
        case Adjust():
            return Kind.CHANGE, operation.organization
        case Release():
            return Kind.CHANGE, ""
        case Merge():
            return Kind.MERGE, operation.into
        case Dissolve():
            return Kind.DISSOLVE, operation.organization
        case _:
            return None


def units_of(operations: Iterable[Operation]) -> tuple[str, ...]:
    """The units that a matter with these operations has on its roster."""
    from liangxin.structure import Attach, Found, SplitOff

    return tuple(
        dict.fromkeys(
            unit
            for operation in operations
            if isinstance(operation, Found | SplitOff | Attach)
            for unit in operation.units
        )
    )


def matter_of(
    town: Town,
    kind: Kind,
    organization: str,
    operations: Sequence[Operation],
    name: str,
    *,
    group: str = "",
    concerned: Sequence[str] = (),
    leadership: Leadership = Leadership.ELECTED,
) -> Matter:
    """The matter of these operations. ``concerned``: units whose group has it in hand where the roster is empty."""
    shown = live(town)
    units = units_of(operations)
    host = next((each for each in (getattr(one, "host", None) for one in operations) if each), None)
    groups = groups_of(shown)
    return Matter(
        kind=kind,
        title=title_of(kind, operations, name),
        task_group=task_group(groups, units or tuple(concerned), host) or group,
        roster=roster(shown, units, host),
        organization=organization,
        operations=tuple(operations),
        leadership=leadership,
    )


def title_of(kind: Kind, operations: Sequence[Operation], name: str) -> str:
    from liangxin.structure import Attach

    units = units_of(operations)
    if kind is Kind.TRANSFER and operations and all(isinstance(each, Attach) for each in operations):
        return ATTACHING.format(n=len(units), name=name)
    return TITLES[kind].format(name=name)


def new_id(town: Town) -> str:
    """An id that no organization of the town ever had, and that no other case asks for."""
    from liangxin.web.organizations.queries import tree_of

    known = {*tree_of(town).standing, *Case.objects.filter(town=town).values_list("organization", flat=True)}
    number = 1
    while f"Q{number:04d}" in known:
        number += 1
    return f"Q{number:04d}"


def with_commitments(matter: Matter, days: Mapping[str, date | None]) -> Matter:
    """The matter with the day of each unit's commitment."""
    return replace(
        matter,
        roster=tuple(
            replace(line, commitment_on=days[line.unit]) if line.unit in days else line
            for line in matter.roster
        ),
    )


def refreshed(town: Town, matter: Matter) -> Matter:
    """The matter with the members of its units as the ledger counts them now; commitments stay."""
    now = {line.unit: line for line in roster(live(town), [line.unit for line in matter.roster], None)}
    gone = [line.name for line in matter.roster if line.unit not in now]
    if gone:
        raise InputError.of(
            "procedure.unit_gone",
            "台账里已经没有这些单位，请另拟请示",
            "these units are no longer in the ledger; draw up another request",
            found="、".join(gone),
            column_of="roster",
        )
    return replace(
        matter,
        roster=tuple(
            replace(
                line,
                name=now[line.unit].name,
                full_members=now[line.unit].full_members,
                probationary_members=now[line.unit].probationary_members,
            )
            for line in matter.roster
        ),
    )


def led(matter: Matter, leadership: Leadership) -> Matter:
    return replace(matter, leadership=leadership)
