"""Which organization a unit is in, the tree alone decides: whatever a person writes, no indicator of section 1 moves without an
entry in the tree's journal, the ledger's columns say what the tree says, and taking back takes back both."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.api.conftest import caller_of  # noqa: F401
from tests.web.conftest import person

from liangxin.coverage import count
from liangxin.findings import InputError
from liangxin.registry.access import Role
from liangxin.web.accounts.permission import permit
from liangxin.web.audit.agreement import check_town
from liangxin.web.imports import actions as imports
from liangxin.web.imports import services as reading
from liangxin.web.jobs import services as jobs
from liangxin.web.organizations import placing, queries
from liangxin.web.organizations.deciding import carry_over, decide, undecided_places
from liangxin.web.organizations.models import CarriedOver, StoredOperation
from liangxin.web.units import actions
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit, write
from liangxin.wording import Text

pytestmark = pytest.mark.clause("1.4", "3.0")
WORDS = Text("改", "edit")
LABELS = {"organization_id": "所属党组织", "organization_form": "组建形式", "superior_id": "隶属党组织"}


@dataclass(frozen=True)
class Site:
    town: Any
    client: Any
    api: Any
    who: Any

    def page(self, unit: Unit, *rest: str) -> str:
        return "/".join(["", "t", self.town.code, "units", "unit", unit.unit_id, *rest, ""])


@pytest.fixture
def site(town: Any, alice: Any, as_person: Any, call: Any) -> Site:
    return Site(town, as_person(alice), call(alice), alice)


@pytest.fixture
def free(town: Any) -> list[Unit]:
    """Firms in no organization, with the members for one of their own."""
    return list(Unit.objects.filter(town=town, organization_id=None, kind="enterprise", state="operating",
                                    full_members__gte=1).order_by("-full_members", "pk")[:4])  # fmt: skip


def joint(town: Any) -> Any:
    now = placing.today_tree(town)
    return next(
        each for each in now.organizations.values() if each.standing.form == "park" and len(each.units) > 2
    )


def state(town: Any) -> tuple[dict[str, Any], int, dict[str, str]]:
    rates = count(live(town).classified)
    figures = {id: (rate.numerator, rate.denominator) for id, rate in rates.items()}
    return figures, queries.last_number(town), placing.today_tree(town).organization_of()


def columns(unit: Unit) -> tuple[str | None, ...]:
    found = Unit.objects.get(pk=unit.pk)
    return tuple(getattr(found, name) for name in placing.COLUMNS)


def agree(town: Any) -> None:
    """Ledger and tree, history and journal: ``liangxin verify`` finds no fault."""
    assert [] == [each.message.zh for each in check_town(town).faults]


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def csv(unit: Unit, values: dict[str, str]) -> SimpleUploadedFile:
    head = ",".join(["编号", "单位名称", *(LABELS[name] for name in values)])
    row = ",".join([unit.unit_id, str(unit.name), *values.values()])
    return SimpleUploadedFile("名单.csv", f"{head}\n{row}".encode())


def block(unit: Unit, values: dict[str, str]) -> str:
    head = "\t".join(["编号", *(LABELS[name] for name in values)])
    return head + "\n" + "\t".join([unit.unit_id, *values.values()])


def by_cell(site: Site, unit: Unit, values: dict[str, str]) -> None:
    for name, value in values.items():
        site.client.post(site.page(unit, "cell", name), {"value": value, "was": ""})


def by_form(site: Site, unit: Unit, values: dict[str, str]) -> None:
    site.client.post(site.page(unit, "save"), values | {f"was-{name}": "" for name in values})


def by_visit(site: Site, unit: Unit, values: dict[str, str]) -> None:
    site.client.post(site.page(unit, "visit"), values | {f"was-{name}": "" for name in values})


def by_bulk(site: Site, unit: Unit, values: dict[str, str]) -> None:
    address = f"/t/{site.town.code}/units/bulk/"
    for name, value in values.items():
        given = {"unit": [unit.unit_id], "field": name, "value": value}
        token = seen(site.client.post(address, given).content.decode())
        site.client.post(address, given | {"apply": "1", "seen": token})


def by_paste(site: Site, unit: Unit, values: dict[str, str]) -> None:
    address, given = f"/t/{site.town.code}/units/paste/", {"text": block(unit, values)}
    token = seen(site.client.post(address, given).content.decode())
    site.client.post(address, given | {"apply": "1", "seen": token})


def by_import(site: Site, unit: Unit, values: dict[str, str]) -> None:
    kept = reading.receive(site.town, site.who, csv(unit, values))
    run = reading.dry_run(kept)
    job = imports.start_import(permit(site.who, site.town), kept, run.seen)
    jobs.run(job.pk)


def by_patch(site: Site, unit: Unit, values: dict[str, str]) -> None:
    address = f"/api/v1/towns/{site.town.code}/units/{unit.unit_id}"
    site.client.patch(address, {"values": values, "version": unit.version}, content_type="application/json")


def by_api_bulk(site: Site, unit: Unit, values: dict[str, str]) -> None:
    address = f"/api/v1/towns/{site.town.code}/units-bulk"
    for name, value in values.items():
        given = {"units": [unit.unit_id], "field": name, "value": value}
        token = site.client.post(address, given, content_type="application/json").json().get("seen", "")
        site.client.post(address, given | {"apply": True, "seen": token}, content_type="application/json")


def by_api_paste(site: Site, unit: Unit, values: dict[str, str]) -> None:
    address, given = f"/api/v1/towns/{site.town.code}/units-paste", {"text": block(unit, values)}
    token = site.client.post(address, given, content_type="application/json").json().get("seen", "")
    site.client.post(address, given | {"apply": True, "seen": token}, content_type="application/json")


WAYS: dict[str, Callable[[Site, Unit, dict[str, str]], None]] = {
    each.__name__.removeprefix("by_"): each
    for each in (
        by_cell,
        by_form,
        by_visit,
        by_bulk,
        by_paste,
        by_import,
        by_patch,
        by_api_bulk,
        by_api_paste,
    )
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", WAYS)
def test_no_indicator_moves_without_an_entry(site: Site, free: list[Unit], way: str) -> None:
    """A form alone makes no organization (1.4 stays); a place named is an operation, and taken back with its change set."""
    write_it, unit, target = WAYS[way], free[0], joint(site.town)
    before = state(site.town)
    write_it(site, unit, {"organization_form": "单独组建"})
    assert before == state(site.town)
    assert "separate" != Unit.objects.get(pk=unit.pk).organization_form
    write_it(site, unit, {"organization_id": target.name})
    after = state(site.town)
    assert (target.id, "park", target.parent) == columns(unit)
    assert after[1] == before[1] + 1
    assert after[0] != before[0]
    done = StoredOperation.objects.get(number=after[1]).change_set
    agree(site.town)
    actions.undo_change_set(permit(site.who, site.town), done)
    undone = state(site.town)
    assert (before[0], before[2]) == (undone[0], undone[2])
    assert undone[1] > after[1]
    agree(site.town)
    actions.undo_change_set(permit(site.who, site.town), ChangeSet.objects.get(undoes=done))
    assert (after[0], after[2]) == (state(site.town)[0], state(site.town)[2])
    agree(site.town)


def test_a_unit_leaves_by_a_list(site: Site) -> None:
    """未建 of a unit in an organization releases it; of the only one of a branch of its own, the branch ends with it."""
    own = Unit.objects.filter(town=site.town, organization_form="separate").first()
    member = Unit.objects.get(town=site.town, unit_id=joint(site.town).units[0])
    branch = own.organization_id
    write(site.town, site.who, "edit", WORDS, [Edit(own, {"organization_form": "none"}),
                                               Edit(member, {"organization_id": None})], judge=False)  # fmt: skip
    assert [(None, "none", None)] * 2 == [columns(own), columns(member)]
    assert branch not in placing.today_tree(site.town).organizations
    agree(site.town)


def test_a_list_that_others_built_upon_goes_back_unit_by_unit(site: Site, free: list[Unit]) -> None:
    """Two units were attached; one moved on since: it stays, the other goes back."""
    target, other = joint(site.town), placing.today_tree(site.town).root
    edits = [Edit(unit, {"organization_id": target.id}) for unit in free[:2]]
    done = write(site.town, site.who, "paste", WORDS, edits)
    write(site.town, site.who, "edit", WORDS, [Edit(free[1], {"organization_id": other.id})])
    undone = actions.undo_change_set(permit(site.who, site.town), done)
    assert [None, other.id] == [columns(unit)[0] for unit in free[:2]]
    assert {free[1].unit_id} == {each.unit_id for each in undone.left}
    agree(site.town)


def test_a_duplicate_takes_its_place_along(site: Site, free: list[Unit]) -> None:
    """What stays is put where the other was; undone, both are as they were."""
    drop = Unit.objects.filter(town=site.town, organization_form="separate").first()
    before = state(site.town)
    place = columns(drop)
    done = reading.merge(site.town, site.who, free[0], drop)
    assert place == columns(free[0])
    assert state(site.town)[1] > before[1]
    agree(site.town)
    actions.undo_change_set(permit(site.who, site.town), done)
    assert (before[0], before[2]) == (state(site.town)[0], state(site.town)[2])
    agree(site.town)


def test_a_first_list_is_taken_back_and_comes_again(empty_town: Any, sample: Any) -> None:
    """Its units leave the tree, the town file's organizations stay; taken in again, all is as before."""
    from liangxin.web.units.loading import load_ledger

    alice = person("office", empty_town, Role.OFFICE)
    done = load_ledger(empty_town, sample.ledger, alice, WORDS)
    full = state(empty_town)
    undone = actions.undo_change_set(permit(alice, empty_town), done)
    assert {} == state(empty_town)[2]
    agree(empty_town)
    actions.undo_change_set(permit(alice, empty_town), undone.change_set)
    assert (full[0], full[2]) == (state(empty_town)[0], state(empty_town)[2])
    agree(empty_town)


