"""Procedures on the site: each act by whom it is for, refused to everybody else, and a reply that is whole or not at all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.cast import FILE, MINUTES, PDF, TODAY, Cast, founding, plan_matter, the_cast  # noqa: F401
from tests.web.conftest import person

from liangxin.findings import InputError
from liangxin.procedure import (
    Answer,
    CopyTo,
    Countersign,
    Delegate,
    HandOver,
    Remind,
    Return,
    Revise,
    Take,
    Vote,
    Withdraw,
    options,
    to_do,
)
from liangxin.registry.access import Role
from liangxin.web.audit.models import Event as AuditEvent
from liangxin.web.organizations import queries as organizations
from liangxin.web.organizations import services as tree
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.policies.queries import load
from liangxin.web.procedures import numbers, queries, services
from liangxin.web.procedures.actors import actor_of
from liangxin.web.procedures.models import Case, CaseEvent, SerialNumber
from liangxin.web.procedures.services import Chosen
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.models import Unit


@pytest.fixture
def begun(cast: Cast) -> Case:
    return services.start(cast.may(cast.leader), "founding", founding(cast))


@pytest.fixture
def sent(cast: Cast, begun: Case) -> Case:
    return cast.do(cast.leader, begun, Take(transition="submit"))


@pytest.fixture
def replied(cast: Cast, sent: Case) -> Case:
    return cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=MINUTES))


def codes(refused: Any) -> set[str]:
    return {each.code for each in refused.value.findings}


def core(case: Case) -> Any:
    return queries.core_case(case)


@pytest.mark.clause("4.3", "5.2")
def test_a_founding_goes_from_request_to_filing(cast: Cast, replied: Case) -> None:
    """Request, reply, election, report, reply on the result, filing: each by whom it is for; then it is done."""
    full = core(replied).matter.full_members
    vote = (
        Vote(TODAY, full, full, 1, (full,)) if full < 7 else Vote(TODAY, full, full, 3, (full, full, full, 0))
    )
    cast.do(cast.leader, replied, Take(transition="report_result", vote=vote))
    cast.do(cast.committee, replied, Take(transition="reply_result"))
    done = cast.do(cast.leader, replied, Take(transition="file", evidence=(FILE.named,)), files=(FILE,))
    assert ("done", True, 6) == (done.step, done.closed, done.version)
    assert ["长委〔2011〕1号", "长委〔2011〕2号"] == [
        str(each) for each in SerialNumber.objects.order_by("number")
    ]
    assert PDF == done.evidence.get().file.read()


@pytest.mark.clause("4.3", "1.4")
def test_a_reply_writes_event_number_tree_ledger_and_audit_together(cast: Cast, sent: Case) -> None:
    """One transaction: the organization stands, its unit's ledger says so, the number is issued, the log tells of it."""
    operation = core(sent).matter.operations[0]
    before = StoredOperation.objects.count()
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=MINUTES))
    unit = Unit.objects.get(town=cast.town, unit_id=operation.units[0])
    entry = StoredOperation.objects.get(number=organizations.last_number(cast.town))
    number = SerialNumber.objects.get()
    assert operation.id in organizations.day_tree(cast.town, TODAY).organizations
    assert (operation.id, "separate") == (unit.organization_id, unit.organization_form)
    assert (before + 1, "长委〔2011〕1号") == (
        StoredOperation.objects.count(),
        entry.document["basis"]["document"],
    )
    assert (sent.pk, "issued", TODAY) == (number.case_id, number.state, number.on)
    assert {"case.act", "organizations.perform", "units.edit"} <= set(
        AuditEvent.objects.order_by("-seq")[:3].values_list("action", flat=True)
    )


def test_a_refused_reply_leaves_nothing(cast: Cast, sent: Case, monkeypatch: Any) -> None:
    """The tree refuses (somebody founded the same meanwhile): no event, no number, no entry, no audit event."""
    operation = core(sent).matter.operations[0]
    tree.perform(cast.town, None, [operation])
    marks = (CaseEvent.objects.count(), SerialNumber.objects.count(), StoredOperation.objects.count(), AuditEvent.objects.count())  # fmt: skip
    with pytest.raises(InputError):
        cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=MINUTES))
    after = (CaseEvent.objects.count(), SerialNumber.objects.count(), StoredOperation.objects.count(), AuditEvent.objects.count())  # fmt: skip
    assert marks == after
    assert "committee" == Case.objects.get(pk=sent.pk).step


