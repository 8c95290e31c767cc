"""The API: same permits as the pages on every address, both values on a conflict, all findings at once, no 500 under fuzzing."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from tests.web.api.conftest import as_described

BASE = "/api/v1"
# (address below the town, alice of the office, bob of a group)
CELLS = [
    ("indicators", 200, 200),
    ("indicators/1.1/missing", 200, 200),
    ("units", 200, 200),
    ("units/{own}", 200, 200),
    ("units/{other}", 200, 404),
    ("changes", 200, 200),
    ("changes/{set}", 200, 200),
    ("organizations", 200, 200),
    ("plans", 200, 200),
    ("plans/published", 404, 404),
    ("plans/1", 404, 404),
    ("cases", 200, 200),
    ("cases/1", 404, 404),
    ("cases/1/options", 404, 404),
    ("cases/1/foundings", 404, 404),
    ("cases/1/papers/1.pdf", 404, 404),
    ("cases/1/evidence/1", 404, 404),
    ("plan-cases", 200, 200),
    ("stand-ins", 200, 200),
    ("numbers", 200, 200),
    ("areas", 200, 200),
    ("jobs", 200, 200),
    ("jobs/1", 404, 404),
    ("overview/by/area", 200, 200),
    ("overview/blocked", 200, 200),
    ("overview/trend", 200, 200),
    ("overview/since-yesterday", 200, 200),
    ("overview/progress.docx", 200, 200),
    ("overview/monthly.docx", 200, 403),
    ("overview/summary.docx", 200, 403),
    ("units/{own}/explanation", 200, 200),
    ("units/{other}/explanation", 200, 404),
    ("units/{own}/history", 200, 200),
    ("units/{other}/history", 200, 404),
    ("units-places", 200, 200),
    ("saved-lists", 200, 200),
    ("imports", 200, 403),
    ("imports/1", 404, 403),
    ("imports/1/workbook.xlsx", 404, 403),
    ("duplicates", 200, 403),
    ("waiting-values", 200, 403),
    ("organizations/none", 404, 404),
    ("organizations-changed", 200, 200),
    ("organizations-network.pdf", 200, 403),
    ("organization-operations", 200, 403),
    ("organization-framework", 200, 403),
    ("organizations-undecided", 200, 403),
    ("plans/1/job", 404, 404),
    ("plans/1/figures", 404, 404),
    ("plans/1/pins", 404, 404),
    ("plans/1/units/{own}/places", 404, 403),
    ("plans-compared?first=1&second=2", 404, 404),
    ("documents", 200, 403),
    ("documents/files/ledger.csv", 200, 403),
    ("documents/exports", 200, 403),
    ("documents/exports/1", 404, 403),
    ("holders", 200, 200),
    ("holders-of/unit/{own}", 200, 200),
    ("holders-of/unit/{other}", 200, 404),
    ("policy", 200, 200),
    ("policy-texts", 200, 403),
    ("policy-texts/changle-2011-44/0.yaml", 200, 200),
    ("settings", 200, 403),
    ("settings/sections/areas", 200, 403),
    ("settings/town-file", 200, 403),
    ("people", 403, 403),
    ("pending-roles", 403, 403),
    ("tokens", 403, 403),
    ("audit", 200, 403),
    ("audit.csv", 200, 403),
    ("closing", 200, 403),
    ("closing/proof", 404, 403),
    ("feeds/areas.geojson", 200, 200),
    ("feeds/ledger.csv", 200, 403),
    ("feeds/ledger.parquet", 200, 403),
    ("feeds/units.geojson", 200, 403),
]


@pytest.fixture(scope="session")
def sample() -> Any:
    from liangxin.sample import make_town

    return make_town(60, seed=3)


@pytest.fixture
def places(town: Any) -> dict[str, Any]:
    """A unit of Bob's group, one of another group, and the change set that brought both."""
    from liangxin.web.units.models import ChangeSet, Unit

    group = town.as_core().task_groups[0].id
    units = Unit.objects.filter(town=town)
    return {
        "own": units.filter(task_group=group).first().unit_id,
        "other": units.exclude(task_group=group).first().unit_id,
        "set": ChangeSet.objects.get().pk,
    }


def get(client: Any, town: Any, rest: str) -> Any:
    answer = client.get(f"{BASE}/towns/{town.code}/{rest}")
    as_described("get", answer.wsgi_request.path, answer)
    return answer


