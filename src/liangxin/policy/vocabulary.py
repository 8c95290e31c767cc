"""The names that a policy makes itself: parameters, definitions and classes, in an order in which each can be read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from liangxin.findings import Finding, Place
from liangxin.policy.checking import Scope, constant, names_in
from liangxin.policy.meaning import Column, Operation, Part, Plain
from liangxin.policy.model import Parameter, Value
from liangxin.policy.names import NAMES, UNIT_NAMES, Subject, ValueType
from liangxin.policy.reading import NOTHING, Reader, expression
from liangxin.policy.syntax import KEYWORDS, Applied, Named, SyntaxProblem, Written, parse
from liangxin.policy.written import read_number
from liangxin.wording import Text
from liangxin.yaml_tree import Items, Scalar, Table

LARGEST = 2000
"""Facts that a definition may read, counted as often as they are read, through all the definitions that it names."""
DEEPEST = 100
"""Operations inside each other in one definition, through all the definitions that it names."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the rules of a policy can name, by subject."""

    unit: Scope
    counted_unit: Scope
    organization: Scope
    proposal: Scope

    def of(self, subject: Subject) -> Scope:
        return {
            Subject.UNIT: self.unit,
            Subject.COUNTED_UNIT: self.counted_unit,
            Subject.ORGANIZATION: self.organization,
            Subject.PROPOSAL: self.proposal,
        }[subject]


def read_parameters(document: Reader) -> dict[str, Parameter]:
    """Every parameter with its dated values."""
    section = document.inner("parameters", need=False)
    if section is None:
        return {}
    parameters: dict[str, Parameter] = {}
    for id in section.table.entries:
        rule = section.inner(id)
        if rule is None:
            continue
        rule.name = f"parameters.{id}"
        values = _values(rule)
        label, unit = rule.text("label"), rule.optional_text("unit")
        rule.finish()
        if values:
            parameters[id] = Parameter(id, label, tuple(sorted(values, key=lambda v: v.start)), unit)
    return parameters


def _values(rule: Reader) -> list[Value]:
    node = rule.node("values")
    if node is None:
        return []
    if not isinstance(node, Items) or not node.items:
        message = Text(
            "“values”要写成列表，每个值有 from、value、source",
            "“values” must be a list; every value has from, value and source",
        )
        rule.wrong("policy_shape", message, node.place)
        return []
    values: list[Value] = []
    for item in node.items:
        if not isinstance(item, Table):
            rule.wrong(
                "policy_shape",
                Text("每个值要有 from、value、source", "Every value has from, value and source"),
                item.place,
            )
            continue
        value = Reader(item, rule.findings, f"{rule.name}.values")
        start = value.day("from", need=True)
        written = value.scalar("value")
        source = value.citation("source")
        value.finish()
        if start is not None and written is not None:
            values.append(Value(start, _plain(written), source))
    if len({type(value.value) for value in values} - {int, float}) > (0 if _numeric(values) else 1):
        rule.wrong(
            "policy_type",
            Text("同一参数的各个值要同类", "The values of one parameter must be of one type"),
            node.place,
        )
    return values


def _numeric(values: list[Value]) -> bool:
    return any(type(value.value) in (int, float) for value in values)


def _plain(scalar: Scalar) -> float | bool | str:
    text = scalar.text
    if scalar.quoted:
        return text
    if text in ("true", "false"):
        return text == "true"
    number = read_number(text)
    if number is None:
        return text
    return int(number) if "." not in text and number.is_integer() and "%" not in text else number


def read_vocabulary(document: Reader, parameters: dict[str, Parameter], as_of: date) -> Vocabulary:
    """Parameters with their values of the day, then definitions and classes, each after those that it names."""
    constants: dict[str, Plain] = {id: parameter.on(as_of).value for id, parameter in parameters.items()}
    unit = Scope(Subject.UNIT, as_of, constants)
    sources = _sources(document)
    _refuse_taken_names(document)
    rules: dict[str, Part | None] = {}
    if "has_organization" not in sources:
        rules["has_organization"] = _has_organization(document)
    sizes: dict[str, tuple[int, int]] = {}
    for id in _in_order(sources, document.findings):
        scope = replace(unit, rules={**dict.fromkeys(sources), **rules})
        found = expression(sources[id], scope, document.findings, None)
        sizes[id] = _size(sources[id], sizes)
        if sizes[id][0] > LARGEST or sizes[id][1] > DEEPEST:
            document.findings.append(_too_large(id, sources[id]))
            found, sizes[id] = NOTHING, (1, 1)
        rules[id] = None if found is NOTHING else found.part
    for id in sources:
        rules.setdefault(id, None)
    unit = replace(unit, rules=rules)
    return Vocabulary(
        unit,
        replace(unit, subject=Subject.COUNTED_UNIT),
        Scope(Subject.ORGANIZATION, as_of, constants),
        Scope(Subject.PROPOSAL, as_of, constants),
    )


