"""Taking back, field by field: what is still as the change set wrote it goes back, what is another's by now stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.api.conftest import caller_of  # noqa: F401

from liangxin.registry.access import Role
from liangxin.web.accounts.permission import permit
from liangxin.web.units import actions
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit, write
from liangxin.web.units.undoing import undo
from liangxin.wording import Text

WORDS = Text("改", "edit")


@pytest.fixture
def unit(town: Any) -> Unit:
    found = Unit.objects.filter(town=town, kind="enterprise").order_by("pk")[0]
    write(town, None, "edit", WORDS, [Edit(found, {"staff": 1, "applicants": 1, "remark": None})])
    return Unit.objects.get(pk=found.pk)


def edit(town: Any, by: Any, unit: Unit, **values: Any) -> ChangeSet:
    return write(town, by, "edit", WORDS, [Edit(unit, values)])


def facts(unit: Unit) -> tuple[Any, ...]:
    found = Unit.objects.get(pk=unit.pk)
    return found.staff, found.applicants, found.remark


def test_the_last_and_then_the_one_before(town: Any, alice: Any, unit: Unit) -> None:
    """1 → 2 → 3, taken back in turn: 2, then 1."""
    first, second = edit(town, alice, unit, staff=2), edit(town, alice, unit, staff=3)
    undo(second, alice)
    assert 2 == facts(unit)[0]
    done = undo(first, alice)
    assert (1, 1, ()) == (facts(unit)[0], done.taken_back, done.kept)


def test_a_colleagues_other_field_keeps_nothing_back(town: Any, alice: Any, bob: Any, unit: Unit) -> None:
    """Alice wrote two fields; Bob changed one of them and a third: hers goes back, his two stay."""
    done = edit(town, alice, unit, staff=2, applicants=2)
    edit(town, bob, unit, applicants=5, remark="去过")
    undone = actions.undo_change_set(permit(alice, town), done)
    assert (1, 5, "去过") == facts(unit)
    assert [("applicants", 2, 5, "bob")] == [
        (each.field, each.before, each.after, each.by) for each in undone.kept
    ]
    assert (1, (unit.pk,)) == (undone.taken_back, tuple(each.pk for each in undone.left))


def test_what_is_back_already_is_not_called_kept(town: Any, alice: Any, bob: Any, unit: Unit) -> None:
    """Bob typed the old value himself: there is nothing to take back, and nothing to tell."""
    done = edit(town, alice, unit, staff=2)
    edit(town, bob, unit, staff=1)
    undone = undo(done, alice)
    assert (1, 0, ()) == (facts(unit)[0], undone.taken_back, undone.kept)


def test_undone_by_mistake_is_restored(town: Any, alice: Any, bob: Any, unit: Unit, as_person: Any) -> None:
    """The office undoes Bob's; from the page of the undo it comes back, and what came since stays."""
    client = as_person(alice)
    done = edit(town, bob, unit, staff=2, applicants=2)
    at = f"/t/{town.code}/units/changes/"
    client.post(f"{at}{done.pk}/undo/")
    assert (1, 1) == facts(unit)[:2]
    done = ChangeSet.objects.get(pk=done.pk)
    assert done.is_undone
    edit(town, bob, unit, applicants=7)
    assert "恢复" in client.get(f"{at}{done.undone_by.pk}/").content.decode()
    page = client.post(f"{at}{done.undone_by.pk}/undo/", follow=True).content.decode()
    assert (2, 7) == facts(unit)[:2]
    assert "已恢复 1 家单位的修改" in page and "从“1”改成“7”" in page
    done = ChangeSet.objects.get(pk=done.pk)
    assert not done.is_undone
    assert "恢复：改" in client.get(at).content.decode()
    assert "撤销后又恢复" in client.get(f"{at}{done.pk}/").content.decode()


@pytest.mark.parametrize(
    ("who", "whose", "times", "may"),
    [
        ("alice", "alice", 0, True),
        ("alice", "bob", 0, True),
        ("bob", "bob", 0, True),
        ("bob", "alice", 0, False),
        ("alice", "alice", 1, False),  # it was undone already
        ("bob", "bob", 1, False),
    ],
)
def test_one_rule_for_page_and_api(
    who: str, whose: str, times: int, may: bool, town: Any, alice: Any, bob: Any, as_person: Any, call: Any
) -> None:
    """The button, the page's address and the API's agree."""
    people = {"alice": alice, "bob": bob}
    own = Unit.objects.filter(town=town, task_group=town.as_core().task_groups[0].id).first()
    done = [edit(town, people[whose], own, staff=900 + number) for number in range(2)]
    for each in done:
        for _ in range(times):
            undo(each, people[whose])
    client = as_person(people[who])
    page, api = done
    shown = client.get(f"/t/{town.code}/units/changes/{page.pk}/").content.decode()
    assert may is ("撤销整批</button>" in shown)
    call(people[who]).ask(f"changes/{api.pk}/undo", status=200 if may else 409)
    client.post(f"/t/{town.code}/units/changes/{page.pk}/undo/")
    undone = [hasattr(ChangeSet.objects.get(pk=each.pk), "undone_by") for each in done]
    assert [may or times > 0] * 2 == undone