def patch(client: Any, town: Any, unit_id: str, **body: Any) -> Any:
    return client.patch(
        f"{BASE}/towns/{town.code}/units/{unit_id}", json.dumps(body), content_type="application/json"
    )


def fields_in(answer: Any) -> set[str]:
    return {each["field"] for each in answer.json()["findings"]}


@pytest.mark.parametrize(("rest", "office", "group"), CELLS)
def test_cells(
    town: Any, places: Any, alice: Any, bob: Any, outsider: Any, as_person: Any, client: Any, rest: str, office: int, group: int
) -> None:  # fmt: skip
    """Office, group member, outsider and nobody, on every address that reads."""
    rest = rest.format(**places)
    expected = {"alice": office, "bob": group, "outsider": 404, "nobody": 401}
    people = {
        "alice": as_person(alice),
        "bob": as_person(bob),
        "outsider": as_person(outsider),
        "nobody": client,
    }
    answers = {name: get(each, town, rest) for name, each in people.items()}
    assert expected == {name: each.status_code for name, each in answers.items()}
    for each in answers.values():
        if each.status_code >= 400:
            assert {"zh", "en"} == set(each.json()["message"])


def test_every_address_has_words_in_both_languages() -> None:
    """The description is read in a browser: a title in Chinese and English for each address and each room, and none left over."""
    from liangxin.web.api import words
    from liangxin.web.api.service import api

    paths = api.get_openapi_schema()["paths"]
    operations = {
        words.key_of(method, path): each for path, listed in paths.items() for method, each in listed.items()
    }
    assert set(words.TITLES) == set(operations)
    said = [each["summary"] for each in operations.values()] + [
        tag for each in operations.values() for tag in each["tags"]
    ]
    assert all(re.search("[\u4e00-\u9fff].* / .*[A-Za-z]", each) for each in said)
    assert {words.both(each) for each in words.TAGS.values()} == {
        tag for each in operations.values() for tag in each["tags"]
    }


def test_no_two_shapes_share_a_name() -> None:
    """In the description one would stand for the other, and a program would be told of fields that there are not."""
    from ninja import Schema

    from liangxin.web.api.service import api

    def below(kind: type) -> Iterator[type]:
        for each in kind.__subclasses__():
            yield each
            yield from below(each)

    assert api.get_openapi_schema()["paths"]
    names = [each.__name__ for each in below(Schema) if each.__module__.startswith("liangxin.")]
    assert len(names) > 100 and [] == sorted({name for name in names if names.count(name) > 1})


def test_every_reading_address_has_a_cell() -> None:
    """A new address cannot be forgotten above."""
    from liangxin.web.api.service import api

    paths = api.get_openapi_schema()["paths"]
    reading = {path.split("{town}/")[1] for path, each in paths.items() if "get" in each and "{town}" in path}
    asked = [rest.partition("?")[0] for rest, _, _ in CELLS]
    shapes = {path: re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) for path in reading}
    assert set() == {
        path for path, shape in shapes.items() if not any(re.fullmatch(shape, rest) for rest in asked)
    }


@pytest.mark.parametrize(
    ("who", "own", "other"), [("alice", 200, 200), ("bob", 200, 404), ("outsider", 404, 404)]
)
def test_cells_of_patch(
    town: Any, places: Any, request: Any, as_person: Any, who: str, own: int, other: int
) -> None:
    """Who may write which unit."""
    client = as_person(request.getfixturevalue(who))
    assert own == patch(client, town, places["own"], version=1, values={"staff": 41}).status_code
    assert other == patch(client, town, places["other"], version=1, values={"staff": 41}).status_code


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("bob", 409), ("outsider", 404)])
def test_cells_of_undo(town: Any, places: Any, request: Any, as_person: Any, who: str, status: int) -> None:
    """The office undoes anybody's, a member only their own."""
    client = as_person(request.getfixturevalue(who))
    answer = client.post(f"{BASE}/towns/{town.code}/changes/{places['set']}/undo")
    assert status == answer.status_code
    if status == 200:
        assert 60 == answer.json()["taken_back"]
        again = client.post(f"{BASE}/towns/{town.code}/changes/{places['set']}/undo")
        assert (409, "not-undoable") == (again.status_code, again.json()["code"])


