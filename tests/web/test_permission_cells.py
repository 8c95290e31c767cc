"""The permission table, cell by cell: every role and action, at every address, for owner, colleague and outsider.

The cells are made from the table and from the addresses of the site: a new role, action or page without a place here fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.conftest import person

from liangxin.procedure import Actor, Person
from liangxin.registry import access
from liangxin.registry.access import TABLE, Action, Grant, Reach, Role
from liangxin.registry.fields import FIELDS, Reader
from liangxin.web.accounts.permission import permit
from liangxin.web.areas.models import Town
from liangxin.web.units.models import Unit

API_FILLED = {"ending": "pdf", "section": "areas", "kind": "unit"}
FILLED_AT = {
    "overview/by/{part}": {"part": "area"},
    "documents/files/{document}.{kind}": {"document": "ledger", "kind": "csv"},
}
FILLED = {"int": "999999", "str": "none", "slug": "none"}
FILLED_PAGES = {"overview-monthly": "overview/monthly.pdf", "overview-summary": "overview/summary.pdf"}
NUMBERS = ((Action.DECIDE, Reach.TOWN), (Action.CARRY_OUT, Reach.TOWN))
# Pages that ask for a second action besides the one that opens them.
# One of several is enough.
ALSO: dict[str, tuple[tuple[Action, Reach], ...]] = {
    "holders-add": ((Action.EDIT_UNITS, Reach.GROUP),),
    "holders-end": ((Action.EDIT_UNITS, Reach.GROUP),),
    "holders-export": ((Action.EXPORT, Reach.GROUP),),
    "closing-package": ((Action.EXPORT, Reach.GROUP),),
    "organizations-network": ((Action.EXPORT, Reach.TOWN),),
    "overview-monthly": ((Action.EXPORT, Reach.TOWN),),
    "overview-summary": ((Action.EXPORT, Reach.TOWN),),
    "procedures-numbers-open": NUMBERS,
    "procedures-numbers-reserve": NUMBERS,
    "procedures-numbers-void": NUMBERS,
}
# Actions that are asked for inside a case, by the core, once the person may read it.
IN_A_CASE = {Action.PROPOSE, Action.APPROVE, Action.DECIDE, Action.CARRY_OUT}
API = {
    ("GET", "indicators"): Action.SEE_FIGURES,
    ("GET", "organizations"): Action.SEE_FIGURES,
    ("GET", "areas"): Action.SEE_FIGURES,
    ("GET", "jobs"): Action.SEE_FIGURES,
    ("GET", "jobs/{pk}"): Action.SEE_FIGURES,
    ("GET", "indicators/{indicator}/{part}"): Action.READ_UNITS,
    ("GET", "units"): Action.READ_UNITS,
    ("GET", "units/{unit_id}"): Action.READ_UNITS,
    ("PATCH", "units/{unit_id}"): Action.EDIT_UNITS,
    ("GET", "changes"): Action.EDIT_UNITS,
    ("GET", "changes/{pk}"): Action.EDIT_UNITS,
    ("POST", "changes/{pk}/undo"): Action.EDIT_UNITS,
    ("GET", "plans"): Action.READ_UNITS,
    ("GET", "plans/published"): Action.READ_UNITS,
    ("GET", "plans/{number}"): Action.READ_UNITS,
    ("GET", "cases"): Action.SEE_FIGURES,
    ("GET", "cases/{pk}"): Action.READ_UNITS,
    ("POST", "cases"): Action.PROPOSE,
    ("POST", "cases-together"): Action.READ_UNITS,
    ("POST", "cases/{pk}/acts"): Action.READ_UNITS,
    ("GET", "cases/{pk}/options"): Action.READ_UNITS,
    ("POST", "cases/{pk}/revise"): Action.PROPOSE,
    ("GET", "cases/{pk}/foundings"): Action.PROPOSE,
    ("POST", "cases/{pk}/foundings"): Action.PROPOSE,
    ("GET", "cases/{pk}/papers/{file}.{ending}"): Action.READ_UNITS,
    ("GET", "cases/{pk}/evidence/{file}"): Action.READ_UNITS,
    ("GET", "plan-cases"): Action.PROPOSE,
    ("POST", "plan-cases"): Action.PROPOSE,
    ("GET", "stand-ins"): Action.READ_UNITS,
    ("POST", "stand-ins"): Action.READ_UNITS,
    ("POST", "stand-ins/{pk}/end"): Action.READ_UNITS,
    ("GET", "numbers"): Action.READ_UNITS,
    ("POST", "numbers/open"): Action.READ_UNITS,
    ("POST", "numbers/reserve"): Action.READ_UNITS,
    ("POST", "numbers/{pk}/void"): Action.READ_UNITS,
    ("GET", "feeds/areas.geojson"): Action.READ_UNITS,
    ("POST", "jobs/{pk}/cancel"): Action.SEE_FIGURES,
    ("GET", "overview/by/{part}"): Action.SEE_FIGURES,
    ("GET", "overview/blocked"): Action.SEE_FIGURES,
    ("GET", "overview/trend"): Action.SEE_FIGURES,
    ("GET", "overview/since-yesterday"): Action.SEE_FIGURES,
    ("GET", "overview/progress.docx"): Action.SEE_FIGURES,
    ("GET", "overview/monthly.{ending}"): Action.EXPORT,
    ("GET", "overview/summary.{ending}"): Action.EXPORT,
    ("GET", "units/{unit_id}/explanation"): Action.READ_UNITS,
    ("GET", "units/{unit_id}/history"): Action.READ_UNITS,
    ("POST", "units-bulk"): Action.EDIT_UNITS,
    ("POST", "units-paste"): Action.EDIT_UNITS,
    ("GET", "units-places"): Action.READ_UNITS,
    ("GET", "saved-lists"): Action.READ_UNITS,
    ("POST", "saved-lists"): Action.READ_UNITS,
    ("DELETE", "saved-lists/{pk}"): Action.READ_UNITS,
    ("GET", "imports"): Action.IMPORT,
    ("POST", "imports"): Action.IMPORT,
    ("GET", "imports/{pk}"): Action.IMPORT,
    ("POST", "imports/{pk}/columns"): Action.IMPORT,
    ("POST", "imports/{pk}/start"): Action.IMPORT,
    ("GET", "imports/{pk}/workbook.xlsx"): Action.IMPORT,
    ("GET", "waiting-values"): Action.IMPORT,
    ("POST", "waiting-values/{pk}"): Action.IMPORT,
    ("GET", "duplicates"): Action.IMPORT,
    ("POST", "duplicates"): Action.IMPORT,
    ("GET", "organizations/{organization}"): Action.SEE_FIGURES,
    ("GET", "organizations-changed"): Action.SEE_FIGURES,
    ("GET", "organizations-network.pdf"): Action.EXPORT,
    ("GET", "organization-operations"): Action.ORGANIZE,
    ("POST", "organization-operations"): Action.ORGANIZE,
    ("POST", "organization-operations/preview"): Action.ORGANIZE,
    ("GET", "organization-framework"): Action.ORGANIZE,
    ("POST", "organization-framework"): Action.ORGANIZE,
    ("POST", "organizations-existing"): Action.ORGANIZE,
    ("GET", "organizations-undecided"): Action.ORGANIZE,
    ("POST", "organizations-undecided"): Action.ORGANIZE,
    ("POST", "plans"): Action.PLAN,
    ("GET", "plans/{number}/job"): Action.READ_UNITS,
    ("POST", "plans/{number}/cancel"): Action.PLAN,
    ("POST", "plans/{number}/publish"): Action.PUBLISH,
    ("GET", "plans/{number}/figures"): Action.READ_UNITS,
    ("GET", "plans/{number}/units/{unit_id}/places"): Action.PLAN,
    ("POST", "plans/{number}/trial"): Action.PLAN,
    ("GET", "plans/{number}/pins"): Action.READ_UNITS,
    ("POST", "plans/{number}/pins"): Action.PLAN,
    ("DELETE", "plans/{number}/pins/{pk}"): Action.PLAN,
    ("GET", "plans-compared"): Action.READ_UNITS,
    ("POST", "what-if"): Action.READ_UNITS,
    ("GET", "documents"): Action.EXPORT,
    ("GET", "documents/files/{document}.{kind}"): Action.EXPORT,
    ("POST", "documents/all"): Action.EXPORT,
    ("GET", "documents/exports"): Action.EXPORT,
    ("GET", "documents/exports/{pk}"): Action.EXPORT,
    ("GET", "holders"): Action.SEE_PERSONAL,
    ("GET", "holders-of/{kind}/{of}"): Action.SEE_PERSONAL,
    ("POST", "holders-of/{kind}/{of}"): Action.SEE_PERSONAL,
    ("POST", "holders/{pk}/end"): Action.SEE_PERSONAL,
    ("POST", "holders/{pk}/show"): Action.SEE_PERSONAL,
    ("POST", "holders-export"): Action.SEE_PERSONAL,
    ("GET", "policy"): Action.SEE_FIGURES,
    ("GET", "settings"): Action.SETTINGS,
    ("PUT", "settings/names"): Action.SETTINGS,
    ("PUT", "settings/policy"): Action.SETTINGS,
    ("GET", "policy-texts"): Action.SETTINGS,
    ("POST", "policy-texts"): Action.SETTINGS,
    ("GET", "policy-texts/{policy}/{number}.yaml"): Action.SEE_FIGURES,
    ("GET", "settings/sections/{section}"): Action.SETTINGS,
    ("PUT", "settings/sections/{section}"): Action.SETTINGS,
    ("GET", "settings/town-file"): Action.SETTINGS,
    ("PUT", "settings/town-file"): Action.SETTINGS,
    ("POST", "settings/boundaries"): Action.SETTINGS,
    ("GET", "pending-roles"): Action.USERS,
    ("POST", "pending-roles/{pk}/confirm"): Action.USERS,
    ("POST", "pending-roles/{pk}/refuse"): Action.USERS,
    ("GET", "tokens"): Action.USERS,
    ("DELETE", "tokens/{pk}"): Action.USERS,
    ("GET", "people"): Action.USERS,
    ("POST", "people"): Action.USERS,
    ("POST", "people/{pk}/password"): Action.USERS,
    ("DELETE", "people/{pk}/second-step"): Action.USERS,
    ("POST", "people/{pk}/unlock"): Action.USERS,
    ("POST", "people/{pk}/close"): Action.USERS,
    ("POST", "people/{pk}/reopen"): Action.USERS,
    ("POST", "people/{pk}/roles"): Action.USERS,
    ("DELETE", "roles/{pk}"): Action.USERS,
    ("GET", "audit"): Action.READ_AUDIT,
    ("GET", "audit.csv"): Action.READ_AUDIT,
    ("POST", "audit/anchor"): Action.READ_AUDIT,
    ("GET", "closing"): Action.CLOSE,
    ("POST", "closing/term"): Action.CLOSE,
    ("POST", "closing/end"): Action.CLOSE,
    ("POST", "closing/package"): Action.CLOSE,
    ("POST", "closing/ask"): Action.CLOSE,
    ("POST", "closing/withdraw"): Action.CLOSE,
    ("POST", "closing/purge"): Action.CLOSE,
    ("GET", "closing/proof"): Action.CLOSE,
    ("GET", "feeds/ledger.csv"): Action.EXPORT,
    ("GET", "feeds/ledger.parquet"): Action.EXPORT,
    ("GET", "feeds/units.geojson"): Action.EXPORT,
}
# A body that can be read, for each address that takes one: a role is refused before a word of it is looked at.
BODIES: dict[str, dict[str, object]] = {
    "organizations-undecided": {"units": {"none": "tree"}},
    "cases": {"kind": "found"},
    "cases-together": {"act": "reply", "cases": [{"id": 1, "version": 1}]},
    "cases/{pk}/acts": {"act": "submit", "version": 1},
    "cases/{pk}/revise": {"version": 1},
    "cases/{pk}/foundings": {"organizations": []},
    "plan-cases": {"groups": []},
    "stand-ins": {"to": 1, "since": "2011-08-15", "until": "2011-08-16"},
    "numbers/open": {"body": "长委", "year": 2011},
    "numbers/reserve": {"what": "年度总结"},
    "numbers/{pk}/void": {"reason": "不发了"},
    "units-bulk": {"field": "remark"},
    "units-paste": {"text": ""},
    "saved-lists": {"name": "早上看", "filter": {}},
    "imports/{pk}/columns": {"columns": {}},
    "imports/{pk}/start": {"seen": ""},
    "waiting-values/{pk}": {"take": "copy", "seen": ""},
    "duplicates": {"first": "1", "second": "2", "keep": "both"},
    "organization-operations": {"kind": "found", "seen": 0},
    "organization-operations/preview": {"kind": "found"},
    "organization-framework": {"seen": 99},
    "plans": {},
    "plans/{number}/trial": {"units": ["1"]},
    "plans/{number}/pins": {"units": ["1"]},
    "what-if": {"parameters": {}},
    "holders-of/{kind}/{of}": {"part": "contact", "name": "张三"},
    "holders/{pk}/show": {"reason": "通知开会"},
    "holders-export": {"reason": "通知开会"},
    "settings/names": {"name": ""},
    "settings/policy": {"policy": "none"},
    "policy-texts": {"text": "format: liangxin.policy/1"},
    "settings/sections/{section}": {"version": 0, "rows": []},
    "settings/town-file": {"text": ""},
    "settings/boundaries": {"geojson": {}},
    "people": {"username": "new", "role": "office"},
    "people/{pk}/roles": {"role": "office"},
    "closing/term": {"months": 0},
    "closing/end": {"on": "2011-08-15"},
    "closing/ask": {"reason": "行动结束"},
}
QUERIES = {"plans-compared": "?first=1&second=2"}
# Addresses of the API that ask for a second action besides the first.
API_ALSO: dict[tuple[str, str], tuple[tuple[Action, Reach], ...]] = {
    ("POST", "numbers/open"): NUMBERS,
    ("POST", "numbers/reserve"): NUMBERS,
    ("POST", "numbers/{pk}/void"): NUMBERS,
    ("POST", "holders-of/{kind}/{of}"): ((Action.EDIT_UNITS, Reach.GROUP),),
    ("POST", "holders/{pk}/end"): ((Action.EDIT_UNITS, Reach.GROUP),),
    ("POST", "holders-export"): ((Action.EXPORT, Reach.GROUP),),
    ("POST", "closing/package"): ((Action.EXPORT, Reach.GROUP),),
    ("GET", "organizations-network.pdf"): ((Action.EXPORT, Reach.TOWN),),
    ("GET", "overview/monthly.{ending}"): ((Action.EXPORT, Reach.TOWN),),
    ("GET", "overview/summary.{ending}"): ((Action.EXPORT, Reach.TOWN),),
}


@dataclass(frozen=True, slots=True)
class Door:
    """An address with the action that opens it."""

    method: str
    address: str
    name: str
    action: Action | None


def doors() -> Iterator[Door]:
    """Every page under a town, as the address table has it."""

    def walk(resolver: URLResolver, before: str) -> Iterator[Door]:
        for each in resolver.url_patterns:
            at = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from walk(each, at)
            elif isinstance(each, URLPattern) and at.startswith("t/<str:town>/"):
                filled = FILLED_PAGES.get(each.name or "") or re.sub(
                    r"<(\w+):(\w+)>", lambda found: FILLED[found[1]], at[13:]
                )
                view = each.callback
                only_post = "require_POST" in str(getattr(view, "__code__", "")) or _only_post(view)
                yield Door(
                    "POST" if only_post else "GET", filled, each.name or "", getattr(view, "action", None)
                )

    yield from walk(get_resolver(), "")


def _only_post(view: Any) -> bool:
    """require_POST wraps outside of in_town: asked by a request of its own."""
    from django.test import RequestFactory

    if "require_http_methods" not in getattr(view, "__code__", None).co_qualname:
        return False
    return 405 == view(RequestFactory().get("/"), town="none").status_code


DOORS = list(doors())


def address_of(town: Any, door: Door) -> str:
    return f"/t/{town.code}/{door.address}"


def test_every_page_names_its_action() -> None:
    """No page under a town is open to everybody who signs in."""
    assert [] == [door.name for door in DOORS if door.action is None]


def test_every_action_has_a_door() -> None:
    """An action that opens nothing could not be tested."""
    found = {door.action for door in DOORS} | set(API.values()) | IN_A_CASE
    assert set(Action) == found
    assert set(Role) == set(TABLE) and all(set(Action) == set(row) for row in TABLE.values())


def test_every_address_of_the_api_is_in_the_table(client: Client, db: None) -> None:
    """What the API's own description lists."""
    from liangxin.web.api.service import api

    listed = {
        (method.upper(), path.partition("{town}/")[2])
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
        if "{town}/" in path
    }
    assert set(API) == listed


