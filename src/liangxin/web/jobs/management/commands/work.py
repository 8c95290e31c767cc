"""The worker that ``liangxin serve`` starts: first what a killed worker left, then the queue."""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import BaseCommand

from liangxin.web.jobs.services import recover_lost


class Command(BaseCommand):
    help = "Run background jobs."

    def handle(self, *args: object, **options: object) -> None:
        recover_lost()
        call_command("db_worker", interval=0.5, startup_delay=False)