def test_a_group_asks_and_does_not_organize(town: Any, bob: Any, as_person: Any) -> None:
    """At the door 未建 is an answer; a place in the tree is the office's to give, and the sentence says so."""
    group = town.as_core().task_groups[0].id
    unit = Unit.objects.filter(town=town, task_group=group, organization_id=None).first()
    address = f"/t/{town.code}/units/unit/{unit.unit_id}/save/"
    entries = queries.last_number(town)
    answer = as_person(bob).post(address, {"organization_id": joint(town).name, "was-organization_id": ""})
    assert (422, True) == (answer.status_code, "组织办" in answer.content.decode())
    as_person(bob).post(address, {"organization_form": "", "was-organization_form": "未建"})
    assert (None, None, None) == columns(unit)
    as_person(bob).post(address, {"organization_form": "未建", "was-organization_form": ""})
    assert (None, "none", None) == columns(unit)
    assert entries == queries.last_number(town)


def test_a_preview_says_what_happens_to_the_tree(site: Site, free: list[Unit]) -> None:
    """Paste, bulk and import show the operations; a cell that cannot be one is said with row and what is accepted."""
    target = joint(site.town)
    page = site.client.post(
        f"/t/{site.town.code}/units/paste/", {"text": block(free[0], {"organization_id": target.name})}
    ).content.decode()
    assert "党组织体系同时变动" in page
    kept = reading.receive(site.town, site.who, csv(free[0], {"organization_form": "单独组建"}))
    run = reading.dry_run(kept)
    (finding,) = (each for each in run.ledger.findings if each.code == "place-form")
    assert (2, "单独组建", "所属党组织，或“未建”") == (finding.place.row, finding.found, finding.accepted.zh)
    assert (0, ()) == (run.counts["update"], run.operations)


