"""Memory handed back between steps, so that the next one has it."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Hand freed memory back to the system where the C library can (glibc); elsewhere nothing happens."""
    gc.collect()
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