def test_lists_hold_only_own_units(town: Any, bob: Any, as_person: Any) -> None:
    """Bob's list, listing and changes name no unit of another group."""
    from liangxin.web.units.models import ChangeSet, Unit

    group = town.as_core().task_groups[0].id
    own = set(Unit.objects.filter(town=town, task_group=group).values_list("unit_id", flat=True))
    client = as_person(bob)
    for rest in ("units?size=500", "indicators/1.4/denominator?size=500"):
        assert {each["unit_id"] for each in get(client, town, rest).json()["units"]} <= own
    made = get(client, town, f"changes/{ChangeSet.objects.get().pk}?size=500").json()
    assert own == {each["unit_id"] for each in made["changes"]}


def test_units_are_the_pages_units(town: Any, alice: Any, as_person: Any) -> None:
    """The same filter, the same number on page, API and feed."""
    client = as_person(alice)
    for query in ("kind=enterprise", "class=has_members", "indicator=1.1:missing", "q=a&sort=-staff"):
        page = client.get(f"/t/{town.code}/units/?{query}").context["total"]
        answer = get(client, town, f"units?{query}&size=500").json()
        feed = get(client, town, f"feeds/ledger.csv?{query}").content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(feed)))
        assert (page, page, page) == (answer["total"], len(answer["units"]), len(rows) - 1)


def test_patch_saves_and_is_in_the_history(town: Any, places: Any, alice: Any, as_person: Any) -> None:
    """A saved value comes back with the next version, and the change can be undone."""
    client = as_person(alice)
    done = patch(client, town, places["own"], version=1, values={"staff": 77, "remark": None, "union": True})
    assert (200, 77, True, 2) == (
        done.status_code, done.json()["values"]["staff"], done.json()["values"]["union"], done.json()["version"],
    )  # fmt: skip
    newest = get(client, town, "changes").json()["change_sets"][0]
    undone = client.post(f"{BASE}/towns/{town.code}/changes/{newest['id']}/undo").json()
    assert 1 == undone["taken_back"]


def test_patch_conflict_has_both_values(town: Any, places: Any, alice: Any, as_person: Any) -> None:
    """Two people, one field: 409 with both. Other fields: both stay."""
    client = as_person(alice)
    before = get(client, town, f"units/{places['own']}").json()["values"]
    patch(client, town, places["own"], version=1, values={"staff": 61})
    late = patch(
        client, town, places["own"], version=1, values={"staff": 62}, seen={"staff": before["staff"]}
    )
    assert (409, [{"field": "staff", "theirs": 61, "ours": 62}], 2) == (
        late.status_code, late.json()["clashes"], late.json()["version"],
    )  # fmt: skip
    other = patch(
        client, town, places["own"], version=1, values={"remark": "看过"}, seen={"remark": before["remark"]}
    )
    assert (200, 61, "看过") == (
        other.status_code, other.json()["values"]["staff"], other.json()["values"]["remark"],
    )  # fmt: skip


def test_patch_lists_all_findings(town: Any, places: Any, alice: Any, as_person: Any) -> None:
    """Every wrong field at once, and nothing is written."""
    client = as_person(alice)
    answer = patch(
        client, town, places["own"], version=1,
        values={"staff": "many", "kind": "circus", "name": "", "nothing": 1, "unit_id": "X", "remark": "\u0000"},
    )  # fmt: skip
    assert 422 == answer.status_code
    assert {"staff", "kind", "name", "", "remark"} == fields_in(answer)
    assert 1 == get(client, town, f"units/{places['own']}").json()["version"]


@pytest.mark.parametrize(
    "rest",
    ["units?page=0", "units?page=99999999999999999999", "units?size=100000", "units?kind=circus", "units?class=none", "units?sort=x",
     "indicators?day=2011-02-30", "indicators?day=0001-01-01", "changes?page=-1", "jobs/99999999999999999999", "feeds/ledger.csv?kind=x"],
)  # fmt: skip
def test_bad_parameters(town: Any, alice: Any, as_person: Any, rest: str) -> None:
    """Out of bounds or unknown: 422 in both languages."""
    answer = get(as_person(alice), town, rest)
    assert (422, {"zh", "en"}) == (answer.status_code, set(answer.json()["message"]))


def test_page_far_beyond_is_empty(town: Any, alice: Any, as_person: Any) -> None:
    assert [] == get(as_person(alice), town, "units?page=100000&size=500").json()["units"]


def test_sorting_by_every_field(town: Any, alice: Any, as_person: Any) -> None:
    """Also by those that hold several values."""
    from liangxin.registry.fields import FIELDS

    client = as_person(alice)
    assert {200} == {get(client, town, f"units?sort=-{name}&size=1").status_code for name in FIELDS}


