"""liangxin schema: the list of formats, one schema, and a name that is none."""

from __future__ import annotations

import json

import pytest

from liangxin.cli import main
from liangxin.files.schemas import FORMATS, schema


def test_lists_the_formats(capsys: pytest.CaptureFixture[str]) -> None:
    """One line each, name first."""
    main(["--lang", "zh", "schema"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_prints_one(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed is the schema, as JSON."""
    main(["schema", name])
    assert json.loads(capsys.readouterr().out) == schema(name)


def test_a_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """Wrong usage, with the names there are."""
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", "schema", "passport"])
    assert ended.value.code == 2
    assert "town, ledger, check, policy" in capsys.readouterr().err
