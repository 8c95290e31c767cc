"""A site as an office runs it: ``liangxin serve`` and all its processes, to be looked at, killed and stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tests.web.sites import Site

WEB, WORKER = "liangxin.web.running.web", "liangxin.web.manage work"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(condition: Callable[[], Any], seconds: float = 60.0) -> Any:
    """What the condition gives as soon as it is true."""
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, "it did not come about in time"
        time.sleep(0.05)
    return found


def alive(pid: int) -> bool:
    try:
        return "Z" != Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False


@dataclass(frozen=True, slots=True)
class Served:
    site: Site
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def get(self, address: str, cookie: str = "") -> tuple[int, str]:
        link = HTTPConnection("127.0.0.1", self.port, timeout=40)
        try:
            link.request("GET", address, headers={"Cookie": cookie})
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, HTTPException):
            return 0, ""
        finally:
            link.close()

    def ready(self) -> dict[str, bool]:
        """Each check by its name; nothing while nobody answers."""
        said = self.get("/health/ready")[1]
        return {each["name"]: each["ok"] for each in json.loads(said)["checks"]} if said else {}

    def all_ready(self) -> bool:
        return 200 == self.get("/health/ready")[0]

    def children(self, parent: int | None = None) -> dict[int, str]:
        """Process ids and command lines of all descendants of the supervisor."""
        found: dict[int, str] = {}
        for path in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, ValueError):
                if int((path / "stat").read_text().rpartition(")")[2].split()[1]) == (
                    parent or self.process.pid
                ):
                    found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
        for pid in list(found):
            found |= self.children(pid)
        return found

    def child(self, command: str) -> int | None:
        """The first process (the parent of the others) with this in its command line."""
        return next((pid for pid, line in sorted(self.children().items()) if command in line), None)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=40)


@contextmanager
def serving(site: Site, log: Path, port: int | None = None) -> Iterator[Served]:
    """Yields when every check of ``/health/ready`` is good; ends whatever is left afterwards."""
    port = port or free_port()
    with log.open("ab") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "liangxin", "serve", "--data", str(site.data), "--port", str(port)],
            env=site.environment, stdout=written, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    served = Served(site, port, process, log)
    try:
        until(lambda: served.all_ready() or process.poll() is not None)
        assert process.poll() is None, log.read_text()
        yield served
    finally:
        left = served.children() if process.poll() is None else {}
        if process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=40)
        for pid in (process.pid, *left):
            with suppress(ProcessLookupError):
                if pid != process.pid or process.poll() is None:
                    os.kill(pid, signal.SIGKILL)
        process.wait()
