"""How a real county's business register is shaped: shares only, no name, code or address of any firm.

``register_shape.tsv`` holds what was counted in three public registers of one prefecture (about 3,800 firms that are not
branches of banks, posts or telecoms): trades at the depth that a name and a scope tell (68 of them; the share is the count),
kinds, where an address lies, the share of the places by rank, and quantiles of registered capital (10,000 yuan). Membership,
staff and revenue are in no register: they are made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from liangxin.sample.trades import Trade

_FILE: Final = "register_shape.tsv"


@dataclass(frozen=True, slots=True)
class RegisterShape:
    """Shares need not add up to one. ``capital``: (quantile, 10,000 yuan), ascending."""

    trades: tuple[tuple[Trade, float], ...]
    kinds: tuple[tuple[str, float], ...]
    settings: tuple[
        tuple[str, float], ...
    ]  # village, road, town (no more than the town is given), park, building, market
    places: tuple[float, ...]
    capital: tuple[tuple[float, float], ...]


@cache
def register_shape() -> RegisterShape:
    rows = [
        line.split("\t")
        for line in files("liangxin.sample").joinpath(_FILE).read_text(encoding="utf-8").splitlines()[1:]
    ]

    def of(subject: str) -> list[tuple[str, float, str]]:
        return [(key, float(share), word) for kind, key, share, word in rows if kind == subject]

    return RegisterShape(
        tuple((Trade(key, word), share) for key, share, word in of("trade")),
        tuple((key, share) for key, share, _ in of("kind")),
        tuple((key, share) for key, share, _ in of("setting")),
        tuple(share for _, share, _ in of("place")),
        tuple((float(key), amount) for key, amount, _ in of("capital")),
    )
