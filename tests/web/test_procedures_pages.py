"""Pages of the procedures: lists, one case, several at once, the register; in both languages, for each role."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.cast import PDF, TODAY, Cast, founding, plan_matter, the_cast  # noqa: F401

from liangxin.procedure import Minutes, Take
from liangxin.web.procedures import queries, services
from liangxin.web.procedures.models import Case, SerialNumber

REPLY = {"minutes_held_on": "2011-08-15", "minutes_entitled": "9", "minutes_present": "8", "minutes_in_favour": "8", "on": "2011-08-15"}  # fmt: skip


@pytest.fixture
def site(cast: Cast, as_person: Any) -> Any:
    """``site(who, "GET", path…)``: the page as that person; POST data as keywords."""

    def asked(who: Any, *parts: Any, lang: str = "zh-hans", **data: Any) -> Any:
        client = as_person(who)
        client.cookies["django_language"] = lang
        address = "/".join(["", "t", cast.town.code, "procedures", *map(str, parts)]) + "/"
        return client.post(address, data) if data else client.get(address)

    return asked


@pytest.fixture
def sent(cast: Cast) -> Case:
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    return cast.do(cast.leader, case, Take(transition="submit"))


def body(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["", "plan", "numbers", "request/found", "standing-in"])
def test_every_page_opens_empty(cast: Cast, site: Any, path: str, lang: str) -> None:
    """Before the first case each page says what to do, in both languages."""
    response = site(cast.office, *path.split("/") if path else (), lang=lang)
    assert 200 == response.status_code
    if lang == "en":
        assert not re.search(
            "[\u4e00-\u9fff]{9,}", re.sub(r"<option.*?</option>|<title>.*?</title>", "", body(response))
        )


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_case_says_what_it_is_and_what_is_next(cast: Cast, site: Any, sent: Case, lang: str) -> None:
    """Facts, roster, what the reply changes, what it needs, before the button."""
    page = body(site(cast.committee, "case", sent.pk, lang=lang))
    unit = queries.core_case(sent).matter.roster[0]
    needed = (
        ("发文字号", "会议日期和纪要")
        if lang == "zh-hans"
        else ("the serial number of the document", "minutes")
    )
    assert all(words in page for words in (unit.name, "长委〔2011〕1号", "2011-09-15", *needed))


@pytest.mark.clause("5.2", "4.3")
def test_the_committee_replies_on_the_page(cast: Cast, site: Any, sent: Case) -> None:
    """The button does it: the case goes on, the number is issued; the page says what was done."""
    done = site(cast.committee, "case", sent.pk, "do", "reply_elect", version=2, **REPLY)
    assert 302 == done.status_code
    page = body(site(cast.committee, "case", sent.pk))
    assert "组织选举" in page
    assert "长委〔2011〕1号" in page
    assert 1 == SerialNumber.objects.count()


def test_a_refused_act_keeps_what_was_typed_and_says_why(cast: Cast, site: Any, sent: Case) -> None:
    """Too few in favour: 422, the reason beside the field and above, the numbers still there, nothing done."""
    typed = REPLY | {"minutes_in_favour": "4", "minutes_present": "7"}
    page = site(cast.committee, "case", sent.pk, "do", "reply_elect", version=2, **typed)
    assert 422 == page.status_code
    assert "没有过半" in body(page)
    assert 'name="minutes_present" value="7"' in body(page)
    assert "committee" == Case.objects.get(pk=sent.pk).step


def test_the_second_to_press_sees_who_was_first(cast: Cast, site: Any, sent: Case) -> None:
    """409 with the name; the page shows the case as it now is."""
    site(cast.committee, "case", sent.pk, "do", "reply_elect", version=2, **REPLY)
    page = site(cast.committee, "case", sent.pk, "do", "refuse", version=2, reason="再议", **REPLY)
    assert 409 == page.status_code
    assert "镇党委已于2011-08-15先办了" in body(page)


def test_what_is_not_ones_own_does_not_exist(cast: Cast, site: Any, sent: Case, outsider: Any) -> None:
    """Another group, the county and an outsider get neither the case nor its acts; the county sees counts only."""
    for who, status in ((cast.other_leader, 404), (cast.county, 403), (outsider, 404)):
        assert status == site(who, "case", sent.pk).status_code
        assert status == site(who, "case", sent.pk, "do", "submit", version=2).status_code
    counts = body(site(cast.county))
    assert "镇党委会议研究" in counts
    assert sent.title not in counts
    assert sent.title not in body(site(cast.other_leader))


def test_the_election_is_said_while_it_is_typed(cast: Cast, site: Any, sent: Case) -> None:
    """Quorum and majority by the rule of the day, at once, before anything is sent."""
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8)))
    client = site
    page = client(cast.leader, "case", sent.pk)
    assert "五分之四" in body(page) or "4/5" in body(page)
    address = f"/t/{cast.town.code}/procedures/case/{sent.pk}/vote/"
    from django.test import Client

    browser = Client()
    browser.force_login(cast.leader)
    typed = {
        "vote_held_on": "2011-08-15",
        "vote_entitled": "3",
        "vote_present": "3",
        "vote_seats": "1",
        "votes": "3",
    }
    assert "已选出" in body(browser.get(address, typed))
    assert "选举无效" in body(browser.get(address, typed | {"vote_present": "2", "votes": "2"}))
    assert 200 == browser.get(address).status_code


@pytest.mark.clause("4.3")
def test_a_further_ballot_counts_what_the_first_one_filled(cast: Cast, site: Any, sent: Case) -> None:
    """Of two seats one is filled; the next ballot starts from that and fills the other."""
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8)))
    first = {"vote_held_on": "2011-08-15", "vote_entitled": "3", "vote_present": "3"}
    assert 'name="vote_earlier"' not in body(site(cast.leader, "case", sent.pk))
    again = first | {"vote_seats": "2", "votes": "3 1", "reason": "1名候选人未过半"}
    assert 302 == site(cast.leader, "case", sent.pk, "do", "vote_again", version=3, **again).status_code
    assert 'name="vote_earlier" value="1"' in body(site(cast.leader, "case", sent.pk))
    last = first | {"vote_seats": "1", "votes": "3", "vote_earlier": "1"}
    refused = site(
        cast.leader, "case", sent.pk, "do", "report_result", version=4, **last | {"vote_earlier": "没有"}
    )
    assert (422, True) == (refused.status_code, "前次已选出要填人数" in body(refused))
    assert 302 == site(cast.leader, "case", sent.pk, "do", "report_result", version=4, **last).status_code
    assert "前次已选出1名" in body(site(cast.leader, "case", sent.pk))


def test_seats_are_reduced_where_the_meeting_agrees(cast: Cast, site: Any, sent: Case) -> None:
    """One of two seats filled and the meeting leaves it at one: the result can be reported."""
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8)))
    typed = {"vote_held_on": "2011-08-15", "vote_entitled": "3", "vote_present": "3", "vote_seats": "2", "votes": "3 1"}  # fmt: skip
    refused = site(cast.leader, "case", sent.pk, "do", "report_result", version=3, **typed)
    assert 422 == refused.status_code
    done = site(cast.leader, "case", sent.pk, "do", "report_result", version=3, **typed, vote_reduced_to="1")
    assert 302 == done.status_code
    assert "减为1名" in body(site(cast.leader, "case", sent.pk))


def test_evidence_is_sent_with_the_act_and_opened_again(cast: Cast, site: Any) -> None:
    """A plan carried out: the file goes with the button, is listed, and opening it is logged."""
    from liangxin.web.audit.models import Event

    case = services.start(cast.may(cast.leader), "plan_approval", plan_matter(cast))
    cast.do(cast.leader, case, Take(transition="submit"))
    cast.do(cast.leading_group, case, Take(transition="approve"))
    wrong = site(
        cast.leader,
        "case",
        case.pk,
        "do",
        "finish",
        version=3,
        evidence=SimpleUploadedFile("照片.exe", b"MZ"),
    )
    assert 422 == wrong.status_code
    right = site(
        cast.leader, "case", case.pk, "do", "finish", version=3, evidence=SimpleUploadedFile("照片.pdf", PDF)
    )
    assert 302 == right.status_code
    kept = case.evidence.get()
    opened = site(cast.leader, "case", case.pk, "evidence", kept.pk)
    assert PDF == b"".join(opened.streaming_content)
    assert "attachment" in opened["Content-Disposition"]
    assert "case.evidence" == Event.objects.order_by("-seq")[0].action
    assert 404 == site(cast.other_leader, "case", case.pk, "evidence", kept.pk).status_code


def test_several_are_shown_with_their_facts_and_done_with_one_button(cast: Cast, site: Any) -> None:
    """批复同意 3 件: each with its unit before the button; after it each has a number of its own."""
    cases = [services.start(cast.may(cast.leader), "founding", founding(cast, number)) for number in range(3)]
    for case in cases:
        cast.do(cast.leader, case, Take(transition="submit"))
    chosen = [f"{case.pk}:2" for case in cases]
    preview = body(site(cast.committee, "together", case=chosen))
    assert "批复同意，组织选举 3 件" in preview
    assert all(queries.core_case(case).matter.roster[0].name in preview for case in cases)
    assert not SerialNumber.objects.exists()
    done = site(cast.committee, "together", case=chosen, do="reply_elect", **REPLY)
    assert 302 == done.status_code
    assert {"election"} == set(Case.objects.values_list("step", flat=True))
    assert [1, 2, 3] == list(SerialNumber.objects.values_list("number", flat=True))


def test_cases_that_are_not_alike_are_done_apart(cast: Cast, site: Any, sent: Case) -> None:
    """A founding and a plan: no button, and why."""
    other = services.start(cast.may(cast.leader), "plan_approval", plan_matter(cast))
    page = site(cast.committee, "together", case=[f"{sent.pk}:2", f"{other.pk}:1"])
    assert 422 == page.status_code
    assert "不是同一类" in body(page)


def test_a_request_is_drawn_up_by_hand(cast: Cast, site: Any) -> None:
    """The group names unit, name and superior; the request is there with its roster. Another group's unit is refused."""
    matter = founding(cast)
    operation = matter.operations[0]
    typed = {"name": "试点党支部", "type": "branch", "form": "separate", "parent": operation.parent, "units": operation.units[0]}  # fmt: skip
    refused = site(cast.other_leader, "request", "found", **typed)
    assert 422 == refused.status_code
    done = site(cast.leader, "request", "found", **typed)
    assert 302 == done.status_code
    case = Case.objects.get()
    assert ("关于成立试点党支部的请示", cast.leader) == (case.title, case.initiator)
    assert [operation.units[0]] == [line.unit for line in queries.core_case(case).matter.roster]
    assert 403 == site(cast.committee, "request", "found").status_code


