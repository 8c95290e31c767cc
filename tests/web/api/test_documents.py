"""Lists and documents through the API: what there is, the file with that many rows, the job, who took what."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import polars as pl
import pytest
from tests.web.conftest import person
from tests.web.planned import Capture, plans_solved, run_of_the_town  # noqa: F401

from liangxin.registry.access import Role
from liangxin.web.documents import services
from liangxin.web.documents.models import Export
from liangxin.web.plans.models import PlanRun

pytestmark = pytest.mark.clause("4.2")


def test_numbers_of_the_list_are_the_files(call: Any, alice: Any) -> None:
    """The ledger in each kind, and every roster as a workbook; each is written down."""
    office = call(alice)
    found = office.read("documents")
    ledger = found[0]
    made = pl.read_parquet(io.BytesIO(office.read("documents/files/ledger.parquet").content))
    assert (ledger["rows"], ["xlsx", "csv", "parquet"]) == (made.height, ledger["kinds"])
    for each in found[1:]:
        assert (
            b"PK" == office.read(f"documents/files/{each['document']}.{each['kinds'][0]}?lang=en").content[:2]
        )
    log = office.read("documents/exports")
    assert (len(found), ledger["rows"]) == (log["total"], log["exports"][-1]["rows"])


def test_the_ledger_follows_the_filters(call: Any, alice: Any) -> None:
    office = call(alice)
    total = office.read("units?kind=household&size=1")["total"]
    made = pl.read_csv(io.BytesIO(office.read("documents/files/ledger.csv?kind=household").content))
    assert total == made.height
    assert "filter" in {
        each["code"] for each in office.read("documents/files/ledger.csv?kind=planet", status=422)["findings"]
    }
    for rest in ("nothing.xlsx", "ledger.pdf"):
        office.read(f"documents/files/{rest}", status=404)


@pytest.mark.clause("4.2", "A1", "A2")
def test_documents_of_a_plan(call: Any, run: PlanRun, alice: Any) -> None:
    office = call(alice)
    listed = {(each["document"], each["kinds"][0]) for each in office.read("documents")}
    assert {("implementation-plan", "docx"), ("network", "pdf"), ("task-groups", "docx")} <= listed
    assert b"PK" == office.read("documents/files/task-groups.docx").content[:2]
    assert run.number == office.read("plans")[0]["number"]


def test_large_ones_and_the_whole_set_are_jobs(
    call: Any, alice: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Capture
) -> None:
    """202 with the job; its result names the export; the file is for who asked, and for nobody else."""
    monkeypatch.setattr(services, "LARGE", 10)
    office = call(alice)
    with django_capture_on_commit_callbacks(execute=True):
        jobs = [
            office.read("documents/files/ledger.csv", status=202),
            office.ask("documents/all", status=202),
        ]
    ledger, everything = (office.read(f"jobs/{each['id']}")["result"] for each in jobs)
    made = office.read(f"documents/exports/{ledger['export']}").content
    assert ledger["rows"] == made.count(b"\n") - 1 == pl.read_csv(io.BytesIO(made)).height
    with zipfile.ZipFile(
        io.BytesIO(office.read(f"documents/exports/{everything['export']}").content)
    ) as archive:
        assert len(archive.namelist()) >= 7
    other = person("other", Export.objects.first().town, Role.OFFICE)
    call(other).read(f"documents/exports/{ledger['export']}", status=404)
    assert call(other).read("documents/exports")["total"] == 2
