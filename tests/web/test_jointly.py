"""One reply for several organizations on the site: one number, each case the same document, the tree in one step."""

from __future__ import annotations

from typing import Any

import pytest
from tests.web.cast import MINUTES, TODAY, Cast, founding, the_cast  # noqa: F401
from tests.web.conftest import person

from liangxin.findings import InputError
from liangxin.procedure import Take, Withdraw
from liangxin.registry.access import Role
from liangxin.web.audit.models import Event as AuditEvent
from liangxin.web.organizations import queries as organizations
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.procedures import jointly, queries, services
from liangxin.web.procedures.models import Case, CaseEvent, Paper, SerialNumber
from liangxin.web.procedures.services import Chosen
from liangxin.web.units.models import ChangeSet

REPLY = Take(transition="reply_elect", minutes=MINUTES)


@pytest.fixture
def waiting(cast: Cast) -> list[Case]:
    """Three requests of the first group that wait for the committee."""
    cases = [services.start(cast.may(cast.leader), "founding", founding(cast, number)) for number in range(3)]
    for case in cases:
        cast.do(cast.leader, case, Take(transition="submit"))
    return cases


def chosen(cases: list[Case]) -> list[Chosen]:
    return [Chosen(each.pk, Case.objects.get(pk=each.pk).version) for each in cases]


def decided(cast: Cast, cases: list[Case]) -> list[Case]:
    return jointly.act_jointly(cast.may(cast.committee), chosen(cases), REPLY)


def standing(cast: Cast, cases: list[Case]) -> list[bool]:
    now = organizations.day_tree(cast.town, TODAY).organizations
    return [each.organization in now for each in cases]


@pytest.mark.clause("5.2", "A3")
def test_one_number_one_document_one_change_of_the_tree(cast: Cast, waiting: list[Case]) -> None:
    changes = ChangeSet.objects.count()
    decided(cast, waiting)
    (number,) = SerialNumber.objects.all()
    assert ("长委〔2011〕1号", waiting[0].pk, 3) == (str(number), number.case_id, number.number_of_cases)
    assert {each.pk for each in waiting[1:]} == set(number.also.values_list("pk", flat=True))
    replies = Paper.objects.filter(kind="reply")
    assert [each.pk for each in waiting] == sorted(replies.values_list("case_id", flat=True))
    assert {"长委〔2011〕1号"} == set(replies.values_list("serial", flat=True))
    facts = list(replies.values_list("facts", flat=True))
    assert facts[0] == facts[1] == facts[2]
    assert changes + 1 == ChangeSet.objects.count()
    assert [True, True, True] == standing(cast, waiting)
    told = AuditEvent.objects.filter(action="case.act")
    assert 3 == sum('"serial":"长委〔2011〕1号"' in each.detail for each in told)


@pytest.mark.clause("5.2")
def test_all_or_none(cast: Cast, waiting: list[Case]) -> None:
    """One withdrawn meanwhile: nothing is written, and the reason names it."""
    seen = chosen(waiting)
    cast.do(cast.leader, waiting[1], Withdraw("再核"))
    before = CaseEvent.objects.count(), StoredOperation.objects.count(), Paper.objects.count()
    with pytest.raises(InputError) as refused:
        jointly.act_jointly(cast.may(cast.committee), seen, REPLY)
    assert {"procedure.overtaken"} == {each.code for each in refused.value.findings}
    assert waiting[1].title in str(refused.value)
    assert before == (CaseEvent.objects.count(), StoredOperation.objects.count(), Paper.objects.count())
    assert not SerialNumber.objects.exists()


@pytest.mark.clause("5.2")
@pytest.mark.parametrize("step", ["organizations", "papers"])
def test_what_fails_late_leaves_nothing(cast: Cast, waiting: list[Case], monkeypatch: Any, step: str) -> None:
    """Whatever breaks after the events and the number are written takes them along."""

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("broken for the test")

    if step == "organizations":
        monkeypatch.setattr(jointly.organizations, "perform", broken)
    else:
        monkeypatch.setattr(jointly.papers, "shared", broken)
    with pytest.raises(RuntimeError):
        decided(cast, waiting)
    assert not SerialNumber.objects.exists()
    assert {"committee"} == set(Case.objects.values_list("step", flat=True))
    assert [False, False, False] == standing(cast, waiting)


@pytest.mark.clause("5.2")
def test_annulled_for_one_the_others_stand_then_for_all_that_are_left(
    cast: Cast, waiting: list[Case]
) -> None:
    decided(cast, waiting)
    annul = Take(transition="annul", reason="手续不全")
    cast.do(cast.committee, waiting[1], annul)
    assert [True, False, True] == standing(cast, waiting)
    version = Case.objects.get(pk=waiting[0].pk).version
    jointly.annul_whole(cast.may(cast.committee), waiting[0].pk, annul, version)
    assert [False, False, False] == standing(cast, waiting)
    assert {"annulled"} == set(Case.objects.values_list("step", flat=True))
    third = SerialNumber.objects.get(number=3)
    assert [waiting[2].pk] == list(third.also.values_list("pk", flat=True))
    assert [1, 2, 3] == list(SerialNumber.objects.values_list("number", flat=True))


