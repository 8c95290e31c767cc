"""The --pin file: units by id or name, forms by value or word, all errors at once by line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from liangxin.files.pins import read_pins
from liangxin.files.schemas import schema
from liangxin.findings import InputError
from liangxin.planning.options import Pin, Pins

UNITS = {"U1": "永和电机厂", "U2": "新联机械厂", "U3": "茂源茶叶公司"}
GOOD = """\
format: liangxin.pins/1
pin:
  - {unit: 永和电机厂, form: 园区联建, host: U2}
  - {unit: U3, form: village}
forbid: [{unit: U1, host: U3}]
together: [[U1, U2]]
apart: [[U1, 茂源茶叶公司]]
"""


def test_all_four_kinds(tmp_path: Path) -> None:
    """Pin, forbid, together, apart."""
    (tmp_path / "pins.yaml").write_text(GOOD, encoding="utf-8")
    assert read_pins(tmp_path / "pins.yaml", UNITS) == Pins(
        pin=(Pin("U1", "park", "U2"), Pin("U3", "village", None)),
        forbid=(Pin("U1", None, "U3"),),
        together=(("U1", "U2"),),
        apart=(("U1", "U3"),),
    )


def test_the_file_is_what_its_schema_says() -> None:
    """The example is valid; a pin that says neither form nor host is not."""
    validator = Draft202012Validator(schema("pins"))
    assert validator.is_valid(yaml.safe_load(GOOD))
    assert not validator.is_valid({"format": "liangxin.pins/1", "pin": [{"unit": "U1"}]})


def test_nothing_pinned(tmp_path: Path) -> None:
    """A file with only its format pins nothing."""
    (tmp_path / "pins.yaml").write_text("format: liangxin.pins/1\n", encoding="utf-8")
    assert read_pins(tmp_path / "pins.yaml", UNITS) == Pins()


def test_all_errors_at_once(tmp_path: Path) -> None:
    """Every wrong line is named, in the order of the file."""
    (tmp_path / "pins.yaml").write_text(
        "format: liangxin.pins/1\n"
        "pin:\n"
        "  - {unit: U9, form: park}\n"
        "  - {unit: U1, form: guild}\n"
        "  - {unit: U2}\n"
        "together: [[U1]]\n"
        "apart: [[U1, U1]]\n"
        "pins: []\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as refused:
        read_pins(tmp_path / "pins.yaml", UNITS)
    assert [(finding.place.line, finding.code) for finding in refused.value.findings] == [
        (3, "unknown_reference"),
        (4, "not_a_choice"),
        (5, "pin_says_nothing"),
        (6, "too_few_units"),
        (7, "too_few_units"),
        (8, "unknown_key"),
    ]
