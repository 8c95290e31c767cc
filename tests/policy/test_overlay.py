"""Layers by rule id and by date: old days keep the old rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.policy.writing import county

from liangxin.policy import load_policy, read_policy

BEFORE, AFTER = date(2018, 10, 27), date(2018, 10, 28)
TODAY = "changle-2011-44+branch-regulations-2018"


@pytest.mark.parametrize(
    ("day", "style", "subject_words", "clause", "warns"),
    [
        (BEFORE, "pre-2012", 3, "2.3", 0.0),
        (AFTER, "gbt9704-2012", 0, "branch-2018:5", 1.0),
    ],
)
def test_the_overlay_begins_on_its_day(
    day: date, style: str, subject_words: int, clause: str, warns: float
) -> None:
    """The day before, nothing has changed; on the day, style, clause and the instructor's warning have."""
    policy = load_policy(TODAY, as_of=day)
    assert (style, subject_words) == (policy.style.id, len(policy.style.subject_words))
    assert clause == policy.forms["park"].clause.id
    assert warns == policy.parameter("transfer_warning")


def test_before_its_day_an_overlay_changes_nothing() -> None:
    """All but the list of overlays is the notice itself."""
    alone, laid = load_policy("changle-2011-44", as_of=BEFORE), load_policy(TODAY, as_of=BEFORE)
    assert (alone.conflicts, alone.forms, alone.parameters, alone.clauses) == (
        laid.conflicts,
        laid.forms,
        laid.parameters,
        laid.clauses,
    )


def test_an_overlay_says_only_what_changes() -> None:
    """A conflict that only gets another severity keeps its condition and its words."""
    alone, laid = load_policy("changle-2011-44", as_of=AFTER), load_policy(TODAY, as_of=AFTER)
    (old,), (new,) = (
        [rule for rule in policy.conflicts if rule.id == "branch_too_large"] for policy in (alone, laid)
    )
    assert ("error", "warning") == (old.severity, new.severity)
    assert (old.when, old.message) == (new.when, new.message)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2010, 1, 1), 80),  # before the first value: the first
        (date(2019, 12, 31), 80),
        (date(2020, 1, 1), 100),
        (date(2020, 12, 31), 100),
        (date(2021, 1, 1), 90),
    ],
)
def test_a_parameter_has_the_value_of_its_day(tmp_path: Path, day: date, expected: int) -> None:
    """Values added by a county, in any order; the rule that names the parameter follows."""
    path = county(
        tmp_path,
        "parameters:\n"
        "  staff_large:\n"
        "    values:\n"
        "      - {from: 2021-01-01, value: 90, source: 例二}\n"
        "      - {from: 2020-01-01, value: 100, source: 例一}\n",
    )
    policy = read_policy(path, as_of=day)
    assert expected == policy.parameter("staff_large")
    (rule,) = (rule for rule in policy.classes if rule.id == "staff_80")
    assert f"单位类别为企业 且 从业人数 ≥ {expected}" == rule.when.words().zh


def test_the_same_day_is_replaced(tmp_path: Path) -> None:
    """A county's value from the notice's own day takes its place."""
    path = county(
        tmp_path,
        "parameters: {joint_max_units: {values: [{from: 2011-08-09, value: 10, source: 例}]}}\n",
    )
    policy = read_policy(path, as_of=date(2011, 8, 15))
    assert [10] == [value.value for value in policy.parameters["joint_max_units"].values]
    assert 10.0 == policy.forms["park"].limits["max_units"]


@pytest.mark.parametrize(
    ("day", "target", "due"),
    [
        (date(2021, 12, 31), 0.6, date(2022, 2, 28)),
        (date(2022, 2, 28), 0.6, date(2022, 2, 28)),
        (date(2022, 3, 1), 0.75, date(2023, 2, 28)),
    ],
)
def test_two_stages_of_one_rule(day: date, target: float, due: date) -> None:
    """60% in the first year, then 75%: the second version says only what changed."""
    policy = load_policy("example-two-years", as_of=day)
    (indicator,) = (item for item in policy.indicators if item.id == "three_haves_coverage")
    assert (target, due) == (indicator.target, indicator.due)
    assert "“三有”企业党组织覆盖率" == indicator.label.zh


def test_a_rule_with_an_end(tmp_path: Path) -> None:
    """A rule is there on its first and last day and gone on the next."""
    path = county(
        tmp_path,
        "size_lists:\n"
        "  big: {clause: '4.1', label: {zh: 大, en: big}, when: staff > 1, from: 2021-01-01, to: 2021-06-30}\n",
    )
    there = {
        day: "big" in [item.id for item in read_policy(path, as_of=day).size_lists]
        for day in (date(2020, 12, 31), date(2021, 1, 1), date(2021, 6, 30), date(2021, 7, 1))
    }
    assert [False, True, True, False] == list(there.values())


def test_a_rule_can_be_withdrawn(tmp_path: Path) -> None:
    """From a day on the rule no longer holds; before it does."""
    path = county(tmp_path, "conflicts:\n  split_off: {from: 2021-01-01, withdrawn: true}\n")
    before, after = (
        [rule.id for rule in read_policy(path, as_of=day).conflicts]
        for day in (date(2020, 12, 31), date(2021, 1, 1))
    )
    assert "split_off" in before
    assert "split_off" not in after


def test_a_class_knows_its_period(tmp_path: Path) -> None:
    """The days in force are kept with the rule."""
    path = county(
        tmp_path,
        "classes:\n"
        "  big: {clause: '1.2', label: {zh: 大, en: big}, when: staff > 1, from: 2021-01-01, to: 2021-06-30}\n",
    )
    (rule,) = (rule for rule in read_policy(path, as_of=date(2021, 2, 1)).classes if rule.id == "big")
    assert (date(2021, 1, 1), date(2021, 6, 30)) == (rule.period.start, rule.period.end)


def test_sections_can_be_replaced_whole(tmp_path: Path) -> None:
    """``replace`` leaves nothing of the section it names."""
    path = county(
        tmp_path,
        "replace: [clears]\nclears:\n  staff: {label: {zh: 人数清, en: Staff}, fields: [staff]}\n",
    )
    assert ["staff"] == [item.id for item in read_policy(path, as_of=date(2021, 1, 1)).clears]
