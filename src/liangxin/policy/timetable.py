"""Sections of a policy that set the stage: bodies, task groups, milestones, document style, planning weights, prose."""

from __future__ import annotations

from dataclasses import MISSING, fields

from liangxin.policy.model import Body, DocumentStyle, GroupSlot, Milestone, PlanningWeights
from liangxin.policy.names import ORGANIZATION_TYPES
from liangxin.policy.reading import Reader
from liangxin.policy.rules import FORM_IDS, RuleReader
from liangxin.policy.suggestions import instead
from liangxin.wording import Text
from liangxin.yaml_tree import Items, Scalar, Table

BODY_TYPES = ("body", *ORGANIZATION_TYPES)


def read_bodies(rules: RuleReader) -> tuple[Body, ...]:
    found: list[Body] = []
    parents: list[tuple[Reader, Scalar]] = []
    for id, rule in rules.each("bodies"):
        parent = rule.scalar("parent", need=False)
        above = None if parent is None or parent.text in ("null", "") else parent.text
        if parent is not None and above is not None:
            parents.append((rule, parent))
        count = rule.scalar("count", need=False)
        unsaid = count is not None and count.text == "null"
        found.append(
            Body(
                id,
                rules.clause(rule),
                rule.text("label"),
                above,
                rule.optional_text("head"),
                rule.optional_text("deputy"),
                rule.one_of("type", BODY_TYPES, "body"),
                None if unsaid else int(rule.number("count", 1)),
                rule.optional_text("pattern"),
            )
        )
    ids = {body.id for body in found}
    for rule, parent in parents:
        rule.known_name(parent, ids, "bodies")
    _refuse_circle(rules, "bodies", {body.id: (body.parent,) if body.parent else () for body in found})
    return tuple(found)


def read_group_slots(rules: RuleReader) -> tuple[GroupSlot, ...]:
    return tuple(
        GroupSlot(id, rule.text("label"), rule.word("line")) for id, rule in rules.each("group_slots")
    )


def read_milestones(rules: RuleReader) -> tuple[Milestone, ...]:
    """Milestones in the order written. A milestone may not fall due before one that must be done before it."""
    found: dict[str, Milestone] = {}
    before: list[tuple[str, Reader, Scalar]] = []
    for id, rule in rules.each("milestones"):
        start, due = rule.day("start"), rule.day("due")
        if start is not None and due is not None and due < start:
            message = Text("“{id}”的期限早于开始日期", "“{id}” falls due before it starts").fill(id=id)
            rule.wrong("policy_date", message, rule.table.place_of_key("due"), f"{start} – {due}")
        listed = rule.node("predecessors", need=False)
        for item in listed.items if isinstance(listed, Items) else ():
            if isinstance(item, Scalar):
                before.append((id, rule, item))
        found[id] = Milestone(
            id,
            rules.clause(rule),
            rule.text("label"),
            start,
            due,
            rule.names("predecessors"),
            rule.optional_text("said") or Text("", ""),
        )
    for id, rule, item in before:
        if not rule.known_name(item, found, "milestones"):
            continue
        mine, earlier = found[id].due, found[item.text].due
        if mine is not None and earlier is not None and mine < earlier:
            message = Text(
                "“{id}”的期限 {mine} 早于它的前置事项“{earlier}”的期限 {due}",
                "“{id}” falls due on {mine}, before “{earlier}”, which must be done first, on {due}",
            )
            rule.wrong(
                "policy_order", message.fill(id=id, mine=mine, earlier=item.text, due=earlier), item.place
            )
    _refuse_circle(rules, "milestones", {m.id: m.predecessors for m in found.values()})
    return tuple(found.values())


def _refuse_circle(rules: RuleReader, section: str, above: dict[str, tuple[str, ...]]) -> None:
    """Follow the arrows upward from each id; a way back to it is a circle, reported once."""
    settled: set[str] = set()

    def follow(id: str, path: tuple[str, ...]) -> None:
        if id in path:
            circle = (*path[path.index(id) :], id)
            table = rules.document.table.entries.get(section)
            if isinstance(table, Table) and not settled & set(circle):
                message = Text(
                    "“{section}”里前后成了圈：{path}", "“{section}” goes round in a circle: {path}"
                )
                rules.document.wrong(
                    "policy_circle",
                    message.fill(section=section, path=" → ".join(circle)),
                    table.place_of_key(id),
                )
            settled.update(circle)
            return
        if id in settled:
            return
        for next_id in above.get(id, ()):
            follow(next_id, (*path, id))
        settled.add(id)

    for id in above:
        follow(id, ())


def read_style(document: Reader) -> DocumentStyle:
    rule = document.inner("style")
    if rule is None:
        return DocumentStyle("", "", (), Text("", ""), ())
    rule.asked |= {"from", "to"}
    style = DocumentStyle(
        rule.word("id"),
        rule.word("serial"),
        rule.names("subject_words"),
        rule.text("addressees"),
        rule.texts("copy_to"),
    )
    rule.finish()
    return style


def read_planning(document: Reader) -> PlanningWeights:
    """``per_unit`` and ``per_organization`` by form; every other weight has the default of the model."""
    rule = document.inner("planning")
    if rule is None:
        return PlanningWeights({}, {})
    rule.asked |= {"from", "to"}
    by_form = {key: _by_form(rule, key) for key in ("per_unit", "per_organization")}
    numbers: dict[str, float] = {}
    for field in fields(PlanningWeights):
        if field.default is not MISSING:
            value = rule.number(field.name, float(field.default))
            numbers[field.name] = int(value) if isinstance(field.default, int) else value
    rule.finish()
    return PlanningWeights(**by_form, **numbers)  # type: ignore[arg-type]


def _by_form(rule: Reader, key: str) -> dict[str, float]:
    inner = rule.inner(key)
    if inner is None:
        return {}
    found: dict[str, float] = {}
    for form in inner.table.entries:
        if form not in (*FORM_IDS, "none"):
            message = Text("台账里没有组建形式“{id}”", "The ledger has no form “{id}”").fill(id=form)
            inner.wrong(
                "policy_name", message, inner.table.place_of_key(form), "", instead(form, (*FORM_IDS, "none"))
            )
        found[form] = inner.number(form)
    return found


def read_texts(document: Reader) -> dict[str, Text]:
    section = document.inner("texts", need=False)
    return {} if section is None else {id: section.text(id) for id in section.table.entries}
