"""Numba, compiled once and kept on disk where that is possible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def compiled(function: Callable[..., Any]) -> Any:
    """Compile to machine code. The code is cached beside the source or, where that is read-only, in the user's cache
    folder (``NUMBA_CACHE_DIR`` overrides); where neither can be written it is compiled afresh in each process."""
    import numba

    try:
        return numba.njit(cache=True)(function)
    except RuntimeError:  # numba finds no folder that it may write to
        return numba.njit(function)
