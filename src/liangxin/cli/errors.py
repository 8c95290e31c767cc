"""One clear message for whatever goes wrong, in the user's language, with the exit code of the interface."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from liangxin.cli.language import language, say
from liangxin.findings import InputError, Severity
from liangxin.wording import counted


@contextmanager
def reporting() -> Iterator[None]:
    """0 done, 1 the input has errors (all listed) or could not be read or written, 2 wrong usage, 130 interrupted."""
    try:
        yield
    except click.exceptions.Exit as ended:
        raise SystemExit(ended.exit_code) from None
    except click.Abort:
        sys.stderr.write(say("已中断，没有写出任何文件。\n", "Interrupted; nothing was written.\n"))
        raise SystemExit(130) from None
    except click.ClickException as wrong:
        wrong.show()
        raise SystemExit(wrong.exit_code) from None
    except InputError as refused:
        errors = [finding for finding in refused.findings if finding.severity is Severity.ERROR]
        for finding in refused.findings:
            sys.stderr.write(finding.sentence(language()) + "\n")
        if len(errors) > 1:
            sys.stderr.write(
                say(f"共 {len(errors)} 处错误。\n", f"{counted(len(errors), 'error', 'errors')} in all.\n")
            )
        raise SystemExit(1) from None
    except OSError as failed:
        sys.stderr.write(_system_failure(failed) + "\n")
        raise SystemExit(1) from None


def _system_failure(failed: OSError) -> str:
    name = str(failed.filename or "")
    known = {
        errno.ENOSPC: ("磁盘空间不足，没有写出任何文件", "No space left on the disk; nothing was written"),
        errno.EACCES: ("没有权限读写", "No permission to read or write"),
        errno.ENOENT: ("找不到文件或文件夹", "No such file or folder"),
        errno.EISDIR: ("这是文件夹，不是文件", "This is a folder, not a file"),
        errno.ENOTDIR: ("路径中有一段不是文件夹", "A part of the path is not a folder"),
        errno.EROFS: ("磁盘只读，不能写入", "The disk is read-only"),
    }
    zh, en = known.get(
        failed.errno or 0,
        (f"系统错误：{failed.strerror or failed}", f"System error: {failed.strerror or failed}"),
    )
    return say(zh, en) + (say("：", ": ") + name if name else "") + say("。", ".")
