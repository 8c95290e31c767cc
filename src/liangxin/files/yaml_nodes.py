"""Reading a YAML tree by its nodes, so that every error knows its line and column and all are said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from liangxin.findings import Finding, InputError, Place
from liangxin.wording import Text

if TYPE_CHECKING:
    from yaml import MappingNode, Node

_NULL = "tag:yaml.org,2002:null"
_GEOMETRIES = ("Polygon", "MultiPolygon", "Point", "LineString", "MultiPoint", "MultiLineString")


@dataclass(frozen=True, slots=True)
class Spot:
    """1-based line and column of a node."""

    line: int
    offset: int


def nearest(given: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names that look most like ``given``, best first; empty when none does."""
    return difflib.get_close_matches(given, list(dict.fromkeys(known)), n=count, cutoff=0.5)


class NodeReader:
    """Reads nodes as values; what does not fit is added to ``findings`` and reads as None."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.findings: list[Finding] = []

    def compose(self) -> MappingNode:
        """The root mapping of the file.

        Raises:
            InputError: not UTF-8, not YAML, or not a mapping.
        """
        import yaml

        raw = self.path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as wrong:
            line = raw.count(b"\n", 0, wrong.start) + 1
            raise InputError.of(
                "not_utf8",
                "文件不是 UTF-8 编码，请另存为 UTF-8 后再用",
                "The file is not UTF-8; save it as UTF-8",
                place=Place(file=self.path.name, line=line),
            ) from None
        try:
            root = yaml.compose(
                text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
            )  # ten times as fast
        except yaml.MarkedYAMLError as wrong:
            mark = wrong.problem_mark or wrong.context_mark
            raise InputError.of(
                "not_yaml",
                "这里不合 YAML 的写法（常见原因：缩进、括号或引号不成对，冒号后没有空格）",
                f"This is not valid YAML: {wrong.problem or wrong.context}",
                place=Place(
                    file=self.path.name,
                    line=None if mark is None else mark.line + 1,
                    offset=None if mark is None else mark.column + 1,
                ),
            ) from None
        except yaml.YAMLError as wrong:  # e.g. a control character
            raise InputError.of(
                "not_yaml",
                f"文件里有不能用的字符：{wrong}",
                f"The file holds a character that is not allowed: {wrong}",
                place=Place(file=self.path.name),
            ) from None
        if not isinstance(root, yaml.MappingNode):
            raise InputError.of(
                "not_mapping",
                "文件应是“名称: 内容”的写法",
                "The file should be a mapping of keys to values",
                place=Place(file=self.path.name, line=1),
            )
        return root

    def finish(self) -> None:
        """Raise everything found, in the order of the file."""
        if self.findings:
            raise InputError(
                sorted(self.findings, key=lambda item: (item.place.line or 0, item.place.offset or 0))
            )

    def spot(self, node: Node) -> Spot:
        return Spot(node.start_mark.line + 1, node.start_mark.column + 1)

    def place(self, where: Node | Spot) -> Place:
        spot = where if isinstance(where, Spot) else self.spot(where)
        return Place(file=self.path.name, line=spot.line, offset=spot.offset)

    def say(
        self, where: Node | Spot, code: str, message: Text, found: str = "", accepted: Text | None = None
    ) -> None:
        self.findings.append(Finding(code, message, self.place(where), found, accepted))

    def is_null(self, node: Node) -> bool:
        return str(node.tag) == _NULL

    def mapping(
        self, node: Node, accepted: Sequence[str] | None, required: Sequence[str] = ()
    ) -> dict[str, Node]:
        """The keys of a mapping. Unknown keys are said with the nearest accepted one, missing ones with all missing."""
        import yaml

        if not isinstance(node, yaml.MappingNode):
            self._wrong_type(node, Text("“名称: 内容”", "a mapping"))
            return {}
        keys: dict[str, Node] = {}
        for key_node, value in node.value:
            key = str(key_node.value)
            if key in keys:
                self.say(key_node, "double_key", Text("这一项写了两次", "This key is written twice"), key)
            elif accepted is not None and key not in accepted:
                close = nearest(key, accepted)
                self.say(
                    key_node,
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
        import yaml

        if self.is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._wrong_type(node, Text("一个列表（每项前加“- ”，或写在 [ ] 里）", "a list"))
            return []
        return list(node.value)

    def text(self, node: Node) -> str | None:
        """The words as written: an id 330683101 stays text, with its leading zeros."""
        import yaml

        if not isinstance(node, yaml.ScalarNode):
            self._wrong_type(node, Text("文字", "text"))
            return None
        written = str(node.value).strip()
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
            number = int(str(node.value))
            if number >= least:
                return number
        except (TypeError, ValueError):
            pass
        self._wrong_type(node, Text(f"不小于{least}的整数", f"a whole number, at least {least}"))
        return None

    def flag(self, node: Node | None) -> bool | None:
        if node is None or self.is_null(node):
            return None
        known = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}
        flag = known.get(str(node.value).lower())
        if flag is None:
            self._wrong_type(node, Text("true 或 false", "true or false"))
        return flag

    def day(self, node: Node | None) -> date | None:
        if node is None or self.is_null(node):
            return None
        try:
            return date.fromisoformat(str(node.value))
        except ValueError:
            self._wrong_type(node, Text("日期，如 2008-07-01", "a date such as 2008-07-01"))
            return None

    def position(self, node: Node | None) -> tuple[float, float] | None:
        """[longitude, latitude], WGS 84, within China's span; the two in the wrong order are said as such."""
        import yaml

        if node is None or self.is_null(node):
            return None
        accepted = Text(
            "[经度, 纬度]，如 [120.62, 29.47]", "[longitude, latitude], for example [120.62, 29.47]"
        )
        try:
            if not isinstance(node, yaml.SequenceNode):
                raise ValueError
            lon, lat = (float(str(item.value)) for item in node.value)
        except (TypeError, ValueError):
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
        """A GeoJSON geometry, as it stands."""
        import yaml

        if node is None or self.is_null(node):
            return None
        accepted = Text("GeoJSON 的 geometry（type 和 coordinates）", "a GeoJSON geometry")
        if isinstance(node, yaml.MappingNode):
            value = yaml.SafeLoader("").construct_document(node)
            if (
                isinstance(value, dict)
                and value.get("type") in _GEOMETRIES
                and isinstance(value.get("coordinates"), list)
            ):
                return value
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
        import yaml

        found = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        self.say(node, "wrong_type", Text("写法不对", "This is not what belongs here"), found, accepted)
