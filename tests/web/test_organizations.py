"""Organizations on the site: any day's tree, changes previewed and done with the ledger in one commit, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.web.conftest import person

from liangxin.findings import InputError
from liangxin.registry.access import Role
from liangxin.structure import Attach, Found
from liangxin.web.accounts.permission import permit
from liangxin.web.organizations import queries, services
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit
from liangxin.web.units.previews import StalePreviewError
from liangxin.wording import Text

TODAY = date(2011, 8, 15)
LEDGER = ("organization_id", "organization_form", "superior_id")


@pytest.fixture
def free(recorded: Any) -> list[Unit]:
    """Units in no organization whose full members are known: enough for a joint branch."""
    return list(
        Unit.objects.filter(
            town=recorded, organization_id__isnull=True, full_members__gte=2, state="operating"
        )
        .exclude(kind="household")
        .order_by("pk")[:4]
    )


@pytest.fixture
def send(alice: Any, as_person: Any, recorded: Any) -> Callable[..., Any]:
    """Fill in a form as Alice: ``send("attach", organization=...)``; with ``seen`` the deed itself."""
    client = as_person(alice)

    def posted(kind: str, **typed: Any) -> Any:
        return client.post(url(recorded, "act", kind), {"on": "2011-08-15"} | typed)

    return posted


def url(town: Any, *parts: str) -> str:
    return "/".join(["", "t", town.code, "organizations", *parts, ""])


def now(town: Any) -> Any:
    return queries.tree_of(town).on(TODAY)


def last(town: Any) -> str:
    return str(queries.last_number(town))


def do(send: Callable[..., Any], town: Any, kind: str, **typed: Any) -> Any:
    """Preview first, as a person does; then the deed."""
    assert 200 == send(kind, **typed).status_code
    return send(kind, seen=last(town), **typed)


def ledger_and_tree(town: Any) -> tuple[dict[str, str], dict[str, str]]:
    frame = live(town).frame.filter(live(town).frame["organization_id"].is_not_null())
    return dict(frame.select("unit_id", "organization_id").iter_rows()), now(town).organization_of()


def place(unit: Unit) -> tuple[str | None, ...]:
    unit.refresh_from_db()
    return tuple(getattr(unit, name) for name in LEDGER)


def a_joint_branch(town: Any) -> Any:
    return next(each for each in now(town).organizations.values() if each.kind.joint and len(each.units) >= 2)


@pytest.mark.clause("3.0", "3.1")
def test_the_existing_organizations_stand_under_committee_and_working_committee(recorded: Any) -> None:
    """Recorded once; the committee is the root, the working committee leads the areas, the ledger says the same."""
    today = now(recorded)
    working = next(each for each in today.organizations.values() if each.standing.type == "working_committee")
    areas = [each for each in today.organizations.values() if each.standing.type == "general_branch"]
    assert today.root is not None
    assert today.root.id == working.parent
    assert {working.id} == {each.parent for each in areas}
    ledger, tree = ledger_and_tree(recorded)
    assert ledger == tree
    assert 0 == services.record_existing(recorded)


@pytest.mark.clause("3.0")
def test_the_tree_of_an_earlier_day_is_the_tree_of_that_day(
    recorded: Any, alice: Any, as_person: Any
) -> None:
    """Before 1 August the working committee is not there; on that day it is."""
    client = as_person(alice)
    before = client.get(url(recorded) + "?day=2011-07-31").content.decode()
    after = client.get(url(recorded) + "?day=2011-08-01").content.decode()
    assert ("两新组织党工委" in before, "两新组织党工委" in after) == (False, True)


def test_what_changed_between_two_days_is_said(recorded: Any, alice: Any, as_person: Any) -> None:
    """From July to August: the working committee was founded and the areas came under it."""
    page = as_person(alice).get(url(recorded) + "?view=changes&since=2011-07-31").content.decode()
    assert "成立长乐镇两新组织党工委" in page


@pytest.mark.clause("4.3")
def test_founding_writes_tree_and_ledger_together(
    recorded: Any, send: Callable[..., Any], free: list[Unit]
) -> None:
    """A joint branch of two units: previewed, founded, and both units carry id, form and superior at once."""
    area = next(each for each in now(recorded).organizations.values() if each.standing.area)
    typed = {
        "name": "试点联合党支部", "type": "joint_branch", "form": "zone", "parent": area.id,
        "units": f"{free[0].unit_id}\n{free[1].name}", "document": "长委〔2011〕50号",
    }  # fmt: skip
    preview = send("found", **typed).content.decode()
    assert "成立试点联合党支部" in preview
    assert (None,) * 1 == place(free[0])[:1]
    done = send("found", seen=last(recorded), **typed)
    made = next(each for each in now(recorded).organizations.values() if each.name == "试点联合党支部")
    assert 302 == done.status_code
    assert [(made.id, "zone", area.id)] * 2 == [place(free[0]), place(free[1])]
    assert ledger_and_tree(recorded)[0] == ledger_and_tree(recorded)[1]


def test_two_who_saw_the_same_preview_do_not_both_do_it(
    recorded: Any, alice: Any, send: Callable[..., Any], free: list[Unit]
) -> None:
    """The number is looked at again under the town's lock: the second is told, and nothing of theirs is done."""
    seen = queries.last_number(recorded)
    area = next(each for each in now(recorded).organizations.values() if each.standing.area)
    founding = Found(on=TODAY, id="N9001", name="甲支部", type="branch", parent=area.id)
    services.carry_out(permit(alice, recorded), [founding], Text("成立", "found"), seen)
    with pytest.raises(StalePreviewError) as refused:
        services.carry_out(
            permit(alice, recorded),
            [replace(founding, id="N9002", name="乙支部")],
            Text("成立", "found"),
            seen,
        )
    assert (queries.last_number(recorded), "N9002" in now(recorded).organizations) == (
        refused.value.now,
        False,
    )
    page = send("attach", organization="N9001", units=free[0].unit_id, seen=seen)
    assert (409, None) == (page.status_code, place(free[0])[0])


