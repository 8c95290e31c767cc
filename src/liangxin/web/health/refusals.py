"""Why the site cannot save now: the database's and the disk's own errors, in words."""

from __future__ import annotations

import errno
from enum import Enum
from typing import Final

from django.db import Error as DatabaseError

from liangxin.wording import Text


class Refusal(Enum):
    """Each with its code for programs, its sentence, and whether trying again soon is of use."""

    FULL = (
        "disk-full",
        Text(
            "磁盘满了，没有保存。请让系统管理员腾出空间；查看不受影响",
            "The disk is full; nothing was saved. Ask the administrator to make room; reading goes on",
        ),
        False,
    )
    READ_ONLY = (
        "read-only",
        Text(
            "数据现在只能看、不能改，没有保存。请告诉系统管理员；查看不受影响",
            "The data can only be read now; nothing was saved. Tell the administrator; reading goes on",
        ),
        False,
    )
    BUSY = (
        "busy",
        Text(
            "别的写入占着数据库，等了一会儿还没轮到，没有保存。请稍后再试",
            "Another write holds the database and this one had no turn in time; nothing was saved. Try again in a moment",
        ),
        True,
    )
    UNREACHABLE = (
        "database-unreachable",
        Text(
            "数据库连不上，没有保存。它恢复以后再试；一直这样请告诉系统管理员",
            "The database cannot be reached; nothing was saved. Try again when it is back; tell the administrator if it stays so",
        ),
        True,
    )

    def __init__(self, code: str, text: Text, passes: bool) -> None:
        self.code = code
        self.text = text
        self.passes = passes


_ERRNO: Final = {
    errno.ENOSPC: Refusal.FULL,
    errno.EDQUOT: Refusal.FULL,
    errno.EFBIG: Refusal.FULL,
    errno.EROFS: Refusal.READ_ONLY,
}
_SQLITE: Final = {
    "SQLITE_FULL": Refusal.FULL,
    "SQLITE_READONLY": Refusal.READ_ONLY,
    "SQLITE_BUSY": Refusal.BUSY,
    "SQLITE_LOCKED": Refusal.BUSY,
    "SQLITE_CANTOPEN": Refusal.UNREACHABLE,
}
_POSTGRES: Final = {  # SQLSTATE, whole or its class
    "53100": Refusal.FULL,
    "25006": Refusal.READ_ONLY,
    "55P03": Refusal.BUSY,
    "57014": Refusal.BUSY,
    "40P01": Refusal.BUSY,
    "57P": Refusal.UNREACHABLE,
    "53300": Refusal.UNREACHABLE,
    "08": Refusal.UNREACHABLE,
}


def refusal_of(error: BaseException | None) -> Refusal | None:
    """The reason behind an error or behind what caused it; None where it is none of these, a fault of the program."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if found := _own(error):
            return found
        error = error.__cause__ or error.__context__
    return None


def _own(error: BaseException) -> Refusal | None:
    if isinstance(error, OSError) and not isinstance(error, DatabaseError):
        return _ERRNO.get(error.errno or 0)
    if name := getattr(error, "sqlite_errorname", ""):
        if name.startswith("SQLITE_IOERR"):  # a write beyond the room there is: a quota, a limit of file size
            return Refusal.FULL if name in ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_TRUNCATE") else None
        return next((found for start, found in _SQLITE.items() if name.startswith(start)), None)
    if state := getattr(error, "sqlstate", ""):
        return next((found for start, found in _POSTGRES.items() if str(state).startswith(start)), None)
    if type(error).__module__.startswith("psycopg") and type(error).__name__ in (
        "OperationalError",
        "InterfaceError",
    ):
        return Refusal.UNREACHABLE  # no answer, so no state: the connection was refused or broke off
    return None