@pytest.mark.clause("5.2")
def test_the_whole_is_annulled_where_only_one_is_left(cast: Cast, waiting: list[Case]) -> None:
    """Also with a version that is not the one on the screen: then who was first is said."""
    decided(cast, waiting[:2])
    annul = Take(transition="annul", reason="手续不全")
    cast.do(cast.committee, waiting[0], annul)
    with pytest.raises(InputError) as refused:
        jointly.annul_whole(cast.may(cast.committee), waiting[1].pk, annul, 1)
    assert {"procedure.overtaken"} == {each.code for each in refused.value.findings}
    done = jointly.annul_whole(cast.may(cast.committee), waiting[1].pk, annul, 3)
    assert ("annulled", [False, False]) == (done.step, standing(cast, waiting[:2]))


@pytest.mark.parametrize("who", ["office", "leader", "leading_group"])
def test_only_the_committee_decides(cast: Cast, waiting: list[Case], who: str) -> None:
    with pytest.raises(InputError) as refused:
        jointly.act_jointly(cast.may(getattr(cast, who)), chosen(waiting), REPLY)
    assert {"procedure.not_allowed"} <= {each.code for each in refused.value.findings}


def test_two_groups_are_decided_apart(cast: Cast, waiting: list[Case]) -> None:
    """Whoever sees one of the cases reads the whole document: another group's roster is not for them."""
    second = cast.town.as_core().task_groups[1].id
    other = services.start(cast.may(cast.office), "founding", founding(cast, 4, group=second))
    cast.do(cast.office, other, Take(transition="submit"))
    with pytest.raises(InputError) as refused:
        decided(cast, [waiting[0], other])
    assert {"procedure.joint_groups"} == {each.code for each in refused.value.findings}


def post(client: Any, town: Any, *path: object, **given: Any) -> Any:
    address = "/".join(map(str, path))
    return client.post(f"/t/{town.code}/procedures/{address}/", given)


@pytest.mark.clause("5.2", "A3")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_offers_one_reply_beside_one_each(
    cast: Cast, waiting: list[Case], as_person: Any, lang: str
) -> None:
    client = as_person(cast.committee)
    client.cookies["django_language"] = {"zh": "zh-hans", "en": "en"}[lang]
    keys = [f"{case.pk}:2" for case in waiting]
    page = post(client, cast.town, "together", case=keys).content.decode()
    assert {"zh": "合为一个批复，一个文号长委〔2011〕1号", "en": "one reply for all, one number"}[
        lang
    ] in page
    given = {
        "minutes_held_on": "2011-08-15",
        "minutes_entitled": 9,
        "minutes_present": 8,
        "minutes_in_favour": 8,
    }
    done = post(client, cast.town, "together", case=keys, do="reply_elect", document="one", **given)
    assert 302 == done.status_code
    assert [1] == list(SerialNumber.objects.values_list("number", flat=True))
    register = client.get(f"/t/{cast.town.code}/procedures/numbers/").content.decode()
    assert {"zh": "共 3 件", "en": "3 cases"}[lang] in register
    assert all(case.title in register for case in waiting)
    one = client.get(f"/t/{cast.town.code}/procedures/case/{waiting[0].pk}/").content.decode()
    assert {"zh": "同一个批复还有 2 件", "en": "the same reply decides 2 more"}[lang] in one
    assert 'value="whole"' in one
    done = post(
        client, cast.town, "case", waiting[0].pk, "do", "annul", version=3, reason="手续不全", scope="whole"
    )
    assert 302 == done.status_code
    assert {"annulled"} == set(Case.objects.values_list("step", flat=True))
    paper = Paper.objects.filter(case=waiting[2], kind="annulment").get()
    for ending in ("docx", "pdf"):
        address = f"/t/{cast.town.code}/procedures/case/{waiting[2].pk}/paper/{paper.pk}.{ending}"
        assert 200 == client.get(address).status_code


def test_one_case_alone_is_not_offered_one_reply(cast: Cast, waiting: list[Case], as_person: Any) -> None:
    page = post(
        as_person(cast.committee), cast.town, "together", case=[f"{waiting[0].pk}:2"]
    ).content.decode()
    assert "每件一个批复" in page
    assert "合为一个批复" not in page


def test_what_was_decided_together_is_said_of_those_one_may_see(cast: Cast, waiting: list[Case]) -> None:
    decided(cast, waiting)
    outsider = person("组长丙", cast.town, Role.GROUP_LEADER, cast.town.as_core().task_groups[1].id)
    stored = Case.objects.get(pk=waiting[0].pk)
    core = queries.core_case(stored)
    assert waiting[1:] == jointly.decided_with(cast.may(cast.leader), stored, core)
    assert [] == jointly.decided_with(cast.may(outsider), stored, core)