@pytest.mark.clause("1.4", "4.3")
def test_a_rate_follows_the_tree_in_the_same_commit(
    recorded: Any, send: Callable[..., Any], free: list[Unit]
) -> None:
    """Two enterprises join a joint branch: the establishment rate has two more in its numerator."""
    from liangxin.coverage import count

    enterprises = list(
        Unit.objects.filter(
            town=recorded, kind="enterprise", state="operating", organization_form="none", full_members__gte=1
        )[:2]
    )
    branch = next(each for each in now(recorded).organizations.values() if each.standing.form == "park")
    before = count(live(recorded).classified)["1.4"].numerator
    do(
        send,
        recorded,
        "attach",
        organization=branch.id,
        units="\n".join(each.unit_id for each in enterprises),
    )
    assert before + 2 == count(live(recorded).classified)["1.4"].numerator


@pytest.mark.clause("2.1")
def test_a_unit_that_qualifies_is_split_off_and_it_can_be_taken_back(
    recorded: Any, send: Callable[..., Any], free: list[Unit]
) -> None:
    """剥离: the unit gets a branch of its own beside the old one; annulling puts unit and ledger back."""
    parent = next(each for each in now(recorded).organizations.values() if each.standing.area)
    Unit.objects.filter(pk=free[0].pk).update(full_members=5)
    do(send, recorded, "found", name="三家联合党支部", type="joint_branch", form="zone", parent=parent.id,
       units="\n".join(each.unit_id for each in free[:3]))  # fmt: skip
    old = next(each for each in now(recorded).organizations.values() if each.name == "三家联合党支部")
    do(send, recorded, "split_off", organization=old.id, members=[free[2].unit_id], name="自己的党支部",
       type="branch", form="mobile")  # fmt: skip
    own = place(free[2])
    assert ("mobile", parent.id) == own[1:]
    entry = StoredOperation.objects.filter(town=recorded).latest("number")
    do(send, recorded, "annul", entry=str(entry.number), organization=old.id)
    assert (old.id, "zone", parent.id) == place(free[2])
    assert "自己的党支部" not in {each.name for each in now(recorded).organizations.values()}


@pytest.mark.clause("3.3b", "3.3c")
def test_an_upgrade_changes_the_type_from_that_day(recorded: Any, send: Callable[..., Any]) -> None:
    """升格: a joint branch becomes a joint general branch today; yesterday it still was a joint branch."""
    branch = a_joint_branch(recorded)
    do(send, recorded, "upgrade", organization=branch.id, type="joint_general_branch")
    tree = queries.tree_of(recorded)
    assert ("joint_branch", "joint_general_branch") == tuple(
        tree.on(day).organizations[branch.id].standing.type for day in (date(2011, 8, 14), TODAY)
    )


