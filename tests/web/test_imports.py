"""Lists into the ledger through the site: dry run, errors in place, the job, undo, columns remembered, duplicates."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.test_units import token

from liangxin.findings import InputError
from liangxin.web.imports import services
from liangxin.web.imports.matching import match
from liangxin.web.imports.models import Import
from liangxin.web.jobs.models import Job
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit

pytestmark = pytest.mark.clause("4.1")


def workbook(rows: list[list[Any]]) -> SimpleUploadedFile:
    import xlsxwriter

    made = BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet("名单")
    for at, row in enumerate(rows):
        sheet.write_row(at, 0, row)
    book.close()
    return SimpleUploadedFile("水竹村名单.xlsx", made.getvalue())


HEADER = ["编号", "单位名称", "单位类别", "从业人数", "厂里党员"]


def url(town: Any, *parts: str) -> str:
    return "/".join(["", "t", town.code, "imports", *parts, ""])


@pytest.mark.django_db(transaction=True)
def test_the_whole_way_of_a_list(town: Any, alice: Any, as_person: Any) -> None:
    """Upload, look at the trial, import, see the rows, undo: numbers agree at every step."""
    client = as_person(alice)
    known = Unit.objects.filter(town=town, kind="enterprise").order_by("pk")[0]
    rows = [
        HEADER,
        [known.unit_id, known.name, "企业", 333, ""],
        ["N1", "长乐岚汀试验厂", "企业", "约61人", ""],
        ["N2", "长乐汐岸试验厂", "企业", "很多", ""],
    ]
    response = client.post(url(town), {"file": workbook(rows)})
    kept = Import.objects.get()
    assert url(town, str(kept.pk)) == response["Location"]
    assert {"new": 1, "update": 1, "same": 0, "failed": 1}.items() <= kept.summary.items()
    page = client.get(response["Location"]).content.decode()
    assert "导入：新增 1 家，更新 1 家" in page
    assert "很多" in page
    assert b"PK" == client.get(url(town, str(kept.pk), "workbook")).getvalue()[:2]
    before = live(town).frame.height
    client.post(url(town, str(kept.pk), "start"), {"seen": token(page)})
    assert Job.DONE == Job.objects.get().state
    assert (before + 1, 333) == (live(town).frame.height, Unit.objects.get(pk=known.pk).staff)
    assert 61 == Unit.objects.get(unit_id="N1").staff
    done = ChangeSet.objects.get(kind="import", by=alice)
    client.post(f"/t/{town.code}/units/changes/{done.pk}/undo/")
    assert (before, known.staff) == (live(town).frame.height, Unit.objects.get(pk=known.pk).staff)


@pytest.mark.django_db(transaction=True)
def test_a_column_is_mapped_once_and_remembered(town: Any, alice: Any, as_person: Any) -> None:
    """The header 厂里党员 is said to be full members; the next list with it needs no question."""
    client = as_person(alice)
    client.post(url(town), {"file": workbook([HEADER, ["N1", "长乐岚汀试验厂", "企业", 5, 4]])})
    kept = Import.objects.get()
    assert "厂里党员" in client.get(url(town, str(kept.pk))).content.decode()
    client.post(
        url(town, str(kept.pk), "columns"), {"header": ["厂里党员"], "field": ["full_members"], "was": ["-"]}
    )
    client.post(url(town), {"file": workbook([HEADER, ["N2", "长乐汐岸试验厂", "企业", 5, 4]])})
    second = Import.objects.order_by("-pk")[0]
    assert [4] == services.dry_run(second).ledger.frame["full_members"].to_list()
    assert services.dry_run(second).ledger.layout.unknown == ()


@pytest.mark.django_db(transaction=True)
def test_a_recognised_column_is_pointed_elsewhere(town: Any, alice: Any, as_person: Any) -> None:
    """Under two levels, by both; only for lists of this layout, and a field is never given to two columns."""
    client = as_person(alice)
    header = ["编号", "单位名称", "从业人数", "年产值（万元）", "利润（万元）"]
    client.post(url(town), {"file": workbook([header, ["N1", "长乐岚汀试验厂", 5, 400, 30]])})
    kept = Import.objects.get()
    assert [400.0] == services.dry_run(kept).ledger.frame["revenue"].to_list()
    said = {
        "header": ["年产值（万元）", "利润（万元）", "从业人数"],
        "field": ["", "revenue", "staff"],
        "was": ["revenue", "-", "staff"],
    }
    client.post(url(town, str(kept.pk), "columns"), said)
    run = services.dry_run(kept)
    assert ([30.0], [5]) == (run.ledger.frame["revenue"].to_list(), run.ledger.frame["staff"].to_list())
    assert "" == run.ledger.layout.fields["年产值（万元）"]
    client.post(url(town), {"file": workbook([header[:4], ["N2", "长乐汐岸试验厂", 5, 400]])})
    other = Import.objects.order_by("-pk")[0]
    assert [400.0] == services.dry_run(other).ledger.frame["revenue"].to_list()
    with pytest.raises(InputError, match="同一个栏目"):
        services.remember_columns(kept, alice, {"年产值（万元）": "staff", "从业人数": "staff"})


@pytest.mark.django_db(transaction=True)
def test_an_import_runs_once(town: Any, alice: Any, as_person: Any) -> None:
    """A second click, or a worker that starts the job again, imports nothing twice."""
    client = as_person(alice)
    client.post(url(town), {"file": workbook([HEADER, ["N1", "长乐岚汀试验厂", "企业", 5, ""]])})
    kept = Import.objects.get()
    client.post(url(town, str(kept.pk), "start"))
    assert not Job.objects.exists()  # nothing was looked at
    seen = {"seen": token(client.get(url(town, str(kept.pk))).content.decode())}
    client.post(url(town, str(kept.pk), "start"), seen)
    client.post(url(town, str(kept.pk), "start"), seen)
    job = Job.objects.get()
    services.run_import(job, lambda *_: None)
    assert 1 == Unit.objects.filter(unit_id="N1").count()
    assert 1 == ChangeSet.objects.filter(kind="import", by=alice).count()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("virus.exe", b"MZ"),
        ("empty.xlsx", b""),
        ("torn.xlsx", b"PK\x03\x04torn"),
        ("word.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
        ("nothing.csv", b"a,b\n1,2\n"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_clearly(
    name: str, content: bytes, town: Any, alice: Any, as_person: Any
) -> None:
    """One clear message, and the file is not kept."""
    response = as_person(alice).post(url(town), {"file": SimpleUploadedFile(name, content)})
    assert (422, 0) == (response.status_code, Import.objects.count())
    assert "error-summary" in response.content.decode()


def test_without_a_file_it_says_so(town: Any, alice: Any, as_person: Any) -> None:
    """The button without a file."""
    assert "请先选择文件" in as_person(alice).post(url(town)).content.decode()


def test_a_group_member_does_not_import(town: Any, bob: Any, as_person: Any) -> None:
    """Importing is the office's."""
    assert 403 == as_person(bob).get(url(town)).status_code


