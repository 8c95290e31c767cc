"""Random numbers that give the same town on every machine: one independent PCG64 stream per subject."""

from __future__ import annotations

import zlib

import numpy as np


def stream(seed: int, units: int, subject: str) -> np.random.Generator:
    """The generator for one subject ("names", "members" ...), so that a change in one subject leaves the others alone."""
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([seed, units, zlib.crc32(subject.encode())]))
    )
