"""Every format has a schema, every schema is one, and every file that we make or ship is valid by it."""

from __future__ import annotations

import datetime
import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from liangxin.files.dossier import Dossier
from liangxin.files.geojson import map_document
from liangxin.files.indicators_json import write_indicators
from liangxin.files.schemas import FORMATS, schema
from liangxin.registry.fields import FIELDS
from liangxin.sample import make_town

POLICIES = sorted(
    item.name
    for item in resources.files("liangxin.policy").joinpath("policies").iterdir()
    if item.name.endswith(".yaml")
)


def errors(name: str, document: Any) -> list[str]:
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schema(name)).iter_errors(document)
    ]


def plain(value: Any) -> Any:
    """A Python value as JSON has it: dates as text."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


@pytest.mark.parametrize("name", FORMATS)
def test_it_is_a_schema(name: str) -> None:
    """Valid draft 2020-12, and no reference to another place."""
    Draft202012Validator.check_schema(schema(name))
    assert "$ref" not in json.dumps(schema(name))


def test_unknown_format() -> None:
    """A name that is no format is a KeyError."""
    with pytest.raises(KeyError):
        schema("passport")


def test_indicators_file(dossier: Dossier, tmp_path: Path) -> None:
    """indicators.json is valid and holds every indicator of the plan."""
    write_indicators(tmp_path / "indicators.json", dossier.plan, dossier.town)
    document = json.loads((tmp_path / "indicators.json").read_text(encoding="utf-8"))
    assert [] == errors("indicators", document)
    assert [each["id"] for each in document["indicators"]] == [each.id for each in dossier.plan.indicators]


def test_map(dossier: Dossier) -> None:
    """map.geojson is valid."""
    assert [] == errors("map", map_document(dossier))


def test_ledger_describes_every_field() -> None:
    """The ledger's schema has the table of fields, whole and in order."""
    assert list(FIELDS) == list(schema("ledger")["items"]["properties"])


def test_a_made_town_s_ledger() -> None:
    """Every row of a made-up ledger is valid, empty cells as null."""
    ledger = make_town(120, 3).ledger
    assert [] == errors("ledger", plain(ledger.to_dicts()))


def test_a_ledger_with_a_wrong_value() -> None:
    """A negative count and a kind that does not exist are refused."""
    row = {"unit_id": "1", "name": "甲", "staff": -1, "kind": "guild"}
    assert 2 == len(errors("ledger", [row]))


def test_what_was_found_in_a_ledger(tmp_path: Path) -> None:
    """The answer of ``check --json`` is valid, for a ledger with errors and for a file that is none."""
    from liangxin.files.check_json import checked, refused
    from liangxin.files.ledger import read_ledger
    from liangxin.findings import InputError

    (tmp_path / "a.csv").write_text("编号,单位名称,从业人数\n1,甲厂,x\n1,乙厂,约5\n", encoding="utf-8")
    assert [] == errors("check", checked(read_ledger(tmp_path / "a.csv")))
    (tmp_path / "b.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError) as unusable:
        read_ledger(tmp_path / "b.csv")
    assert [] == errors("check", refused("b.csv", unusable.value.findings))


def test_a_made_town_file(tmp_path: Path) -> None:
    """The town file that we write is valid."""
    from liangxin.files.town import write_town

    write_town(tmp_path / "town.yaml", make_town(120, 3).town)
    document = yaml.safe_load((tmp_path / "town.yaml").read_text(encoding="utf-8"))
    assert [] == errors("town", plain(document))


@pytest.mark.parametrize("name", POLICIES)
def test_our_policies(name: str) -> None:
    """Every policy that comes with the program is valid."""
    text = resources.files("liangxin.policy").joinpath("policies", name).read_text(encoding="utf-8")
    assert [] == errors("policy", plain(yaml.safe_load(text)))


def test_a_misspelt_key_of_a_policy() -> None:
    """A key that no rule has is refused."""
    wrong = {
        "format": "liangxin.policy/1",
        "id": "x",
        "title": {"zh": "甲", "en": "a"},
        "issued_on": "2011-08-09",
        "scope": {"gone": {"wenn": "x"}},
    }
    assert 1 == len(errors("policy", wrong))
