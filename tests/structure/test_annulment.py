"""Annulling several entries one after the other: what was annulled since is not in the way of those before."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangxin.findings import InputError
from liangxin.structure import Adjust, Annul, Dissolve, Found, Operation, Record, Tree, apply, apply_all

DAYS = [date(2011, 8, day) for day in range(1, 31)]


def renamed(times: int) -> Tree:
    """A branch B, founded by entry 2 and renamed by entries 3, 4, …"""
    steps: list[Operation] = [
        Record(on=None, id="T", name="党委", type="party_committee", parent=None),
        Found(on=DAYS[0], id="B", name="名0", type="branch", parent="T"),
        *(Adjust(on=DAYS[n], organization="B", name=f"名{n}") for n in range(1, times + 1)),
    ]
    return apply_all(Tree(), steps)


@given(st.integers(1, 8), st.data())
def test_the_last_first_undoes_them_all(times: int, data: st.DataObject) -> None:
    """After so many annulments, the last entry first, the name is the one of that many entries before."""
    back = data.draw(st.integers(1, times))
    tree = renamed(times)
    for step in range(back):
        tree = apply(tree, Annul(on=DAYS[10 + step], entry=times + 2 - step))
    assert f"名{times - back}" == tree.on(DAYS[29]).organizations["B"].name
    assert f"名{times}" == tree.on(DAYS[times]).organizations["B"].name  # the days between keep theirs


def test_all_on_one_day() -> None:
    """A document that annuls a reply takes back what it did on one day."""
    tree = apply_all(renamed(2), [Annul(on=DAYS[10], entry=entry) for entry in (4, 3, 2)])
    assert "B" in tree.on(DAYS[9]).organizations and "B" not in tree.on(DAYS[10]).organizations


def test_a_later_change_that_still_counts_is_in_the_way() -> None:
    """Annulling the first of two names is refused, with the number of the second."""
    with pytest.raises(InputError, match="先撤回后面的") as refused:
        apply(renamed(2), Annul(on=DAYS[10], entry=3))
    assert "第4笔" in refused.value.findings[0].message.zh
    with pytest.raises(InputError, match="第6笔"):
        tree = apply(renamed(2), Annul(on=DAYS[10], entry=4))
        tree = apply(tree, Adjust(on=DAYS[11], organization="B", name="又改"))
        apply(tree, Annul(on=DAYS[12], entry=3))


def test_an_entry_is_annulled_once() -> None:
    """A second time there is nothing left to take back."""
    tree = apply(renamed(2), Annul(on=DAYS[10], entry=4))
    with pytest.raises(InputError, match="不用撤回"):
        apply(tree, Annul(on=DAYS[11], entry=4))


def test_an_annulment_is_annulled() -> None:
    """Then what it took back holds again, and can be annulled in its turn."""
    tree = apply_all(renamed(2), [Annul(on=DAYS[10], entry=4), Annul(on=DAYS[11], entry=5)])
    assert ["名1", "名2"] == [tree.on(DAYS[day]).organizations["B"].name for day in (10, 11)]
    assert "名1" == apply(tree, Annul(on=DAYS[12], entry=6)).on(DAYS[12]).organizations["B"].name


def test_an_annulled_dissolution_lets_the_founding_be_annulled() -> None:
    """What ended the branch was taken back, so the branch stands on its founding alone."""
    tree = apply(renamed(0), Dissolve(on=DAYS[5], organization="B"))
    with pytest.raises(InputError, match="先撤回后面的"):
        apply(tree, Annul(on=DAYS[6], entry=2))
    tree = apply(tree, Annul(on=DAYS[6], entry=3))
    assert "B" in tree.on(DAYS[6]).organizations
    assert "B" not in apply(tree, Annul(on=DAYS[7], entry=2)).on(DAYS[7]).organizations
