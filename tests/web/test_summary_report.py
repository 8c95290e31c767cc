"""总结报告 on the site: the numbers of the ledger on the first day and now, as docx and PDF, with its event, for those who may export."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import docx
import polars as pl
import pytest
from pypdf import PdfReader
from tests.web.conftest import person

from liangxin.coverage import count
from liangxin.registry.access import Role
from liangxin.web.audit.models import Event
from liangxin.web.units.live import live


def url(town: Any, ending: str) -> str:
    return f"/t/{town.code}/overview/summary.{ending}"


@pytest.mark.clause("4.6", "1.1", "1.4", "4.1")
def test_its_numbers_are_those_of_the_ledger(town: Any, alice: Any, as_person: Any) -> None:
    """Targets as the core counts them; units of each form, and those in scope, as in the ledger."""
    made = docx.Document(BytesIO(as_person(alice).get(url(town, "docx")).content))
    shown, text = live(town), "\n".join(each.text for each in made.paragraphs)
    targets = {row.cells[0].text: row.cells[4].text for row in made.tables[0].rows}
    for each in shown.policy.indicators:
        if each.target is not None:
            rate = count(shown.classified)[each.id]
            assert targets[each.label.zh] == (
                f"{rate.numerator}/{rate.denominator}" if rate.denominator else "—"
            )
    frame = shown.classified.frame.filter("in_scope")
    separate = frame.filter(pl.col("organization_form") == "separate")
    forms = {row.cells[0].text: row.cells[2].text for row in made.tables[1].rows}
    assert str(separate.height) == forms["单独组建"] != "0"
    assert f"名册共{shown.frame.height}家，列入行动范围{frame.height}家" in text
    left = frame.filter("required", pl.col("organization_form") == "none").height
    assert f"应建未建的单位{left}家" in text


def test_the_pdf_and_its_event(town: Any, alice: Any, as_person: Any) -> None:
    made = as_person(alice).get(url(town, "pdf"))
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.content)).pages)
    assert "专项行动情况的总结报告" in text
    event = Event.objects.filter(action="document.export").order_by("-seq")[0]
    assert (alice.username, "summary-report") == (event.actor, event.object_id)
    assert 404 == as_person(alice).get(url(town, "xlsx")).status_code


@pytest.mark.parametrize(
    ("role", "may"),
    [(Role.OFFICE, True), (Role.LEADING_GROUP, True), (Role.GROUP_MEMBER, False), (None, False)],
)
def test_who_may_have_it(role: Role | None, may: bool, town: Any, as_person: Any) -> None:
    client = as_person(person("somebody", town, role, "G1" if role is Role.GROUP_MEMBER else ""))
    assert (200 == client.get(url(town, "pdf")).status_code) is may
