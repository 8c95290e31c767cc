"""The worker that ``liangxin serve`` starts: the queue, and beside it a watch over what a killed worker left."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from liangxin.web.jobs.services import give_sign_of_life, recover_lost

log = logging.getLogger(__name__)
LOOKS_EVERY: Final = 15.0  # seconds


class Command(BaseCommand):
    help = "Run background jobs."

    def handle(self, *args: object, **options: object) -> None:
        recover_lost()
        ended = threading.Event()
        threading.Thread(target=watch, args=(ended,), daemon=True).start()
        try:
            call_command("db_worker", interval=0.5, startup_delay=False)
        finally:
            ended.set()


def watch(ended: threading.Event) -> None:
    """Until the worker ends: a sign of life for its own jobs first, then jobs that have given none are run anew."""
    while not ended.wait(LOOKS_EVERY):
        try:
            give_sign_of_life()
            recover_lost()
        except OperationalError as busy:  # a long write holds the database: look again later
            log.warning("the watch over jobs could not look: %s", busy)
        finally:
            connection.close()
