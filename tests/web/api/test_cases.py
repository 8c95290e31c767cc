"""Cases through the API: begun, acted on, read, with the pages' own services, refusals and permits."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from tests.web.api.conftest import as_described
from tests.web.cast import PDF, Cast, founding, plan_matter, the_cast  # noqa: F401

from liangxin.procedure import Take
from liangxin.web.audit.models import Event as AuditEvent
from liangxin.web.procedures import queries, services
from liangxin.web.procedures.models import Case, SerialNumber

MINUTES = {"held_on": "2011-08-15", "entitled": 9, "present": 8, "in_favour": 8}
REPLY = {"act": "reply_elect", "minutes": MINUTES}


@pytest.fixture
def api(cast: Cast, as_person: Any) -> Any:
    """``api(who, "cases/1/acts", **body)``: POST as that person; without a body GET."""

    def asked(who: Any, rest: str, **body: Any) -> Any:
        address = f"/api/v1/towns/{cast.town.code}/{rest}"
        client = as_person(who)
        answer = client.post(address, body, content_type="application/json") if body else client.get(address)
        as_described("post" if body else "get", address, answer)
        return answer

    return asked


@pytest.fixture
def sent(cast: Cast) -> Case:
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    return cast.do(cast.leader, case, Take(transition="submit"))


def codes(answer: Any) -> set[str]:
    return {each["code"] for each in answer.json()["findings"]}


@pytest.mark.clause("4.3", "5.2")
def test_a_founding_goes_its_whole_way(cast: Cast, api: Any) -> None:
    """Drawn up, sent, replied to, elected, approved and filed with a receipt; its papers and the receipt are read."""
    operation = founding(cast).operations[0]
    values = {"name": operation.name, "type": "branch", "form": "separate", "parent": operation.parent,
              "host": operation.host, "units": operation.host}  # fmt: skip
    begun = api(cast.leader, "cases", kind="found", values=values)
    assert 200 == begun.status_code, begun.json()
    key = begun.json()["id"]
    full = queries.core_case(Case.objects.get(pk=key)).matter.full_members
    votes = [full] if full < 7 else [full, full, full, 0]
    vote = {
        "held_on": "2011-08-15",
        "entitled": full,
        "present": full,
        "seats": min(len(votes), 3),
        "votes": votes,
    }
    receipt = {"name": "回执.pdf", "content": base64.b64encode(PDF).decode()}
    steps = (
        (cast.leader, {"act": "submit"}),
        (cast.committee, REPLY),
        (cast.leader, {"act": "report_result", "vote": vote}),
        (cast.committee, {"act": "reply_result"}),
        (cast.leader, {"act": "file", "evidence": [receipt]}),
    )
    for version, (who, body) in enumerate(steps, start=1):
        done = api(who, f"cases/{key}/acts", version=version, **body)
        assert 200 == done.status_code, done.json()
    assert ("done", True) == (done.json()["step"], done.json()["closed"])
    detail = api(cast.leader, f"cases/{key}").json()
    assert {"request", "reply", "filing_report"} <= {each["kind"] for each in detail["papers"]}
    paper = next(each["id"] for each in detail["papers"] if each["kind"] == "reply")
    for ending, start in (("pdf", b"%PDF-"), ("docx", b"PK")):
        assert api(cast.leader, f"cases/{key}/papers/{paper}.{ending}").content.startswith(start)
    assert PDF == api(cast.leader, f"cases/{key}/evidence/{detail['evidence'][0]['id']}").content
    assert AuditEvent.objects.filter(action="case.paper", object_id=str(key)).count() == 2


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("who", "status"),
    [("committee", 200), ("office", 422), ("leader", 422), ("leading_group", 422), ("other_leader", 404), ("county", 403)],
)  # fmt: skip
def test_cells_of_the_reply(cast: Cast, api: Any, sent: Case, who: str, status: int) -> None:
    answer = api(getattr(cast, who), f"cases/{sent.pk}/acts", version=2, **REPLY)
    assert status == answer.status_code
    if status == 422:
        assert "procedure.not_allowed" in codes(answer)
    assert (status == 200) is SerialNumber.objects.exists()


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    ("who", "status"),
    [("leader", 200), ("office", 200), ("committee", 403), ("leading_group", 403), ("other_leader", 422), ("county", 403)],
)  # fmt: skip
def test_cells_of_beginning(cast: Cast, api: Any, who: str, status: int) -> None:
    """A group asks for its own units only; who proposes nothing is refused."""
    operation = founding(cast).operations[0]
    values = {"name": operation.name, "type": "branch", "form": "separate", "parent": operation.parent,
              "host": operation.host, "units": operation.host}  # fmt: skip
    answer = api(getattr(cast, who), "cases", kind="found", values=values)
    assert status == answer.status_code, answer.json()
    assert (status == 200) is Case.objects.exists()


@pytest.mark.clause("5.2")
def test_the_second_is_told_who_was_first(cast: Cast, api: Any, sent: Case) -> None:
    assert 200 == api(cast.committee, f"cases/{sent.pk}/acts", version=2, **REPLY).status_code
    late = api(cast.committee, f"cases/{sent.pk}/acts", version=2, **REPLY)
    assert (409, "overtaken") == (late.status_code, late.json()["code"])
    assert "镇党委已于2011-08-15先办了" in late.json()["findings"][0]["message"]["zh"]
    matter = queries.core_case(sent).matter
    again = api(
        cast.leader, "cases", kind="dissolve", organization=matter.organization, values={"reason": "重组"}
    )
    twice = api(
        cast.leader, "cases", kind="dissolve", organization=matter.organization, values={"reason": "重组"}
    )
    assert (200, 409) == (again.status_code, twice.status_code), again.json()
    assert {"procedure.under_way"} == codes(twice)


def test_every_other_act(cast: Cast, api: Any, sent: Case) -> None:
    """Return, send again, ask, answer, remind, copy, delegate, hand over, withdraw: each as its page does it."""
    address = f"cases/{sent.pk}/acts"
    office, leader, committee = cast.office.pk, cast.leader.pk, cast.committee.pk
    steps: tuple[tuple[Any, dict[str, Any]], ...] = (
        (cast.committee, {"act": "return", "step": "request", "reason": "再核名册"}),
        (cast.leader, {"act": "submit"}),
        (cast.committee, {"act": "countersign", "to": [office], "by": "2011-08-18", "words": "名册对不对"}),
        (cast.office, {"act": "answer", "agrees": True, "words": "对的"}),
        (cast.committee, {"act": "countersign", "to": [office], "by": "2011-08-18", "words": "再看一次"}),
        (cast.committee, {"act": "take_back", "person": office, "reason": "不用了"}),
        (cast.leader, {"act": "remind", "by": "2011-08-17", "words": "急"}),
        (cast.committee, {"act": "copy_to", "to": [office, leader]}),
        (cast.leader, {"act": "withdraw", "reason": "补材料"}),
        (cast.leader, {"act": "delegate", "to": [office], "since": "2011-08-15", "until": "2011-08-20"}),
        (cast.leader, {"act": "hand_over", "to": [office], "by": "2011-08-20", "reason": "出差"}),
    )
    for version, (who, body) in enumerate(steps, start=2):
        done = api(who, address, version=version, **body)
        assert 200 == done.status_code, (body, done.json())
    assert [3 + len(steps) - 1] == [Case.objects.get(pk=sent.pk).version]
    assert committee not in set(Case.objects.values_list("handler", flat=True))
    assert sent.pk in [each["id"] for each in api(cast.office, "cases?tab=copied").json()["cases"]]
    refused = api(cast.office, address, version=13, act="no-such-act")
    assert (422, {"procedure.no_act"}) == (refused.status_code, codes(refused))


def test_the_options_are_those_of_the_page(cast: Cast, api: Any, sent: Case) -> None:
    told = api(cast.committee, f"cases/{sent.pk}/options").json()
    assert (2, "长委〔2011〕1号", ["request"]) == tuple(
        told[name] for name in ("version", "next_serial", "returns")
    )
    assert {"reply_elect", "refuse"} == {each["act"] for each in told["ways"]}
    assert "countersign" in {each["act"] for each in told["others"]}
    assert cast.office.pk in {each["id"] for each in told["people"]}
    theirs = api(cast.leading_group, f"cases/{sent.pk}/options").json()
    assert [] == theirs["ways"] == theirs["returns"]


@pytest.mark.clause("5.2", "A3")
def test_several_by_one_reply_or_one_each_and_the_register(cast: Cast, api: Any) -> None:
    cases = [services.start(cast.may(cast.leader), "founding", founding(cast, number)) for number in range(4)]
    for case in cases:
        cast.do(cast.leader, case, Take(transition="submit"))
    chosen = [{"id": case.pk, "version": 2} for case in cases]
    one = api(cast.committee, "cases-together", **REPLY, cases=chosen[:2], one_document=True)
    each = api(cast.committee, "cases-together", **REPLY, cases=chosen[2:])
    assert (200, 200) == (one.status_code, each.status_code), one.json()
    late = api(cast.committee, "cases-together", **REPLY, cases=chosen, one_document=True)
    assert 409 == late.status_code
    numbers = api(cast.leader, "numbers").json()
    assert (3, "长委〔2011〕4号") == (numbers["total"], numbers["next"])
    assert [1, 1, 2] == [len(line["cases"]) for line in numbers["numbers"]]
    whole = api(
        cast.committee, f"cases/{cases[0].pk}/acts", act="annul", version=3, reason="手续不全", whole=True
    )
    assert 200 == whole.status_code, whole.json()
    assert {"annulled"} == {Case.objects.get(pk=case.pk).step for case in cases[:2]}


@pytest.mark.clause("A3")
def test_numbers_are_reserved_voided_and_kept_by_whoever_may(cast: Cast, api: Any) -> None:
    assert 403 == api(cast.leader, "numbers/reserve", what="自己用").status_code
    assert 200 == api(cast.office, "numbers/open", body="长委", year=2011, first=44).status_code
    reserved = api(cast.office, "numbers/reserve", what="年度总结").json()["numbers"][0]
    assert ("长委〔2011〕44号", "reserved") == (reserved["serial"], reserved["state"])
    assert 422 == api(cast.office, f"numbers/{reserved['id']}/void", reason=" ").status_code
    void = api(cast.office, f"numbers/{reserved['id']}/void", reason="不发了").json()["numbers"][0]
    assert "void" == void["state"]
    assert 422 == api(cast.office, "numbers/999/void", reason="没有").status_code


def test_a_plan_its_organizations_and_standing_in(cast: Cast, api: Any) -> None:
    """No plan is published: nothing to begin, said so; another group's plan case does not exist."""
    assert [] == api(cast.leader, "plan-cases").json()
    assert 422 == api(cast.leader, "plan-cases", groups=["G1"]).status_code
    plan = services.start(cast.may(cast.leader), "plan_approval", plan_matter(cast))
    assert [] == api(cast.leader, f"cases/{plan.pk}/foundings").json()
    assert 404 == api(cast.other_leader, f"cases/{plan.pk}/foundings").status_code
    assert 422 == api(cast.leader, f"cases/{plan.pk}/foundings", organizations=["x"]).status_code
    given = {"to": cast.office.pk, "since": "2011-08-15", "until": "2011-08-20"}
    made = api(cast.leader, "stand-ins", **given)
    assert (200, True) == (made.status_code, made.json()["own"]), made.json()
    assert 404 == api(cast.office, f"stand-ins/{made.json()['id']}/end", yes=1).status_code
    assert api(cast.leader, f"stand-ins/{made.json()['id']}/end", yes=1).json()["ended"]
    assert [True] == [each["ended"] for each in api(cast.leader, "stand-ins").json()]
    assert 422 == api(cast.leader, "stand-ins", **given | {"to": 999_999}).status_code


