"""Reading a YAML tree by its nodes, so that every error knows its line and column and all are said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from liangxin.findings import Finding, InputError, Place
from liangxin.registry.boundary import points_of
from liangxin.wording import Text
from liangxin.yaml_tree import Items, Node, Scalar, Table, decode_yaml, read_document

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Spot:
    """1-based line and column of a node."""

    line: int
    offset: int


def nearest(given: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names that look most like ``given``, best first; empty when none does."""
    return difflib.get_close_matches(given, list(dict.fromkeys(known)), n=count, cutoff=0.5)


class NodeReader:
    """Reads nodes as values; what does not fit is added to ``findings`` and reads as None.

    ``text``: the file's text, or its bytes in UTF-8; ``name``: what messages call it.
    """

    def __init__(self, text: str | bytes, name: str) -> None:
        self.name = name
        self.findings: list[Finding] = []
        self._text = text

    def compose(self) -> Table:
        """The root mapping.

        Raises:
            InputError: not UTF-8, not YAML, not a mapping, a key written twice.
        """
        findings: list[Finding] = []
        file = decode_yaml(self.name, self._text, findings)
        root = read_document(file, findings) if file is not None else None
        if root is None:
            raise InputError(findings)
        self.findings += findings
        return root

    def finish(self) -> None:
        """Raise everything found, in the order of the file."""
        if self.findings:
            raise InputError(
                sorted(self.findings, key=lambda item: (item.place.line or 0, item.place.offset or 0))
            )

    def spot(self, node: Node) -> Spot:
        place = node.place
        return Spot(place.line or 1, place.offset or 1)

    def place(self, where: Node | Spot) -> Place:
        spot = where if isinstance(where, Spot) else self.spot(where)
        return Place(file=self.name, line=spot.line, offset=spot.offset)

    def say(
        self, where: Node | Spot, code: str, message: Text, found: str = "", accepted: Text | None = None
    ) -> None:
        self.findings.append(Finding(code, message, self.place(where), found, accepted))

    def is_null(self, node: Node) -> bool:
        return isinstance(node, Scalar) and not node.quoted and node.text in _NULLS

    def mapping(
        self, node: Node, accepted: Sequence[str] | None, required: Sequence[str] = ()
    ) -> dict[str, Node]:
        """The keys of a mapping. Unknown keys are said with the nearest accepted one, missing ones with all missing."""
        if not isinstance(node, Table):
            self._wrong_type(node, Text("“名称: 内容”", "a mapping"))
            return {}
        keys: dict[str, Node] = {}
        for key, value in node.entries.items():
            if accepted is not None and key not in accepted:
                close = nearest(key, accepted)
                self.say(
                    node.keys[key],
                    "unknown_key",
                    Text("没有这一项", "There is no such key"),
                    key,
                    Text("、".join(close or accepted), ", ".join(close or accepted)),
                )
            else:
                keys[key] = value
        for key in required:
            if key not in keys or self.is_null(keys[key]):
                self.say(node, "missing_key", Text(f"缺少“{key}”", f'"{key}" is missing'))
                keys.pop(key, None)
        return keys

    def sequence(self, node: Node) -> list[Node]:
        if self.is_null(node):
            return []
        if not isinstance(node, Items):
            self._wrong_type(node, Text("一个列表（每项前加“- ”，或写在 [ ] 里）", "a list"))
            return []
        return list(node.items)

    def text(self, node: Node) -> str | None:
        """The words as written: an id 330683101 stays text, with its leading zeros."""
        if not isinstance(node, Scalar):
            self._wrong_type(node, Text("文字", "text"))
            return None
        written = node.text.strip()
        if self.is_null(node) or not written:
            self.say(node, "empty", Text("这里不能空着", "This must not be empty"))
            return None
        return written

    def choice(self, node: Node | None, accepted: Sequence[str]) -> str | None:
        if node is None or self.is_null(node):
            return None
        given = self.text(node)
        if given is None or given in accepted:
            return given
        self.say(
            node,
            "not_a_choice",
            Text("没有这个选项", "There is no such choice"),
            given,
            Text("、".join(accepted), ", ".join(accepted)),
        )
        return None

    def whole_number(self, node: Node | None, least: int = 0) -> int | None:
        if node is None or self.is_null(node):
            return None
        try:
            number = int(_word(node))
            if number >= least:
                return number
        except ValueError:
            pass
        self._wrong_type(node, Text(f"不小于{least}的整数", f"a whole number, at least {least}"))
        return None

    def flag(self, node: Node | None) -> bool | None:
        if node is None or self.is_null(node):
            return None
        known = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
        flag = known.get(_word(node).lower())
        if flag is None:
            self._wrong_type(node, Text("true 或 false", "true or false"))
        return flag

    def day(self, node: Node | None) -> date | None:
        if node is None or self.is_null(node):
            return None
        try:
            return date.fromisoformat(_word(node))
        except ValueError:
            self._wrong_type(node, Text("日期，如 2008-07-01", "a date such as 2008-07-01"))
            return None

    def position(self, node: Node | None) -> tuple[float, float] | None:
        """[longitude, latitude], WGS 84, within China's span; the two in the wrong order are said as such."""
        if node is None or self.is_null(node):
            return None
        accepted = Text(
            "[经度, 纬度]，如 [120.62, 29.47]", "[longitude, latitude], for example [120.62, 29.47]"
        )
        try:
            if not isinstance(node, Items):
                raise ValueError
            lon, lat = (float(_word(item)) for item in node.items)
        except ValueError:
            self._wrong_type(node, accepted)
            return None
        if 73 <= lon <= 136 and 3 <= lat <= 54:
            return lon, lat
        message = (
            Text("经度和纬度写反了", "Longitude and latitude are swapped")
            if 73 <= lat <= 136 and 3 <= lon <= 54
            else Text("坐标不在中国范围内", "The position is outside China")
        )
        self.say(node, "bad_position", message, f"[{lon:g}, {lat:g}]", accepted)
        return None

    def geometry(self, node: Node | None) -> dict[str, Any] | None:
        """A GeoJSON geometry that can be drawn, as it stands."""
        if node is None or self.is_null(node):
            return None
        accepted = Text("GeoJSON 的 geometry（type 和 coordinates）", "a GeoJSON geometry")
        if isinstance(node, Table):
            value = {key: _plain(inner) for key, inner in node.entries.items()}
            _, wrong = points_of(value)
            if wrong is None:
                return value
            self.findings.append(replace(wrong, place=self.place(node)))
            return None
        self._wrong_type(node, accepted)
        return None

    def reference(self, node: Node | None, known: Mapping[str, str]) -> str | None:
        """An id of ``known`` (id: name), written as the id or the name."""
        if node is None or self.is_null(node):
            return None
        given = self.text(node)
        return None if given is None else self.resolve(self.spot(node), given, known)

    def resolve(self, where: Spot, given: str, known: Mapping[str, str]) -> str | None:
        if given in known:
            return given
        named = [own_id for own_id, name in known.items() if name == given]
        if len(named) == 1:
            return named[0]
        if named:
            message = Text(f"有{len(named)}个同名的，请写编号", f"{len(named)} have this name; write the id")
            close = named
        else:
            message = Text("没有这个编号或名称", "There is no such id or name")
            close = nearest(given, [*known, *known.values()]) or list(known)[:5]
        self.say(where, "unknown_reference", message, given, Text("、".join(close), ", ".join(close)))
        return None

    def _wrong_type(self, node: Node, accepted: Text) -> None:
        found = _word(node)
        self.say(node, "wrong_type", Text("写法不对", "This is not what belongs here"), found, accepted)


def _word(node: Node) -> str:
    """What a scalar says; "" for anything else, which no reader takes for a value."""
    return node.text if isinstance(node, Scalar) else ""


def _plain(node: Node) -> Any:
    """A node as JSON has it: an unquoted number is a number, everything else that is no list or mapping a text."""
    if isinstance(node, Table):
        return {key: _plain(inner) for key, inner in node.entries.items()}
    if isinstance(node, Items):
        return [_plain(item) for item in node.items]
    if node.quoted:
        return node.text
    for read in (int, float):
        try:
            return read(node.text)
        except ValueError:
            continue
    return node.text
