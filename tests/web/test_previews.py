"""What was previewed is what is done: import, paste and bulk edit, by page and by API, with somebody writing meanwhile."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.api.conftest import caller_of  # noqa: F401
from tests.web.test_units import token

from liangxin.web.accounts.permission import permit
from liangxin.web.imports import actions as imports
from liangxin.web.imports import services as reading
from liangxin.web.imports.models import ColumnMapping, Import
from liangxin.web.jobs import services as jobs
from liangxin.web.jobs.models import Job
from liangxin.web.ui.language import COOKIE
from liangxin.web.units import actions, many, previews
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit, write
from liangxin.web.units.undoing import undo
from liangxin.wording import Text

pytestmark = pytest.mark.clause("4.1")


@pytest.fixture
def firms(town: Any) -> list[Unit]:
    """Three enterprises, all with 5 staff."""
    found = list(Unit.objects.filter(town=town, kind="enterprise").order_by("pk")[:3])
    write(town, None, "edit", Text("备", "ready"), [Edit(unit, {"staff": 5}) for unit in found])
    return [Unit.objects.get(pk=unit.pk) for unit in found]


def edit(town: Any, by: Any, unit: Unit, **values: Any) -> ChangeSet:
    return write(town, by, "edit", Text("改", "edit"), [Edit(unit, values)])


def staff(units: list[Unit]) -> list[int | None]:
    return [Unit.objects.get(pk=unit.pk).staff for unit in units]


def listed(units: list[Unit], *, number: int = 44) -> SimpleUploadedFile:
    rows = [
        "编号,单位名称,单位类别,从业人数",
        *(f"{unit.unit_id},{unit.name},企业,{number}" for unit in units),
    ]
    return SimpleUploadedFile("名单.csv", "\n".join(rows).encode())


Ways = dict[str, tuple[str, dict[str, Any]]]


def ways(town: Any, units: list[Unit]) -> Ways:
    """The same change as a bulk edit and as a paste: address and what is sent, the same on page and API but for the form."""
    block = "编号\t从业人数\n" + "\n".join(f"{unit.unit_id}\t44" for unit in units)
    ids = [unit.unit_id for unit in units]
    return {
        "page bulk": (f"/t/{town.code}/units/bulk/", {"unit": ids, "field": "staff", "value": "44"}),
        "page paste": (f"/t/{town.code}/units/paste/", {"text": block}),
        "api bulk": ("units-bulk", {"units": ids, "field": "staff", "value": "44"}),
        "api paste": ("units-paste", {"text": block}),
    }


@pytest.mark.parametrize("way", ["page bulk", "page paste"])
def test_a_page_does_nothing_else_than_it_showed(
    way: str, town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """A colleague's value between preview and button: nothing is done, it is named, and the new preview can be applied."""
    address, given = ways(town, firms)[way]
    client = as_person(alice)
    first = token(client.post(address, given).content.decode())
    edit(town, bob, firms[1], staff=63)
    answer = client.post(address, given | {"apply": "1", "seen": first})
    page = answer.content.decode()
    assert (409, [5, 63, 5]) == (answer.status_code, staff(firms))
    assert f"{firms[1].unit_id} {firms[1].name} “从业人数”：bob" in page and "从“5”改成“63”" in page
    assert "<del>63</del>" in page  # the preview of now
    assert 302 == client.post(address, given | {"apply": "1", "seen": token(page)}).status_code
    assert [44, 44, 44] == staff(firms)


@pytest.mark.parametrize("way", ["api bulk", "api paste"])
def test_the_api_says_what_changed_and_by_whom(
    way: str, town: Any, alice: Any, bob: Any, firms: list[Unit], call: Any
) -> None:
    """409 with unit, field, both values, who, when, and the token of the preview of now."""
    rest, body = ways(town, firms)[way]
    office = call(alice)
    seen = office.ask(rest, body)["seen"]
    made = edit(town, bob, firms[1], staff=63)
    answer = office.ask(rest, body, apply=True, seen=seen, status=409)
    (changed,) = answer["changed"]
    assert {
        "unit_id": firms[1].unit_id, "field": "staff", "before": 5, "after": 63, "by": "bob", "change_set": made.pk,
    }.items() <= changed.items()  # fmt: skip
    assert [5, 63, 5] == staff(firms)
    assert answer["seen"] == office.ask(rest, body)["seen"]
    office.ask(rest, body, apply=True, seen=answer["seen"])
    assert [44, 44, 44] == staff(firms)