@pytest.mark.parametrize("who", ["office", "leader", "leading_group", "committee"])
def test_the_navigation_counts_what_waits(cast: Cast, site: Any, sent: Case, who: str) -> None:
    """The number in the navigation is that of the list; for whom nothing waits there is none."""
    page = body(site(getattr(cast, who)))
    shown = re.search(r'class="waits"[^>]*>(\d+)', page)
    waiting = queries.waiting_count(cast.may(getattr(cast, who)))
    assert (str(waiting) if waiting else None) == (shown.group(1) if shown else None)


def test_the_navigation_counts_anew_after_each_act(cast: Cast, site: Any, sent: Case) -> None:
    """What is kept between two events of the audit chain ends with the next: an act, a standing in, a role taken away."""

    def shown(who: Any) -> int:
        found = re.search(r'class="waits"[^>]*>(\d+)', body(site(who)))
        return int(found.group(1)) if found else 0

    before = shown(cast.committee)
    assert before == shown(cast.committee) == queries.waiting_count(cast.may(cast.committee)) > 0
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8)))
    assert before - 1 == shown(cast.committee)
    assert queries.waiting_count(cast.may(cast.leader)) == shown(cast.leader)


def test_the_register_page_shows_every_number(cast: Cast, site: Any, sent: Case) -> None:
    """Reserved, void and issued in order; a group sees that a number is used, not for what of another group."""
    assert 302 == site(cast.office, "numbers/open", body="长委", year="2011", first="44").status_code
    assert 302 == site(cast.office, "numbers/reserve", what="年度总结").status_code
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8)))
    reserved = SerialNumber.objects.get(number=44)
    assert 302 == site(cast.office, "numbers/void", number=str(reserved.pk), reason="不发了").status_code
    page = body(site(cast.office, "numbers"))
    assert all(
        words in page for words in ("长委〔2011〕44号", "作废", "长委〔2011〕45号", "长委〔2011〕46号")
    )
    theirs = body(site(cast.other_leader, "numbers"))
    assert "别组的事项" in theirs
    assert sent.title not in theirs
    assert 403 == site(cast.leader, "numbers/reserve", what="自己用").status_code


