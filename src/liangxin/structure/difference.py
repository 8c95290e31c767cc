"""What differs between two days of a tree, as sentences: the preview before a step is taken, the record after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from liangxin.structure.tree import DayOrganization, DayTree
from liangxin.wording import Text

ChangeKind = Literal[
    "founded", "dissolved", "type", "name", "setting", "parent", "line", "units", "graduates"
]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference about one organization. ``before`` and ``after`` hold the differing value (ids for parents, units)."""

    kind: ChangeKind
    organization: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    text: Text


def difference(before: DayTree, after: DayTree) -> tuple[Change, ...]:
    """Every change from one day to the other, parents before children; nothing is said twice."""
    changes: list[Change] = []
    for _, new in after.walk():
        old = before.organizations.get(new.id)
        if old is None:
            changes.append(_founded(new, after))
        else:
            changes.extend(_changed(old, new, before, after))
    for _, old in before.walk():
        if old.id not in after.organizations:
            text = Text("撤销{name}", "{name} is dissolved").fill(name=old.name)
            changes.append(Change("dissolved", old.id, (old.name,), (), text))
    return tuple(changes)


def _founded(new: DayOrganization, after: DayTree) -> Change:
    text = Text(
        "成立{name}（{type}），隶属{parent}，单位{count}家",
        "{name} ({type}) is founded under {parent}, {count} units",
    ).fill(name=new.name, type=new.kind.label, parent=_name(after, new.parent), count=len(new.units))
    return Change("founded", new.id, (), (new.name,), text)


def _changed(old: DayOrganization, new: DayOrganization, before: DayTree, after: DayTree) -> list[Change]:
    changes: list[Change] = []

    def add(kind: ChangeKind, was: str, now: str, text: Text) -> None:
        changes.append(Change(kind, new.id, (was,) if was else (), (now,) if now else (), text))

    if old.standing.type != new.standing.type:
        said = (
            Text("{name}由{was}升格为{now}", "{name} is upgraded from {was} to {now}")
            if new.kind.rank > old.kind.rank
            else Text("{name}由{was}改为{now}", "{name} changes from {was} to {now}")
        )
        text = said.fill(name=old.name, was=old.kind.label, now=new.kind.label)
        add("type", old.standing.type, new.standing.type, text)
    if old.name != new.name:
        add(
            "name",
            old.name,
            new.name,
            Text("{was}改名为{now}", "{was} is renamed {now}").fill(was=old.name, now=new.name),
        )
    settings = [
        (each.standing.form or "", each.standing.host or "", each.standing.area or "") for each in (old, new)
    ]
    if settings[0] != settings[1]:
        text = Text("{name}调整组建形式、牵头单位或区域", "{name} changes form, lead unit or area").fill(
            name=new.name
        )
        changes.append(Change("setting", new.id, settings[0], settings[1], text))
    if old.parent != new.parent:
        text = Text("{name}由隶属{was}改为隶属{now}", "{name} moves from {was} to {now}").fill(
            name=new.name, was=_name(before, old.parent), now=_name(after, new.parent)
        )
        add("parent", old.parent or "", new.parent or "", text)
    if old.line != new.line:
        text = Text("{name}的条线由{was}改为{now}", "the line of {name} changes from {was} to {now}").fill(
            name=new.name, was=_name(before, old.line), now=_name(after, new.line)
        )
        add("line", old.line or "", new.line or "", text)
    for kind, was, now, words in (
        ("units", old.units, new.units, Text("单位", "units")),
        (
            "graduates",
            old.graduates,
            new.graduates,
            Text("有大学生流动党员的单位", "units with graduate mobile members"),
        ),
    ):
        if set(was) != set(now):
            joined, left = len(set(now) - set(was)), len(set(was) - set(now))
            text = Text(
                "{name}的{words}：加入{joined}家，离开{left}家",
                "{words} of {name}: {joined} join, {left} leave",
            ).fill(name=new.name, words=words, joined=joined, left=left)
            changes.append(Change(kind, new.id, was, now, text))  # type: ignore[arg-type]
    return changes


def _name(tree: DayTree, id: str | None) -> Text:
    return (
        Text("无", "none") if id is None else Text(tree.organizations[id].name, tree.organizations[id].name)
    )
