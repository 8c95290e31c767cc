"""Panics of readers that are written in Rust (spreadsheets, Parquet): how they end where they did not think of something.

Python gets them as ``PanicException``, which is no ``Exception`` and is exported by nobody: it passes every ordinary handler.
"""

from __future__ import annotations


def is_panic(wrong: BaseException) -> bool:
    return not isinstance(wrong, Exception) and type(wrong).__name__ == "PanicException"