def ask(client: Client, method: str, address: str, body: dict[str, object] | None = None) -> int:
    if method == "PATCH":
        body = {"version": 1, "values": {}}
    if body is not None:
        return getattr(client, method.lower())(address, body, content_type="application/json").status_code
    if method == "POST" and address.endswith("/imports"):
        return client.post(address, {"file": SimpleUploadedFile("list.csv", b"")}).status_code
    return getattr(client, method.lower())(address).status_code


def api_address(town: Any, path: str) -> str:
    filled = API_FILLED | FILLED_AT.get(path, {})
    rest = re.sub(r"{(\w+)}", lambda found: filled.get(found[1], "1"), path)
    return f"/api/v1/towns/{town.code}/{rest}{QUERIES.get(path, '')}"


@pytest.mark.parametrize("action", list(Action), ids=lambda each: each.value)
@pytest.mark.parametrize("role", list(Role), ids=lambda each: each.value)
def test_cell(role: Role, action: Action, empty_town: Any, as_person: Any) -> None:
    """A role with the action is never refused at its doors, one without always is (403), an outsider finds nothing (404)."""
    town = empty_town
    Town.objects.filter(pk=town.pk).update(drive_starts=town.today)  # one day to count, not fifteen
    groups = town.as_core().task_groups
    owner = as_person(person("owner", town, role, groups[0].id))
    outsider = as_person(person("nobody", town, None))
    holds = TABLE[role][action] is not Reach.NONE
    wrong: list[tuple[str, int]] = []
    for door in DOORS:
        if door.action is not action:
            continue
        also = ALSO.get(door.name, ((action, Reach.GROUP),))
        may = holds and any(TABLE[role][each].value >= least.value for each, least in also)
        status = ask(owner, door.method, address_of(town, door))
        if (status == 403) is may or status >= 500:
            wrong.append((door.name, status))
        if 404 != (status := ask(outsider, door.method, address_of(town, door))):
            wrong.append((f"outsider at {door.name}", status))
    for (method, path), asked in API.items():
        if asked is not action:
            continue
        address = api_address(town, path)
        body = BODIES.get(path) if method in ("POST", "PUT") else None
        also = API_ALSO.get((method, path), ((action, Reach.GROUP),))
        may = holds and any(TABLE[role][each].value >= least.value for each, least in also)
        status = ask(owner, method, address, body)
        if (status == 403) is may or status >= 500:
            wrong.append((path, status))
        if 404 != (status := ask(outsider, method, address, body)):
            wrong.append((f"outsider at {path}", status))
    assert [] == wrong
    assert holds is permit(person("again", town, role, groups[0].id), town).may(action)


