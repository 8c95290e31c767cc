"""plan.json: what is written and read again is the same plan, and every fault of a bad one is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from liangxin.coverage.rate import Rate
from liangxin.files.dossier import Dossier
from liangxin.files.plan_json import plan_document, rate_document, read_plan, write_plan
from liangxin.files.schemas import schema
from liangxin.findings import InputError


def test_written_and_read_is_the_same(dossier: Dossier, tmp_path: Path) -> None:
    """Nothing is lost on the way through the file."""
    write_plan(tmp_path / "plan.json", dossier.plan)
    assert read_plan(tmp_path / "plan.json") == dossier.plan


def test_the_file_is_what_its_schema_says(dossier: Dossier, tmp_path: Path) -> None:
    """The written file, not only the document in memory, is valid."""
    write_plan(tmp_path / "plan.json", dossier.plan)
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert [] == [error.message for error in Draft202012Validator(schema("plan")).iter_errors(document)]
    assert document == plan_document(dossier.plan)


def test_one_unit_a_line(dossier: Dossier, tmp_path: Path) -> None:
    """Two plans can be compared line by line."""
    write_plan(tmp_path / "plan.json", dossier.plan)
    lines = (tmp_path / "plan.json").read_text(encoding="utf-8").splitlines()
    assert len(dossier.plan.units) == sum(line.startswith('  {"unit_id"') for line in lines)


def broken(document: dict[str, Any], tmp_path: Path) -> list[str]:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_plan(path)
    return [finding.message.en for finding in refused.value.findings]


def test_all_faults_at_once_with_their_path(dossier: Dossier, tmp_path: Path) -> None:
    """Three faults, three findings, each with the place inside the document."""
    document = plan_document(dossier.plan)
    document["units"][2]["form"] = "guild"
    document["roster"]["units"] = "twelve"
    del document["solver"]["gap"]
    assert broken(document, tmp_path) == [
        "roster.units: a whole number is expected here",
        "units[2].form: not one of the values in use",
        "solver.gap: this entry is missing",
    ]


def test_a_missing_part_is_said_once(dossier: Dossier, tmp_path: Path) -> None:
    """A missing object is one fault, not one for each of its entries."""
    document = plan_document(dossier.plan)
    del document["roster"]
    assert broken(document, tmp_path) == ["roster: this entry is missing"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"format": "liangxin.plan/1", "units": [', "not a complete JSON file"),
        ('{"format": "liangxin.town/1"}', "this is a file of another format"),
        ("[]", "this is a file of another format"),
    ],
)
def test_another_file(text: str, said: str, tmp_path: Path) -> None:
    """A truncated file or one of another format is refused in one sentence."""
    path = tmp_path / "plan.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r".") as refused:
        read_plan(path)
    assert refused.value.findings[0].message.en.startswith(said)


def test_not_text(tmp_path: Path) -> None:
    """A workbook given as a plan is refused, not decoded."""
    path = tmp_path / "plan.json"
    path.write_bytes(b"PK\x03\x04\xff\xfe\x00")
    with pytest.raises(InputError) as refused:
        read_plan(path)
    assert refused.value.findings[0].code == "json.encoding"


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 99))
def test_every_rate_is_valid(numerator: int, denominator: int, unknown: int) -> None:
    """Whatever is counted, the rate's document is what the schema says."""
    rate = Rate(numerator, denominator, unknown, 0.0, 1.0)
    validator = Draft202012Validator(
        schema("plan")["properties"]["indicators"]["items"]["properties"]["before"]
    )
    assert validator.is_valid(rate_document(rate))
