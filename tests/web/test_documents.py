"""Documents: the number on the page is the number of rows in the file; only one's own units; every export is written down."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import Any

import pytest
from tests.web.conftest import person

from liangxin.registry.access import Role


def address(town: Any, rest: str = "") -> str:
    return f"/t/{town.code}/documents/{rest}"


def rows_of(content: bytes, header: str = "序号") -> list[list[Any]]:
    """The data rows of the first sheet: below the header, with a running number."""
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    at = next(number for number, row in enumerate(sheet) if row[0] == header)
    return [row for row in sheet[at + 1 :] if isinstance(row[0], int | float)]


@pytest.fixture
def leader(town: Any) -> Any:
    """Leads the first task group: exports their own units only."""
    return person("leader", town, Role.GROUP_LEADER, town.as_core().task_groups[0].id)


def test_page_numbers_are_the_files_numbers(town: Any, alice: Any, as_person: Any) -> None:
    """Each roster on the page says as many units as its file has rows."""
    from liangxin.web.accounts.permission import permit
    from liangxin.web.documents import queries
    from liangxin.web.units.live import live

    client = as_person(alice)
    listed = queries.rosters_of(permit(alice, town), live(town), None)
    page = client.get(address(town)).content.decode()
    assert any(each.rows for each in listed)
    for each in listed:
        assert f"{each.id}.xlsx" in page
        made = client.get(address(town, f"file/{each.id}.xlsx"))
        assert (200, each.rows) == (made.status_code, len(rows_of(made.content))), each.id


@pytest.mark.parametrize(
    "query", ["", "kind=enterprise", "kind=household&scope=1", "indicator=1.1:missing", "q=厂"]
)
def test_ledger_follows_the_list(town: Any, alice: Any, as_person: Any, query: str) -> None:
    """The csv holds the units list's rows under the same filter."""
    client = as_person(alice)
    made = client.get(address(town, f"file/ledger.csv?{query}"))
    page = client.get(f"/t/{town.code}/units/?{query}")
    listed = page.context["total"]
    assert f"导出这 {listed} 家" in page.content.decode()
    rows = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"))))
    assert listed == len(rows) - 1


def test_ledger_says_filter_person_and_time(town: Any, alice: Any, as_person: Any) -> None:
    """In a workbook the title says it; in a csv the name."""
    from urllib.parse import unquote

    from python_calamine import CalamineWorkbook

    client = as_person(alice)
    book = client.get(address(town, "file/ledger.xlsx?kind=enterprise"))
    title = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()[0][0]
    assert re.search(r"筛选：单位类别企业，alice \d{4}-\d\d-\d\d \d\d:\d\d 导出", title), title
    name = unquote(client.get(address(town, "file/ledger.csv?kind=enterprise"))["Content-Disposition"])
    assert "单位类别企业-alice-" in name and town.name in name and "2011-08-15.csv" in name


def test_parquet_reads_back(town: Any, alice: Any, as_person: Any) -> None:
    """The parquet is the ledger's own frame."""
    import polars as pl

    from liangxin.registry.fields import FIELDS

    frame = pl.read_parquet(io.BytesIO(as_person(alice).get(address(town, "file/ledger.parquet")).content))
    assert (300, list(FIELDS)) == (frame.height, frame.columns)


def test_a_group_leader_takes_only_their_units(town: Any, leader: Any, as_person: Any) -> None:
    """Neither ledger nor rosters of a group leader hold another group's unit."""
    from liangxin.web.units.models import Unit

    own = set(
        Unit.objects.filter(town=town, task_group=town.as_core().task_groups[0].id).values_list(
            "unit_id", flat=True
        )
    )
    client = as_person(leader)
    rows = list(
        csv.reader(io.StringIO(client.get(address(town, "file/ledger.csv")).content.decode("utf-8-sig")))
    )
    assert own == {row[0] for row in rows[1:]}
    for roster in ("should-but-not-yet", "members-without-organization", "left-base", "size-unknown"):
        made = client.get(address(town, f"file/{roster}.xlsx"))
        if made.status_code == 200:
            assert {row[1] for row in rows_of(made.content)} <= own
    refused = client.get(address(town, "file/plan.xlsx"))
    assert (422, True) == (refused.status_code, "由组织办导出" in refused.content.decode())


@pytest.mark.parametrize(
    "rest", ["", "file/ledger.csv", "file/should-but-not-yet.xlsx", "file/plan.xlsx", "export/1/"]
)
def test_who_may_not_export(town: Any, bob: Any, outsider: Any, as_person: Any, rest: str) -> None:
    """A group member is refused, for an outsider the town does not exist."""
    assert 403 == as_person(bob).get(address(town, rest)).status_code
    assert 404 == as_person(outsider).get(address(town, rest)).status_code


def test_every_export_is_written_down(town: Any, alice: Any, as_person: Any) -> None:
    """Who, when, what, filter, rows and fields; the page shows it."""
    from liangxin.registry.fields import FIELDS
    from liangxin.web.documents.models import Export

    client = as_person(alice)
    client.get(address(town, "file/ledger.csv?kind=enterprise"))
    client.get(address(town, "file/members-without-organization.xlsx"))
    ledger, roster = Export.objects.order_by("pk")
    assert (alice, "ledger", {"kind": "enterprise"}, list(FIELDS)) == (
        ledger.by, ledger.document, ledger.filter["query"], ledger.fields,
    )  # fmt: skip
    assert "full_members" in roster.fields and roster.rows is not None
    page = client.get(address(town)).content.decode()
    assert ledger.file_name in page and roster.file_name in page


