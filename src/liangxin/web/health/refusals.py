"""Why the site cannot save now: the database's and the disk's own errors, in words."""

from __future__ import annotations

import errno
from enum import Enum
from typing import Final

from django.db import Error as DatabaseError

from liangxin.wording import Text


class Refusal(Enum):
    """Each with its code for programs, its sentence for a write and for a page that could not be opened, and whether trying
    again soon is of use."""

    FULL = (
        "disk-full",
        Text(
            "磁盘满了，什么都没有写入。请让系统管理员腾出空间再试；查看不受影响",
            "The disk is full; nothing was written. Ask the administrator to make room; reading goes on",
        ),
        Text(
            "磁盘满了，这一页要先登记才能打开。请让系统管理员腾出空间",
            "The disk is full, and this page makes a record before it opens. Ask the administrator to make room",
        ),
        False,
    )
    READ_ONLY = (
        "read-only",
        Text(
            "数据现在只能看、不能改，什么都没有写入。请告诉系统管理员；查看不受影响",
            "The data can only be read now; nothing was written. Tell the administrator; reading goes on",
        ),
        Text(
            "数据现在只能看、不能改，这一页要先登记才能打开。请告诉系统管理员",
            "The data can only be read now, and this page makes a record before it opens. Tell the administrator",
        ),
        False,
    )
    BUSY = (
        "busy",
        Text(
            "别的写入占着数据库，等了一会儿还没轮到，什么都没有写入。请稍后再试",
            "Another write holds the database and this one had no turn in time; nothing was written. Try again in a moment",
        ),
        Text(
            "别的写入占着数据库，这一页要先登记才能打开。请稍后再试",
            "Another write holds the database, and this page makes a record before it opens. Try again in a moment",
        ),
        True,
    )
    UNREACHABLE = (
        "database-unreachable",
        Text(
            "数据库连不上。它恢复以后，先看看刚才的有没有保存，再重新提交；一直这样请告诉系统管理员",
            "The database cannot be reached. When it is back, look whether what you sent was saved before you send it again;"
            " tell the administrator if it stays so",
        ),
        Text(
            "数据库连不上。请稍后再试；一直这样请告诉系统管理员",
            "The database cannot be reached. Try again in a moment; tell the administrator if it stays so",
        ),
        True,
    )

    def __init__(self, code: str, text: Text, reading: Text, passes: bool) -> None:
        self.code = code
        self.text = text
        self.reading = reading
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