def test_role_labels_in_a_refusal_name_whose_step_it_is(cast: Cast, site: Any, sent: Case) -> None:
    """The office presses the committee's button by hand: refused, saying that it is the town committee's."""
    page = site(cast.office, "case", sent.pk, "do", "reply_elect", version=2, **REPLY)
    assert 422 == page.status_code
    assert "由镇党委办理" in body(page)


def test_a_request_begins_where_one_looks(cast: Cast, site: Any, sent: Case, as_person: Any) -> None:
    """From an organization's page and from a unit without one; the organization's page lists its cases to who may see them."""
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8)))
    address = f"/t/{cast.town.code}/organizations/one/{Case.objects.get().organization}/"
    assert sent.title in body(as_person(cast.leader).get(address))
    assert "request/upgrade/" in body(as_person(cast.leader).get(address))
    theirs = body(as_person(cast.county).get(address))
    assert sent.title not in theirs
    assert "request/upgrade/" not in theirs
    unit = founding(cast, 1).roster[0]
    page = body(as_person(cast.leader).get(f"/t/{cast.town.code}/units/unit/{unit.unit}/"))
    assert f"request/found/?units={unit.unit}" in page


@pytest.mark.clause("4.3", "5.2")
def test_the_organizations_of_an_approved_plan_are_asked_for_at_once(
    cast: Cast, site: Any, django_capture_on_commit_callbacks: Any
) -> None:
    """The plan's case of a group gives one request for each of its new organizations, none twice, none of what stands."""
    from liangxin.web.organizations import services as tree
    from liangxin.web.plans.models import PlanRun
    from liangxin.web.plans.services import Options, publish, start
    from liangxin.web.procedures import from_plan

    tree.found_framework(cast.town, None, frozenset({"3.3a", "3.3b"}))
    with django_capture_on_commit_callbacks(execute=True):
        start(cast.may(cast.office), Options(time_limit=10))
    publish(cast.may(cast.office), PlanRun.objects.get())
    assert 302 == site(cast.office, "plan", group=["G7"]).status_code
    case = Case.objects.get()
    cast.do(cast.office, case, Take(transition="submit"))
    assert "方案批准以后才能" in body(site(cast.office, "case", case.pk, "foundings"))
    cast.do(cast.leading_group, case, Take(transition="approve"))
    case.refresh_from_db()
    asked = from_plan.foundings(case)
    ready = [each for each in asked if not each.missing]
    planned = {each.matter.organization for each in asked if each.key.startswith("found:")}
    assert (
        302 == site(cast.office, "case", case.pk, "foundings", asked=[each.key for each in asked]).status_code
    )
    begun = Case.objects.filter(approved_by=case)
    assert {each.key for each in ready} == {f"{one.kind}:{one.organization}" for one in begun}
    assert len(planned) >= 5
    assert all(each.under_way or each.missing for each in from_plan.foundings(case))
    again = site(cast.office, "case", case.pk, "foundings", asked=[each.key for each in asked])
    assert 422 == again.status_code
    assert len(ready) == begun.count()


