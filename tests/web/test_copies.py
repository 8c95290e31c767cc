"""Copies of the ledger that were handed out come back: what they change, what waits, what is left alone, and is said."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.api.conftest import caller_of  # noqa: F401
from tests.web.test_units import token

from liangxin.files.headers import STAMP_COLUMN as HEADER
from liangxin.files.ledger import read_ledger
from liangxin.files.stamps import Stamp
from liangxin.web.accounts.permission import permit
from liangxin.web.imports import actions, services, waiting
from liangxin.web.imports.dry_runs import DryRun
from liangxin.web.imports.models import Import
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit, write
from liangxin.web.units.undoing import undo
from liangxin.wording import Text

pytestmark = pytest.mark.clause("4.1")
WORDS = Text("改", "edit")
UTF8 = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"


@pytest.fixture
def firms(town: Any) -> list[Unit]:
    """Four enterprises, all with 5 staff and 1 applicant."""
    found = list(Unit.objects.filter(town=town, kind="enterprise").order_by("pk")[:4])
    write(
        town,
        None,
        "edit",
        WORDS,
        [Edit(unit, {"staff": 5, "applicants": 1, "remark": None}) for unit in found],
    )
    return [Unit.objects.get(pk=unit.pk) for unit in found]


def edit(town: Any, by: Any, unit: Unit, **values: Any) -> ChangeSet:
    return write(town, by, "edit", WORDS, [Edit(unit, values)])


def export(as_person: Any, who: Any, town: Any, kind: str = "csv") -> bytes:
    """As the page hands it out."""
    answer = as_person(who).get(f"/t/{town.code}/documents/file/ledger.{kind}")
    assert 200 == answer.status_code
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def rows_of(content: bytes) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return header, rows


def as_file(header: list[str], rows: list[list[str]], name: str = "副本.csv") -> SimpleUploadedFile:
    made = io.StringIO()
    csv.writer(made).writerows([header, *rows])
    return SimpleUploadedFile(name, made.getvalue().encode("utf-8-sig"))


def part(content: bytes, units: list[Unit], **typed: str) -> tuple[list[str], list[list[str]]]:
    """The rows of some units, with the first one's cells filled in by header."""
    header, rows = rows_of(content)
    ids = [unit.unit_id for unit in units]
    chosen = sorted((row for row in rows if row[0] in ids), key=lambda row: ids.index(row[0]))
    for name, words in typed.items():
        chosen[0][header.index(name)] = words
    return header, chosen


def tried(town: Any, by: Any, upload: SimpleUploadedFile) -> tuple[Import, DryRun]:
    kept = services.receive(town, by, upload)
    return kept, services.dry_run(kept)


def take_in(town: Any, by: Any, upload: SimpleUploadedFile) -> Import:
    """Looked at and taken in; the job by hand, as tests roll back."""
    kept, run = tried(town, by, upload)
    job = actions.start_import(permit(by, town), kept, run.seen)
    services.run_import(job, Silent())
    return Import.objects.get(pk=kept.pk)


class Silent:
    def __call__(self, share: float, stage: Text | None = None) -> None: ...

    def cancelled(self) -> bool:
        return False


def facts(unit: Unit, *names: str) -> tuple[Any, ...]:
    found = Unit.objects.get(pk=unit.pk)
    return tuple(getattr(found, name) for name in names)


