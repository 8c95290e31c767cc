"""The web server that the supervisor starts: ``python -m liangxin.web.running.web HOST PORT``."""

from __future__ import annotations

import os
import sys
from typing import Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from liangxin.web.running.parent import end_with_parent
from liangxin.web.running.supervisor import PARENT

PROCESSES: Final = 2
THREADS: Final = 4  # in each process
WAITING: Final = 256  # connections
STOPPING: Final = 10  # seconds a process has to answer what it was asked


def main(host: str, port: int) -> None:
    if PARENT in os.environ:
        end_with_parent(int(os.environ[PARENT]))
    Granian(
        "liangxin.web.running.application:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=PROCESSES,
        blocking_threads=THREADS,
        backlog=WAITING,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOPPING,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
