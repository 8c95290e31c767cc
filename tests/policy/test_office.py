"""The section ``procedure`` of a policy: read as written, refused with the place where it is wrong, changed by a county."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from liangxin.findings import InputError
from liangxin.policy import load_policy, read_policy
from liangxin.policy.loading import check_policy
from liangxin.policy.office import ELECTION_KINDS
from liangxin.procedure import Kind

DAY = date(2011, 8, 15)
HEAD = """format: liangxin.policy/1
id: county
based_on: changle-2011-44
title: {zh: 县, en: county}
issued_on: 2011-08-09
"""


def county(folder: Path, text: str) -> Path:
    path = folder / "county.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


@pytest.mark.clause("5.2")
def test_the_notice_as_written() -> None:
    """Time limits with their numbers, the list of important matters, and where an election is due."""
    policy = load_policy("changle-2011-44", as_of=DAY)
    terms = {id: (policy.parameter(term.count), term.counted) for id, term in policy.procedure.terms.items()}
    assert {
        "approval": (3, "working_days"),
        "reply": (1, "months"),
        "carrying_out": (30, "days"),
        "election": (1, "months"),
        "result_reply": (10, "working_days"),
        "filing": (10, "working_days"),
    } == terms
    assert "方案涉及的单位数 ≥ 100" == policy.procedure.important[0].when.words().zh
    assert {"found", "split_off", "upgrade"} == policy.procedure.election_kinds


def test_every_default_says_that_it_is_one() -> None:
    """A number that no rule gives is marked as changeable, with where it comes from."""
    policy = load_policy("changle-2011-44", as_of=DAY)
    for name in (
        "approval_days",
        "carrying_out_days",
        "election_months",
        "result_reply_days",
        "filing_days",
        "important_units",
    ):
        assert "可改" in policy.parameters[name].on(DAY).source.zh, name


def test_a_county_changes_one_line(tmp_path: Path) -> None:
    """The rest stays; a rule of its own is added."""
    policy = read_policy(
        county(
            tmp_path,
            """parameters:
  approval_days: {values: [{from: 2011-08-09, value: 5, source: 县里规定}]}
procedure:
  terms:
    filing: {counted: days}
  important:
    conflicts: {clause: "5.2", label: {zh: 矛盾多, en: Many conflicts}, when: plan_conflicts > 3}
  elections: {kinds: [found]}
""",
        ),
        as_of=DAY,
    )
    assert (5, "days") == (policy.parameter("approval_days"), policy.procedure.terms["filing"].counted)
    assert "working_days" == policy.procedure.terms["approval"].counted
    assert "conflicts" == policy.procedure.important[-1].id
    assert {"found"} == policy.procedure.election_kinds


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("procedure:\n  terms:\n    reply: {count: reply_moths}\n", "policy_name", 8),
        ("procedure:\n  terms:\n    reply: {counted: weeks}\n", "policy_name", 8),
        (
            "procedure:\n  terms:\n    reply: {count: election_majority_of}\n",
            "policy_name",
            8,
        ),  # not a number
        (
            "procedure:\n  important:\n    x: {clause: '5.2', label: {zh: 甲, en: a}, when: staff > 3}\n",
            "expression_name",
            8,
        ),
        (
            "procedure:\n  important:\n    x: {clause: '9.9', label: {zh: 甲, en: a}, when: plan_units > 3}\n",
            "policy_clause",
            8,
        ),
        ("procedure:\n  elections: {kinds: [founding]}\n", "policy_name", 7),
        ("procedure:\n  elections: {sorts: [found]}\n", "policy_key", 7),
        ("procedure:\n  limits: {}\n", "policy_key", 7),
        (
            "classes:\n  big: {clause: '5.2', label: {zh: 甲, en: a}, when: plan_units > 3}\n",
            "expression_name",
            7,
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    """Names that do not exist, units' fields in a plan's rule, and the other way round."""
    path = county(tmp_path, text)
    with pytest.raises(InputError) as refused:
        read_policy(path, as_of=DAY)
    assert (code, line) in [(finding.code, finding.place.line) for finding in refused.value.findings]
    assert check_policy(path)


def test_a_county_can_do_without(tmp_path: Path) -> None:
    """Written anew and empty: no limits, nothing important, no elections."""
    policy = read_policy(county(tmp_path, "replace: [procedure]\nprocedure: {}\n"), as_of=DAY)
    rules = policy.procedure
    assert ({}, (), frozenset(), frozenset()) == (
        rules.terms,
        rules.important,
        rules.election_kinds,
        rules.election_types,
    )


def test_the_kinds_are_those_of_the_procedures() -> None:
    """The policy language and the room above it call the kinds the same."""
    assert {kind.value for kind in Kind} - {"plan"} == set(ELECTION_KINDS)