@pytest.mark.parametrize("way", ["page bulk", "page paste"])
def test_what_others_do_elsewhere_does_not_stand_in_the_way(
    way: str, town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """Another field of the same unit, the same field of another unit: what was shown is still what would be done."""
    address, given = ways(town, firms[:2])[way]
    client = as_person(alice)
    seen = token(client.post(address, given).content.decode())
    edit(town, bob, firms[0], remark="去过")
    edit(town, bob, firms[2], staff=9)
    assert 302 == client.post(address, given | {"apply": "1", "seen": seen}).status_code
    assert [44, 44, 9] == staff(firms)
    assert "去过" == Unit.objects.get(pk=firms[0].pk).remark


def test_back_to_what_it_was_is_no_change(town: Any, alice: Any, bob: Any, firms: list[Unit]) -> None:
    """Edited and taken back: the preview holds."""
    may, wanted = permit(alice, town), many.FieldInput((firms[0].unit_id,), "staff", "44")
    seen = many.prepare(may, wanted).seen
    undo(edit(town, bob, firms[0], staff=63), bob)
    actions.change_many(may, wanted, seen)
    assert 44 == staff(firms)[0]


def test_another_value_than_was_previewed_is_not_done(town: Any, alice: Any, firms: list[Unit]) -> None:
    """The token of one change does not open another."""
    may = permit(alice, town)
    seen = many.prepare(may, many.FieldInput((firms[0].unit_id,), "staff", "44")).seen
    for wanted in (
        many.FieldInput((firms[0].unit_id,), "staff", "45"),
        many.FieldInput((firms[1].unit_id,), "staff", "44"),
        many.FieldInput((firms[0].unit_id,), "applicants", "44"),
    ):
        with pytest.raises(previews.StalePreviewError):
            actions.change_many(may, wanted, seen)
    assert [5, 5, 5] == staff(firms)


@pytest.mark.parametrize("seen", ["", "x", "1-", "1-zz", "-" + "0" * 32, "١-" + "0" * 32, "9" * 40])
def test_what_is_no_token_previews(seen: str, town: Any, alice: Any, firms: list[Unit], call: Any) -> None:
    """By API a clear refusal, and nothing done."""
    _, body = ways(town, firms)["api bulk"]
    assert {"not-previewed"} == call(alice).refused("units-bulk", **body, apply=True, seen=seen)
    assert [5, 5, 5] == staff(firms)


def test_a_member_is_told_only_of_their_own(town: Any, alice: Any, bob: Any, call: Any) -> None:
    """Bob's preview names other groups' units too: what happened to those is not his to know."""
    mine, theirs = town.as_core().task_groups[:2]
    own = Unit.objects.filter(town=town, task_group=mine.id).first()
    other = Unit.objects.filter(town=town, task_group=theirs.id).first()
    body = {"units": [own.unit_id, other.unit_id], "field": "remark", "value": "看过"}
    seen = call(bob).ask("units-bulk", body)["seen"]
    for unit in (own, other):
        edit(town, alice, unit, remark="改过")
    answer = call(bob).ask("units-bulk", body, apply=True, seen=seen, status=409)
    assert [own.unit_id] == [each["unit_id"] for each in answer["changed"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_import_is_stopped_at_its_button(
    lang: str, town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """The page: somebody was there between the dry run and the button. Looked at again, it goes in."""
    client = as_person(alice)
    client.cookies[COOKIE] = lang
    address = client.post(f"/t/{town.code}/imports/", {"file": listed(firms)})["Location"]
    seen = token(client.get(address).content.decode())
    edit(town, bob, firms[2], staff=63)
    answer = client.post(address + "start/", {"seen": seen})
    page = answer.content.decode()
    assert (409, [5, 5, 63], Job.objects.count()) == (answer.status_code, staff(firms), 0)
    assert f"{firms[2].unit_id} {firms[2].name}" in page
    assert ("从“5”改成“63”" if lang == "zh" else "from &quot;5&quot; to &quot;63&quot;") in page


@pytest.mark.django_db(transaction=True)
def test_an_import_is_stopped_in_its_job(
    town: Any, alice: Any, bob: Any, firms: list[Unit], settings: Any, as_person: Any
) -> None:
    """Written between the button and the worker: the job writes nothing and says whose value it was; then it can go in."""
    settings.JOBS_AT_ONCE = False
    kept = reading.receive(town, alice, listed(firms))
    may = permit(alice, town)
    job = imports.start_import(may, kept, reading.dry_run(kept).seen)
    edit(town, bob, firms[2], staff=63)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (Job.FAILED, [5, 5, 63]) == (job.state, staff(firms))
    assert f"{firms[2].name} “从业人数”：bob" in job.error["zh"] and "63" in job.error["en"]
    assert "没有写入任何数据" in as_person(alice).get(f"/t/{town.code}/imports/{kept.pk}/").content.decode()
    kept.refresh_from_db()
    job = imports.start_import(may, kept, reading.dry_run(kept).seen)
    jobs.run(job.pk)
    assert [44, 44, 44] == staff(firms)


def test_what_would_have_stayed_the_same_is_not_reverted(
    town: Any, alice: Any, bob: Any, firms: list[Unit]
) -> None:
    """The list says 5 as the ledger did, "the same"; Bob's 63 in between is not turned back."""
    kept = reading.receive(town, alice, listed(firms, number=5))
    run = reading.dry_run(kept)
    assert 3 == run.counts["same"]
    edit(town, bob, firms[0], staff=63)
    with pytest.raises(previews.StalePreviewError) as stale:
        imports.start_import(permit(alice, town), kept, run.seen)
    assert [(firms[0].unit_id, 5, 63, "bob")] == [
        (each.unit.unit_id, each.before, each.after, each.by) for each in stale.value.changed
    ]


@pytest.mark.parametrize("what", ["added", "taken out"])
def test_units_that_come_and_go_are_named(
    what: str, town: Any, alice: Any, bob: Any, firms: list[Unit]
) -> None:
    """A new row of the list that somebody entered meanwhile; a unit that somebody took out."""
    new = {"unit_id": "N1", "name": "长乐岚汀试验厂", "staff": 5}
    made = write(town, bob, "import", Text("加", "add"), [Edit(None, new)]) if what == "taken out" else None
    kept = reading.receive(town, alice, listed([Unit(**new)]))
    run = reading.dry_run(kept)
    if made is not None:
        undo(made, bob)
    else:
        write(town, bob, "import", Text("加", "add"), [Edit(None, new)])
    with pytest.raises(previews.StalePreviewError) as stale:
        imports.start_import(permit(alice, town), kept, run.seen)
    if what == "added":
        assert ["N1"] == [each.unit.unit_id for each in stale.value.changed if each.came]
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_another_meaning_of_a_column_is_another_import(
    town: Any, alice: Any, firms: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A colleague maps a header between preview and button: the ledger is as it was, but the list would do more."""
    rows = f"编号,单位名称,厂里党员\n{firms[0].unit_id},{firms[0].name},{4 + (firms[0].full_members or 0)}"
    kept = reading.receive(town, alice, SimpleUploadedFile("名单.csv", rows.encode()))
    seen = reading.dry_run(kept).seen
    ColumnMapping.objects.create(town=town, header="厂里党员", field="full_members")
    imports.start_import(permit(alice, town), kept, seen)
    assert Job.FAILED == Job.objects.get().state
    assert firms[0].full_members == Unit.objects.get(pk=firms[0].pk).full_members
    assert Import.READ == Import.objects.get().standing


def test_a_block_names_a_unit_once(town: Any, alice: Any, firms: list[Unit], call: Any) -> None:
    """Two rows of one unit: nobody could say which is meant."""
    block = f"编号\t从业人数\n{firms[0].unit_id}\t1\n{firms[0].unit_id}\t2"
    assert {"paste-twice"} == call(alice).refused("units-paste", text=block)