@pytest.mark.clause("5.2")
def test_annulled_by_a_later_document_the_tree_is_as_before(cast: Cast, replied: Case) -> None:
    """Annulling takes the change back from its day on; the reply stays in the log and its number in the register."""
    operation = core(replied).matter.operations[0]
    done = cast.do(cast.committee, replied, Take(transition="annul", reason="单位已迁出"))
    assert ("annulled", True) == (done.step, done.closed)
    assert operation.id not in organizations.day_tree(cast.town, TODAY).organizations
    assert Unit.objects.get(town=cast.town, unit_id=operation.units[0]).organization_form == "none"
    assert ["issued", "issued"] == list(
        SerialNumber.objects.order_by("number").values_list("state", flat=True)
    )
    assert ["submit", "reply_elect", "annul"] == [act.transition for _, act in core(replied).taken()]


WHO = ("office", "leader", "other_leader", "leading_group", "committee", "county")
ALLOWED = {
    # step -> (act, who may)
    "request": (Take(transition="submit"), {"office", "leader"}),
    "committee": (Take(transition="reply_elect", minutes=MINUTES), {"committee"}),
    "election": (Take(transition="report_result", vote=Vote(TODAY, 1, 1, 1, (1,))), {"office", "leader"}),
}


@pytest.mark.clause("5.2", "4.3")
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("step", ALLOWED)
def test_each_step_is_refused_to_everybody_it_is_not_for(
    cast: Cast, begun: Case, step: str, who: str
) -> None:
    """By the core's table: whoever may not take the step is refused, or does not see the case at all."""
    from django.http import Http404

    if step != "request":
        cast.do(cast.leader, begun, Take(transition="submit"))
    if step == "election":
        cast.do(cast.committee, begun, Take(transition="reply_elect", minutes=MINUTES))
    act, allowed = ALLOWED[step]
    someone = getattr(cast, who)
    if who in allowed:
        assert act.transition in {way.id for way in options(core(begun), cast.actor(someone), queries.judged_by(cast.may(someone))).ways}  # fmt: skip
        return
    with pytest.raises((InputError, Http404)) as refused:
        cast.do(someone, begun, act)
    if isinstance(refused.value, InputError):
        assert "procedure.not_allowed" in codes(refused)
    assert step == Case.objects.get(pk=begun.pk).step


@pytest.mark.parametrize("who", ["leading_group", "committee", "county"])
def test_who_proposes_nothing_begins_nothing(cast: Cast, who: str) -> None:
    """Only the office and the groups begin a case."""
    with pytest.raises(PermissionDenied):
        services.start(cast.may(getattr(cast, who)), "founding", founding(cast))
    assert not Case.objects.exists()


def test_a_group_begins_only_its_own(cast: Cast) -> None:
    """The second group cannot ask for the first group's organization."""
    with pytest.raises(InputError) as refused:
        services.start(cast.may(cast.other_leader), "founding", founding(cast))
    assert {"procedure.not_allowed"} == codes(refused)
    assert not Case.objects.exists()


def test_the_same_is_not_asked_for_twice(cast: Cast, begun: Case) -> None:
    """A second request for one organization is refused while the first is under way, and named."""
    with pytest.raises(InputError) as refused:
        services.start(cast.may(cast.office), "founding", core(begun).matter)
    assert {"procedure.under_way"} == codes(refused)
    assert begun.title in str(refused.value)


@pytest.mark.clause("5.2")
def test_an_ordinary_plan_is_approved_and_carried_out(cast: Cast) -> None:
    """The group sends it, the leading group approves, the group shows it is done."""
    case = services.start(cast.may(cast.leader), "plan_approval", plan_matter(cast))
    cast.do(cast.leader, case, Take(transition="submit"))
    with pytest.raises(InputError) as refused:
        cast.do(cast.leading_group, case, Take(transition="report"))
    assert {"procedure.guard"} == codes(refused)
    cast.do(cast.leading_group, case, Take(transition="approve"))
    done = cast.do(cast.leader, case, Take(transition="finish", evidence=(FILE.named,)), files=(FILE,))
    assert "done" == done.step


