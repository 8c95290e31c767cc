"""The state of registration as a state of the ledger."""

from __future__ import annotations

import pytest

from liangxin.registry.register_state import read_state


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("存续", "operating"),
        ("存续（在营、开业、在册）", "operating"),
        ("在业", "operating"),
        ("注销", "deregistered"),
        ("吊销，已注销", "deregistered"),
        ("吊销,未注销", None),
        ("吊销", None),
        ("注销中", None),
        ("迁出", "moved_out"),
        ("迁入", "operating"),
        ("停业", "suspended"),
        ("N/A", None),
        ("", None),
    ],
)
def test_states(written: str, state: str | None) -> None:
    found = read_state(written)
    assert (found.state, found.readable) == (state, True)


def test_a_revoked_licence_is_to_be_checked_on_site() -> None:
    note = read_state("吊销，未注销").note
    assert note is not None
    assert "核实" in note.zh


def test_an_unknown_word_is_said_to_be_unreadable() -> None:
    assert read_state("量子态").readable is False
