"""The monthly report on the site: the numbers of the overview, as docx and PDF, with its event, and who may have it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
import pytest
from pypdf import PdfReader
from tests.web.conftest import person

from liangxin.coverage import count
from liangxin.registry.access import Role
from liangxin.web.audit.models import Event
from liangxin.web.units.live import live


def url(town: Any, ending: str) -> str:
    return f"/t/{town.code}/overview/monthly.{ending}"


@pytest.mark.clause("1.1", "1.4")
def test_its_numbers_are_those_of_the_core(town: Any, alice: Any, as_person: Any) -> None:
    """Each target's units in the Word table equal what the core counts now."""
    made = as_person(alice).get(url(town, "docx"))
    rows = [[cell.text for cell in row.cells] for row in docx.Document(BytesIO(made.content)).tables[0].rows]
    rates = count(live(town).classified)
    units = {row[0]: row[4] for row in rows[1:]}
    wanted = [each for each in live(town).policy.indicators if each.target is not None]
    assert wanted
    for each in wanted:
        rate = rates[each.id]
        expected = f"{rate.numerator}/{rate.denominator}" if rate.denominator else "—"
        assert units[each.label.zh] == expected


def test_the_pdf_and_its_event(town: Any, alice: Any, as_person: Any) -> None:
    """A PDF of that month; the log says who took it."""
    made = as_person(alice).get(url(town, "pdf"))
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.content)).pages)
    assert "两新组织党建工作进展情况的报告" in text
    event = Event.objects.filter(action="document.export").order_by("-seq")[0]
    assert event.actor == alice.username
    assert event.object_id == "monthly-report"


def test_an_ending_there_is_not(town: Any, alice: Any, as_person: Any) -> None:
    """Not found, no server error."""
    assert as_person(alice).get(url(town, "xlsx")).status_code == 404


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.OFFICE, True), (Role.LEADING_GROUP, True), (Role.GROUP_MEMBER, False), (None, False)],
)
def test_who_may_have_it(role: Role | None, may: bool, town: Any, as_person: Any) -> None:
    """Those who may export; a group's member and an outsider may not, and the page offers it to nobody else."""
    client = as_person(person("somebody", town, role, "G1" if role is Role.GROUP_MEMBER else ""))
    assert (client.get(url(town, "pdf")).status_code == 200) is may
    page = client.get(f"/t/{town.code}/overview/").content.decode()
    assert ("monthly.pdf" in page) is may
