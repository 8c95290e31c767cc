"""Many units through the API: previewed, done as one change set, taken back; lists kept under a name."""

from __future__ import annotations

from typing import Any

import pytest

from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit

pytestmark = pytest.mark.clause("4.1")


def staff(town: Any) -> dict[str, int | None]:
    return dict(Unit.objects.filter(town=town).values_list("unit_id", "staff"))


def test_one_field_of_all_that_a_filter_finds(call: Any, town: Any, alice: Any) -> None:
    """The preview says what is done, nothing is written; applied it is one change set, and undone all is as it was."""
    office = call(alice)
    before = staff(town)
    total = office.read("units?kind=household")["total"]
    wanted = {"field": "staff", "value": "77", "matching": {"kind": "household"}}
    seen = office.ask("units-bulk", wanted)
    assert (total, None) == (seen["units"], seen["change_set"]) and before == staff(town)
    assert seen["units"] == seen["same"] + len({each["unit_id"] for each in seen["differences"]})
    assert {"not-previewed"} == office.refused("units-bulk", **wanted, apply=True)
    done = office.ask("units-bulk", wanted, apply=True, seen=seen["seen"])
    assert seen["differences"] == done["differences"]
    assert total == Unit.objects.filter(town=town, kind="household", staff=77).count()
    office.ask(f"changes/{done['change_set']}/undo")
    assert before == staff(town)


def test_a_value_that_cannot_be_is_refused_and_nothing_done(call: Any, town: Any, alice: Any) -> None:
    before, sets = staff(town), ChangeSet.objects.count()
    units = list(before)[:3]
    assert {"not_a_number"} == call(alice).refused(
        "units-bulk", field="staff", value="很多", units=units, apply=True, seen=f"1-{'0' * 32}"
    )
    assert {"bulk-field"} == call(alice).refused("units-bulk", field="unit_id", value="X", units=units)
    assert (before, sets) == (staff(town), ChangeSet.objects.count())


def test_other_groups_units_are_left_out(call: Any, town: Any, bob: Any) -> None:
    """Bob names every unit of the town; his own are changed."""
    group = town.as_core().task_groups[0].id
    wanted = {"field": "remark", "value": "已联系", "units": list(staff(town))}
    seen = call(bob).ask("units-bulk", wanted)["seen"]
    done = call(bob).ask("units-bulk", wanted, apply=True, seen=seen)
    touched = set(Unit.objects.filter(town=town, remark="已联系").values_list("task_group", flat=True))
    assert ({group}, Unit.objects.filter(town=town, task_group=group).count()) == (touched, done["units"])


def test_a_block_from_excel(call: Any, town: Any, alice: Any) -> None:
    """In the headers of the office; every wrong row is named and then nothing is done."""
    first, second = Unit.objects.filter(town=town, kind="enterprise").order_by("pk")[:2]
    office = call(alice)
    block = f"编号\t从业人数\n{first.unit_id}\t51\n{second.unit_id}\t52\n"
    seen = office.ask("units-paste", text=block)
    assert (2, None) == (seen["units"], seen["change_set"])
    office.ask("units-paste", text=block, apply=True, seen=seen["seen"])
    assert [51, 52] == [staff(town)[each.unit_id] for each in (first, second)]
    wrong = office.ask(
        "units-paste", text="编号\t从业人数\nX1\t5\nX2\t6\n", apply=True, seen=seen["seen"], status=422
    )
    assert ["paste-unit"] * 2 == [each["code"] for each in wrong["findings"]]
    assert {"paste-empty"} == office.refused("units-paste", text="编号")


def test_identity_numbers_are_refused(call: Any, town: Any, alice: Any) -> None:
    unit = Unit.objects.filter(town=town).first()
    number = "11010519491231002X"
    text = f"编号\t备注\n{unit.unit_id}\t{number}\n"
    answer = call(alice).ask("units-paste", text=text, status=422)
    assert "identity_number" in {each["code"] for each in answer["findings"]}
    assert number not in str(answer) and not Unit.objects.filter(remark__contains=number).exists()


def test_a_list_kept_under_a_name(call: Any, town: Any, alice: Any, bob: Any) -> None:
    """Kept, read, replaced under the same name, dropped; another's is not there."""
    office = call(alice)
    kept = office.ask("saved-lists", name="企业", filter={"kind": "enterprise"}, columns=["staff", "nothing"])
    assert {"name": "企业", "filter": {"kind": "enterprise"}, "columns": ["staff"]}.items() <= kept.items()
    again = office.ask("saved-lists", name="企业", filter={"class": "", "q": "厂"})
    assert (kept["id"], {"q": "厂"}) == (again["id"], again["filter"])
    assert [] == call(bob).read("saved-lists")
    assert [] == call(bob).ask(f"saved-lists/{kept['id']}", method="delete")
    assert [again] == office.read("saved-lists")
    assert {"filter"} == office.refused("saved-lists", name="错", filter={"kind": "planet"})
    assert [] == office.ask(f"saved-lists/{kept['id']}", method="delete")


def test_a_place_holds_as_many_as_its_list(call: Any, town: Any, alice: Any, bob: Any) -> None:
    """The office's units and Bob's own, in each of the highest places and in none."""
    mine = Unit.objects.filter(town=town, task_group=town.as_core().task_groups[0].id).count()
    for who, most in ((alice, live(town).frame.height), (bob, mine)):
        caller = call(who)
        found = caller.read("units-places")
        top = {each["id"]: each["units"] for each in found["places"] if each["parent"] is None}
        assert top == {id: caller.read(f"units?place={id}&size=1")["total"] for id in top}
        assert found["nowhere"] == caller.read("units?place=nowhere&size=1")["total"]
        assert max(top.values()) + found["nowhere"] <= most
