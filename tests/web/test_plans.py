"""Plans: run, page, drag, pins, compare, publish, what-if; who may see and do what; bad input answered in words."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from tests.web.conftest import person
from tests.web.planned import Capture, finished, joiner, plans_solved, run_of_the_town  # noqa: F401

from liangxin.registry.access import Role
from liangxin.web.accounts.permission import permit
from liangxin.web.jobs.models import Job
from liangxin.web.plans import comparing, queries, services, viewing
from liangxin.web.plans.arranged import laid, plan_of
from liangxin.web.plans.models import PlanPin, PlanRun, Publication
from liangxin.web.units import services as units
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.wording import Text


@pytest.fixture
def grace(town: Any) -> Any:
    """Leads the first task group: may propose for its own units."""
    return person("grace", town, Role.GROUP_LEADER, town.as_core().task_groups[0].id)


def url(town: Any, *parts: Any) -> str:
    return "/".join(["", "t", town.code, "plans", *map(str, parts), ""])


def body(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5", "5.2")
def test_a_run_says_what_it_reaches(run: PlanRun, town: Any, alice: Any, as_person: Any) -> None:
    """The plan's page and the list of runs show each target's numbers as the plan has them."""
    page = body(as_person(alice).get(url(town, run.pk)))
    for each in run.summary["indicators"]:
        after = each["after"]
        assert f">{after['numerator']:,}</a> / <a" in page
        assert f">{after['denominator']:,}</a>" in page
    assert run.label.zh in body(as_person(alice).get(url(town)))


@pytest.mark.clause("1.4")
def test_a_target_opens_its_list_with_the_same_count(
    run: PlanRun, town: Any, alice: Any, as_person: Any
) -> None:
    """The numbers as planned and the lists behind them agree."""
    for each in run.summary["indicators"]:
        for part in ("numerator", "denominator"):
            page = body(as_person(alice).get(url(town, run.pk, "list") + f"?target={each['id']}:{part}"))
            assert [f"{each['after'][part]:,} 家"] == re.findall(r'id="total">([^<]+)<', page)


@pytest.mark.clause("4.1")
def test_every_unit_of_the_base_has_a_form_and_a_reason(run: PlanRun, town: Any, alice: Any) -> None:
    """一企一策: form and reason for each one, in both languages."""
    rows = viewing.readable_rows(permit(alice, town), viewing.view(run, live(town)))
    base = live(town).classified.frame.filter("in_scope")
    assert sorted(base["unit_id"]) == sorted(row.unit_id for row in rows)
    assert all(row.decision.reason.zh and row.decision.reason.en for row in rows)


def test_the_arrangement_costs_what_the_plan_says(run: PlanRun, town: Any) -> None:
    """Laid on the unchanged ledger, the stored plan has the objective that the solver reported."""
    from liangxin.planning.cost import cost

    found = laid(run, live(town))
    assert cost(found.built.problem, found.arrangement).total == pytest.approx(run.objective, abs=1e-5)


@pytest.mark.clause("2.0", "2.3", "2.6")
def test_a_move_is_judged_before_it_is_kept(run: PlanRun, town: Any, alice: Any, as_person: Any) -> None:
    """Cost and broken rules are those of the one checker and the one cost function; nothing is kept yet."""
    from liangxin.planning.check import check
    from liangxin.planning.cost import cost
    from liangxin.web.plans import trial

    unit_id, target = joiner(run, town)
    answer = as_person(alice).post(url(town, run.pk, "try"), {"unit": unit_id, "target": target}).json()
    plan = laid(run, live(town))
    after = trial.moved(plan, plan.arrangement, unit_id, *trial.destination(plan, unit_id, target))
    problem = plan.built.problem
    extra = cost(problem, after).total - cost(problem, plan.arrangement).total
    assert f"{extra:+.2f}" == answer["extra"]
    worse = len(check(problem, after)) > len(check(problem, plan.arrangement))
    assert worse <= bool(answer["broken"] or answer["refused"])
    assert 0 == PlanPin.objects.count()


@pytest.mark.clause("2.1")
def test_standing_alone_with_too_few_members_is_said_to_break_the_rule(
    run: PlanRun, town: Any, alice: Any, as_person: Any
) -> None:
    """A unit with fewer than three full members cannot stand alone; both numbers are in the sentence."""
    unit_id, _ = joiner(run, town)
    answer = (
        as_person(alice).post(url(town, run.pk, "try"), {"unit": unit_id, "target": "form:separate"}).json()
    )
    assert any("需要3名" in words for words in answer["broken"])
    assert answer["refused"]


def test_a_kept_pin_is_listed_and_removed(run: PlanRun, town: Any, alice: Any, as_person: Any) -> None:
    """Confirming adds one pin; confirming another place for the same unit replaces it; it can be taken out."""
    client = as_person(alice)
    unit_id, target = joiner(run, town)
    for where in (target, "form:village"):
        client.post(url(town, run.pk, "pins"), {"kind": "pin", "unit": unit_id, "target": where})
    pin = PlanPin.objects.get()
    assert ("village", [unit_id], False) == (pin.form, pin.units, pin.settled)
    assert "去掉" in body(client.get(url(town, run.pk, "list")))
    answer = client.post(url(town, run.pk, "pins", pin.pk, "remove"), {"back": "?area=x&form=zone"})
    assert url(town, run.pk, "list") + "?area=x&form=zone" == answer.headers["Location"]
    assert not PlanPin.objects.exists()


@pytest.mark.parametrize("kind", ["together", "apart", "forbid"])
def test_other_words_than_a_move_are_kept_too(
    kind: str, run: PlanRun, town: Any, alice: Any, as_person: Any
) -> None:
    """Units of one organization: to stay together, to be apart, not to be there; judged first, then in the draft."""
    client = as_person(alice)
    unit_id, _ = joiner(run, town)
    row = next(row for row in viewing.view(run, live(town)).rows if row.unit_id == unit_id)
    sent: dict[str, Any] = {"kind": kind, "unit": list(row.organization.unit_ids[:2])}
    if kind == "forbid":
        sent |= {"unit": unit_id, "target": f"org:{row.organization.organization_id}"}
    answer = client.post(url(town, run.pk, "try"), sent).json()
    assert [] == answer["refused"]
    client.post(url(town, run.pk, "pins"), sent)
    assert [kind] == [pin.kind for pin in PlanPin.objects.all()]


@pytest.mark.clause("2.0")
def test_solving_the_rest_keeps_the_pins(
    run: PlanRun, town: Any, alice: Any, as_person: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    """The next run is based on this one, honours the pin and carries it on as settled; the comparison names the move."""
    client = as_person(alice)
    shown = viewing.view(run, live(town))
    row = next(
        row for row in shown.rows
        if row.organization and row.organization.form in ("zone", "park") and row.unit_id != row.organization.host
        and any(each.form == "village" for each in row.decision.alternatives)
    )  # fmt: skip
    client.post(url(town, run.pk, "pins"), {"kind": "pin", "unit": row.unit_id, "target": "form:village"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url(town, "start"), {"previous": run.pk, "time_limit": "20", "seed": "0", "keep": "1"})
    second = PlanRun.objects.get(based_on=run)
    forms = {each.unit_id: each.form for each in plan_of(second).units}
    assert "village" == forms[row.unit_id]
    assert [True] == [pin.settled for pin in second.pins.all()]
    page = body(client.get(url(town, "compare") + f"?a={run.pk}&b={second.pk}"))
    assert row.name in page
    assert "安排不同的单位" in page


def test_a_plan_compared_with_itself_has_no_difference(
    run: PlanRun, town: Any, alice: Any, as_person: Any
) -> None:
    """No moves, the same cost by term, and the terms add up to the objective."""
    side = comparing.compared(permit(alice, town), run, run, live(town))
    assert [] == side.moves
    assert all(before == after for _, before, after in side.terms)
    assert side.totals[0] == pytest.approx(run.objective, abs=1e-5)


def test_targets_are_compared_by_indicator_where_the_policies_differ(run: PlanRun) -> None:
    """A run under a policy with other indicators: each beside its own, none beside another."""
    other = PlanRun(
        town=run.town, summary={"indicators": [dict(each) for each in run.summary["indicators"][1:]]}
    )
    pairs = queries.target_pairs(permit(run.by, run.town), run, other, date(2026, 11, 29))
    first = run.summary["indicators"][0]["id"]
    assert pairs[0][0] is not None
    assert (first, None) == (pairs[0][0].id, pairs[0][1])
    assert len(pairs) == len(run.summary["indicators"])
    assert all(one.id == two.id for one, two in pairs[1:] if one is not None and two is not None)


@pytest.mark.clause("5.2")
def test_publishing_makes_it_the_proposal_and_leaves_the_ledger(
    run: PlanRun,
    town: Any,
    alice: Any,
    as_person: Any,
    solved: Any,
    django_capture_on_commit_callbacks: Capture,
) -> None:
    """Asked first, then recorded with who and when; another plan takes its place; the ledger does not change."""
    client, seq = as_person(alice), live(town).seq
    assert queries.published(town) is None
    assert "台账不会改动" in body(client.get(url(town, run.pk, "publish")))
    assert queries.published(town) is None
    client.post(url(town, run.pk, "publish"))
    assert run == queries.published(town)
    other = finished(town, alice, solved, django_capture_on_commit_callbacks)
    client.post(url(town, other.pk, "publish"))
    client.post(url(town, other.pk, "publish"))
    assert other == queries.published(town)
    assert [alice.pk, alice.pk] == [each.by_id for each in Publication.objects.all()]
    assert seq == live(town).seq


def test_a_ledger_that_changed_since_is_said(run: PlanRun, town: Any, alice: Any, as_person: Any) -> None:
    """After an edit the run, its page and its list say that the ledger has moved on, and still work."""
    client = as_person(alice)
    assert "台账已有改动" not in body(client.get(url(town)))
    unit = Unit.objects.filter(town=town).first()
    units.write(town, alice, "edit", Text("改", "edit"), [units.Edit(unit, {"staff": 7})])
    assert "台账已有改动" in body(client.get(url(town)))
    assert "测算后台账已有改动" in body(client.get(url(town, run.pk)))
    assert 200 == client.get(url(town, run.pk, "list")).status_code


def test_a_group_member_sees_own_units_only(run: PlanRun, town: Any, bob: Any, as_person: Any) -> None:
    """Bob's list has his group's units; the others' names are nowhere on any page, their counts are."""
    client = as_person(bob)
    own = town.as_core().task_groups[0].id
    shown = viewing.view(run, live(town))
    rows = viewing.readable_rows(permit(bob, town), shown)
    assert {own} == {row.task_group for row in rows}
    ids = {row.unit_id for row in shown.rows if row.task_group != own}
    for page in (url(town, run.pk, "list"), url(town, "what-if") + "?p-staff_large=10"):
        text = body(client.get(page))
        linked = set(re.findall(r'/units/unit/([^/"]+)/"', text))
        assert linked
        assert not linked & ids
    assert f"{len(rows):,} 家" in body(client.get(url(town, run.pk, "list")))


