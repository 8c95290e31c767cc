"""Credit codes that pass every check of GB 32100 and GB 11714; their bodies ("XL" and six digits) are made up."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = np.array([pow(3, place, 31) for place in range(17)])
_INNER_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INNER_WEIGHTS: Final = np.array([3, 7, 9, 10, 5, 8, 4, 2])
BODIES: Final = 1_000_000
PREFIXES: Final = {
    "enterprise": "91",
    "household": "92",
    "cooperative": "93",
    "social_group": "51",
    "civil_non_enterprise": "52",
    "intermediary": "91",
}


def credit_codes(kinds: list[str], division: str, rng: np.random.Generator) -> list[str]:
    """One code a unit, all different, for up to a million units. ``division``: the six digits of the county."""
    if len(kinds) > BODIES:
        raise ValueError(f"at most {BODIES} units have a code each, asked for {len(kinds)}")
    numbers = rng.permutation(BODIES)[: len(kinds)]
    digits = (numbers[:, None] // 10 ** np.arange(5, -1, -1)) % 10
    inner_values = np.column_stack(
        [np.full(len(kinds), _INNER_ALPHABET.index(letter)) for letter in "XL"] + [digits]
    )
    inner_check = (11 - inner_values @ _INNER_WEIGHTS % 11) % 11
    inner_letter = np.array(list("0123456789X"))[inner_check]
    first = [
        f"{PREFIXES[kind]}{division}XL{number:06d}{letter}"
        for kind, number, letter in zip(kinds, numbers.tolist(), inner_letter.tolist(), strict=True)
    ]
    check = (31 - _values(first) @ _WEIGHTS % 31) % 31
    return [code + ALPHABET[value] for code, value in zip(first, check.tolist(), strict=True)]


def _values(codes: list[str]) -> NDArray[np.int64]:
    """The value of each of the 17 places of each code."""
    lookup = np.zeros(128, dtype=np.int64)
    lookup[np.frombuffer(ALPHABET.encode(), dtype=np.uint8)] = np.arange(31)
    return lookup[np.frombuffer("".join(codes).encode(), dtype=np.uint8)].reshape(len(codes), 17)