def test_the_matter_is_changed_before_it_is_sent(cast: Cast, api: Any) -> None:
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    changed = api(cast.leader, f"cases/{case.pk}/revise", version=1, leadership="appointed", refresh=True)
    assert (200, 2) == (changed.status_code, changed.json()["version"]), changed.json()
    assert "appointed" == queries.core_case(case).matter.leadership.value
    assert 409 == api(cast.leader, f"cases/{case.pk}/revise", version=1).status_code
    assert 404 == api(cast.other_leader, f"cases/{case.pk}/revise", version=2).status_code
    assert 403 == api(cast.committee, f"cases/{case.pk}/revise", version=2).status_code


@pytest.mark.parametrize("content", ["not base64!", "AAAA", ""])
def test_evidence_that_is_none_is_refused(cast: Cast, api: Any, sent: Case, content: str) -> None:
    """No base64, no file of an accepted kind, an empty one."""
    evidence = [{"name": "回执.pdf", "content": content}]
    answer = api(cast.committee, f"cases/{sent.pk}/acts", version=2, evidence=evidence, **REPLY)
    assert 422 == answer.status_code
    assert codes(answer) <= {"evidence-base64", "evidence-kind"}


def test_what_was_not_sent_whole_is_listed_in_both_languages(cast: Cast, api: Any, sent: Case) -> None:
    answer = api(cast.committee, f"cases/{sent.pk}/acts", version=2, act="reply_elect")
    assert 422 == answer.status_code
    assert {"procedure.minutes"} <= codes(answer)
    assert all({"zh", "en"} == set(each["message"]) for each in answer.json()["findings"])