def test_a_group_member_plans_nothing(run: PlanRun, town: Any, bob: Any, as_person: Any) -> None:
    """Seeing is not moving, starting or publishing."""
    client = as_person(bob)
    unit_id, target = joiner(run, town)
    for address in ("try", "pins", "publish", "cancel"):
        answer = client.post(url(town, run.pk, address), {"unit": unit_id, "target": target})
        assert 403 == answer.status_code
    assert 403 == client.post(url(town, "start")).status_code
    assert "改到" not in body(client.get(url(town, run.pk, "list")))


def test_a_group_leader_proposes_for_own_units_only(
    run: PlanRun, town: Any, grace: Any, as_person: Any
) -> None:
    """Own units may be pinned; others' are refused in words; a run is not the group's to start."""
    client, own = as_person(grace), town.as_core().task_groups[0].id
    shown = viewing.view(run, live(town))
    mine = next(row.unit_id for row in shown.rows if row.task_group == own)
    others = next(row.unit_id for row in shown.rows if row.task_group != own)
    assert 200 == client.post(url(town, run.pk, "try"), {"unit": mine, "target": "form:none"}).status_code
    assert 422 == client.post(url(town, run.pk, "try"), {"unit": others, "target": "form:none"}).status_code
    assert 422 == client.get(url(town, run.pk, "choices") + f"?unit={others}").status_code
    client.post(url(town, run.pk, "pins"), {"unit": others, "target": "form:none"})
    assert not PlanPin.objects.exists()
    client.post(url(town, run.pk, "pins"), {"unit": mine, "target": "form:none"})
    assert 1 == PlanPin.objects.count()
    answer = client.post(url(town, "start"), {"time_limit": "20"})
    assert 422 == answer.status_code
    assert "测算由组织办启动" in body(answer)