@pytest.mark.clause("3.0")
def test_a_new_superior_reaches_the_ledger(recorded: Any, send: Callable[..., Any]) -> None:
    """调整隶属: every unit of the branch has the new superior in the ledger."""
    branch = a_joint_branch(recorded)
    other = next(
        each
        for each in now(recorded).organizations.values()
        if each.standing.type == "general_branch" and each.id != branch.parent
    )
    do(send, recorded, "transfer", organization=branch.id, parent=other.id, axis="territory")
    found = Unit.objects.filter(town=recorded, unit_id__in=branch.units).values_list("superior_id", flat=True)
    assert {other.id} == set(found)


def test_merging_and_dissolving_move_what_they_held(recorded: Any, send: Callable[..., Any]) -> None:
    """合并 and 撤销: the units of the ended organizations are in the heir, in tree and ledger."""
    branches = [
        each for each in now(recorded).organizations.values() if each.units and each.standing.form == "park"
    ] or [each for each in now(recorded).organizations.values() if each.units]
    heir, first, second = branches[0], branches[1], branches[2]
    do(send, recorded, "merge", organization=heir.id, others=[first.id])
    do(send, recorded, "dissolve", organization=second.id, heir=heir.id)
    held = {*heir.units, *first.units, *second.units}
    assert held == set(now(recorded).organizations[heir.id].units)
    assert ledger_and_tree(recorded)[0] == ledger_and_tree(recorded)[1]


def test_units_that_leave_have_no_organization_in_the_ledger(recorded: Any, send: Callable[..., Any]) -> None:
    """脱离: empty organization, form 未建, no superior."""
    unit = Unit.objects.filter(town=recorded, organization_form="village").first()
    if unit is None:
        pytest.fail("the sample town has no unit affiliated with a village")
    do(send, recorded, "release", organization=unit.organization_id, members=[unit.unit_id])
    assert (None, "none", None) == place(unit)


def test_the_core_refuses_with_every_reason_and_nothing_is_done(
    recorded: Any, send: Callable[..., Any]
) -> None:
    """A branch cannot lead itself; one with units cannot just end: the reasons are shown, the journal stays."""
    branch = a_joint_branch(recorded)
    before = last(recorded)
    dissolved = send("dissolve", organization=branch.id)
    moved = send("transfer", organization=branch.id, parent=branch.id, axis="territory")
    assert (422, 422, before) == (dissolved.status_code, moved.status_code, last(recorded))
    assert "要先写明归到哪里" in dissolved.content.decode()


