"""A YAML text as a tree in which every word still knows its file, line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import yaml

from liangxin.findings import Finding, Place
from liangxin.wording import Text

_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class File:
    """A text with its name, as messages show it."""

    name: str
    text: str


@dataclass(frozen=True)
class Scalar:
    """A word. ``start``, ``end``: its place in the file's text, quotes and block sign included."""

    file: File
    text: str
    line: int
    column: int
    start: int
    end: int
    quoted: bool

    @cached_property
    def place(self) -> Place:
        return Place(file=self.file.name, line=self.line, offset=self.column)

    def place_of(self, at: int) -> Place:
        """Where the character ``at`` of the word stands in the file, also when the word is quoted or folded."""
        source = self.file.text[self.start : self.end]
        here = 0
        if source[:1] in ("|", ">"):
            here = source.find("\n") + 1
        elif self.quoted:
            here = 1
        wanted = self.text[: at + 1]
        for index, letter in enumerate(wanted):
            if letter.isspace() and index < at:
                continue
            found = here
            while found < len(source) and source[found] != letter and source[found] in " \t\r\n\\'":
                found += 1
            if found >= len(source) or source[found] != letter:
                break  # the end of the word, or an escape: the last place that is certain
            here = found if index == at else found + 1
        else:
            if at >= len(self.text):
                here = len(source[:here].rstrip())
        before = source[:here]
        lines = before.count("\n")
        column = here - before.rfind("\n") if lines else self.column + here
        return Place(file=self.file.name, line=self.line + lines, offset=column)


@dataclass(frozen=True)
class Table:
    """A mapping. ``keys`` are the words before the colons, for their places."""

    place: Place
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)

    def place_of_key(self, key: str) -> Place:
        return self.keys[key].place if key in self.keys else self.place


@dataclass(frozen=True)
class Items:
    place: Place
    items: tuple[Node, ...] = ()


Node = Scalar | Table | Items


def read_document(file: File, findings: list[Finding]) -> Table | None:
    """The tree of a policy file. What is wrong with it as YAML is added to ``findings``; None when nothing can be read."""
    try:
        node = yaml.compose(file.text, Loader=_Loader)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = Place(
            file=file.name, line=mark.line + 1 if mark else None, offset=mark.column + 1 if mark else None
        )
        findings.append(
            Finding(
                "policy_yaml",
                Text(
                    "这里不是正确的 YAML，请检查缩进、冒号和引号",
                    "This is not correct YAML; check indentation, colons and quotation marks",
                ),
                place,
                str(wrong.problem or ""),
            )
        )
        return None
    except yaml.reader.ReaderError as wrong:
        line = file.text.count("\n", 0, wrong.position) + 1
        column = wrong.position - file.text.rfind("\n", 0, wrong.position)
        findings.append(
            Finding(
                "policy_yaml",
                Text("这里有 YAML 不允许的字符", "A character that YAML does not allow"),
                Place(file=file.name, line=line, offset=column),
                f"U+{ord(file.text[wrong.position]):04X}",
            )
        )
        return None
    if node is None:
        findings.append(
            Finding("policy_empty", Text("文件是空的", "The file is empty"), Place(file=file.name))
        )
        return None
    tree = _node(node, file, findings)
    if not isinstance(tree, Table):
        findings.append(
            Finding(
                "policy_shape",
                Text("文件最外层要写“名称: 内容”", "The outermost level must be “name: content”"),
                Place(file=file.name, line=1, offset=1),
            )
        )
        return None
    return tree


def _node(node: yaml.Node, file: File, findings: list[Finding]) -> Node:
    mark = node.start_mark
    if isinstance(node, yaml.ScalarNode):
        return Scalar(
            file,
            node.value,
            mark.line + 1,
            mark.column + 1,
            mark.index,
            node.end_mark.index,
            node.style in ("'", '"'),
        )
    place = Place(file=file.name, line=mark.line + 1, offset=mark.column + 1)
    if isinstance(node, yaml.SequenceNode):
        return Items(place, tuple(_node(item, file, findings) for item in node.value))
    entries: dict[str, Node] = {}
    keys: dict[str, Scalar] = {}
    for key_node, value_node in node.value:
        key = _node(key_node, file, findings)
        if not isinstance(key, Scalar):
            findings.append(
                Finding(
                    "policy_shape", Text("冒号前要写一个名称", "A name is needed before the colon"), key.place
                )
            )
            continue
        if key.text in entries:
            findings.append(
                Finding(
                    "policy_duplicate",
                    Text(
                        "“{key}”写了两次，第一次在第{line}行",
                        "“{key}” is written twice, first on line {line}",
                    ).fill(key=key.text, line=keys[key.text].line),
                    key.place,
                )
            )
            continue
        keys[key.text] = key
        entries[key.text] = _node(value_node, file, findings)
    return Table(place, entries, keys)
