"""Where the town stands, through the API: the same numbers as the page and the lists behind them; the reports."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest

from liangxin.coverage import count
from liangxin.registry.access import Reach
from liangxin.web.accounts.permission import permit
from liangxin.web.overview import queries, telling
from liangxin.web.policies.queries import today
from liangxin.web.units.live import live


@pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
@pytest.mark.parametrize("part", telling.PARTS)
def test_parts_add_up_to_the_town(call: Any, town: Any, alice: Any, part: str) -> None:
    """For who reads the whole town nothing is withheld, and the parts' numbers are the town's."""
    found = call(alice).read(f"overview/by/{part}")
    totals = count(live(town).classified)
    for at, each in enumerate(found["parts"][0]["rates"]):
        for name in ("numerator", "denominator", "unknown"):
            assert getattr(totals[each["id"]], name) == sum(row["rates"][at][name] for row in found["parts"])
    assert not any(rate["withheld"] for row in found["parts"] for rate in row["rates"])


def test_small_numbers_are_withheld_from_a_group(call: Any, town: Any, bob: Any) -> None:
    """The API tells Bob what the page tells him: no number of a part that would show single members."""
    assert Reach.TOWN is not permit(bob, town).reach(queries.Action.READ_UNITS)
    found = call(bob).read("overview/by/area")
    page = queries.by_part(permit(bob, town), "area", today(town))
    assert [[rate["withheld"] for rate in row["rates"]] for row in found["parts"]] == [
        [row.rate.hidden for row in rows] for _, _, rows in page
    ]
    hidden = [rate for row in found["parts"] for rate in row["rates"] if rate["withheld"]]
    assert hidden and all(
        (0, 0, None) == (each["numerator"], each["denominator"], each["value"]) for each in hidden
    )


def test_what_is_blocked_opens_its_list(call: Any, alice: Any) -> None:
    office = call(alice)
    found = office.read("overview/blocked")
    assert found and all(
        each["units"] == office.read(f"units?{each['query']}&size=1")["total"] for each in found
    )


def test_trend_and_yesterday(call: Any, town: Any, alice: Any) -> None:
    """Each day of the drive up to today, whose numbers are the indicators'; a correction is in what changed since."""
    office = call(alice)
    days = office.read("overview/trend")
    now = {each["id"]: each["numerator"] for each in office.read("indicators")["indicators"]}
    assert (
        15 == len(days)
        and {each["id"]: each["numerator"] for each in days[-1]["rates"]}.items() <= now.items()
    )
    now_base = next(each["denominator"] for each in days[-1]["rates"] if each["id"] == "1.4")
    unit = office.read("indicators/1.4/denominator?size=1")["units"][0]
    sent = {"version": unit["version"], "values": {"state": "deregistered"}}
    office.ask(f"units/{unit['unit_id']}", sent, method="patch")
    since = office.read("overview/since-yesterday")
    moved = {each["id"]: each for each in since["moved"]}
    after = next(each for each in office.read("indicators")["indicators"] if each["id"] == "1.4")
    assert now_base - 1 == after["denominator"] == moved["1.4"]["after"]["denominator"]
    assert since["units"] >= 1 and since["change_sets"]


def test_reports_as_files(call: Any, town: Any, alice: Any, bob: Any) -> None:
    """Word and PDF in either language; official reports are exports, so not for Bob."""
    office = call(alice)
    page = docx.Document(io.BytesIO(office.read("overview/progress.docx?part=kind").content))
    rate = next(each for each in office.read("indicators")["indicators"] if each["id"] == "1.4")
    assert any(
        f"{rate['denominator']:,}" in cell.text
        for table in page.tables
        for row in table.rows
        for cell in row.cells
    )
    for name in ("monthly", "summary"):
        assert b"PK" == office.read(f"overview/{name}.docx?lang=en").content[:2]
        assert b"%PDF" == office.read(f"overview/{name}.pdf").content[:4]
        call(bob).read(f"overview/{name}.pdf", status=403)
    office.read("overview/monthly.svg", status=422)


@pytest.mark.clause("2.1")
def test_every_rule_in_words(call: Any, town: Any, alice: Any) -> None:
    """Numbers of the policy page open lists of that length."""
    office = call(alice)
    found = office.read("policy")
    assert (live(town).policy.id, True) == (found["id"], len(found["sections"]) > 5)
    numbers = [
        n for section in found["sections"] for rule in section["rules"] for n in rule["numbers"] if n["query"]
    ]
    assert numbers
    for each in numbers[::7]:
        assert each["value"] == office.read(f"units?{each['query']}&size=1")["total"]
