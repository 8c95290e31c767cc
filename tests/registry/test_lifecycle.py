"""The life cycle: which state may follow which, from which day, on what evidence."""

from __future__ import annotations

from datetime import date

import pytest

from liangxin.findings import InputError
from liangxin.registry.fields import STATES
from liangxin.registry.lifecycle import ALLOWED, NEEDS_EVIDENCE, StateChange, add, state_on, usual_effect

OPEN = StateChange("U1", "operating", date(2011, 1, 1))
CLOSED = StateChange("U1", "deregistered", date(2011, 8, 3), "注销证明")


def refused(history: tuple[StateChange, ...], change: StateChange) -> list[str]:
    with pytest.raises(InputError) as error:
        add(history, change)
    return [finding.code for finding in error.value.findings]


@pytest.mark.clause("4.1")
def test_a_history_answers_for_any_day() -> None:
    """Before the first entry the state is not yet known; a change counts from its own day."""
    history = add(add((), OPEN), CLOSED)
    days = (date(2010, 12, 31), date(2011, 1, 1), date(2011, 8, 2), date(2011, 8, 3))
    assert [state_on(history, day) for day in days] == [None, "operating", "operating", "deregistered"]


def test_deregistered_is_the_end() -> None:
    """A firm founded anew has a new code and is a new unit."""
    assert refused((OPEN, CLOSED), StateChange("U1", "operating", date(2011, 9, 1))) == ["not_allowed"]


def test_leaving_the_base_needs_evidence() -> None:
    """A group that found nobody says how it looked."""
    assert refused((OPEN,), StateChange("U1", "not_found", date(2011, 8, 5))) == ["no_evidence"]
    assert add((OPEN,), StateChange("U1", "suspended", date(2011, 8, 5)))[-1].state == "suspended"


def test_all_that_is_wrong_at_once() -> None:
    """Another unit, a day before the last, no evidence."""
    change = StateChange("U2", "shell", date(2010, 1, 1))
    assert refused((OPEN,), change) == ["no_evidence", "other_unit", "not_after"]


def test_an_unknown_state() -> None:
    """Said with the accepted words."""
    assert refused((), StateChange("U1", "closed", date(2011, 8, 1))) == ["not_a_choice"]


def test_the_tables_speak_of_every_state() -> None:
    """A state added to the field table must be thought of here."""
    assert set(ALLOWED) == set(STATES)
    assert set(STATES) >= NEEDS_EVIDENCE
    assert [state for state in STATES if usual_effect(state) == "in_base"] == ["operating"]
    assert usual_effect(None) == "in_base"
