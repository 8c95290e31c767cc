"""Lists through the API: dry run, columns, the job, undo, the workbook back; units that may be one."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liangxin.web.imports.models import Import
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit

pytestmark = pytest.mark.clause("4.1")


def send(caller: Any, *rows: str, name: str = "水竹村名单.csv", status: int = 200) -> Any:
    file = SimpleUploadedFile(name, ("\n".join(rows) + "\n").encode())
    answer = caller.client.post(caller.base + "imports", {"file": file})
    assert status == answer.status_code, answer.content.decode()
    return answer.json()


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_of_a_list(call: Any, town: Any, alice: Any) -> None:
    """Sent, looked at, taken in by the job, taken back as a whole: the numbers agree at each step."""
    office = call(alice)
    known = Unit.objects.filter(town=town, kind="enterprise").order_by("pk")[0]
    run = send(
        office,
        "编号,单位名称,单位类别,从业人数",
        f"{known.unit_id},{known.name},企业,333",
        "N1,长乐岚汀试验厂,企业,约61人",
        "N2,长乐汐岸试验厂,企业,很多",
    )
    assert {"new": 1, "update": 1, "same": 0, "failed": 1}.items() <= run["counts"].items()
    update = {"unit_id": known.unit_id, "before": {"staff": known.staff}, "after": {"staff": 333}}
    assert ("read", [update]) == (run["state"], run["updates"])
    assert any("很多" in each["message"]["zh"] for each in run["findings"])
    before = live(town).frame.height
    job = office.ask(f"imports/{run['id']}/start", seen=run["seen"])
    done = office.read(f"jobs/{job['id']}")
    assert ("done", 1) == (done["state"], done["result"]["new"])
    taken = office.read(f"imports/{run['id']}")
    assert ("done", done["result"]["change_set"]) == (taken["state"], taken["change_set"])
    assert (before + 1, 333) == (live(town).frame.height, Unit.objects.get(pk=known.pk).staff)
    answer = office.ask(f"imports/{run['id']}/start", seen=run["seen"], status=409)
    assert ("overtaken", "import-started") == (answer["code"], answer["findings"][0]["code"])
    undone = office.ask(f"changes/{taken['change_set']}/undo")
    assert (before, known.staff) == (live(town).frame.height, Unit.objects.get(pk=known.pk).staff)
    assert undone["change_set"] == office.read("imports")["imports"][0]["undone_by"]


def test_a_column_is_named_once(call: Any, alice: Any) -> None:
    """An unknown header is said; told what it means, this list and the next read it."""
    office = call(alice)
    header = "编号,单位名称,单位类别,厂里党员"
    run = send(office, header, "N1,长乐岚汀试验厂,企业,4")
    assert ["厂里党员"] == run["unknown_headers"]
    again = office.ask(f"imports/{run['id']}/columns", columns={"厂里党员": "full_members"})
    assert [] == again["unknown_headers"]
    assert [] == send(office, header, "N2,长乐汐岸试验厂,企业,4")["unknown_headers"]
    assert {"mapping-field"} == office.refused(
        f"imports/{run['id']}/columns", columns={"厂里党员": "nothing"}
    )


def test_the_workbook_comes_back_with_its_errors(call: Any, alice: Any) -> None:
    office = call(alice)
    run = send(office, "编号,单位名称,单位类别,从业人数", "N1,长乐岚汀试验厂,企业,很多")
    book = openpyxl.load_workbook(io.BytesIO(office.read(f"imports/{run['id']}/workbook.xlsx").content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "错误信息" in cells and any("很多" in str(value) for value in cells)


@pytest.mark.parametrize(
    ("name", "content"),
    [("virus.exe", b"MZ"), ("torn.xlsx", b"PK\x03\x04torn"), ("nothing.csv", b"a,b\n1,2\n")],
)
def test_what_is_no_list_is_refused_and_not_kept(call: Any, alice: Any, name: str, content: bytes) -> None:
    caller = call(alice)
    answer = caller.client.post(caller.base + "imports", {"file": SimpleUploadedFile(name, content)})
    assert (422, 0) == (answer.status_code, Import.objects.count())
    assert answer.json()["findings"][0]["message"]["zh"]


def test_a_file_that_is_gone_is_said(call: Any, town: Any, alice: Any, as_person: Any) -> None:
    """After a purge the rows of the list are still there, its file is not: API, page and workbook say so."""
    office = call(alice)
    run = send(office, "编号,单位名称,单位类别", "N1,长乐岚汀试验厂,企业")
    Import.objects.update(file="")
    assert {"import-gone"} == {
        each["code"] for each in office.read(f"imports/{run['id']}", status=422)["findings"]
    }
    page = as_person(alice)
    for address in (f"/t/{town.code}/imports/{run['id']}/", f"/t/{town.code}/imports/{run['id']}/workbook/"):
        answer = page.get(address)
        assert (422, True) == (answer.status_code, "文件已不在" in answer.content.decode())


def twins(town: Any) -> tuple[Unit, Unit]:
    """A unit, and the same entered a second time under another number."""
    first = Unit.objects.filter(town=town, kind="enterprise", uscc__isnull=False).order_by("pk")[0]
    second = Unit.objects.get(pk=first.pk)
    second.pk, second.unit_id, second.uscc, second.staff = None, "TWIN", None, 123
    second.save()
    Unit.objects.filter(pk=first.pk).update(staff=None)
    return Unit.objects.get(pk=first.pk), second


def test_two_rows_become_one_and_two_again(call: Any, town: Any, alice: Any) -> None:
    """Merged, the one that stays knows what only the other knew; undone, both are there as they were."""
    first, _ = twins(town)
    office = call(alice)
    found = office.read("duplicates?size=500")
    pair = next(
        each
        for each in found["pairs"]
        if {first.unit_id, "TWIN"} == {each["first"]["unit_id"], each["second"]["unit_id"]}
    )
    keep = "first" if pair["first"]["unit_id"] == first.unit_id else "second"
    sent = {"first": pair["first"]["unit_id"], "second": pair["second"]["unit_id"]}
    done = office.ask("duplicates", sent, keep=keep)
    assert found["total"] - 1 >= done["waiting"]
    first.refresh_from_db()
    assert 123 == first.staff
    office.read("units/TWIN", status=404)
    office.ask(f"changes/{done['change_set']}/undo")
    first.refresh_from_db()
    assert (None, 123) == (first.staff, office.read("units/TWIN")["values"]["staff"])


def test_two_that_are_two_leave_the_queue(call: Any, town: Any, alice: Any) -> None:
    first, second = twins(town)
    office = call(alice)
    before = office.read("duplicates")["total"]
    done = office.ask("duplicates", first=first.unit_id, second=second.unit_id, keep="both")
    assert (None, before - 1) == (done["change_set"], done["waiting"])
    assert {"merge-pair"} == office.refused("duplicates", first="X", second="Y", keep="both")
