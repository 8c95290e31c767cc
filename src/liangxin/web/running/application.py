"""What each process of the supervised web server runs: it ends with the server that started it."""

from __future__ import annotations

import multiprocessing

from liangxin.web.running.parent import end_with_parent
from liangxin.web.wsgi import application

_server = multiprocessing.parent_process()
if _server is not None and _server.pid is not None:
    end_with_parent(_server.pid)

__all__ = ["application"]
