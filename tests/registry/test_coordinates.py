"""Positions taken from a Chinese map service are recognised as a whole."""

from __future__ import annotations

import random

import pytest
from tests.registry.ledger_frame import ledger

from liangxin.registry.coordinates import gcj02_shift, position_findings
from liangxin.registry.town import Area, Town

VILLAGES = tuple(
    Area(f"V{number}", f"村{number}", "village", None, (120.55 + number * 0.01, 29.45))
    for number in range(12)
)
TOWN = Town("长乐镇", "330683101", VILLAGES)


def scattered(shift: tuple[float, float], units: int) -> list[str]:
    """Units up to 800 m around their village, all shifted; the findings' codes."""
    draw = random.Random(3)
    frame = ledger(
        *[
            {
                "village": f"V{number % 12}",
                "lon": 120.55 + number % 12 * 0.01 + draw.uniform(-0.008, 0.008) + shift[0],
                "lat": 29.45 + draw.uniform(-0.007, 0.007) + shift[1],
            }
            for number in range(units)
        ]
    )
    return [item.finding.code for item in position_findings(frame, TOWN)]


def test_the_shift_at_a_published_point() -> None:
    """Tiananmen: WGS 84 116.391388, 39.907500 is GCJ-02 116.397632, 39.908902."""
    shift = gcj02_shift(116.391388, 39.907500)
    assert shift == (pytest.approx(0.006244, abs=2e-5), pytest.approx(0.001402, abs=2e-5))


def test_shifted_positions_are_said_once() -> None:
    """With enough units the middle of the scatter tells."""
    assert scattered(gcj02_shift(120.6, 29.45), 2000) == ["gcj02"]


def test_positions_of_phones_are_not_suspected() -> None:
    """Nor a shift the other way, nor so few units that chance could do it."""
    east, north = gcj02_shift(120.6, 29.45)
    assert scattered((0, 0), 2000) == []
    assert scattered((-east, -north), 2000) == []
    assert scattered((east, north), 10) == []