def test_merging_duplicates_and_taking_it_back(town: Any, alice: Any, as_person: Any) -> None:
    """Two rows of one firm become one, which knows what both knew; undone, both are there again."""
    from liangxin.web.units.services import Edit, write
    from liangxin.web.units.undoing import undo
    from liangxin.wording import Text

    write(
        town,
        alice,
        "edit",
        Text("加", "add"),
        [
            Edit(None, {"unit_id": "D1", "name": "长乐岚汀试验厂", "staff": 9}),
            Edit(None, {"unit_id": "D2", "name": "长乐岚汀试验厂", "revenue": 80.0}),
        ],
    )
    first, second = Unit.objects.get(unit_id="D1"), Unit.objects.get(unit_id="D2")
    pairs, _ = services.duplicates(town)
    assert {"D1", "D2"} in [{pair.first.unit_id, pair.second.unit_id} for pair in pairs]
    as_person(alice).post(
        url(town, "duplicates", "decide"), {"first": "D1", "second": "D2", "verdict": "first"}
    )
    first.refresh_from_db()
    assert (9, 80.0) == (first.staff, first.revenue)
    assert live(town).frame.filter(pl.col("unit_id") == "D2").is_empty()
    undo(ChangeSet.objects.get(kind="merge"), alice)
    assert {"D1", "D2"} <= set(live(town).frame["unit_id"])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (None, None) == (first.revenue, second.staff)


def test_units_set_apart_do_not_come_back(town: Any, alice: Any) -> None:
    """Two units found to be different leave the queue for good."""
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text

    write(
        town,
        alice,
        "edit",
        Text("加", "add"),
        [Edit(None, {"unit_id": each, "name": "长乐岚汀试验厂"}) for each in ("D1", "D2")],
    )
    _, before = services.duplicates(town)
    services.set_apart(town, alice, "D2", "D1")
    assert before - 1 == services.duplicates(town)[1]


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    from liangxin.registry.fields import ledger_schema

    schema = ledger_schema()
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def test_matching_by_number_code_and_name() -> None:
    """By number first, then by code, then by whole name; an empty cell erases nothing; two of one name are ambiguous."""
    ledger = frame(
        {"unit_id": "1", "name": "甲", "staff": 5},
        {"unit_id": "2", "name": "乙", "uscc": "C2"},
        {"unit_id": "3", "name": "丙"},
        {"unit_id": "4", "name": "丙"},
    )
    listed = frame(
        {"unit_id": "1", "name": "甲"},
        {"unit_id": "x", "name": "乙厂", "uscc": "C2"},
        {"unit_id": "y", "name": "丙"},
        {"unit_id": "z", "name": "丁"},
    )
    rows = match(listed, ledger, frozenset({"unit_id", "name", "uscc", "staff"}), frozenset())
    assert [
        ("1", "same", {}),
        ("2", "update", {"name": "乙厂"}),
        (None, "failed", {}),
        (None, "new", {"name": "丁", "unit_id": "z"}),
    ] == [(row.unit_id, row.outcome, row.changes) for row in rows]


def test_uploads_are_kept_outside_the_package(settings: Any) -> None:
    """Uploaded files lie in the site's data folder."""
    assert Path(settings.MEDIA_ROOT).is_relative_to(Path(settings.DATA))


def test_a_list_that_makes_the_reader_panic_is_refused_clearly(
    town: Any, alice: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panic is no Exception: it went past every handler and ended the request."""
    import python_calamine

    def panic(*_: Any) -> Any:
        raise type("PanicException", (BaseException,), {})("index out of bounds")

    monkeypatch.setattr(python_calamine, "load_workbook", panic)
    answer = as_person(alice).post(url(town), {"file": workbook([HEADER])})
    assert 422 == answer.status_code and "已损坏" in answer.content.decode() and not Import.objects.exists()