@pytest.mark.clause("5.2")
@pytest.mark.parametrize(
    "action", sorted(IN_A_CASE, key=lambda each: each.value), ids=lambda each: each.value
)
@pytest.mark.parametrize("role", list(Role), ids=lambda each: each.value)
def test_cell_inside_a_case(role: Role, action: Action) -> None:
    """What the core asks: owner, colleague of another group, outsider."""
    reach = TABLE[role][action]
    owner, colleague = (Actor(Person(name, name), (Grant(role, name),)) for name in ("G1", "G2"))
    assert (reach is not Reach.NONE, reach is Reach.TOWN, False) == (
        owner.may(action, "G1"), colleague.may(action, "G1"), Actor(Person("x", "x"), ()).may(action, "G1"),
    )  # fmt: skip


def unit_doors(town: Any, unit: Any) -> list[tuple[Action, str, str, str]]:
    """(action, what, method, address) by which one unit is reached."""
    at, api = f"/t/{town.code}", f"/api/v1/towns/{town.code}"
    return [
        (Action.READ_UNITS, "page", "GET", f"{at}/units/unit/{unit.unit_id}/"),
        (Action.READ_UNITS, "api", "GET", f"{api}/units/{unit.unit_id}"),
        (Action.READ_UNITS, "api explanation", "GET", f"{api}/units/{unit.unit_id}/explanation"),
        (Action.READ_UNITS, "api history", "GET", f"{api}/units/{unit.unit_id}/history"),
        (Action.EDIT_UNITS, "page", "GET", f"{at}/units/unit/{unit.unit_id}/cell/remark/"),
        (Action.EDIT_UNITS, "visit", "GET", f"{at}/units/unit/{unit.unit_id}/visit/"),
        (Action.EDIT_UNITS, "api", "PATCH", f"{api}/units/{unit.unit_id}"),
        (Action.SEE_PERSONAL, "holders", "GET", f"{at}/holders/of/unit/{unit.unit_id}/"),
        (Action.SEE_PERSONAL, "api holders", "GET", f"{api}/holders-of/unit/{unit.unit_id}"),
    ]