def test_an_old_copys_untouched_cells_change_nothing(
    town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """Everything was edited since: the copy that nobody touched says nothing."""
    content = export(as_person, alice, town)
    for unit in firms:
        edit(town, bob, unit, staff=63, remark="去过")
    _, run = tried(town, alice, as_file(*rows_of(content)))
    assert (run.stamped, 0, 0, 0) == (
        len(run.rows), run.waiting, run.counts["update"], run.counts["failed"],
    )  # fmt: skip


def test_a_cell_changed_on_both_sides_waits_and_the_others_go_in(
    town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """Staff 5 became 63 on the page and 7 in the copy; the copy's applicants are nobody else's."""
    content = export(as_person, alice, town)
    edit(town, bob, firms[0], staff=63)
    take_in(town, alice, as_file(*part(content, firms, 从业人数="7", 入党积极分子数="3")))
    assert (63, 3) == facts(firms[0], "staff", "applicants")
    (each,) = waiting.open_values(permit(alice, town))
    assert (63, 7, 5, "bob", True) == (each.ledger, each.copy, each.taken, each.by, each.since)


def decide(town: Any, by: Any, take: str) -> ChangeSet | None:
    found = waiting.open_values(permit(by, town))
    return actions.decide_values(
        permit(by, town), [each.key for each in found], take, waiting.token(town, found)
    )


def count(town: Any, by: Any) -> int:
    found = waiting.open_values(permit(by, town))
    assert len(found) == waiting.count_open(permit(by, town))
    return len(found)


@pytest.fixture
def waits(town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any) -> Import:
    """One value waits: the ledger says 63, by Bob; the copy 7."""
    content = export(as_person, alice, town)
    edit(town, bob, firms[0], staff=63)
    return take_in(town, alice, as_file(*part(content, firms, 从业人数="7")))


def test_decided_for_the_copy_and_taken_back_it_waits_again(
    town: Any, alice: Any, firms: list[Unit], waits: Import
) -> None:
    done = decide(town, alice, "copy")
    assert (7, 0) == (*facts(firms[0], "staff"), count(town, alice))
    assert done is not None
    undo(done, alice)
    assert (63, 1) == (*facts(firms[0], "staff"), count(town, alice))


def test_decided_for_the_ledger_it_is_not_asked_again(
    town: Any, alice: Any, bob: Any, firms: list[Unit], waits: Import
) -> None:
    """The same copy again asks nothing while the ledger says so; another value of the ledger is another question."""
    assert decide(town, alice, "ledger") is None
    again = SimpleUploadedFile("再来.csv", Path(waits.file.path).read_bytes())
    _, run = tried(town, alice, again)
    assert (63, 0, 0) == (*facts(firms[0], "staff"), count(town, alice), run.waiting)
    edit(town, bob, firms[0], staff=64)
    again.seek(0)
    assert 1 == tried(town, alice, again)[1].waiting


def test_what_waits_goes_with_its_import(town: Any, alice: Any, waits: Import) -> None:
    """Undone, its questions are gone; restored, they are back."""
    undone = undo(waits.change_set, alice)
    assert 0 == count(town, alice)
    undo(undone.change_set, alice)
    assert 1 == count(town, alice)


def test_the_ledger_that_comes_to_say_the_same_answers(
    town: Any, alice: Any, bob: Any, firms: list[Unit], waits: Import
) -> None:
    edit(town, bob, firms[0], staff=7)
    assert 0 == count(town, alice)


@pytest.mark.parametrize("take", ["copy", "ledger"])
def test_a_decision_is_bound_to_the_values_that_were_seen(
    take: str, town: Any, alice: Any, bob: Any, firms: list[Unit], waits: Import, as_person: Any
) -> None:
    """Bob wrote a third value meanwhile: the page says so and asks anew."""
    client = as_person(alice)
    address = f"/t/{town.code}/imports/waiting/"
    page = client.get(address).content.decode()
    (each,) = waiting.open_values(permit(alice, town))
    given = {"key": each.key, "seen": token(page), "take": take}
    edit(town, bob, firms[0], staff=64)
    answer = client.post(address + "decide/", given)
    assert (409, 64, 1) == (answer.status_code, *facts(firms[0], "staff"), count(town, alice))
    assert "从“63”改成“64”" in answer.content.decode()
    given["seen"] = token(answer.content.decode())
    assert 302 == client.post(address + "decide/", given).status_code
    assert (7 if take == "copy" else 64, 0) == (*facts(firms[0], "staff"), count(town, alice))
    again = client.post(address + "decide/", given)
    assert 422 == again.status_code and "已经有人定过" in again.content.decode()


def test_the_queue_by_api(
    town: Any, alice: Any, bob: Any, firms: list[Unit], waits: Import, call: Any
) -> None:
    """Both values, whose and when; decided once."""
    office = call(alice)
    (each,) = office.read("waiting-values")["waiting"]
    assert {"unit_id": firms[0].unit_id, "field": "staff", "ledger": 63, "copy_value": 7, "taken": 5, "by": "bob"}.items() <= each.items()  # fmt: skip
    edit(town, bob, firms[0], staff=64)
    stale = office.ask(f"waiting-values/{each['id']}", take="copy", seen=each["seen"], status=409)
    assert ["staff"] == [one["field"] for one in stale["changed"]]
    done = office.ask(f"waiting-values/{each['id']}", take="copy", seen=stale["seen"])
    assert (7, 0) == (*facts(firms[0], "staff"), done["waiting"])
    answer = office.ask(f"waiting-values/{each['id']}", take="copy", seen=stale["seen"], status=409)
    assert "waiting-decided" == answer["findings"][0]["code"]
    call(bob).ask(f"waiting-values/{each['id']}", take="copy", seen="", status=403)


def test_a_copys_value_is_checked_as_any_other(
    town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """The copy's mobile members fit what the ledger said then, not what it says now: refused, and it waits on."""
    edit(town, alice, firms[0], mobile_members=5, graduate_mobile_members=1)
    content = export(as_person, alice, town)
    edit(town, bob, firms[0], mobile_members=2, graduate_mobile_members=2)
    take_in(town, alice, as_file(*part(content, firms[:1], 大学生流动党员数="4")))
    answer = as_person(alice).get(f"/t/{town.code}/imports/waiting/")
    (each,) = waiting.open_values(permit(alice, town))
    given = {"key": each.key, "take": "copy", "seen": token(answer.content.decode())}
    answer = as_person(alice).post(f"/t/{town.code}/imports/waiting/decide/", given)
    assert (422, 2, 1) == (
        answer.status_code,
        *facts(firms[0], "graduate_mobile_members"),
        count(town, alice),
    )


def test_an_emptied_cell_erases_nothing_and_is_said(
    town: Any, alice: Any, firms: list[Unit], as_person: Any
) -> None:
    content = export(as_person, alice, town)
    kept, run = tried(town, alice, as_file(*part(content, firms[:1], 从业人数="")))
    assert (1, 0) == (run.emptied, run.counts["update"])
    assert "清空了 1 格" in as_person(alice).get(f"/t/{town.code}/imports/{kept.pk}/").content.decode()


def sheets_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_workbook_hides_its_stamps(town: Any, alice: Any, as_person: Any) -> None:
    """The last column, hidden; and the state as a property. Whoever opens it sees the ledger as ever."""
    book = sheets_of(export(as_person, alice, town, "xlsx"))
    sheet = book["台账"]
    last = sheet.cell(3, sheet.max_column)
    assert (HEADER, True) == (last.value, sheet.column_dimensions[last.column_letter].hidden)
    assert "liangxin-state" in {each.name for each in book.custom_doc_props}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_saved_by_libreoffice_it_is_still_known(
    town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any, tmp_path: Path
) -> None:
    """As xlsx, xls, ods and csv: every row is known, nothing changes, and what is changed on both sides waits."""
    book = sheets_of(export(as_person, alice, town, "xlsx"))
    sheet = book["台账"]
    row = next(each for each in sheet.iter_rows(min_row=4) if each[0].value == firms[0].unit_id)
    row[[cell.value for cell in sheet[3]].index("从业人数")].value = 7
    book.save(tmp_path / "copy.xlsx")
    edit(town, bob, firms[0], staff=63)
    for ending, filter in (("xlsx", "xlsx"), ("xls", "xls"), ("ods", "ods"), ("csv", UTF8)):
        folder = tmp_path / ending
        command = [
            "soffice",
            "--headless",
            "--convert-to",
            filter,
            "--outdir",
            str(folder),
            str(tmp_path / "copy.xlsx"),
        ]
        subprocess.run(command, capture_output=True, check=True, timeout=120)
        name = "副本.xls" if ending == "ods" else f"副本.{ending}"  # told by content
        _, run = tried(town, alice, SimpleUploadedFile(name, (folder / f"copy.{ending}").read_bytes()))
        assert (ending, len(run.rows), 1, 0, 0) == (
            ending, run.stamped, run.waiting, run.counts["update"], run.counts["failed"],
        )  # fmt: skip


def test_without_the_column_the_workbook_itself_is_known(
    town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """Somebody deleted the column: the property still says which state it was."""
    book = sheets_of(export(as_person, alice, town, "xlsx"))
    book["台账"].delete_cols(book["台账"].max_column)
    made = io.BytesIO()
    book.save(made)
    edit(town, bob, firms[0], staff=63)
    _, run = tried(town, alice, SimpleUploadedFile("副本.xlsx", made.getvalue()))
    assert (len(run.rows), 0, 0) == (run.stamped, run.waiting, run.counts["update"])


def test_rows_of_two_days_in_one_file(
    town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any
) -> None:
    """Each row is compared with the state that it was taken from."""
    first = part(export(as_person, alice, town), firms[:1], 从业人数="7")
    edit(town, bob, firms[0], staff=63)
    edit(town, bob, firms[1], staff=63)
    header, second = part(export(as_person, alice, town), firms[1:2], 从业人数="8")
    _, run = tried(town, alice, as_file(header, [*first[1], *second]))
    outcomes = {row.unit_id: row.outcome for row in run.rows}
    assert {firms[0].unit_id: "waiting", firms[1].unit_id: "update"} == outcomes


@pytest.mark.parametrize("wrong", ["moved", "typed", "of another town", "of another history"])
def test_a_stamp_that_is_not_the_rows_says_nothing(
    wrong: str, town: Any, alice: Any, firms: list[Unit], as_person: Any
) -> None:
    """Then the row is a list's row like any other."""
    header, rows = part(export(as_person, alice, town), firms[:2])
    at = header.index(HEADER)
    stamp = Stamp.parse(rows[0][at])
    assert stamp is not None
    if wrong == "moved":
        rows[0][at], rows[1][at] = rows[1][at], rows[0][at]
    else:
        rows[1][at] = "v1.1"
        rows[0][at] = {
            "typed": "v1.1.aaaaaaaa",
            "of another town": str(Stamp.of("330000000@1", firms[0].unit_id, stamp.seq, stamp.version)),
            "of another history": str(Stamp.of(key(town), firms[0].unit_id, stamp.seq, stamp.version + 1)),
        }[wrong]
    _, run = tried(town, alice, as_file(header, rows))
    assert (0, {"same": 2}) == (run.stamped, dict(run.counts))


def key(town: Any) -> str:
    from liangxin.web.units.copies import ledger_key

    return ledger_key(town)


def test_an_old_copy_names_what_has_gone_since(
    town: Any, alice: Any, firms: list[Unit], as_person: Any
) -> None:
    """An association was struck from the town's list: the copy's untouched cell is no error, its other cells go in."""
    from dataclasses import replace

    from liangxin.web.areas.services import save_town

    core = town.as_core()
    edit(town, alice, firms[0], association=core.associations[0].id)
    content = export(as_person, alice, town)
    save_town(town, replace(core, associations=core.associations[1:]))
    edit(town, alice, firms[0], association=core.associations[1].id)
    _, run = tried(town, alice, as_file(*part(content, firms[:1], 从业人数="7")))
    (row,) = run.rows
    assert ({"staff": 7}, "update", ()) == (dict(row.changes), row.outcome, row.emptied)


def test_a_unit_merged_since_is_the_one_that_it_became(
    town: Any, alice: Any, firms: list[Unit], as_person: Any
) -> None:
    """The copy still has the number that was given up: what was filled in there is not lost, and no unit comes back."""
    content = export(as_person, alice, town)
    services.merge(town, alice, firms[0], firms[1])
    before = live(town).frame.height
    take_in(town, alice, as_file(*part(content, firms[1:2], 备注="门朝东")))
    assert (before, "门朝东") == (live(town).frame.height, *facts(firms[0], "remark"))


def test_a_unit_taken_out_since_does_not_come_back(
    town: Any, alice: Any, as_person: Any, firms: list[Unit]
) -> None:
    """Untouched it is nothing; filled in, its row is named and stays out."""
    made = write(
        town, alice, "import", WORDS, [Edit(None, {"unit_id": "N1", "name": "长乐岚汀试验厂", "staff": 5})]
    )
    content = export(as_person, alice, town)
    undo(made, alice)
    new = [Unit.objects.get(unit_id="N1")]
    _, run = tried(town, alice, as_file(*part(content, new)))
    assert {"same": 1} == dict(run.counts)
    kept, run = tried(town, alice, as_file(*part(content, new, 从业人数="7")))
    assert {"failed": 1} == dict(run.counts)
    assert "已经移出名单" in as_person(alice).get(f"/t/{town.code}/imports/{kept.pk}/").content.decode()


def plain(rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("名单.csv", rows.encode("utf-8-sig"))


def test_a_list_of_unknown_age_turns_nothing_back(
    town: Any, alice: Any, bob: Any, firms: list[Unit], as_person: Any, call: Any
) -> None:
    """No stamp: 5 was replaced by Bob. The dry run says so with his value and name; it waits, the new value goes in."""
    edit(town, bob, firms[0], staff=63)
    rows = f"编号,单位名称,从业人数,入党积极分子数\n{firms[0].unit_id},{firms[0].name},5,4"
    run = call(alice).read(f"imports/{tried(town, alice, plain(rows))[0].pk}")
    (each,) = run["waits"]
    assert (0, "staff", 63, 5, False, "bob") == (
        run["stamped"], each["field"], each["ledger"], each["copy_value"], each["since"], each["by"],
    )  # fmt: skip
    page = as_person(alice).get(f"/t/{town.code}/imports/{run['id']}/").content.decode()
    assert "1 处是台账里已经有人换掉的旧值" in page and "bob" in page
    take_in(town, alice, plain(rows))
    assert (63, 4, 1) == (*facts(firms[0], "staff", "applicants"), count(town, alice))


def test_what_was_undone_replaced_nothing(town: Any, alice: Any, firms: list[Unit]) -> None:
    """A list taken in, taken back and taken in again is no old copy."""
    rows = f"编号,单位名称,从业人数\n{firms[0].unit_id},{firms[0].name},77"
    undo(take_in(town, alice, plain(rows)).change_set, alice)
    take_in(town, alice, plain(rows))
    assert (77, 0) == (*facts(firms[0], "staff"), count(town, alice))


def test_a_new_unit_taken_back_can_be_taken_in_again(town: Any, alice: Any) -> None:
    """The number is one unit for life: it is entered again, with what the list says now."""
    first = "编号,单位名称,从业人数,备注\nN1,长乐岚汀试验厂,5,去过"
    undo(take_in(town, alice, plain(first)).change_set, alice)
    again = take_in(town, alice, plain("编号,单位名称,从业人数\nN1,长乐岚汀试验厂,6"))
    unit = Unit.objects.get(unit_id="N1")
    assert (6, None, False) == (unit.staff, unit.remark, unit.removed)
    undo(again.change_set, alice)
    assert "N1" not in live(town).frame["unit_id"].to_list()


def test_references_are_looked_up_in_the_towns_ledger(
    town: Any, alice: Any, firms: list[Unit], as_person: Any
) -> None:
    """A village's part of the ledger: the leading enterprise and the suppliers are in other villages, by number or name."""
    edit(
        town,
        alice,
        firms[0],
        leader_unit_id=firms[1].unit_id,
        chain_unit_ids=f"{firms[2].unit_id};{firms[3].unit_id}",
    )
    content = export(as_person, alice, town)
    _, run = tried(town, alice, as_file(*part(content, firms[:1])))
    assert ({"same": 1}, ()) == (dict(run.counts), run.errors)
    names = f"{firms[3].name}；{firms[1].unit_id}"
    take_in(town, alice, as_file(*part(content, firms[:1], 龙头企业=firms[2].name, 上下游企业=names)))
    assert (firms[2].unit_id, f"{firms[3].unit_id};{firms[1].unit_id}") == facts(
        firms[0], "leader_unit_id", "chain_unit_ids"
    )
    _, run = tried(town, alice, as_file(*part(content, firms[:1], 龙头企业="没有这家厂")))
    assert ({"failed": 1}, ["unknown_reference"]) == (dict(run.counts), [each.code for each in run.errors])


def test_typed_on_the_page_a_name_is_the_towns_unit_too(
    town: Any, alice: Any, firms: list[Unit], as_person: Any
) -> None:
    cell = f"/t/{town.code}/units/unit/{firms[0].unit_id}/cell/leader_unit_id/"
    as_person(alice).post(cell, {"value": firms[2].name, "was": "", "version": firms[0].version})
    assert (firms[2].unit_id,) == facts(firms[0], "leader_unit_id")
    answer = as_person(alice).post(cell, {"value": "没有这家厂", "was": "", "version": 99})
    assert "没有这家单位" in answer.content.decode()
    assert (firms[2].unit_id,) == facts(firms[0], "leader_unit_id")


def test_a_new_row_may_lead_another(town: Any, alice: Any) -> None:
    """Neither has a number in the list; in the ledger the one names the other by the number that it was given."""
    village = next(area for area in town.as_core().areas if area.kind == "village")
    rows = [
        "单位名称,单位类别,村(社区),龙头企业",
        f"长乐岚汀试验厂,企业,{village.name},",
        f"长乐汐岸试验厂,企业,{village.name},长乐岚汀试验厂",
    ]
    take_in(town, alice, plain("\n".join(rows)))
    leader = Unit.objects.get(name="长乐岚汀试验厂")
    assert leader.unit_id == Unit.objects.get(name="长乐汐岸试验厂").leader_unit_id


def test_new_units_are_numbered_and_placed_by_their_village(town: Any, alice: Any, as_person: Any) -> None:
    """The next number of the ledger's kind; the village's work area; the one group that is responsible for it. The same list
    again finds them."""
    core = town.as_core()
    village = next(area for area in core.areas if area.kind == "village" and area.parent)
    highest = max(int(id[2:]) for id in live(town).frame["unit_id"].to_list())
    prefix = live(town).frame["unit_id"][0][:2]
    rows = (
        f"单位名称,单位类别,村(社区)\n长乐岚汀试验厂,企业,{village.name}\n长乐汐岸试验厂,企业,{village.name}"
    )
    kept, _ = tried(town, alice, plain(rows))
    page = as_person(alice).get(f"/t/{town.code}/imports/{kept.pk}/").content.decode()
    take_in(town, alice, plain(rows))
    made = list(Unit.objects.filter(name__in=("长乐岚汀试验厂", "长乐汐岸试验厂")).order_by("unit_id"))
    width = len(live(town).frame["unit_id"][0]) - 2
    assert [f"{prefix}{highest + step:0{width}d}" for step in (1, 2)] == [each.unit_id for each in made]
    assert made[0].unit_id in page
    assert {(village.id, village.parent, "G1")} == {
        (each.village, each.area, each.task_group) for each in made
    }
    assert {"same": 2} == dict(tried(town, alice, plain(rows))[1].counts)


@pytest.mark.django_db(transaction=True)
def test_a_possible_duplicate_is_said_where_the_import_ended(
    town: Any, alice: Any, as_person: Any, call: Any
) -> None:
    """A new row that looks like a unit of the ledger."""
    old = Unit.objects.filter(town=town, kind="enterprise", village__isnull=False, uscc__isnull=False)[0]
    village = town.as_core().area(old.village)
    name = old.name.replace("有限公司", "有限责任公司") if "有限公司" in old.name else old.name + "有限公司"
    client = as_person(alice)
    rows = f"单位名称,单位类别,村(社区)\n{name},企业,{village.name}"
    address = client.post(f"/t/{town.code}/imports/", {"file": plain(rows)})["Location"]
    client.post(address + "start/", {"seen": token(client.get(address).content.decode())})
    kept = Import.objects.get()
    if services.possible_duplicates(kept) == []:
        pytest.skip("the sample's first firm has no near name")
    assert "新增的里有 1 家可能重复" in client.get(address).content.decode()
    assert 1 == len(call(alice).read(f"imports/{kept.pk}")["possible_duplicates"])


@pytest.fixture
def twins(town: Any, alice: Any) -> Callable[..., tuple[Unit, Unit]]:
    """Two rows of one firm: D1 and D2."""

    def make(first: dict[str, Any], second: dict[str, Any]) -> tuple[Unit, Unit]:
        rows = [
            {"unit_id": id, "name": "长乐岚汀试验厂"} | more for id, more in (("D1", first), ("D2", second))
        ]
        write(town, alice, "edit", WORDS, [Edit(None, row) for row in rows])
        return Unit.objects.get(unit_id="D1"), Unit.objects.get(unit_id="D2")

    return make


def test_a_merge_takes_the_newer_survey_field_by_field(town: Any, alice: Any, twins: Any, call: Any) -> None:
    """The row that stays is the older one: its number stays, the newer survey's facts are taken, what only it knows stays."""
    from datetime import date

    first, second = twins(
        {"staff": 5, "revenue": 80.0, "remark": "旧", "surveyed_on": date(2011, 8, 1)},
        {"staff": 9, "applicants": 2, "remark": "新", "surveyed_on": date(2011, 8, 9)},
    )
    done = call(alice).ask("duplicates", first="D1", second="D2", keep="first", picks={"remark": "first"})
    names = ("staff", "revenue", "applicants", "remark", "surveyed_on")
    assert (9, 80.0, 2, "旧", date(2011, 8, 9)) == facts(first, *names)
    undo(ChangeSet.objects.get(pk=done["change_set"]), alice)
    assert (5, 80.0, None, "旧", date(2011, 8, 1)) == facts(first, *names)
    assert (9, False) == facts(second, "staff", "removed")


def test_a_merge_is_bound_to_what_was_looked_at(
    town: Any, alice: Any, bob: Any, twins: Any, as_person: Any
) -> None:
    first, second = twins({"staff": 5}, {"staff": 9})
    client = as_person(alice)
    seen = actions.pair_token(town, first, second)
    edit(town, bob, second, staff=10)
    address = f"/t/{town.code}/imports/duplicates/decide/"
    given = {"first": "D1", "second": "D2", "verdict": "first", "seen": seen}
    answer = client.post(address, given)
    assert (409, False) == (answer.status_code, Unit.objects.get(pk=second.pk).removed)
    assert "从“9”改成“10”" in answer.content.decode()


def test_what_named_the_unit_that_was_merged_names_the_other(
    town: Any, alice: Any, twins: Any, firms: list[Unit]
) -> None:
    twins({}, {"leader_unit_id": "D1"})
    edit(town, alice, firms[0], leader_unit_id="D2", chain_unit_ids=f"D2;{firms[1].unit_id}")
    done = services.merge(town, alice, Unit.objects.get(unit_id="D1"), Unit.objects.get(unit_id="D2"))
    assert ("D1", f"D1;{firms[1].unit_id}") == facts(firms[0], "leader_unit_id", "chain_unit_ids")
    assert (None,) == facts(Unit.objects.get(unit_id="D1"), "leader_unit_id")
    undo(done, alice)
    assert ("D2", f"D2;{firms[1].unit_id}") == facts(firms[0], "leader_unit_id", "chain_unit_ids")


def test_a_group_exports_stamps_of_its_own_rows_only(town: Any, bob: Any, as_person: Any) -> None:
    """A member's file holds no more rows for its stamps."""
    from tests.web.conftest import person

    from liangxin.registry.access import Role

    leader = person("组长", town, Role.GROUP_LEADER, town.as_core().task_groups[0].id)
    header, rows = rows_of(export(as_person, leader, town))
    own = Unit.objects.filter(town=town, task_group=town.as_core().task_groups[0].id).count()
    assert (own, HEADER) == (len(rows), header[-1])
    assert all(Stamp.parse(row[-1]) is not None for row in rows)


def test_the_ledger_with_stamps_reads_back_as_it_was(
    town: Any, alice: Any, as_person: Any, tmp_path: Path
) -> None:
    """For every other reader the column is not there."""
    for kind in ("xlsx", "csv"):
        path = tmp_path / f"ledger.{kind}"
        path.write_bytes(export(as_person, alice, town, kind))
        found = read_ledger(path, town=town.as_core())
        assert live(town).frame.equals(found.frame)
        assert () == found.layout.unknown and "unused_column" not in {each.code for each in found.findings}


def test_the_export_of_an_earlier_day_carries_none(town: Any, alice: Any, as_person: Any) -> None:
    """It is for reading: nobody fills it in."""
    answer = as_person(alice).get(f"/t/{town.code}/documents/file/ledger.csv?day=2011-08-14")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert HEADER not in content.decode("utf-8-sig").partition("\n")[0]