def test_an_outsider_finds_nothing(run: PlanRun, town: Any, outsider: Any, as_person: Any) -> None:
    """Without a role the town does not exist."""
    for address in (
        url(town),
        url(town, run.pk),
        url(town, run.pk, "list"),
        url(town, "what-if"),
        url(town, "compare"),
    ):
        assert 404 == as_person(outsider).get(address).status_code


def test_a_queued_run_is_cancelled_and_one_runs_at_a_time(town: Any, alice: Any, as_person: Any) -> None:
    """While one waits a second is refused; cancelling ends it at once and leaves nothing."""
    client = as_person(alice)
    client.post(url(town, "start"), {"time_limit": "20"})
    waiting = PlanRun.objects.get()
    answer = client.post(url(town, "start"), {"time_limit": "20"})
    assert 422 == answer.status_code
    assert "正在测算" in body(answer)
    client.post(url(town, waiting.pk, "cancel"))
    waiting.refresh_from_db()
    assert (Job.CANCELLED, False) == (waiting.job.state, waiting.done)
    assert "已取消" in body(client.get(url(town)))
    assert 200 == client.get(url(town, waiting.pk)).status_code


def test_a_working_run_stops_when_asked(
    town: Any, alice: Any, django_capture_on_commit_callbacks: Capture, monkeypatch: Any
) -> None:
    """The request to cancel reaches the solver between its steps; the run stays without a plan."""
    from liangxin.engine import town_run

    original = town_run.run_town

    def asked_meanwhile(*args: Any, **named: Any) -> Any:
        Job.objects.update(cancel=True)
        return original(*args, **named)

    monkeypatch.setattr(town_run, "run_town", asked_meanwhile)
    with django_capture_on_commit_callbacks(execute=True):
        run = services.start(permit(alice, town), services.Options(time_limit=20))
    run = PlanRun.objects.get(pk=run.pk)
    assert (Job.CANCELLED, "") == (run.job.state, run.plan)


