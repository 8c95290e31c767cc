"""The worker that ``liangxin serve`` starts: does the jobs until it is told to stop."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from liangxin.web.jobs import services
from liangxin.web.jobs.worker import Worker
from liangxin.web.running.heartbeat import Heartbeat
from liangxin.web.running.holding import WORKER_LOCK, take_lock
from liangxin.web.running.parent import end_with_parent
from liangxin.web.running.supervisor import PARENT

TAKES_OVER: Final = 30.0  # seconds that the worker before it has to be gone


class Command(BaseCommand):
    help = "Run background jobs."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:
        if PARENT in os.environ:
            end_with_parent(int(os.environ[PARENT]))
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: services.stopping.set())
        data = Path(settings.DATA)
        if take_lock(data / WORKER_LOCK, TAKES_OVER) is None:
            raise CommandError(
                f"后台任务没有运行：另一个进程已经在为这个数据文件夹办后台任务 / another worker is at work on this data folder: {data}"
            )
        Worker(Heartbeat.of(data)).run()
