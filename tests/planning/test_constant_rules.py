"""A rule that holds for every unit, or for none, is a rule for each of them."""

from __future__ import annotations

from datetime import date

import pytest

from liangxin.coverage import classify
from liangxin.planning.build import build
from liangxin.policy import parse_policy
from liangxin.sample import make_town

COUNTY = """\
format: liangxin.policy/1
id: county
based_on: changle-2011-44
title: 某县
issued_on: 2021-01-01
forms:
  village: {when: "false"}
"""


@pytest.mark.clause("2.7")
def test_a_form_that_is_never_possible() -> None:
    """ "false" as the condition of a form: no unit may be placed there, and nothing breaks."""
    sample = make_town(40, seed=3)
    policy = parse_policy(COUNTY, as_of=date(2021, 6, 1))
    classified = classify(sample.ledger, policy)
    assert classified.frame["possible_forms"].list.contains("village").not_().all()
    build(classified, sample.town)
