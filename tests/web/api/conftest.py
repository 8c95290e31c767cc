"""A caller of the API: somebody signed in, an address below the town, a body as JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


class Caller:
    """``ask("units-bulk", field="staff")`` posts; ``read("units")`` gets. Both give the answer's JSON, of the status expected."""

    def __init__(self, client: Client, town: Any) -> None:
        self.client = client
        self.base = f"/api/v1/towns/{town.code}/"

    def read(self, rest: str, status: int = 200) -> Any:
        answer = self.client.get(self.base + rest)
        assert status == answer.status_code, answer.content.decode()[:2000]
        return answer.json() if answer.headers["Content-Type"].startswith("application/json") else answer

    def ask(
        self, rest: str, body: Any = None, *, status: int = 200, method: str = "post", **more: Any
    ) -> Any:
        sent = {} if body is None and not more else (body or {}) | more
        answer = getattr(self.client, method)(self.base + rest, sent, content_type="application/json")
        assert status == answer.status_code, answer.content.decode()[:2000]
        return answer.json() if answer.headers["Content-Type"].startswith("application/json") else answer

    def refused(self, rest: str, status: int = 422, **more: Any) -> set[str]:
        """The codes of what stands against it."""
        answer = self.ask(rest, status=status, **more)
        return {each["code"] for each in answer["findings"]} or {answer["code"]}


@pytest.fixture
def call(town: Any, as_person: Any) -> Callable[[Any], Caller]:
    """``call(alice)``: a caller signed in as her."""
    return lambda who: Caller(as_person(who), town)