def test_what_cannot_be_met_is_named(
    town: Any, alice: Any, as_person: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    """A large unit of which no place is known and that has one member: said with both numbers, and its list opens."""
    unit = Unit.objects.filter(
        town=town, kind="enterprise", organization_id__isnull=True, state="operating"
    ).first()
    facts = {"staff": 300, "revenue": 9000.0, "full_members": 1, "village": None, "park": None, "venue": None,
             "association": None, "chain_unit_ids": None, "leader_unit_id": None, "organization_form": None,
             "organization_id": None, "lon": None, "lat": None}  # fmt: skip
    units.write(town, alice, "edit", Text("改", "edit"), [units.Edit(unit, facts)])
    run = finished(town, alice, {}, django_capture_on_commit_callbacks)
    client = as_person(alice)
    page = body(client.get(url(town, run.pk)))
    assert unit.unit_id in page.split("未满足的部分")[1]
    number = next(at for at, each in enumerate(plan_of(run).infeasible) if unit.unit_id in each.unit_ids)
    assert unit.name in body(client.get(url(town, run.pk, "list") + f"?infeasible={number}"))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"time_limit": "soon"}, "时限要填"), ({"time_limit": "1e99"}, "时限要填"), ({"time_limit": "nan"}, "时限要填"),
        ({"seed": "-1"}, "种子要填"), ({"seed": "²"}, "种子要填"), ({"previous": "x"}, "没有这个已完成的方案"),
        ({"previous": "99999999999999999999999"}, "没有这个已完成的方案"),
    ],
)  # fmt: skip
def test_a_run_with_bad_input_is_not_started(
    typed: dict[str, str], words: str, town: Any, alice: Any, as_person: Any
) -> None:
    """Each fault is said; no run, no job."""
    answer = as_person(alice).post(url(town, "start"), typed)
    assert 422 == answer.status_code
    assert words in body(answer)
    assert 0 == PlanRun.objects.count() + Job.objects.filter(kind="plan").count()