@pytest.mark.clause("2.1")
def test_a_joint_branch_with_too_few_members_is_refused(recorded: Any, send: Callable[..., Any]) -> None:
    """Two units with one full member each: three are needed, and the page says so with the count."""
    few = list(Unit.objects.filter(town=recorded, organization_id__isnull=True, kind="enterprise")[:2])
    Unit.objects.filter(pk__in=[each.pk for each in few]).update(full_members=1)
    parent = next(each for each in now(recorded).organizations.values() if each.standing.area)
    refused = send("found", name="人数不够党支部", type="joint_branch", form="zone", parent=parent.id,
                   units="\n".join(each.unit_id for each in few))  # fmt: skip
    assert 422 == refused.status_code
    assert "至少要3名" in refused.content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "wrong"),
    [
        ("found", {}, 3),
        ("found", {"name": "甲", "type": "king", "form": "??", "parent": "nobody", "area": "x", "units": "没有\nU-0"}, 6),
        ("attach", {}, 1),
        ("release", {"members": ["CL-x"]}, 1),
        ("split_off", {"name": "", "type": "", "form": ""}, 4),
        ("upgrade", {"type": ""}, 1),
        ("adjust", {}, 1),
        ("transfer", {"axis": "sideways", "parent": ""}, 2),
        ("merge", {}, 1),
        ("dissolve", {"heir": "nobody"}, 1),
        ("annul", {"entry": "-1"}, 1),
        ("annul", {"entry": "999999"}, 1),
        ("attach", {"on": "昨天", "clause": "9.9", "units": "x"}, 3),
        ("upgrade", {"type": "general_branch", "on": "2011-08-16", "reason": "长" * 201}, 2),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_every_error(
    recorded: Any, send: Callable[..., Any], kind: str, typed: dict[str, Any], wrong: int
) -> None:
    """Every form says all that is wrong at once; nothing is done and nothing crashes."""
    before = last(recorded)
    answer = send(kind, organization=a_joint_branch(recorded).id, **typed)
    summary = re.search(r'class="error-summary".*?</ul>', answer.content.decode(), re.S)
    assert (422, before) == (answer.status_code, last(recorded))
    assert summary is not None
    assert wrong <= summary.group().count("<li>")


def test_a_second_person_is_shown_what_the_first_left(
    recorded: Any, send: Callable[..., Any], free: list[Unit]
) -> None:
    """Two previews of the same branch; after the first is done the second is previewed anew, not done."""
    branch = a_joint_branch(recorded)
    seen = last(recorded)
    first, second = {"units": free[0].unit_id}, {"units": free[1].unit_id}
    assert 302 == send("attach", organization=branch.id, seen=seen, **first).status_code
    overtaken = send("attach", organization=branch.id, seen=seen, **second)
    assert 409 == overtaken.status_code
    assert "刚才别人办理了一笔" in overtaken.content.decode()
    assert (branch.id, None) == (place(free[0])[0], place(free[1])[0])
    assert 302 == send("attach", organization=branch.id, seen=last(recorded), **second).status_code


def test_a_service_judges_on_what_stands_not_on_what_was_seen(
    recorded: Any, alice: Any, free: list[Unit]
) -> None:
    """The same id founded twice: the second is refused with the name of the first."""
    root = now(recorded).root
    assert root is not None

    def founding() -> Found:
        return Found(on=TODAY, id="X1", name="先到的", type="branch", parent=root.id)

    services.perform(recorded, alice, [founding()])
    with pytest.raises(InputError) as refused:
        services.perform(recorded, alice, [founding()])
    assert "先到的" in refused.value.findings[0].message.zh


def test_an_undone_transaction_leaves_neither_tree_nor_ledger(
    recorded: Any, alice: Any, free: list[Unit]
) -> None:
    """The second of two operations cannot be: nothing of the first stays."""
    branch, before = a_joint_branch(recorded), last(recorded)
    with pytest.raises(InputError):
        services.perform(
            recorded,
            alice,
            [
                Attach(on=TODAY, units=(free[0].unit_id,), to=branch.id),
                Attach(on=TODAY, units=(free[1].unit_id,), to="nowhere"),
            ],
        )
    assert (before, None) == (last(recorded), place(free[0])[0])


def test_only_the_office_changes_the_tree(recorded: Any, bob: Any, outsider: Any, as_person: Any) -> None:
    """A group member reads the tree and changes nothing; for an outsider the town does not exist."""
    leader = person("leader", recorded, Role.LEADING_GROUP)
    assert 200 == as_person(bob).get(url(recorded)).status_code
    for path in ("act/found", "framework"):
        assert 403 == as_person(bob).get(url(recorded, path)).status_code
        assert 403 == as_person(leader).get(url(recorded, path)).status_code
        assert 404 == as_person(outsider).get(url(recorded, path)).status_code
    assert 403 == as_person(bob).post(url(recorded, "existing")).status_code
    assert 404 == as_person(outsider).get(url(recorded)).status_code


def test_a_group_member_reads_only_their_own_units_of_an_organization(
    recorded: Any, bob: Any, alice: Any, as_person: Any
) -> None:
    """Units of other groups are counted, not named; members of so few units are not shown."""
    group = recorded.as_core().task_groups[0].id
    other = next(
        each
        for each in now(recorded).organizations.values()
        if each.units and not Unit.objects.filter(unit_id__in=each.units, task_group=group).exists()
    )
    page = as_person(bob).get(url(recorded, "one", other.id)).content.decode()
    full = as_person(alice).get(url(recorded, "one", other.id)).content.decode()
    assert ("家不在您可看的范围内" in page, "家不在您可看的范围内" in full) == (True, False)
    assert [each in page for each in other.units] == [False] * len(other.units)
    assert [each in full for each in other.units] == [True] * len(other.units)


def test_a_county_reader_sees_the_tree_and_no_unit(recorded: Any, as_person: Any) -> None:
    """Figures only: no unit, no chart on paper with each organization's members."""
    county = person("county", None, Role.COUNTY_READER)
    client = as_person(county)
    assert 200 == client.get(url(recorded)).status_code
    assert 403 == client.get(f"/t/{recorded.code}/organizations/network.pdf").status_code
    other = a_joint_branch(recorded)
    page = client.get(url(recorded, "one", other.id)).content.decode()
    assert not any(each in page for each in other.units)


@pytest.mark.clause("A1")
def test_annex_1_is_printed_from_the_same_tree(recorded: Any, alice: Any, as_person: Any) -> None:
    """打印 A3 gives a PDF on A3; the chart on the page holds exactly the organizations of the day."""
    client = as_person(alice)
    pdf = client.get(f"/t/{recorded.code}/organizations/network.pdf?day=2011-08-15")
    assert ("application/pdf", b"%PDF") == (pdf.headers["Content-Type"], pdf.content[:4])
    root = client.get(f"/t/{recorded.code}/organizations/chart.json?day=2011-08-15").json()

    def ids(node: dict[str, Any]) -> set[str]:
        return {node["id"]}.union(*(ids(child) for child in node["children"]))

    assert set(now(recorded).organizations) == ids(root)


@pytest.mark.clause("3.1", "3.3a", "3.3b", "3.3c", "3.3d")
def test_section_3_is_set_up_in_one_step(town: Any, alice: Any, as_person: Any) -> None:
    """From the existing organizations alone: previewed with every change, done once, then nothing is left to do."""
    services.record_existing(town)
    client = as_person(alice)
    preview = client.get(url(town, "framework")).content.decode()
    done = client.post(url(town, "framework"), {"seen": last(town)})
    today = now(town)
    types = [each.standing.type for each in today.organizations.values()]
    assert 302 == done.status_code
    assert "两新组织党工委" in preview
    assert (1, True) == (types.count("working_committee"), "joint_general_branch" in types)
    assert "不会有任何变动" in client.get(url(town, "framework")).content.decode()
    assert ledger_and_tree(town)[0] == ledger_and_tree(town)[1]


def test_an_empty_town_says_what_to_do(empty_town: Any, as_person: Any) -> None:
    """No organization yet: one button records those of the town file."""
    office = person("alice", empty_town, Role.OFFICE)
    client = as_person(office)
    assert "登记原有党组织" in client.get(url(empty_town)).content.decode()
    client.post(url(empty_town, "existing"))
    assert len(empty_town.as_core().organizations) < len(now(empty_town).organizations)


@pytest.mark.parametrize(
    "query",
    [
        "?day=x",
        "?day=0001-01-01",
        "?day=9999-12-31",
        "?view=no",
        "?view=table&page=x",
        "?view=changes&since=%E6%98%A8",
    ],
)
def test_a_strange_address_is_answered(recorded: Any, alice: Any, as_person: Any, query: str) -> None:
    assert 200 == as_person(alice).get(url(recorded) + query).status_code


def test_what_does_not_exist_is_not_found(recorded: Any, alice: Any, as_person: Any) -> None:
    client = as_person(alice)
    for parts in (("one", "nobody"), ("act", "abolish"), ("branch", "nobody")):
        assert 404 == client.get(url(recorded, *parts)).status_code
    assert 404 == client.get(url(recorded, "act", "attach") + "?organization=nobody").status_code


@pytest.mark.parametrize("view", ["tree", "table", "chart", "changes"])
def test_queries_of_a_page_are_few(
    recorded: Any, alice: Any, as_person: Any, view: str, django_assert_max_num_queries: Any
) -> None:
    """No query an organization: the number is the same for a town of any size."""
    client = as_person(alice)
    client.get(url(recorded))
    with django_assert_max_num_queries(16):
        client.get(url(recorded) + f"?view={view}")


def test_english_has_no_chinese_of_ours(recorded: Any, alice: Any, as_person: Any) -> None:
    """Names stay as they are; every word of the form is English."""
    client = as_person(alice)
    client.cookies["django_language"] = "en"
    page = client.get(url(recorded, "act", "found")).content.decode()
    body = re.sub(r"<(select|script|header)[^>]*>.*?</\1>", "", page.split("<main")[1], flags=re.S)
    assert [] == re.findall(r"[\u4e00-\u9fff]+", re.sub(r"长委〔2011〕44号", "", body))


def test_the_branches_of_a_large_tree_come_when_opened(
    recorded: Any, alice: Any, as_person: Any, monkeypatch: Any
) -> None:
    """Only the upper levels at first; an opened branch gives exactly what stands directly under it."""
    from liangxin.web.organizations import views

    monkeypatch.setattr(views, "WHOLE_TREE", 5)
    client = as_person(alice)
    today = now(recorded)
    above = next(
        id for id, below in today.children.items() if len(below) > 3 and today.organizations[id].standing.area
    )
    page = client.get(url(recorded)).content.decode()
    below = client.get(url(recorded, "branch", above)).content.decode()
    children = today.children[above]
    assert (page.count("<details"), below.count("<details")) == (
        page.count("</details>"),
        below.count("</details>"),
    )
    assert [False] * len(children) == [f"/one/{each}/" in page for each in children]
    assert [True] * len(children) == [f"/one/{each}/" in below for each in children]