def _sources(document: Reader) -> dict[str, Scalar]:
    """The written expression of every definition and class."""
    sources: dict[str, Scalar] = {}
    for section, key in (("definitions", "is"), ("classes", "when")):
        table = document.table.entries.get(section)
        for id, rule in table.entries.items() if isinstance(table, Table) else ():
            written = rule.entries.get(key) if isinstance(rule, Table) else None
            if isinstance(written, Scalar) and id not in sources:
                sources[id] = written
    return sources


def _has_organization(document: Reader) -> Part:
    """The built-in name: the unit's form is one of those with ``is_organization: true``."""
    table = document.table.entries.get("forms")
    forms = [
        id
        for id, rule in (table.entries.items() if isinstance(table, Table) else ())
        if isinstance(rule, Table)
        and isinstance(counts := rule.entries.get("is_organization"), Scalar)
        and counts.text == "true"
    ]
    listed: tuple[Part, ...] = (Column(UNIT_NAMES["organization_form"]), *(constant(form) for form in forms))
    return Operation("in", listed, ValueType.CONDITION)


def _refuse_taken_names(document: Reader) -> None:
    """One name, one meaning: not a field's, a keyword's, nor used in two sections."""
    fields = {name for names in NAMES.values() for name in names} | {"as_of"}
    taken: dict[str, tuple[str, Place]] = {}
    for section in ("parameters", "definitions", "classes"):
        table = document.table.entries.get(section)
        for id in table.entries if isinstance(table, Table) else ():
            place = table.place_of_key(id) if isinstance(table, Table) else Place()
            if id in fields or id in KEYWORDS:
                message = Text(
                    "“{id}”是字段名或语言用词，请换一个名称",
                    "“{id}” is a field or a word of the language; choose another name",
                )
                document.wrong("policy_taken", message.fill(id=id), place)
            elif not id.isidentifier():
                message = Text(
                    "“{id}”不能作名称：只用字母、汉字、数字和下划线，不以数字开头",
                    "“{id}” cannot be a name: letters, digits and underscores, not beginning with a digit",
                )
                document.wrong("policy_taken", message.fill(id=id), place)
            elif id in taken:
                section, place = _in_the_file_itself(document, (section, place), taken[id])
                message = Text("“{id}”在“{section}”里已经用过", "“{id}” is already used in “{section}”")
                document.wrong("policy_duplicate", message.fill(id=id, section=section), place)
            taken.setdefault(id, (section, place))


def _in_the_file_itself(
    document: Reader, later: tuple[str, Place], earlier: tuple[str, Place]
) -> tuple[str, Place]:
    """The section that has the name already, and the place to change: in the county's file, not the one it is based on."""
    if later[1].file != document.table.place.file == earlier[1].file:
        return later[0], earlier[1]
    return earlier[0], later[1]


def _in_order(sources: dict[str, Scalar], findings: list[Finding]) -> list[str]:
    """Definitions before those that name them. Those in a circle are reported once and left out."""
    needs = {id: [name for name in _named(scalar) if name in sources] for id, scalar in sources.items()}
    ordered: list[str] = []
    state: dict[str, str] = {}

    def visit(id: str, path: tuple[str, ...]) -> bool:
        if state.get(id) == "done":
            return True
        if id in path:
            circle = (*path[path.index(id) :], id)
            if not any(state.get(member) == "circle" for member in circle):
                findings.append(
                    Finding(
                        "policy_circle",
                        Text(
                            "定义互相引用，成了圈：{path}",
                            "Definitions refer to each other in a circle: {path}",
                        ).fill(path=" → ".join(circle)),
                        sources[id].place,
                    )
                )
            state.update(dict.fromkeys(circle, "circle"))
            return False
        if state.get(id) in ("circle", "broken"):
            return False
        if len(path) > DEEPEST:
            findings.append(_too_large(id, sources[id]))
            state[id] = "broken"
            return False
        reached = [visit(name, (*path, id)) for name in needs[id]]  # all of them, for all the circles
        sound = all(reached)
        if sound:
            ordered.append(id)
            state[id] = "done"
        else:
            state.setdefault(id, "broken")
        return sound

    for id in sources:
        visit(id, ())
    return ordered


def _too_large(id: str, scalar: Scalar) -> Finding:
    message = Text(
        "“{id}”层层引用，展开后太大", "“{id}” refers to too much once everything it names is written out"
    )
    return Finding("policy_size", message.fill(id=id), scalar.place)


def _tree(scalar: Scalar) -> Written | None:
    """None where it cannot be read, which is reported when it is checked."""
    try:
        return parse(scalar.text)
    except SyntaxProblem:
        return None


def _named(scalar: Scalar) -> list[str]:
    tree = _tree(scalar)
    return [] if tree is None else [named.name for named in names_in(tree)]


def _size(scalar: Scalar, sizes: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """(facts read, depth) of a definition once every name in it is written out."""

    def depth(tree: Written) -> int:
        if isinstance(tree, Named):
            return sizes.get(tree.name, (1, 1))[1]
        return 1 + max(map(depth, tree.operands)) if isinstance(tree, Applied) else 1

    tree = _tree(scalar)
    facts = sum(sizes.get(name, (1, 1))[0] for name in _named(scalar))
    return 1 + facts, depth(tree) if tree is not None else 1
