"""Do one operation on a draft. Each returns the reasons against it; with any reason the draft is thrown away."""

from __future__ import annotations

from dataclasses import replace

from liangxin.findings import Finding
from liangxin.structure.annulment import annul, has_children, is_root
from liangxin.structure.draft import OWN_MEMBERS, Draft, Table, refusal
from liangxin.structure.operations import (
    Adjust,
    Annul,
    Attach,
    Dissolve,
    Found,
    Merge,
    Record,
    Release,
    SplitOff,
    Transfer,
    Upgrade,
)
from liangxin.structure.organization import ORGANIZATION_TYPES, Standing
from liangxin.structure.tree import Entry
from liangxin.wording import Text


def perform(draft: Draft, entry: Entry) -> list[Finding]:
    """Do the entry's operation, or say why not. The entry is written into the journal when it is done."""
    operation = entry.operation
    match operation:
        case Record() | Found():
            refused = _begin(draft, entry, operation)
        case SplitOff():
            refused = _split_off(draft, entry, operation)
        case Attach():
            refused = _attach(draft, entry, operation)
        case Release():
            refused = _release(draft, entry, operation)
        case Upgrade():
            refused = _upgrade(draft, entry, operation)
        case Adjust():
            refused = _adjust(draft, entry, operation)
        case Merge():
            refused = _merge(draft, entry, operation.organizations, operation.into)
        case Dissolve():
            refused = _dissolve(draft, entry, operation)
        case Transfer():
            refused = _transfer(draft, entry, operation)
        case Annul():
            refused = annul(draft, entry, operation)
    if not refused:
        draft.journal.append(entry)
    return refused


def _unknown_type(given: str) -> list[Finding]:
    if given in ORGANIZATION_TYPES:
        return []
    accepted = "、".join(f"{each.id}（{each.label.zh}）" for each in ORGANIZATION_TYPES.values())
    accepted_en = ", ".join(ORGANIZATION_TYPES)
    return [
        Finding(
            "structure.unknown_type",
            Text("没有这种党组织类型", "There is no such type of organization"),
            found=given,
            accepted=Text(accepted, accepted_en),
        )
    ]


def _no_party_organization(name: str) -> Finding:
    return refusal(
        "no_party_organization",
        "{name}是议事协调机构，不是党组织：不管单位，也不能升格",
        "{name} only coordinates and is no party organization: it has no units and cannot be upgraded",
        name=name,
    )


def _begin(draft: Draft, entry: Entry, operation: Record | Found | SplitOff) -> list[Finding]:
    refused = _unknown_type(operation.type)
    if not refused and operation.units and not ORGANIZATION_TYPES[operation.type].party:
        refused.append(_no_party_organization(operation.name))
    if operation.id in draft.tables["standing"]:
        refused.append(
            refusal(
                "duplicate",
                "编号“{id}”已是{name}的编号",
                "id “{id}” already belongs to {name}",
                id=operation.id,
                name=draft.name(operation.id),
            )
        )
    if operation.parent is None:
        if draft.roots:
            refused.append(
                refusal(
                    "second_root",
                    "没有写上级；全镇只有{name}没有上级",
                    "no superior is given; only {name} has none",
                    name=draft.name(min(draft.roots)),
                )
            )
    else:
        refused += draft.missing([operation.parent]) + draft.unfit_parent(operation.parent)
    if operation.line is not None:
        refused += draft.missing([operation.line])
    if refused:
        return refused
    standing = Standing(operation.name, operation.type, operation.form, operation.host, operation.area)
    draft.put("standing", operation.id, standing, entry)
    if operation.parent is None:
        draft.roots.add(operation.id)
    else:
        draft.put("territory", operation.id, operation.parent, entry)
    if operation.line is not None:
        draft.put("line", operation.id, operation.line, entry)
    for unit in operation.units:
        draft.put("membership", unit, operation.id, entry)
    if isinstance(operation, Found):
        for unit in operation.graduates:
            draft.put("graduates", unit, operation.id, entry)
    if operation.units and not isinstance(operation, Record):
        draft.weigh(operation.id, entry)
    return []


def _split_off(draft: Draft, entry: Entry, operation: SplitOff) -> list[Finding]:
    sources = {unit: draft.current("membership", unit) for unit in operation.units}
    outside = [unit for unit, source in sources.items() if source is None]
    if not operation.units or outside:
        return [
            refusal(
                "not_attached",
                "要剥离的单位不在任何党组织内：{units}",
                "units to split off are in no organization: {units}",
                units="、".join(outside) or "—",
            )
        ]
    if operation.parent is None:
        source = next(iter(sources.values()))
        operation = replace(operation, parent=draft.current("territory", str(source)))
    return _begin(draft, entry, operation)


def _attach(draft: Draft, entry: Entry, operation: Attach) -> list[Finding]:
    refused = draft.missing([operation.to])
    if refused:
        return refused
    if not draft.standing(operation.to).kind.party:
        return [_no_party_organization(draft.name(operation.to))]
    table: Table = "graduates" if operation.graduates else "membership"
    for unit in operation.units:
        draft.put(table, unit, operation.to, entry)
    return []


