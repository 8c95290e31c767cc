"""A refusal is an answer, not a fault of the program: one line in the log, without a traceback."""

from __future__ import annotations

import logging


class WithoutTraceback(logging.Filter):
    """Of answers 400 to 499 only the line is kept; errors of the server keep their traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True