@pytest.mark.parametrize("rest", ["file/nothing.xlsx", "file/ledger.exe", "file/left-base.csv", "export/99/"])
def test_unknown_files_do_not_exist(town: Any, alice: Any, as_person: Any, rest: str) -> None:
    """Another document or kind is not found, and nothing is logged."""
    from liangxin.web.documents.models import Export

    assert 404 == as_person(alice).get(address(town, rest)).status_code
    assert 0 == Export.objects.count()


def test_without_a_plan_it_is_said(town: Any, alice: Any, as_person: Any) -> None:
    """The plan's documents need a plan: the page and the refusal say so."""
    client = as_person(alice)
    assert "先测算并发布一个方案" in client.get(address(town)).content.decode()
    refused = client.get(address(town, "file/implementation-plan.docx"))
    assert (422, True) == (refused.status_code, "先测算并发布一个方案" in refused.content.decode())


def test_figures_as_workbooks(town: Any, alice: Any, as_person: Any) -> None:
    """Indicators and annual return: as many lines as the page says, the same numbers as the overview."""
    from python_calamine import CalamineWorkbook

    from liangxin.coverage import count
    from liangxin.web.units.live import live

    client = as_person(alice)
    made = client.get(address(town, "file/indicators.xlsx")).content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_index(0).to_python()
    rates, policy = count(live(town).classified), live(town).policy
    for each in policy.indicators:
        row = next(row for row in sheet if row[1] == each.label.zh)
        assert (rates[each.id].numerator, rates[each.id].denominator) == (row[4], row[5])
    assert 200 == client.get(address(town, "file/annual-return.xlsx")).status_code


def test_large_ledgers_become_a_job(
    town: Any,
    alice: Any,
    as_person: Any,
    monkeypatch: Any,
    settings: Any,
    tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """Above the limit the file waits on the page, for the person who asked only."""
    from liangxin.web.documents import services
    from liangxin.web.documents.models import Export

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(services, "LARGE", 10)
    client = as_person(alice)
    with django_capture_on_commit_callbacks(execute=True):
        assert 302 == client.get(address(town, "file/ledger.csv")).status_code
    export = Export.objects.get()
    page = client.get(address(town)).content.decode()
    assert address(town, f"export/{export.pk}/") in page
    made = client.get(address(town, f"export/{export.pk}/"))
    assert 301 == len(b"".join(made.streaming_content).decode("utf-8-sig").splitlines())
    carol = person("carol", town, Role.OFFICE)
    assert 404 == as_person(carol).get(address(town, f"export/{export.pk}/")).status_code


def test_everything_in_one_archive(
    town: Any,
    alice: Any,
    as_person: Any,
    settings: Any,
    tmp_path: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    """The archive holds the ledger and every roster."""
    from liangxin.web.documents.models import Export

    settings.MEDIA_ROOT = tmp_path
    client = as_person(alice)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address(town, "all/"))
    made = client.get(address(town, f"export/{Export.objects.get().pk}/"))
    names = zipfile.ZipFile(io.BytesIO(b"".join(made.streaming_content))).namelist()
    assert any("应建未建名册" in name for name in names) and any("台账" in name for name in names)


@pytest.mark.parametrize(
    "name", ["implementation-plan.docx", "plan.xlsx", "task-groups.docx", "network.svg", "map.geojson"]
)
def test_documents_of_a_plan(town: Any, alice: Any, as_person: Any, plan_run: Any, name: str) -> None:
    """With a plan its documents come from it, on the ledger that it was solved on."""
    from liangxin.web.units.models import Unit
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text

    unit = Unit.objects.filter(town=town).first()
    write(town, None, "edit", Text("改", "edit"), [Edit(unit, {"state": "deregistered"})])
    made = as_person(alice).get(address(town, f"file/{name}"))
    assert 200 == made.status_code and len(made.content) > 1000


@pytest.fixture(scope="session")
def solved(sample: Any) -> Any:
    """One quick run of the sample town."""
    from datetime import date

    from liangxin.engine.town_run import run_town
    from liangxin.planning.options import PlanOptions
    from liangxin.policy import load_policy

    policy = load_policy("changle-2011-44", as_of=date(2011, 8, 15))
    return run_town(sample.ledger, sample.town, policy, PlanOptions(time_limit=5, processes=1))


@pytest.fixture
def plan_run(town: Any, alice: Any, solved: Any) -> Any:
    import json

    from django.utils import timezone

    from liangxin.files.plan_json import plan_document
    from liangxin.web.plans.models import PlanRun
    from liangxin.web.plans.queries import newest_change

    return PlanRun.objects.create(
        town=town, number=1, by=alice, as_of=solved.plan.as_of, seq=newest_change(town), policy=solved.plan.policy_id,
        plan=json.dumps(plan_document(solved.plan), ensure_ascii=False), finished=timezone.now(), status="optimal",
    )  # fmt: skip