def test_an_empty_ledger_is_said(empty_town: Any, as_person: Any) -> None:
    """Before the first import there is nothing to plan."""
    carol = person("carol", empty_town, Role.OFFICE)
    answer = as_person(carol).post(url(empty_town, "start"), {"time_limit": "20"})
    assert "先导入单位" in body(answer)
    assert 200 == as_person(carol).get(url(empty_town, "what-if") + "?p-staff_large=50").status_code


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"unit": "nobody", "target": "form:none"}, {"unit": "U00001"}, {"unit": "U00001", "target": "org:nowhere"},
        {"unit": "U00001", "target": "form:park"}, {"unit": "U00001", "target": "::"}, {"kind": "together", "unit": "U00001"},
        {"kind": "nothing", "unit": "U00001", "target": "form:none"},
    ],
)  # fmt: skip
def test_a_bad_move_is_answered_in_words(
    sent: dict[str, str], run: PlanRun, town: Any, alice: Any, as_person: Any
) -> None:
    """Never a failure of the server, and nothing kept."""
    client = as_person(alice)
    first = viewing.view(run, live(town)).rows[0].unit_id
    sent = {key: first if value == "U00001" else value for key, value in sent.items()}
    answer = client.post(url(town, run.pk, "try"), sent)
    assert 422 == answer.status_code
    assert answer.json()["error"]
    assert 302 == client.post(url(town, run.pk, "pins"), sent).status_code
    assert not PlanPin.objects.exists()


@pytest.mark.parametrize(
    "query",
    ["area=x", "form=x", "change=x", "status=x", "organization=x", "infeasible=9999", "infeasible=²", "target=1.4:x",
     "target=9", "page=99999999999999999999", "page=x"],
)  # fmt: skip
def test_a_bad_filter_is_dropped(query: str, run: PlanRun, town: Any, alice: Any, as_person: Any) -> None:
    """The list still opens."""
    assert 200 == as_person(alice).get(url(town, run.pk, "list") + f"?{query}").status_code


@pytest.mark.parametrize("query", ["a=x&b=y", "a=1", "a=999999999999999999999&b=1", "a=²"])
def test_a_bad_comparison_is_said(query: str, town: Any, alice: Any, as_person: Any) -> None:
    assert 200 == as_person(alice).get(url(town, "compare") + f"?{query}").status_code


@pytest.mark.clause("1.2")
def test_what_if_80_were_50(town: Any, alice: Any, as_person: Any) -> None:
    """The counts are those of the core's movement under the changed policy; the town's policy stays as it is."""
    from liangxin.coverage import classify

    page = body(as_person(alice).get(url(town, "what-if") + "?p-staff_large=50&aspect=classes"))
    now = live(town)
    frame = now.classified.frame
    known = frame.filter("in_scope")
    newly = known.filter((known["staff"] >= 50) & (known["staff"] < 80))
    listed = set(re.findall(r"/units/unit/([^/\"]+)/\"", page))
    assert listed and listed <= set(newly["unit_id"])
    assert classify(now.frame, live(town).policy).frame.equals(frame)
    assert 80.0 == live(town).policy.parameter("staff_large")


@pytest.mark.parametrize("typed", ["many", "-3", "1e400", "nan", "99999999999"])
def test_what_if_says_which_box_is_wrong(typed: str, town: Any, alice: Any, as_person: Any) -> None:
    answer = as_person(alice).get(url(town, "what-if") + f"?p-staff_large={typed}")
    assert 422 == answer.status_code
    assert "要填0至" in body(answer)


def test_pages_speak_english(run: PlanRun, town: Any, alice: Any, as_person: Any) -> None:
    client = as_person(alice)
    client.cookies["django_language"] = "en"
    assert "What is not met" in body(client.get(url(town, run.pk)))
    assert "Full members" in body(client.get(url(town, run.pk, "list")))
    unit_id, _ = joiner(run, town)
    said = client.post(url(town, run.pk, "try"), {"unit": unit_id, "target": "form:separate"}).json()
    assert any("full member" in words for words in said["broken"])


def test_queries_do_not_grow_with_the_rows(
    run: PlanRun, town: Any, alice: Any, as_person: Any, django_assert_max_num_queries: Any
) -> None:
    """A page of the plan asks the database the same few things however many units it has."""
    client = as_person(alice)
    client.get(url(town, run.pk, "list"))
    with django_assert_max_num_queries(20):
        client.get(url(town, run.pk, "list"))
    unit_id, target = joiner(run, town)
    with django_assert_max_num_queries(14):
        client.post(url(town, run.pk, "try"), {"unit": unit_id, "target": target})
