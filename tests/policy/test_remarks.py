"""What the check remarks on: inherited prose, parameters that nothing reads, odd days."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.policy.writing import county

import liangxin
from liangxin.policy import available, check_policy, remark_on_policy
from liangxin.policy.remarks import READ_BY_THE_PROGRAM

OWN = "replace: [texts, milestones, style]\ntexts: {}\nmilestones: {}\nstyle: {id: a, serial: 某1号, addressees: 各镇}\n"


def codes(path: Path) -> list[str]:
    assert () == check_policy(path)
    return [finding.code for finding in remark_on_policy(path)]


def test_inherited_prose(tmp_path: Path) -> None:
    """Texts, milestones and style of the notice a policy is based on; none where they are written anew."""
    found = remark_on_policy(county(tmp_path, ""))
    assert ["policy_inherited"] * 3 == [finding.code for finding in found]
    assert "引文沿用“changle-2011-44”的18项" in found[0].message.zh
    assert {("county.yaml", 3)} == {(finding.place.file, finding.place.line) for finding in found}
    assert [] == codes(county(tmp_path, OWN))


def test_a_parameter_that_nothing_reads(tmp_path: Path) -> None:
    """One that a rule names, or the program itself, is read; report_every_days is not."""
    written = "parameters:\n"
    for id in ("report_every_days", "staff_small", "term_years"):
        written += f"  {id}: {{label: 某, values: [{{from: 2021-01-01, value: 15, source: 某}}]}}\n"
    path = county(tmp_path, OWN + written)
    (found,) = remark_on_policy(path)
    assert ("policy_unread", 11) == (found.code, found.place.line)
    assert () == check_policy(path)


@pytest.mark.parametrize(
    ("due", "odd"), [("2020-12-31", True), ("2021-01-01", False), ("2022-12-31", False), ("2201-12-31", True)]
)
def test_odd_days(tmp_path: Path, due: str, odd: bool) -> None:
    """A target due before the notice was issued, or ten years after: most likely a slip."""
    path = county(tmp_path, OWN + f"indicators:\n  '1.4': {{due: {due}}}\n")
    assert (["policy_odd_day"] if odd else []) == codes(path)


def test_what_the_program_reads() -> None:
    """Each name of the list stands in the source as a word in quotes, outside the list."""
    source = Path(liangxin.__file__).parent
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in source.rglob("*.py")
        if path.name not in ("remarks.py", "patterns.py")
    )
    assert set() == {name for name in READ_BY_THE_PROGRAM if not re.search(rf"[\"']{name}[\"']", text)}


def test_our_own() -> None:
    """The notice itself has nothing to remark on but what the program leaves unread."""
    found = {
        policy.id: [each.code for each in remark_on_policy(policy.id)]
        for policy in available()
        if not policy.is_overlay
    }
    assert [] == found["changle-2011-44"]
