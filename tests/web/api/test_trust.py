"""What is personal, the audit log, and the end of a drive, through the API."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.audit.models import Event
from liangxin.web.holders.models import Holder
from liangxin.web.units.models import Unit

NAME, TELEPHONE = "欧阳晓明", "13857501234"
pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def unit(town: Any) -> Any:
    """A unit of Bob's group."""
    return Unit.objects.filter(
        town=town, task_group=town.as_core().task_groups[0].id, removed=False
    ).order_by("pk")[0]


@pytest.mark.clause("4.5")
def test_a_holder_is_masked_until_there_is_a_reason(call: Any, unit: Any, bob: Any) -> None:
    """Entered by the group, seen in part; in full for a reason that is in the log; ended, name and telephone are gone."""
    caller = call(bob)
    at = f"holders-of/unit/{unit.unit_id}"
    made = caller.ask(at, part="contact", name=NAME, telephone=TELEPHONE)
    seen = (
        caller.client.get(caller.base + at).content.decode()
        + caller.client.get(caller.base + "holders").content.decode()
    )
    assert NAME not in seen and TELEPHONE not in seen and made["name"].startswith("欧")
    assert {"reason"} == caller.refused(f"holders/{made['id']}/show", reason="看")
    full = caller.ask(f"holders/{made['id']}/show", reason="通知参加会议")
    assert {"name": NAME, "telephone": TELEPHONE} == full
    assert "通知参加会议" == Event.objects.filter(action="holder.show").get().reason
    assert [] == caller.ask(f"holders/{made['id']}/end") and not Holder.objects.exists()
    assert {"part", "telephone"} == caller.refused(at, part="king", name="张三", telephone="电话")


def test_holders_of_others_are_not_there(call: Any, town: Any, unit: Any, bob: Any, alice: Any) -> None:
    other = Unit.objects.filter(town=town, removed=False).exclude(task_group=unit.task_group).first()
    made = call(alice).ask(f"holders-of/unit/{other.unit_id}", part="secretary", name=NAME)
    caller = call(bob)
    assert 0 == caller.read("holders")["total"]
    caller.read(f"holders-of/unit/{other.unit_id}", status=404)
    for act, body in (("show", {"reason": "通知开会"}), ("end", {})):
        caller.ask(f"holders/{made['id']}/{act}", body, status=404)
    caller.ask("holders-export", reason="通知开会", status=403)


def test_the_list_taken_along_says_who_and_why(call: Any, unit: Any, alice: Any) -> None:
    office = call(alice)
    office.ask(f"holders-of/unit/{unit.unit_id}", part="secretary", name=NAME, telephone=TELEPHONE)
    answer = office.ask("holders-export", reason="通知参加会议")
    cells = [
        cell.value
        for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows()
        for cell in row
    ]
    assert NAME in cells and "alice" in cells[0] and "通知参加会议" in cells[0]
    english = office.ask("holders-export?lang=en", reason="for the training")
    cells = [
        cell.value
        for row in openpyxl.load_workbook(io.BytesIO(english.content)).active.iter_rows()
        for cell in row
    ]
    assert "Telephone" in cells and "-office-holders-" in english.headers["Content-Disposition"]


@pytest.mark.clause("5.2")
def test_the_log_is_searched_and_taken(call: Any, unit: Any, alice: Any, bob: Any) -> None:
    """By person, action, object and day; the file holds what the search found, and taking it is an event."""
    call(bob).ask(f"units/{unit.unit_id}", {"version": 1, "values": {"staff": 41}}, method="patch")
    office = call(alice)
    for query in ("actor=bob", "action=units.edit", f"object={unit.unit_id}&action=units.edit"):
        found = office.read(f"audit?{query}")
        assert "units.edit" == found["events"][0]["action"] and "bob" == found["events"][0]["actor"], query
    assert 0 == office.read("audit?until=2000-01-01")["total"]
    assert {"search"} == {each["code"] for each in office.read("audit?action=none", status=422)["findings"]}
    answer = office.read("audit.csv?actor=bob&lang=en")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert office.read("audit?actor=bob")["total"] == len(text.strip().splitlines()) - 1
    assert "audit.export" == Event.objects.order_by("-seq").first().action
    anchor = office.ask("audit/anchor")
    assert anchor["hash"] == Event.objects.get(action="audit.anchor").hash


def test_a_drive_is_ended_by_two(call: Any, town: Any, unit: Any, alice: Any) -> None:
    """Term, end, package, asked by one and confirmed by another; the proof names what went; nothing personal is left."""
    first, second = call(alice), call(person("helen", town, Role.OFFICE))
    first.ask(f"holders-of/unit/{unit.unit_id}", part="secretary", name=NAME, telephone=TELEPHONE)
    assert {"months"} == first.refused("closing/term", months=0)
    assert 3 == first.ask("closing/term", months=3)["months"]
    assert {"purge-order"} == first.refused("closing/ask", reason="行动结束")
    assert "2011-11-15" == first.ask("closing/end", on="2011-08-15")["due"]
    first.read("closing/proof", status=404)
    package = first.ask("closing/package")
    assert b"PK" == package.content[:2] and NAME.encode() not in package.content
    assert "alice" == first.ask("closing/ask", reason="行动结束")["asked_by"]
    assert "" == second.ask("closing/withdraw")["asked_by"]
    first.ask("closing/ask", reason="行动结束")
    assert {"purge-second"} == first.refused("closing/purge")
    done = second.ask("closing/purge")
    assert ("helen", 0) == (
        done["confirmed_by"],
        next(each["count"] for each in done["personal"] if each["id"] == "holders"),
    )
    assert {"holders": 1}.items() <= {
        each["id"]: each["count"] for each in second.read("closing/proof")["classes"]
    }.items()
    assert {"drive-ended"} == first.refused(f"holders-of/unit/{unit.unit_id}", part="contact", name="张三")
