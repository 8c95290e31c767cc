"""A finished run of the sample's town, solved once for the tests of a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from liangxin.web.accounts.permission import permit
from liangxin.web.jobs.models import Job
from liangxin.web.plans import services, viewing
from liangxin.web.plans.models import PlanRun
from liangxin.web.units.live import live

Capture = Callable[..., Any]


@pytest.fixture(name="solved", scope="session")
def plans_solved() -> dict[str, Any]:
    """The sample's plan, solved once: the fields of a finished run, by the options it was solved with."""
    return {}


def finished(town: Any, by: Any, solved: dict[str, Any], capture: Capture, **options: Any) -> PlanRun:
    """A finished run; what the solver said is kept between tests, for the same options."""
    key = repr(sorted(options))
    if key in solved and "based_on" not in options:
        number = PlanRun.objects.filter(town=town).count() + 1
        return PlanRun.objects.create(
            town=town, by=by, number=number, **solved[key] | {"seq": live(town).seq}
        )
    with capture(execute=True):
        run = services.start(permit(by, town), services.Options(time_limit=20, **options))
    run = PlanRun.objects.get(pk=run.pk)
    assert Job.DONE == run.job.state, run.job.error
    names = (
        "plan",
        "summary",
        "policy",
        "overlays",
        "as_of",
        "objective",
        "bound",
        "gap",
        "status",
        "finished",
        "options",
    )
    solved[key] = {name: getattr(run, name) for name in names}
    return run


@pytest.fixture(name="run")
def run_of_the_town(
    town: Any, alice: Any, solved: Any, django_capture_on_commit_callbacks: Capture
) -> PlanRun:
    return finished(town, alice, solved, django_capture_on_commit_callbacks)


def joiner(run: PlanRun, town: Any, group: str | None = None) -> tuple[str, str]:
    """A plain member of a joint organization, and another joint organization."""
    shown = viewing.view(run, live(town))
    for row in shown.rows:
        each = row.organization
        if each is None or len(each.unit_ids) < 3 or row.unit_id == each.host or each.form == "village":
            continue
        if group is not None and row.task_group != group:
            continue
        for other in shown.organizations.values():
            if (
                other.form in ("zone", "park", "industry")
                and other is not each
                and other.status != "dissolved"
            ):
                return row.unit_id, f"org:{other.organization_id}"
    raise AssertionError("the sample has no joint organization of three")