@pytest.mark.clause("5.2")
def test_an_important_plan_goes_to_the_committee(cast: Cast) -> None:
    """A hundred units: the leading group cannot approve alone; the committee replies with a number."""
    case = services.start(cast.may(cast.leader), "plan_approval", plan_matter(cast, units=100))
    cast.do(cast.leader, case, Take(transition="submit"))
    with pytest.raises(InputError):
        cast.do(cast.leading_group, case, Take(transition="approve"))
    cast.do(cast.leading_group, case, Take(transition="report"))
    done = cast.do(cast.committee, case, Take(transition="reply", minutes=MINUTES))
    assert ("carry_out", "长委〔2011〕1号") == (done.step, str(SerialNumber.objects.get()))


@pytest.mark.clause("5.2")
def test_two_at_once_the_second_is_told_who_and_when(cast: Cast, sent: Case) -> None:
    """Both saw version 2; the second to press is refused with the name and the day of the first, and nothing is done."""
    second = person("镇党委乙", cast.town, Role.COMMITTEE)
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=MINUTES), version=2)
    with pytest.raises(InputError) as refused:
        cast.do(second, sent, Take(transition="refuse", minutes=MINUTES, reason="再议"), version=2)
    assert {"procedure.overtaken"} == codes(refused)
    assert "镇党委已于2011-08-15先办了" in str(refused.value)
    assert 3 == CaseEvent.objects.filter(case=sent).count()


def test_returned_with_a_reason_and_sent_again(cast: Cast, sent: Case) -> None:
    """退回 to the first step asks for the reason; the group mends it and sends it again."""
    with pytest.raises(InputError):
        cast.do(cast.committee, sent, Return("request", ""))
    back = cast.do(cast.committee, sent, Return("request", "名册请核对"))
    assert "request" == back.step
    assert back in queries.waiting_for(cast.may(cast.leader))
    cast.do(cast.leader, back, Revise(core(back).matter))
    assert "committee" == cast.do(cast.leader, back, Take(transition="submit")).step


def test_withdrawn_by_the_initiator_only(cast: Cast, sent: Case) -> None:
    """撤回: the office did not send it and cannot take it back; who sent it can, before the reply."""
    with pytest.raises(InputError) as refused:
        cast.do(cast.office, sent, Withdraw("不对"))
    assert "procedure.not_initiator" in codes(refused)
    assert "request" == cast.do(cast.leader, sent, Withdraw("漏了一家")).step


def test_handed_over_it_waits_for_that_person_only(cast: Cast, sent: Case) -> None:
    """转办: it leaves the one's list and comes to the other's; the first can no longer go on with it."""
    second = person("镇党委乙", cast.town, Role.COMMITTEE)
    cast.do(cast.committee, sent, HandOver(cast.actor(second), TODAY, "请接办"))
    assert (0, 1) == (
        queries.waiting_count(cast.may(cast.committee)),
        queries.waiting_count(cast.may(second)),
    )
    with pytest.raises(InputError) as refused:
        cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=MINUTES))
    assert "procedure.handed_over" in codes(refused)
    assert "election" == cast.do(second, sent, Take(transition="reply_elect", minutes=MINUTES)).step


def test_a_delegation_ends_with_its_last_day(cast: Cast, begun: Case) -> None:
    """委托 for three days: the delegate sees and does it in these days, the log says for whom; afterwards no more."""
    delegate = person("代办", cast.town, Role.GROUP_MEMBER, begun.task_group)
    other = person("外组", cast.town, Role.LEADING_GROUP)  # reads the units, proposes nothing
    cast.do(cast.leader, begun, Delegate(cast.actor(other), TODAY, date(2011, 8, 17)))
    assert 1 == queries.waiting_count(cast.may(other))
    cast.town.today = date(2011, 8, 18)
    cast.town.save()
    assert 0 == queries.waiting_count(cast.may(other))
    with pytest.raises(InputError):
        cast.do(other, begun, Take(transition="submit"))
    cast.town.today = date(2011, 8, 17)
    cast.town.save()
    cast.do(other, begun, Take(transition="submit"))
    assert "组长甲" == core(begun).history[-1].in_place_of.name
    assert delegate


def test_an_opinion_is_waited_for(cast: Cast, sent: Case) -> None:
    """加签: it leaves the committee's list, nothing goes on until the answer, then it comes back."""
    cast.do(cast.committee, sent, Countersign(cast.actor(cast.office), TODAY, "名册是否齐全"))
    assert (0, 1) == (
        queries.waiting_count(cast.may(cast.committee)),
        queries.waiting_count(cast.may(cast.office)),
    )
    with pytest.raises(InputError) as refused:
        cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=MINUTES))
    assert "procedure.waits_for_opinion" in codes(refused)
    cast.do(cast.office, sent, Answer(True, "齐全"))
    assert (1, 0) == (
        queries.waiting_count(cast.may(cast.committee)),
        queries.waiting_count(cast.may(cast.office)),
    )


