"""The process that does the jobs, one after the other. Neither a held lock nor a database that is started anew ends it."""

from __future__ import annotations

import logging
import threading
import time
from typing import Final

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from liangxin.web.health.refusals import refusal_of
from liangxin.web.jobs import services
from liangxin.web.running.heartbeat import SILENT_AFTER, Heartbeat

log = logging.getLogger(__name__)
LOOKS_EVERY: Final = 0.5  # seconds between two looks into the queue
WATCHES_EVERY: Final = 5.0  # seconds between two signs of life
FIRST_WAIT: Final = 0.5  # seconds after a look that failed; doubled each time
LONGEST_WAIT: Final = 8.0


class Worker:
    """``run`` until ``services.stopping`` is set. SQLite has one worker: the lock of the data folder sees to it."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._heartbeat = heartbeat
        self._looked = time.monotonic()
        self._busy = False
        self._alone = connection.vendor == "sqlite"

    def run(self) -> None:
        threading.Thread(target=self._watch, daemon=True).start()
        wait = FIRST_WAIT
        while not services.stopping.is_set():
            try:
                close_old_connections()
                found = self._take_next()
            except DatabaseError as failed:
                if refusal_of(failed) is None:
                    raise  # no state of the database but a fault: the supervisor says so and starts anew
                log.warning("the worker waits for the database: %s", str(failed).strip())
                connection.close()
                services.stopping.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT)
                continue
            wait = FIRST_WAIT
            if not found:
                services.stopping.wait(LOOKS_EVERY)

    def _take_next(self) -> bool:
        """Do the next job, if one waits."""
        services.recover_lost(alone=self._alone)
        self._looked = time.monotonic()
        waiting = services.next_queued()
        if waiting is None:
            return False
        self._busy = True
        try:
            services.run(waiting)
        finally:
            self._busy = False
            self._looked = time.monotonic()
        return True

    def _watch(self) -> None:
        """A sign of life for pages and supervisor as long as jobs can be done, and one for the job that runs."""
        while True:
            if self._busy or time.monotonic() - self._looked < SILENT_AFTER:
                try:
                    self._heartbeat.give()
                except OSError as failed:
                    log.warning("the worker could not give its sign of life: %s", failed)
            try:
                services.give_sign_of_life()
            except DatabaseError as failed:
                log.warning("the worker could not note that its job still runs: %s", str(failed).strip())
            finally:
                connection.close()
            if services.stopping.wait(WATCHES_EVERY):
                return
