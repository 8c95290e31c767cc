"""Stamps of an exported ledger: bound to ledger, unit, state and version; anything else is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liangxin.files.stamps import Stamp, read_state

numbers = st.integers(0, 10**9 - 1)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(), st.text(), numbers, numbers)
def test_written_and_read(ledger: str, unit: str, seq: int, version: int) -> None:
    """A stamp reads back as itself and is its own unit's."""
    stamp = Stamp.parse(f" {Stamp.of(ledger, unit, seq, version)} ")
    assert stamp is not None and stamp.is_of(ledger, unit)
    assert not stamp.is_of(ledger, unit + "1") and not stamp.is_of(ledger + "1", unit)


@pytest.mark.parametrize(
    "written",
    ["", None, 1.0, "v1.1", "v1.1.AAAAAAAA", "v-1.1.aaaaaaaa", "v1.1.aaaaaaa", "x v1.1.aaaaaaaa", "v1.1.aaaaaaaa;", "v١.1.aaaaaaaa"],
)  # fmt: skip
def test_what_is_no_stamp(written: object) -> None:
    assert Stamp.parse(written) is None


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04torn", b"a,b\n1,2\n"])
def test_a_file_without_a_state(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    assert read_state(path) is None
