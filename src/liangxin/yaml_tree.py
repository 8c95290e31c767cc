"""A YAML text as a tree in which every word still knows its file, line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import yaml

from liangxin.findings import Finding, Place
from liangxin.wording import Text

_Loader: type[yaml.SafeLoader] | type[yaml.CSafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


_NOT_ALLOWED: Final = yaml.reader.Reader.NON_PRINTABLE
"""Characters that YAML does not allow: control characters, halves of pairs, U+FFFE and U+FFFF. Written as an escape
(``"\\0"``) they are YAML, but no database and no document keeps them."""
_MARKS: Final = re.compile(r"\A(?:[&!]\S*\s+)+")
"""An anchor or tag before a word: ``&name``, ``!tag``."""


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
        here = len(source) - len(_MARKS.sub("", source))
        if source[here : here + 1] in ("|", ">"):
            here = source.find("\n") + 1
        elif self.quoted:
            here += 1
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


def decode_yaml(name: str, text: str | bytes, findings: list[Finding]) -> File | None:
    """The text of a file. Bytes that are not UTF-8 are added to ``findings`` with their line; None then."""
    if isinstance(text, str):
        return File(name, text.removeprefix("\ufeff"))
    try:
        return File(name, text.decode("utf-8-sig"))
    except UnicodeDecodeError as wrong:
        place = Place(file=name, line=text.count(b"\n", 0, wrong.start) + 1)
        message = Text(
            "文件不是 UTF-8 编码，请另存为 UTF-8 后再用", "The file is not UTF-8; save it as UTF-8"
        )
        findings.append(Finding("not_utf8", message, place, f"byte {wrong.start + 1}"))
        return None


def read_document(file: File, findings: list[Finding]) -> Table | None:
    """The tree of a YAML file. What is wrong with it as YAML is added to ``findings``; None when nothing can be read."""
    if (odd := _NOT_ALLOWED.search(file.text)) is not None:
        line = file.text.count("\n", 0, odd.start()) + 1
        place = Place(file=file.name, line=line, offset=odd.start() - file.text.rfind("\n", 0, odd.start()))
        message = Text("这里有 YAML 不允许的字符", "A character that YAML does not allow")
        findings.append(Finding("not_yaml", message, place, f"U+{ord(odd.group()):04X}"))
        return None
    grower = _Grower(file, findings)
    try:
        for event in yaml.parse(file.text, Loader=_Loader):
            grower.take(event)
            if grower.refused:
                return None
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = Place(
            file=file.name, line=mark.line + 1 if mark else None, offset=mark.column + 1 if mark else None
        )
        message = Text(
            "这里不是正确的 YAML，请检查缩进、冒号和引号",
            "This is not correct YAML; check indentation, colons and quotation marks",
        )
        findings.append(Finding("not_yaml", message, place, str(wrong.problem or "")))
        return None
    if grower.root is None:
        findings.append(Finding("empty_file", Text("文件是空的", "The file is empty"), Place(file=file.name)))
        return None
    if not isinstance(grower.root, Table):
        message = Text("文件最外层要写“名称: 内容”", "The outermost level must be “name: content”")
        findings.append(Finding("not_mapping", message, Place(file=file.name, line=1, offset=1)))
        return None
    return grower.root


def grow_tree(value: object, *, name: str) -> Node:
    """Plain values (mappings, lists, texts, numbers, yes and no) as the tree that their YAML would give, all on line 1."""
    return _grow(value, File(name, repr(value)))


def _grow(value: object, file: File) -> Node:
    if isinstance(value, Mapping):
        entries = {str(key): _grow(inner, file) for key, inner in value.items()}
        return Table(_top(file), entries, {key: _word(key, file) for key in entries})
    if isinstance(value, list | tuple):
        return Items(_top(file), tuple(_grow(item, file) for item in value))
    return _word(str(value).lower() if isinstance(value, bool) else str(value), file)


def _word(text: str, file: File) -> Scalar:
    return Scalar(file, text, 1, 1, 0, 0, False)


def _top(file: File) -> Place:
    return Place(file=file.name, line=1, offset=1)


DEEPEST: Final = 20
"""Levels of nesting that a file may have; one with more is none of ours, and could exhaust the machine."""


class _Grower:
    """Grows the tree event by event, without recursion."""

    def __init__(self, file: File, findings: list[Finding]) -> None:
        self.file, self.findings = file, findings
        self.root: Node | None = None
        self.refused = False
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self.place(self.scalar(event), event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            self.open.append(_Open(self.mark(event), isinstance(event, yaml.MappingStartEvent), event.anchor))
            if len(self.open) > DEEPEST:
                message = Text("嵌套超过{levels}层", "Nested deeper than {levels} levels")
                self.findings.append(Finding("too_deep", message.fill(levels=DEEPEST), self.mark(event)))
                self.refused = True
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.open.pop()
            self.place(
                self.table(done) if done.is_table else Items(done.place, tuple(done.nodes)), done.anchor
            )
        elif isinstance(event, yaml.AliasEvent):
            found = self.anchors.get(event.anchor or "")
            if found is None:
                place = self.mark(event)
                message = Text("前面没有“&{name}”", "There is no “&{name}” before this").fill(
                    name=event.anchor
                )
                self.findings.append(Finding("not_yaml", message, place))
                found = Scalar(self.file, "", place.line or 1, place.offset or 1, 0, 0, True)
            self.place(found, None)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            message = Text(
                "一个文件只写一份内容（“---”后面不能再有）",
                "One file holds one document (nothing after “---”)",
            )
            self.findings.append(Finding("not_yaml", message, self.mark(event)))
            self.refused = True

    def mark(self, event: yaml.Event) -> Place:
        assert event.start_mark is not None
        return Place(file=self.file.name, line=event.start_mark.line + 1, offset=event.start_mark.column + 1)

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        start, end = event.start_mark, event.end_mark
        assert start is not None and end is not None
        quoted = event.style in ("'", '"')
        if (odd := _NOT_ALLOWED.search(event.value)) is not None:
            message = Text("这里写了不能保存的字符", "A character that cannot be kept is written here")
            self.findings.append(Finding("character", message, self.mark(event), f"U+{ord(odd.group()):04X}"))
        return Scalar(
            self.file, event.value, start.line + 1, start.column + 1, start.index, end.index, quoted
        )

    def place(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if self.open:
            self.open[-1].nodes.append(node)
        else:
            self.root = node

    def table(self, done: _Open) -> Table:
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        for key, value in zip(done.nodes[::2], done.nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                message = Text("冒号前要写一个名称", "A name is needed before the colon")
                self.findings.append(Finding("not_a_key", message, key.place))
            elif key.text in entries:
                message = Text(
                    "“{key}”写了两次，第一次在第{line}行", "“{key}” is written twice, first on line {line}"
                ).fill(key=key.text, line=keys[key.text].line)
                self.findings.append(Finding("double_key", message, key.place))
            else:
                keys[key.text], entries[key.text] = key, value
        return Table(done.place, entries, keys)


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet; a mapping's keys and values follow each other in ``nodes``."""

    place: Place
    is_table: bool
    anchor: str | None
    nodes: list[Node] = field(default_factory=list)
