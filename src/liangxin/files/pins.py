"""The --pin file (``liangxin.pins/1``): what people have decided beforehand, read with every error by line and column.

format: liangxin.pins/1
pin:      [{unit: U00012, form: park, host: U00007}]   # this form, this lead unit, or both
forbid:   [{unit: U00031, form: village}]
together: [[U00040, U00041]]                           # one joint organization
apart:    [[U00050, U00051]]
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from liangxin.files.yaml_nodes import NodeReader
from liangxin.planning.options import Pin, Pins
from liangxin.registry.fields import FORMS
from liangxin.wording import Text
from liangxin.yaml_tree import Node

FORMAT: Final = "liangxin.pins/1"
_SECTIONS: Final = ("format", "pin", "forbid", "together", "apart")
_WORDS: Final = {form: label.zh for form, label in FORMS.items()}


def read_pins(path: Path | str, units: Mapping[str, str]) -> Pins:
    """The pins of a file. ``units``: id -> name of the ledger's units; a file may name either.

    Forms are written as in the ledger: ``park`` or 园区联建.

    Raises:
        InputError: all that is wrong, each with its line and column and the nearest names.
        OSError: the file cannot be opened.
    """
    path = Path(path)
    return parse_pins(path.read_bytes(), units, name=path.name)


def parse_pins(text: str | bytes, units: Mapping[str, str], *, name: str = "pins.yaml") -> Pins:
    """The pins of a file's text, or of its bytes in UTF-8. ``name``: what messages call it.

    Raises:
        InputError: as ``read_pins``.
    """
    reader = NodeReader(text, name)
    top = reader.mapping(reader.compose(), _SECTIONS, required=("format",))
    if "format" in top:
        stated = reader.text(top["format"])
        if stated is not None and stated != FORMAT:
            reader.say(
                top["format"],
                "format",
                Text("文件格式不对", "The file has another format"),
                stated,
                Text(FORMAT, FORMAT),
            )
    pins = Pins(
        pin=_each_pin(reader, top.get("pin"), units),
        forbid=_each_pin(reader, top.get("forbid"), units),
        together=_sets(reader, top.get("together"), units),
        apart=_sets(reader, top.get("apart"), units),
    )
    reader.finish()
    return pins


def _each_pin(reader: NodeReader, node: Node | None, units: Mapping[str, str]) -> tuple[Pin, ...]:
    made: list[Pin] = []
    for item in reader.sequence(node) if node is not None else []:
        keys = reader.mapping(item, ("unit", "form", "host"), required=("unit",))
        unit = reader.reference(keys.get("unit"), units)
        form = _form(reader, keys.get("form"))
        host = reader.reference(keys.get("host"), units)
        if "unit" in keys and "form" not in keys and "host" not in keys:
            reader.say(
                item,
                "pin_says_nothing",
                Text("要写组建形式（form）或主单位（host）", "A form or a host is needed"),
            )
        if unit is not None:
            made.append(Pin(unit, form, host))
    return tuple(made)


def _form(reader: NodeReader, node: Node | None) -> str | None:
    """A form by its value or by its Chinese word."""
    if node is None or reader.is_null(node):
        return None
    given = reader.text(node)
    by_word = next((form for form, word in _WORDS.items() if word == given), None)
    if given is None or by_word is not None:
        return by_word
    if given in FORMS:
        return given
    reader.say(
        node,
        "not_a_choice",
        Text("没有这种组建形式", "There is no such form"),
        given,
        Text("、".join(f"{form} {word}" for form, word in _WORDS.items()), ", ".join(FORMS)),
    )
    return None


def _sets(reader: NodeReader, node: Node | None, units: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Sets of at least two different units."""
    made: list[tuple[str, ...]] = []
    for item in reader.sequence(node) if node is not None else []:
        members = reader.sequence(item)
        known = [reader.reference(member, units) for member in members]
        found = tuple(dict.fromkeys(member for member in known if member is not None))
        if len(found) < 2 and None not in known:
            reader.say(
                item,
                "too_few_units",
                Text("至少要写两家不同的单位", "At least two different units are needed"),
            )
        made.append(found)
    return tuple(made)
