"""What ``liangxin serve`` is while the site runs: it starts the web server and the worker, and starts them again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final

from liangxin.web.running.heartbeat import Heartbeat
from liangxin.wording import Text

LOOKS_EVERY: Final = 0.2  # seconds
FIRST_WAIT: Final = 1.0  # seconds before a process that ended is started again; doubled each time
LONGEST_WAIT: Final = 60.0
STEADY_AFTER: Final = 60.0  # a process that ran this long is waited for as at first when it ends
HUNG_AFTER: Final = 300.0  # a worker without a sign of life for this long is ended and started anew
UP_AFTER: Final = 5.0  # a process that ran this long has come up
STOPPING: Final = 20.0  # seconds a process has to end what it is doing
NEVER_UP: Final = (
    3  # a web server that ends at once this many times from the start will not come up by itself
)

WEB: Final = Text("网页服务", "The web server")
WORKER: Final = Text("后台任务", "The job worker")
ENDED: Final = Text(
    "{name}没有运行：进程意外结束（{how}），{seconds} 秒后重新启动",
    "{name} is not running: it ended unexpectedly ({how}); started again in {seconds} s",
)
AGAIN: Final = Text("{name}已重新启动（进程 {pid}）", "{name} was started again (process {pid})")
HUNG: Final = Text(
    "后台任务没有运行：{seconds} 秒没有动静，结束它重新启动",
    "The job worker is not running: no sign of life for {seconds} s; it is ended and started anew",
)
GIVEN_UP: Final = Text(
    "网页服务起不来，已停止；原因见上面的日志", "The web server does not come up; stopped. See the log above"
)
KILLED: Final = Text(
    "{name}在 {seconds} 秒内没有停下，已强行结束", "{name} did not stop within {seconds} s and was killed"
)
PARENT: Final = "LIANGXIN_SUPERVISOR"  # in a child's environment: the process it ends with


@dataclass(slots=True)
class Child:
    """One process that is to run for as long as the site does."""

    name: Text
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    failures: int = 0  # in a row
    due: float = 0.0  # when it is started (again)
    came_up: bool = False

    def wait(self) -> float:
        return min(FIRST_WAIT * 2.0 ** (self.failures - 1), LONGEST_WAIT)


@dataclass(slots=True)
class Supervisor:
    """``said`` gets each sentence for the log. Run in the main thread: children end with the thread that started them."""

    web: Child
    worker: Child
    environment: Mapping[str, str]
    heartbeat: Heartbeat
    said: Callable[[Text], None]
    hung_after: float = HUNG_AFTER
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> int:
        """Until told to stop (SIGTERM, SIGINT, SIGHUP): 0; 1 where the web server never came up."""
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, self._stop)
        self.heartbeat.give()  # the worker is on its way: no page says yet that it does not run
        try:
            while not self.stopping.is_set():
                for child in (self.web, self.worker):
                    self._look_after(child)
                if self.web.failures >= NEVER_UP and not self.web.came_up:
                    self.said(GIVEN_UP)
                    return 1
                self.stopping.wait(LOOKS_EVERY)
            return 0
        finally:
            self._end_all()

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                self._start(child)
        elif _has_ended(child.process):
            ran, status = now - child.begun, _reap(child.process)
            child.process = None
            child.failures = 1 if ran >= STEADY_AFTER else child.failures + 1
            child.due = now + child.wait()
            how = f"signal {-status}" if status < 0 else f"exit {status}"
            self.said(ENDED.fill(name=child.name, how=how, seconds=f"{child.wait():.0f}"))
        else:
            child.came_up = child.came_up or now - child.begun > UP_AFTER
            if child is self.worker and self._hangs(now):
                self.said(HUNG.fill(seconds=f"{self.hung_after:.0f}"))
                child.process.kill()

    def _hangs(self, now: float) -> bool:
        return now - self.worker.begun > self.hung_after and self.heartbeat.silence() > self.hung_after

    def _start(self, child: Child) -> None:
        environment = {**self.environment, PARENT: str(os.getpid())}
        child.process = subprocess.Popen(child.command, env=environment, start_new_session=True)
        child.begun = time.monotonic()
        if child.failures:
            self.said(AGAIN.fill(name=child.name, pid=str(child.process.pid)))

    def _end_all(self) -> None:
        """Ask both, give them time for what they are doing, end what is left."""
        there = [(child.name, child.process) for child in (self.web, self.worker) if child.process]
        for _, process in there:
            process.terminate()
        until = time.monotonic() + STOPPING
        for name, process in there:
            while not _has_ended(process) and time.monotonic() < until:
                time.sleep(0.05)
            if not _has_ended(process):
                self.said(KILLED.fill(name=name, seconds=f"{STOPPING:.0f}"))
            _reap(process)


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Without taking its exit status: until then its number, and so that of its group, is nobody else's."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _reap(process: subprocess.Popen[bytes]) -> int:
    """End it and whatever processes of its own it has left behind; its exit status."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def supervise(data: Path, host: str, port: int, said: Callable[[Text], None]) -> int:
    """Serve the site in ``data`` until told to stop: granian for the pages, one worker for the jobs. The exit code."""
    environment = os.environ | {"LIANGXIN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "liangxin.web.settings"}
    web = [sys.executable, "-m", "liangxin.web.running.web", host, str(port)]
    worker = [sys.executable, "-m", "liangxin.web.manage", "work"]
    return Supervisor(Child(WEB, web), Child(WORKER, worker), environment, Heartbeat.of(data), said).run()