def test_feeds_are_written_in_the_export_log(town: Any, alice: Any, as_person: Any) -> None:
    from liangxin.web.documents.models import Export

    client = as_person(alice)
    for name in ("ledger.csv", "ledger.parquet", "units.geojson"):
        assert 200 == get(client, town, f"feeds/{name}").status_code
    assert ["units.geojson", "ledger", "ledger"] == [each.document for each in Export.objects.all()]


def test_token_acts_as_its_person_and_is_shown_once(town: Any, bob: Any, as_person: Any, client: Any) -> None:
    """Only the hash is kept; a revoked token and a closed account are refused."""
    from liangxin.web.api.models import ApiToken

    page = as_person(bob)
    token = page.post("/accounts/tokens/", {"name": "报表"}).context["token"]
    row = ApiToken.objects.get()
    assert (
        token not in json.dumps([row.digest, row.begins])
        and token not in page.get("/accounts/tokens/").content.decode()
    )
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{BASE}/towns/{town.code}"
    assert 200 == client.get(f"{address}/units", headers=headers).status_code
    assert 403 == client.get(f"{address}/feeds/ledger.csv", headers=headers).status_code
    bob.is_active = False
    bob.save()
    assert 401 == client.get(f"{address}/units", headers=headers).status_code
    bob.is_active = True
    bob.save()
    as_person(bob).post(f"/accounts/tokens/{row.pk}/revoke/")
    assert 401 == client.get(f"{address}/units", headers=headers).status_code


def test_tokens_are_ones_own(town: Any, alice: Any, bob: Any, as_person: Any) -> None:
    """Alice neither sees nor revokes Bob's token; an empty name is refused."""
    from liangxin.web.api import tokens

    row, _ = tokens.make(bob, "bob's own")
    client = as_person(alice)
    client.post(f"/accounts/tokens/{row.pk}/revoke/")
    row.refresh_from_db()
    assert row.revoked is None and "bob" not in client.get("/accounts/tokens/").content.decode()
    assert 422 == client.post("/accounts/tokens/", {"name": " "}).status_code


def test_a_session_needs_the_csrf_token_to_write(town: Any, places: Any, alice: Any) -> None:
    """A foreign page cannot write with somebody's cookie."""
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert 403 == patch(client, town, places["own"], version=1, values={"staff": 9}).status_code


def test_openapi_and_docs(client: Any) -> None:
    """The schema is served, and its reading page asks no other host."""
    schema = client.get(f"{BASE}/openapi.json").json()
    assert schema["openapi"].startswith("3.1") and f"{BASE}/towns/{{town}}/units" in schema["paths"]
    assert b"https://" not in client.get(f"{BASE}/docs").content


@pytest.fixture
def connection_stays() -> Iterator[None]:
    """Schemathesis calls the site as a server does, which lets go of the connection after each request; the test's town is in it."""
    for signal in (signals.request_started, signals.request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (signals.request_started, signals.request_finished):
        signal.connect(close_old_connections)


def test_fuzzed_requests_never_fail(town: Any, alice: Any, connection_stays: None) -> None:
    """Schemathesis on every operation, signed in as the office: whatever is sent, the answer is below 500."""
    import schemathesis

    from liangxin.web.api import tokens
    from liangxin.web.units.models import Unit
    from liangxin.web.wsgi import application

    _, token = tokens.make(alice, "fuzz")
    unit = Unit.objects.filter(town=town).first().unit_id
    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", application)
    tried: dict[str, int] = {}
    for result in schema.get_all_operations():
        _fuzz(result.ok(), {"town": town.code, "unit_id": unit}, token, tried)
    paths = schema.raw_schema["paths"]
    assert sum(len(each) for each in paths.values()) == len(tried) and all(tried.values())


def _fuzz(operation: Any, real: dict[str, str], token: str, tried: dict[str, int]) -> None:
    """Five bounded examples of one operation; most name the real town, and a real unit where one is named."""
    tried[operation.label] = 0

    @hypothesis_settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        if tried[operation.label] % 3:
            case.path_parameters.update(
                {name: value for name, value in real.items() if name in case.path_parameters}
            )
        tried[operation.label] += 1
        answer = case.call(headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code < 500, f"{operation.label}: {answer.status_code} {case.as_curl_command()}"

    run()
