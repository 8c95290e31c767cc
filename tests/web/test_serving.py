"""The demo site: whoever opens it finds cases at each kind of step, and a plan being made."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from liangxin.web.jobs.models import Job
from liangxin.web.plans.models import PlanRun
from liangxin.web.procedures.models import Case
from liangxin.web.serving import begin_demo_plan, load_demo


@pytest.mark.django_db
def test_a_demo_town_has_cases_and_a_plan(empty_town: Any, sample: Any) -> None:
    """One request drawn up, some before the committee, one replied to, with documents; a run waiting for the worker."""
    empty_town.delete()
    accounts = load_demo(sample.town, sample.ledger, today=date(2011, 8, 15))
    begin_demo_plan(sample.town)
    steps = sorted(Case.objects.values_list("step", flat=True))
    assert {"office", "group-leader", "leader", "committee"} <= {each.username for each in accounts}
    assert ["committee", "committee", "election", "request"] == steps
    assert Case.objects.get(step="election").papers.filter(kind="reply").exists()
    run = PlanRun.objects.get()
    assert (run.by.username, run.job.kind, run.job.state) == ("office", "plan", Job.QUEUED)