def _release(draft: Draft, entry: Entry, operation: Release) -> list[Finding]:
    outside = [unit for unit in operation.units if draft.current("membership", unit) is None]
    if outside:
        return [
            refusal(
                "not_attached",
                "这些单位本来不在任何党组织内：{units}",
                "these units are in no organization: {units}",
                units="、".join(outside),
            )
        ]
    for unit in operation.units:
        draft.put("membership", unit, None, entry)
    return []


def _upgrade(draft: Draft, entry: Entry, operation: Upgrade) -> list[Finding]:
    refused = draft.missing([operation.organization]) + _unknown_type(operation.type)
    if refused:
        return refused
    now = draft.standing(operation.organization)
    if not now.kind.party:
        return [_no_party_organization(now.name)]
    new = ORGANIZATION_TYPES[operation.type]
    if new.rank <= now.kind.rank:
        return [
            refusal(
                "not_higher",
                "{name}现在是{now}，改为{new}不是升格",
                "{name} is a {now}; {new} is not an upgrade",
                name=now.name,
                now=now.kind.label,
                new=new.label,
            )
        ]
    upgraded = replace(now, type=operation.type, name=operation.name or now.name)
    draft.put("standing", operation.organization, upgraded, entry)
    return []


def _adjust(draft: Draft, entry: Entry, operation: Adjust) -> list[Finding]:
    refused = draft.missing([operation.organization])
    if operation.type is not None:
        refused += _unknown_type(operation.type)
    if refused:
        return refused
    now = draft.standing(operation.organization)
    new = replace(
        now,
        name=operation.name or now.name,
        type=operation.type or now.type,
        form=operation.form or now.form,
        host=operation.host or now.host,
        area=operation.area or now.area,
    )
    if new.kind.rank > now.kind.rank:
        return [
            refusal(
                "is_upgrade",
                "{name}由{now}改为{new}是升格，请按升格办理",
                "{name} from {now} to {new} is an upgrade; enter it as one",
                name=now.name,
                now=now.kind.label,
                new=new.kind.label,
            )
        ]
    if not new.kind.leads and draft.held("territory", operation.organization):
        return [has_children(draft, operation.organization)]
    draft.put("standing", operation.organization, new, entry)
    if new.form in OWN_MEMBERS and new.form != now.form:
        draft.weigh(operation.organization, entry)
    return []


def _merge(draft: Draft, entry: Entry, ending: tuple[str, ...], into: str) -> list[Finding]:
    """End organizations; what they hold goes to ``into``."""
    refused = draft.missing([*ending, into])
    for id in ending:
        if id in draft.roots:
            refused.append(is_root(draft, id))
        elif draft.stands(id) and draft.stands(into):
            refused += draft.cycle(id, into, "territory")
            if draft.held("territory", id):
                refused += draft.unfit_parent(into)
    if refused:
        return refused
    for id in ending:
        for child in draft.held("territory", id):
            draft.put("territory", child, into, entry)
        for unit in draft.held("membership", id):
            draft.put("membership", unit, into, entry)
        for unit in draft.held("graduates", id):
            draft.put("graduates", unit, into, entry)
        for child in draft.held("line", id):
            in_line = child == into or child in draft.above(into, "line")
            draft.put("line", child, None if in_line else into, entry)
        _end(draft, entry, id)
    return []


def _dissolve(draft: Draft, entry: Entry, operation: Dissolve) -> list[Finding]:
    id = operation.organization
    if operation.heir is not None:
        return _merge(draft, entry, (id,), operation.heir)
    refused = draft.missing([id])
    if not refused and id in draft.roots:
        refused = [is_root(draft, id)]
    holds = any(draft.held(table, id) for table in ("territory", "membership", "graduates"))
    if not refused and holds:
        refused = [has_children(draft, id)]
    if refused:
        return refused
    for child in draft.held("line", id):
        draft.put("line", child, None, entry)
    _end(draft, entry, id)
    return []


def _end(draft: Draft, entry: Entry, id: str) -> None:
    draft.put("territory", id, None, entry)
    draft.put("line", id, None, entry)
    draft.put("standing", id, None, entry)


def _transfer(draft: Draft, entry: Entry, operation: Transfer) -> list[Finding]:
    id, parent, table = operation.organization, operation.parent, operation.axis
    refused = draft.missing([id] if parent is None else [id, parent])
    if refused:
        return refused
    if table == "territory":
        if id in draft.roots or parent is None:
            return [is_root(draft, id)] if id in draft.roots else [_needs_parent(draft, id)]
        refused = draft.unfit_parent(parent)
    if parent is not None:
        refused += draft.cycle(id, parent, table)
    if refused:
        return refused
    draft.put(table, id, parent, entry)
    return []


def _needs_parent(draft: Draft, id: str) -> Finding:
    return refusal(
        "second_root",
        "{name}要有上级；全镇只有镇党委没有上级",
        "{name} needs a superior; only the town committee has none",
        name=draft.name(id),
    )
