"""A child process ends with the one that started it, however that one ended."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def end_with_parent(parent: int) -> None:
    """From here on the kernel kills this process as soon as ``parent`` (its process id) is gone, also by kill -9.

    Of Linux only; elsewhere nothing happens and an orphan has to be ended by hand. What the process was writing is
    rolled back by the database, as after a power cut.
    """
    if sys.platform != "linux":
        return
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it ended before the kernel was asked
        os.kill(os.getpid(), signal.SIGKILL)