def test_a_reminder_brings_the_day_forward(cast: Cast, sent: Case) -> None:
    """催办 sets an earlier day in the list than the policy's month."""
    assert date(2011, 9, 15) == Case.objects.get(pk=sent.pk).due
    cast.do(cast.leader, sent, Remind(date(2011, 8, 20)))
    assert date(2011, 8, 20) == Case.objects.get(pk=sent.pk).due


def test_a_copy_is_seen_and_waits_for_nobody(cast: Cast, sent: Case) -> None:
    """抄送 to the office; a group of other units cannot get one."""
    cast.do(cast.leader, sent, CopyTo((cast.actor(cast.office),)))
    assert [sent] == list(queries.listed(cast.may(cast.office), "copied"))
    assert 0 == queries.listed(cast.may(cast.office), "todo").count()
    with pytest.raises(InputError) as refused:
        cast.do(cast.leader, sent, CopyTo((cast.actor(cast.other_leader),)))
    assert "procedure.may_not_read" in codes(refused)


def test_the_lists_are_those_of_the_core(cast: Cast, sent: Case) -> None:
    """待办 by the columns of the database is for everybody exactly what the core finds by folding every log."""
    services.start(cast.may(cast.office), "founding", founding(cast, 1))
    third = services.start(cast.may(cast.leader), "plan_approval", plan_matter(cast))
    cast.do(cast.leader, third, Take(transition="submit"))
    cast.do(cast.leading_group, third, Countersign(cast.actor(cast.office), TODAY, "？"))
    fourth = services.start(cast.may(cast.leader), "founding", founding(cast, 2))
    cast.do(cast.leader, fourth, Delegate(cast.actor(cast.committee), TODAY, TODAY))
    cases = queries.core_cases(Case.objects.all())
    for who in WHO:
        mine = cast.may(getattr(cast, who))
        visible = {str(pk) for pk in queries.visible(mine).values_list("pk", flat=True)}
        by_core = {
            task.case.id for task in to_do(cases.values(), actor_of(mine), TODAY, load(cast.town))
        } & visible
        assert by_core == {str(pk) for pk in queries.waiting_for(mine).values_list("pk", flat=True)}, who


def test_twelve_at_once_or_none(cast: Cast) -> None:
    """Bulk: each judged by itself; with one that cannot be done none is, and the reason names it."""
    cases = [services.start(cast.may(cast.leader), "founding", founding(cast, number)) for number in range(3)]
    for case in cases:
        cast.do(cast.leader, case, Take(transition="submit"))
    seen = [Chosen(case.pk, 2) for case in cases]
    cast.do(cast.leader, cases[1], Withdraw("再核"))
    with pytest.raises(InputError) as refused:
        services.act_on_all(cast.may(cast.committee), seen, Take(transition="reply_elect", minutes=MINUTES))
    assert ["procedure.overtaken"] == [each.code for each in refused.value.findings]
    assert cases[1].title in str(refused.value)
    assert not SerialNumber.objects.exists()
    cast.do(cast.leader, cases[1], Take(transition="submit"))
    seen[1] = Chosen(cases[1].pk, 4)
    services.act_on_all(cast.may(cast.committee), seen, Take(transition="reply_elect", minutes=MINUTES))
    assert [(1, 3), (2, 5), (3, 3)] == [
        (each.number, Case.objects.get(pk=each.case_id).version)
        for each in SerialNumber.objects.order_by("number")
    ]


@pytest.mark.clause("A3")
def test_the_register_reserves_voids_and_leaves_no_gap(cast: Cast, sent: Case) -> None:
    """Begun at 44 because earlier numbers are on paper; 44 is kept, 45 issued, 44 void: every number is accounted for."""
    office = cast.may(cast.office)
    numbers.open_register(office, "长委", 2011, 44)
    kept = numbers.reserve(office, "年度总结")
    cast.do(cast.committee, sent, Take(transition="reply_elect", minutes=MINUTES))
    numbers.void(office, SerialNumber.objects.get(number=44).pk, "不发了")
    assert "长委〔2011〕44号" == kept.text
    assert [(44, "void"), (45, "issued")] == list(SerialNumber.objects.values_list("number", "state"))
    with pytest.raises(InputError):
        numbers.void(office, SerialNumber.objects.get(number=45).pk, "不发了")
    with pytest.raises(InputError):
        numbers.open_register(office, "长委", 2011, 1)
    with pytest.raises(PermissionDenied):
        numbers.reserve(cast.may(cast.leader), "自己用")