def unit_lists(town: Any, unit: Any) -> list[tuple[Action, str, str]]:
    """(action, what, address) of answers that must hold the unit's number exactly for who may."""
    at, api = f"/t/{town.code}", f"/api/v1/towns/{town.code}"
    return [
        (Action.READ_UNITS, "search", f"{at}/units/?q={unit.name}"),
        (Action.READ_UNITS, "api search", f"{api}/units?q={unit.name}"),
        (Action.READ_UNITS, "map", f"{at}/map/units.geojson"),
        (Action.EXPORT, "export", f"{at}/documents/file/ledger.csv"),
        (Action.EXPORT, "feed", f"{api}/feeds/ledger.csv"),
        (Action.EXPORT, "api document", f"{api}/documents/files/ledger.csv"),
    ]


@pytest.mark.parametrize("role", list(Role), ids=lambda each: each.value)
def test_unit_of_owner_colleague_and_outsider(role: Role, town: Any, as_person: Any) -> None:
    """One unit of the first group: by page, API, visit, search, map, export and feed."""
    first, second = (each.id for each in town.as_core().task_groups[:2])
    unit = (
        Unit.objects.filter(town=town, task_group=first, removed=False, lon__isnull=False)
        .order_by("pk")
        .first()
    )
    people = {
        "owner": (as_person(person("owner", town, role, first)), (Reach.GROUP, Reach.TOWN)),
        "colleague": (as_person(person("colleague", town, role, second)), (Reach.TOWN,)),
        "outsider": (as_person(person("nobody", town, None)), ()),
    }
    wrong: list[tuple[str, str, str, Any]] = []
    for who, (client, reaches) in people.items():
        for action, what, method, address in unit_doors(town, unit):
            status = ask(client, method, address)
            if (status < 400) is not (TABLE[role][action] in reaches):
                wrong.append((who, action.value, what, status))
        for action, what, address in unit_lists(town, unit):
            answer = client.get(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            held = answer.status_code == 200 and unit.unit_id.encode() in body
            if held is not (TABLE[role][action] in reaches):
                wrong.append((who, action.value, what, answer.status_code))
    assert [] == wrong


@pytest.mark.parametrize("reader", list(Reader), ids=lambda each: each.value)
@pytest.mark.parametrize("role", list(Role), ids=lambda each: each.value)
def test_fields_of_each_class(role: Role, reader: Reader) -> None:
    """A field is readable exactly where the table gives its class to the role; several roles join."""
    readable = set(access.readable_fields((Grant(role),)))
    mine = {name for name, field in FIELDS.items() if field.reader is reader}
    assert (mine <= readable, not mine & readable) == (
        (True, False) if reader in access._READERS[role] else (False, True)
    )
    assert (TABLE[role][Action.READ_UNITS] is Reach.NONE) == (access._READERS[role] == frozenset())
    assert readable | set(access.readable_fields((Grant(Role.OFFICE),))) == set(FIELDS)


SECRET = {Reader.SURVEY: ("remark", "只有摸底的人知道"), Reader.MEMBERSHIP: ("full_members", 7777)}


@pytest.mark.parametrize("reader", list(SECRET), ids=lambda each: each.value)
def test_unreadable_fields_are_nowhere(
    reader: Reader, town: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role without a class of fields meets none of their values: page, list, change history, API, export, feed, map."""
    name, value = SECRET[reader]
    unit = Unit.objects.filter(town=town, removed=False, lon__isnull=False).order_by("pk").first()
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text

    made = write(town, None, "edit", Text("改", "edit"), [Edit(unit, {name: value, "staff": 9000})])
    without = dict(access._READERS) | {Role.OFFICE: frozenset(Reader) - {reader}}
    monkeypatch.setattr(access, "_READERS", without)
    client = as_person(person("limited", town, Role.OFFICE))
    at, api = f"/t/{town.code}", f"/api/v1/towns/{town.code}"
    shown = (
        (str(value).encode(), b"7,777")
        if isinstance(value, int)
        else (value.encode(), value.encode("unicode_escape"))
    )
    leaks: list[str] = []
    for address in (
        f"{at}/units/?q={unit.name}&column={name}", f"{at}/units/unit/{unit.unit_id}/", f"{at}/units/changes/{made.pk}/",
        f"{at}/documents/file/ledger.csv", f"{at}/documents/file/ledger.xlsx", f"{at}/map/units.geojson",
        f"{api}/units/{unit.unit_id}", f"{api}/units?q={unit.name}", f"{api}/changes/{made.pk}", f"{api}/feeds/ledger.csv",
    ):  # fmt: skip
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert 200 == answer.status_code, address
        if address.endswith("xlsx"):
            body = _unpacked(body)
        if any(each in body for each in shown):
            leaks.append(address)
    assert [] == leaks


def _unpacked(raw: bytes) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return b"".join(archive.read(each) for each in archive.namelist())


@pytest.mark.parametrize("reader", list(SECRET), ids=lambda each: each.value)
def test_the_test_of_fields_can_fail(reader: Reader, town: Any, as_person: Any) -> None:
    """Who may read them all meets the value on the unit's page."""
    name, value = SECRET[reader]
    unit = Unit.objects.filter(town=town, removed=False).order_by("pk").first()
    Unit.objects.filter(pk=unit.pk).update(**{name: value})
    page = as_person(person("office", town, Role.OFFICE)).get(f"/t/{town.code}/units/unit/{unit.unit_id}/")
    assert str(value) in page.content.decode()


def test_jobs_of_others_do_not_exist(town: Any, alice: Any, as_person: Any) -> None:
    """A job's page, its API and its file are for the person who started it."""
    from liangxin.web.jobs.models import Job

    job = Job.objects.create(town=town, by=alice, kind="documents", title={"zh": "导出", "en": "export"})
    other = as_person(person("other", town, Role.OFFICE))
    assert (404, 404) == (
        other.get(f"/t/{town.code}/jobs/{job.pk}/").status_code,
        other.get(f"/api/v1/towns/{town.code}/jobs/{job.pk}").status_code,
    )
