"""A caller of the API: somebody signed in, an address below the town, a body as JSON; each answer is as it is described."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import jsonschema
import pytest
from django.test import Client

BASE = "/api/v1/towns/"


@cache
def description() -> tuple[dict[str, Any], list[tuple[re.Pattern[str], dict[str, Any]]]]:
    """The components, and the operations of each address by what fits it; the longest first, so that words win over places."""
    from liangxin.web.api.service import api

    whole = api.get_openapi_schema()
    shapes = [
        (re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), operations)
        for path, operations in sorted(
            whole["paths"].items(), key=lambda each: ("{" in each[0][len(BASE) + 6 :], -len(each[0]))
        )
    ]
    return whole["components"], shapes


def as_described(method: str, address: str, answer: Any) -> Any:
    """The JSON of the answer, held against the schema of its address and status; a file as it is."""
    components, shapes = description()
    operations = next(each for shape, each in shapes if shape.fullmatch(address.partition("?")[0]))
    promised = operations[method]["responses"][answer.status_code]
    if not answer.headers["Content-Type"].startswith("application/json"):
        return answer
    body = answer.json()
    for content in promised.get("content", {}).values():
        jsonschema.validate(body, content["schema"] | {"components": components})
    return body


class Caller:
    """``ask("units-bulk", field="staff")`` posts; ``read("units")`` gets. Both give the answer's JSON, of the status expected."""

    def __init__(self, client: Client, town: Any) -> None:
        self.client = client
        self.base = f"{BASE}{town.code}/"

    def read(self, rest: str, status: int = 200) -> Any:
        answer = self.client.get(self.base + rest)
        assert status == answer.status_code, answer.content.decode()[:2000]
        return as_described("get", self.base + rest, answer)

    def ask(
        self, rest: str, body: Any = None, *, status: int = 200, method: str = "post", **more: Any
    ) -> Any:
        sent = (body or {}) | more
        answer = getattr(self.client, method)(self.base + rest, sent, content_type="application/json")
        assert status == answer.status_code, answer.content.decode()[:2000]
        return as_described(method, self.base + rest, answer)

    def refused(self, rest: str, status: int = 422, **more: Any) -> set[str]:
        """The codes of what stands against it."""
        answer = self.ask(rest, status=status, **more)
        return {each["code"] for each in answer["findings"]} or {answer["code"]}


@pytest.fixture(name="call")
def caller_of(town: Any, as_person: Any) -> Callable[[Any], Caller]:
    """``call(alice)``: a caller signed in as her."""
    return lambda who: Caller(as_person(who), town)
