"""Reading a JSON document of ours value by value: every fault is collected with its path, none stops the reading.

A Node stands for one place in the document. A value of the wrong kind is noted and read as an empty stand-in, so that
the next fault is found too; ``finish`` raises them all together and the stand-ins never leave this module's caller.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from liangxin.findings import Finding, InputError, Place
from liangxin.wording import Text

_MISSING = object()


@dataclass(slots=True)
class Node:
    """One value of the document, with the path to it ("units[3].form") and the list that all faults go to."""

    value: Any
    path: str
    file: str
    faults: list[Finding] = field(default_factory=list)
    optional: bool = False

    def at(self, key: str, *, optional: bool = False) -> Node:
        """The value under ``key``. A missing one is a fault when it is asked for, unless optional."""
        path = f"{self.path}.{key}" if self.path else key
        if self._absent():
            self.optional = True  # said once
            return Node(_MISSING, path, self.file, self.faults, optional=True)
        if not isinstance(self.value, dict):
            self._fault("这里应是一组“名称：值”", "an object is expected here")
            self.value, self.optional = _MISSING, True  # said once
            return Node(_MISSING, path, self.file, self.faults, optional=True)
        return Node(self.value.get(key, _MISSING), path, self.file, self.faults, optional)

    def items(self) -> Iterator[Node]:
        if self._absent():
            return
        if not isinstance(self.value, list):
            self._fault("这里应是一个列表", "a list is expected here")
            return
        for position, item in enumerate(self.value):
            yield Node(item, f"{self.path}[{position}]", self.file, self.faults)

    def entries(self) -> Iterator[tuple[str, Node]]:
        if self._absent():
            return
        if not isinstance(self.value, dict):
            self._fault("这里应是一组“名称：值”", "an object is expected here")
            return
        for key, item in self.value.items():
            yield key, Node(item, f"{self.path}.{key}", self.file, self.faults)

    def text(self) -> str:
        if self._absent():
            return ""
        if not isinstance(self.value, str):
            self._fault("这里应是文字", "text is expected here")
            return ""
        return self.value

    def text_or_none(self) -> str | None:
        return None if self.value is None or (self.optional and self.value is _MISSING) else self.text()

    def texts(self) -> tuple[str, ...]:
        return tuple(item.text() for item in self.items())

    def choice(self, accepted: tuple[str, ...]) -> str:
        if self._absent():
            return accepted[0]
        if not isinstance(self.value, str) or self.value not in accepted:
            listed = Text("、".join(accepted), ", ".join(accepted))
            self._fault("不是可用的值", "not one of the values in use", listed)
            return accepted[0]
        return self.value

    def choice_or_none(self, accepted: tuple[str, ...]) -> str | None:
        return None if self.value is None else self.choice(accepted)

    def whole(self) -> int:
        if self._absent():
            return 0
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self._fault("这里应是整数", "a whole number is expected here")
            return 0
        return self.value

    def number(self) -> float:
        if self._absent():
            return 0.0
        if (
            isinstance(self.value, bool)
            or not isinstance(self.value, int | float)
            or not math.isfinite(self.value)
        ):
            self._fault("这里应是数字", "a number is expected here")
            return 0.0
        return float(self.value)

    def number_or_none(self) -> float | None:
        return None if self.value is None or (self.optional and self.value is _MISSING) else self.number()

    def yes(self, *, otherwise: bool) -> bool:
        """True or false; ``otherwise`` where an optional value is missing."""
        if self._absent():
            return otherwise
        if not isinstance(self.value, bool):
            self._fault("这里应是 true 或 false", "true or false is expected here")
            return otherwise
        return self.value

    def date(self) -> datetime.date:
        if not self._absent():
            try:
                return datetime.date.fromisoformat(self.value)
            except (TypeError, ValueError):
                self._fault("这里应是日期", "a date is expected here", Text("2011-08-15", "2011-08-15"))
        return datetime.date.min

    def date_or_none(self) -> datetime.date | None:
        return None if self.value is None else self.date()

    def wording(self) -> Text:
        """The zh and en of an object."""
        return Text(self.at("zh").text(), self.at("en").text())

    def finish(self) -> None:
        """Raise every fault found so far, or return when there is none."""
        if self.faults:
            raise InputError(self.faults)

    def _absent(self) -> bool:
        if self.value is not _MISSING:
            return False
        if not self.optional:
            self._fault("缺少这一项", "this entry is missing")
        return True

    def _fault(self, zh: str, en: str, accepted: Text | None = None) -> None:
        found = "" if self.value is _MISSING else json.dumps(self.value, ensure_ascii=False, default=str)[:80]
        where = self.path or Text("最外层", "the top level")
        said = Text("{where}：" + zh, "{where}: " + en).fill(where=where)
        self.faults.append(Finding("json.value", said, Place(file=self.file), found, accepted))


def parse_json(text: str | bytes, format_name: str, *, name: str) -> Node:
    """The top Node of a JSON text, or of its bytes in UTF-8. ``name``: what messages call it.

    InputError when it is no JSON or of another format."""
    place = Place(file=name)
    try:
        document = json.loads(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise InputError.of(
            "json.encoding", "不是 UTF-8 编码的文本文件", "not a text file in UTF-8", place=place
        ) from None
    except json.JSONDecodeError as wrong:
        raise InputError.of(
            "json.syntax",
            f"不是完整的 JSON 文件（{wrong.msg}）",
            f"not a complete JSON file ({wrong.msg})",
            place=Place(file=name, line=wrong.lineno, offset=wrong.colno),
        ) from None
    found = document.get("format") if isinstance(document, dict) else None
    if found != format_name:
        raise InputError.of(
            "json.format",
            "文件格式不对",
            "this is a file of another format",
            place=place,
            found=str(found) if found is not None else "",
            accepted=Text(f"format: {format_name}", f"format: {format_name}"),
        )
    return Node(document, "", name)