def test_standing_in_is_given_and_ended_on_the_page(cast: Cast, site: Any) -> None:
    """The leader gives it to the office for two days; days in the past are refused; only the giver ends it."""
    from liangxin.web.procedures.models import StandIn

    typed = {"to": str(cast.office.pk), "since": "2011-08-15", "until": "2011-08-16", "reason": "外出"}
    refused = site(cast.leader, "standing-in", **(typed | {"since": "2011-08-01"}))
    assert 422 == refused.status_code
    assert 302 == site(cast.leader, "standing-in", **typed).status_code
    made = StandIn.objects.get()
    assert "组长甲委托alice" in body(site(cast.office, "standing-in"))
    assert 404 == site(cast.office, "standing-in", made.pk, "end", yes="1").status_code
    assert 302 == site(cast.leader, "standing-in", made.pk, "end", yes="1").status_code
    assert "已收回" in body(site(cast.leader, "standing-in"))


def test_the_api_reads_cases_by_the_same_permits(cast: Cast, sent: Case, as_person: Any) -> None:
    """The committee's list and the case with its roster and log; another group finds neither; the county gets counts."""
    address = f"/api/v1/towns/{cast.town.code}/cases"
    waiting = as_person(cast.committee).get(address, {"tab": "todo"}).json()
    assert (1, sent.title, "committee", "2011-09-15") == (
        waiting["total"], *(waiting["cases"][0][name] for name in ("title", "step", "due"))
    )  # fmt: skip
    one = as_person(cast.leader).get(f"{address}/{sent.pk}").json()
    assert ["发起", "报送请示"] == [each["what"]["zh"] for each in one["history"]]
    assert [queries.core_case(sent).matter.roster[0].unit] == [each["unit_id"] for each in one["roster"]]
    assert 0 == as_person(cast.other_leader).get(address).json()["total"]
    assert 404 == as_person(cast.other_leader).get(f"{address}/{sent.pk}").status_code
    assert 403 == as_person(cast.county).get(f"{address}/{sent.pk}").status_code
    county = as_person(cast.county).get(address).json()
    assert (0, [("founding", "committee", 1)]) == (
        county["total"], [(each["procedure"], each["step"], each["cases"]) for each in county["steps"]]
    )  # fmt: skip
    overdue = as_person(cast.committee).get(address, {"limit": "overdue"}).json()["total"]
    assert (0, 1) == (overdue, as_person(cast.committee).get(address, {"q": sent.title[:4]}).json()["total"])