def test_a_site_of_before_is_carried_over(site: Site, free: list[Unit]) -> None:
    """Cells edited by hand and never entered: they count as they did, are listed with both values, and are decided."""
    CarriedOver.objects.all().delete()
    target = joint(site.town)
    inside = Unit.objects.get(town=site.town, unit_id=target.units[0])
    _by_hand(site, free[0], organization_form="separate")
    _by_hand(site, free[1], organization_id=target.id, organization_form="park", superior_id=target.parent)
    _by_hand(site, inside, organization_id=None, organization_form="none", superior_id=None)
    before = state(site.town)
    assert 3 == carry_over(site.town)
    assert before == state(site.town)
    assert 0 == carry_over(site.town)
    agree(site.town)
    listed = {each.unit_id: each for each in undecided_places(site.town)}
    assert "separate" == listed[free[0].unit_id].ledger["organization_form"]
    assert target.id == listed[inside.unit_id].tree["organization_id"]
    office = permit(site.who, site.town)
    with pytest.raises(InputError):
        decide(office, {free[0].unit_id: "ledger"})  # a form without an organization
    decide(office, {free[0].unit_id: "tree", free[1].unit_id: "ledger", inside.unit_id: "tree"})
    assert [] == undecided_places(site.town)
    assert [(None, "none", None), (target.id, "park", target.parent), (target.id, "park", target.parent)] == [
        columns(unit) for unit in (free[0], free[1], inside)
    ]
    agree(site.town)


def _by_hand(site: Site, unit: Unit, **values: Any) -> None:
    """As an earlier version wrote it: the cells and their history, nothing in the tree."""
    from liangxin.web.units.models import Change
    from liangxin.web.units.services import tell

    before = {name: getattr(unit, name) for name in values}
    Unit.objects.filter(pk=unit.pk).update(**values)
    made = ChangeSet.objects.create(
        town=site.town,
        at=site.town.change_sets.latest("pk").at,
        by=site.who,
        kind="edit",
        title=WORDS.as_dict(),
    )
    Change.objects.create(change_set=made, town=site.town, unit=unit, before=before, after=values)
    tell(made)


def test_the_page_of_the_undecided(site: Site, free: list[Unit], bob: Any, as_person: Any) -> None:
    CarriedOver.objects.all().delete()
    _by_hand(site, free[0], organization_form="separate")
    carry_over(site.town)
    address = f"/t/{site.town.code}/organizations/undecided/"
    assert "单独组建" in site.client.get(address).content.decode()
    assert "1 家单位" in site.client.get(f"/t/{site.town.code}/organizations/").content.decode()
    assert 422 == site.client.post(address, {f"unit-{free[0].unit_id}": "ledger"}).status_code
    assert 302 == site.client.post(address, {f"unit-{free[0].unit_id}": "tree"}).status_code
    assert [] == undecided_places(site.town)
    assert 403 == as_person(bob).get(address).status_code