def test_the_api_restores_what_the_page_restores(town: Any, alice: Any, unit: Unit, call: Any) -> None:
    """An undo is undone by API too, once."""
    done = edit(town, alice, unit, staff=2)
    first = call(alice).ask(f"changes/{done.pk}/undo")
    call(alice).ask(f"changes/{first['change_set']}/undo")
    assert 2 == facts(unit)[0]
    call(alice).ask(f"changes/{first['change_set']}/undo", status=409)


def test_units_that_are_no_longer_ones_own_stay(town: Any, alice: Any, bob: Any, call: Any) -> None:
    """Bob changed two units; one was given to another group since: only his own goes back, the other is not told of."""
    groups = town.as_core().task_groups
    mine = list(Unit.objects.filter(town=town, task_group=groups[0].id).order_by("pk")[:2])
    done = write(town, bob, "bulk", WORDS, [Edit(unit, {"remark": "看过"}) for unit in mine])
    edit(town, alice, mine[1], task_group=groups[1].id)
    answer = call(bob).ask(f"changes/{done.pk}/undo")
    assert (1, [mine[1].unit_id], []) == (answer["taken_back"], answer["kept"], answer["kept_values"])
    assert "看过" == Unit.objects.get(pk=mine[1].pk).remark


def test_an_added_unit_goes_only_as_it_was_added(town: Any, alice: Any, bob: Any) -> None:
    """Changed and changed back it goes with its import; changed it stays whole, and is named."""
    made = write(
        town, alice, "import", WORDS,
        [Edit(None, {"unit_id": id, "name": "长乐岚汀试验厂", "staff": 5}) for id in ("N1", "N2", "N3")],
    )  # fmt: skip
    first, second, _ = Unit.objects.filter(unit_id__in=("N1", "N2", "N3")).order_by("unit_id")
    undo(edit(town, bob, first, staff=6), bob)
    edit(town, bob, second, remark="去过")
    undone = undo(made, alice)
    assert (2, ["N2"]) == (undone.taken_back, [each.unit_id for each in undone.kept])
    assert ["N2"] == [id for id in live(town).frame["unit_id"] if id.startswith("N")]
    undo(undone.change_set, alice)
    assert ["N1", "N2", "N3"] == sorted(id for id in live(town).frame["unit_id"] if id.startswith("N"))


def test_two_who_undo_at_once_do_it_once(town: Any, alice: Any, bob: Any, unit: Unit) -> None:
    """Both saw the button: the second is told."""
    done = edit(town, bob, unit, staff=2)
    seen = ChangeSet.objects.get(pk=done.pk)
    actions.undo_change_set(permit(alice, town), seen)
    with pytest.raises(actions.NotUndoableError):
        actions.undo_change_set(permit(alice, town), seen)


@pytest.mark.django_db
def test_whatever_is_done_is_taken_back_from_the_last(town: Any, alice: Any, unit: Unit) -> None:
    """Any row of edits, undone from the last to the first, leaves the unit as it was."""
    before = facts(unit)
    numbers = st.integers(0, 3)
    one = st.fixed_dictionaries(
        {},
        optional={"staff": numbers, "applicants": numbers, "remark": st.sampled_from(["去过", "没去", None])},
    )

    @settings(max_examples=25, deadline=None)
    @given(st.lists(one.filter(bool), min_size=1, max_size=5))
    def check(steps: list[dict[str, Any]]) -> None:
        done = [edit(town, alice, unit, **values) for values in steps]
        for each in reversed(done):
            assert () == undo(each, alice).kept
        assert before == facts(unit)

    check()


def test_a_reader_undoes_nothing(town: Any, unit: Unit) -> None:
    from tests.web.conftest import person

    reader = person("reader", town, Role.COUNTY_READER)
    done = edit(town, reader, unit, staff=2)
    with pytest.raises(actions.NotUndoableError):
        actions.undo_change_set(permit(reader, town), done)