def test_evidence_is_told_by_its_content() -> None:
    """A program named .pdf is refused, and so are an empty file and an office file with macros; all are named."""
    import io
    import zipfile

    from liangxin.web.procedures.evidence import receive

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("word/document.xml", "<x/>")
        archive.writestr("word/vbaProject.bin", b"x")
    sent = [
        SimpleUploadedFile("a.pdf", b"MZ\x90"),
        SimpleUploadedFile("b.pdf", b""),
        SimpleUploadedFile("c.docx", packed.getvalue()),
        SimpleUploadedFile("d.pdf", PDF),
    ]
    with pytest.raises(InputError) as refused:
        receive(sent)
    assert {"evidence"} == {each.column_of for each in refused.value.findings}
    assert all(name in str(refused.value) for name in ("a.pdf", "b.pdf", "c.docx"))
    assert "d.pdf" not in str(refused.value)


def test_no_identity_number_is_kept(cast: Cast, begun: Case) -> None:
    """Neither in a reason, nor in what a number is reserved for: refused, and nothing is written."""
    with pytest.raises(InputError) as refused:
        cast.do(cast.leader, begun, Take(transition="give_up", reason="联系人11010519491231002X"))
    assert {"identity_number"} == codes(refused)
    with pytest.raises(InputError):
        numbers.reserve(cast.may(cast.office), "给11010519491231002X")
    assert (1, 0) == (CaseEvent.objects.count(), SerialNumber.objects.count())


@pytest.mark.django_db(transaction=True)
def test_the_tree_kept_after_a_commit_is_the_one_replayed(cast: Cast) -> None:
    """After a reply the process keeps the tree it wrote; another process, reading the journal, has the same one."""
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    cast.do(cast.leader, case, Take(transition="submit"))
    cast.do(cast.committee, case, Take(transition="reply_elect", minutes=MINUTES))
    number, kept = MEMORY.find(("tree", cast.town.pk))
    assert number == organizations.last_number(cast.town)
    MEMORY.forget()
    assert kept == organizations.tree_of(cast.town)
    assert kept.on(TODAY) == organizations.day_tree(cast.town, TODAY)


def test_somebody_stands_in_for_all_ones_cases_for_some_days(cast: Cast, sent: Case) -> None:
    """The committee's member lets another stand in: all of the list comes over, the log says for whom, and it ends by itself.
    The word of a body is not given to somebody who has no such word."""
    from liangxin.web.procedures import standing_in

    second = person("镇党委乙", cast.town, Role.COMMITTEE)
    leader = person("副组长", cast.town, Role.GROUP_MEMBER, sent.task_group)
    with pytest.raises(InputError) as refused:
        standing_in.give(cast.may(cast.committee), cast.actor(leader), TODAY, TODAY, "")
    assert "procedure.collective" in codes(refused)
    given = standing_in.give(cast.may(cast.leader), cast.actor(leader), TODAY, date(2011, 8, 16), "外出")
    cast.do(cast.committee, sent, Return("request", "补名册"))
    cast.do(cast.leader, sent, HandOver(cast.actor(cast.office), TODAY))
    assert 0 == queries.waiting_count(cast.may(leader)), "handed over to the office, it is nobody else's"
    cast.do(cast.office, sent, HandOver(cast.actor(cast.leader), TODAY))
    assert [sent] == list(queries.waiting_for(cast.may(leader)))
    cast.do(leader, sent, Take(transition="submit"))
    assert "组长甲" == core(sent).history[-1].in_place_of.name
    cast.do(cast.committee, sent, Return("request", "再补"))
    cast.do(cast.office, sent, HandOver(cast.actor(cast.leader), TODAY))
    standing_in.end(cast.may(cast.leader), given.pk)
    assert 0 == queries.waiting_count(cast.may(leader))
    with pytest.raises(InputError):
        cast.do(leader, sent, Take(transition="submit"))
    assert second
