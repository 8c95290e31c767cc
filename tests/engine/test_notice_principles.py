"""What the notice wants of the whole arrangement, seen in a plan for a made-up town."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from liangxin.coverage import classify
from liangxin.planning import PlanOptions, make_plan
from liangxin.policy import load_policy
from liangxin.sample import make_town


@pytest.mark.clause("2.0")
def test_joint_organizations_are_the_main_form_and_parks_and_markets_come_first() -> None:
    """More enterprises are covered jointly than alone, and those of a park or venue are joined there, not in a village."""
    sample = make_town(400, 2)
    policy = load_policy("changle-2011-44", as_of=date(2011, 8, 15))
    plan = make_plan(classify(sample.ledger, policy), sample.town, options=PlanOptions())
    forms = Counter(unit.form for unit in plan.units)
    joint = {id for id, form in policy.forms.items() if form.arrangement == "joint"}
    assert sum(forms[form] for form in joint) > forms["separate"] + forms["seconded"] + forms["village"]
    in_place = dict(sample.ledger.select("unit_id", "park").drop_nulls().iter_rows())
    in_park = Counter(unit.form for unit in plan.units if unit.unit_id in in_place)
    assert in_park["village"] < sum(in_park[form] for form in joint)
