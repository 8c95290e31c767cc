"""What every request passes: limits count the person, and no identity number and no NUL gets in by any way of sending."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client, RequestFactory

from liangxin.web.accounts.address import address_of
from liangxin.web.api import tokens
from liangxin.web.ui import limits
from liangxin.web.units.models import Unit

NUMBER = "11010519491231002X"
WIDE = "１１０１０５19491231００２X"
ESCAPED = "".join(f"\\u{ord(character):04x}" for character in NUMBER)
DIGITS = "110105194912310003"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of each kind in an hour."""
    counted = {name: (method, replace(limit, most=2)) for name, (method, limit) in limits.BY_ADDRESS.items()}
    monkeypatch.setattr(limits, "BY_ADDRESS", MappingProxyType(counted))


def feed(town: Any) -> str:
    return f"/api/v1/towns/{town.code}/feeds/ledger.csv"


@pytest.mark.parametrize("scheme", ["Bearer lx_made_up_{}", "Basic {}", "{}", "bearer  {}"])
def test_a_made_up_header_is_nobody_else(
    scheme: str, town: Any, alice: Any, as_person: Any, few: None
) -> None:
    """Whoever is signed in is counted, whatever else the request claims."""
    client = as_person(alice)
    codes = [
        client.get(feed(town), headers={"Authorization": scheme.format(number)}).status_code
        for number in range(3)
    ]
    assert [200, 200, 429] == codes


def test_several_tokens_are_one_person(
    town: Any, alice: Any, as_person: Any, client: Client, few: None
) -> None:
    """Another token, or the page instead of a program: it is the same person's hour."""
    keys = [tokens.make(alice, f"第{number}个")[1] for number in range(3)]
    codes = [client.get(feed(town), headers={"Authorization": f"Bearer {key}"}).status_code for key in keys]
    assert [200, 200, 429] == codes
    assert 429 == as_person(alice).get(f"/t/{town.code}/overview/document.docx").status_code


def test_a_header_on_a_page_counts_nobody_else(town: Any, alice: Any, as_person: Any, few: None) -> None:
    """Pages know no tokens."""
    client = as_person(alice)
    page = f"/t/{town.code}/overview/document.docx"
    codes = [client.get(page, headers={"Authorization": f"Bearer {n}"}).status_code for n in range(3)]
    assert [200, 200, 429] == codes


def test_no_two_at_once_count_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reads before the others have written, as requests that come together do; and threads that really do."""
    from concurrent.futures import ThreadPoolExecutor

    limit = replace(limits.EXPORTS, most=7)
    with ThreadPoolExecutor(8) as many:
        assert 7 == sum(many.map(lambda _: limits.within(limit, "threads"), range(40)))
    monkeypatch.setattr(limits.cache, "get", lambda key, default=None: default)
    assert 7 == sum(limits.within(limit, "behind") for _ in range(40))


def test_counts_are_not_pushed_out_by_other_counts(db: None) -> None:
    """As the site keeps them: after many other entries the first is still there."""
    from django.core.cache.backends.db import DatabaseCache

    kept = DatabaseCache("cache_of_a_test", site_cache())
    call_command("createcachetable", "cache_of_a_test", verbosity=0)
    kept.set("a", 1, 3600)
    for number in range(320):
        kept.set(f"b{number}", 1, 3600)
    assert 1 == kept.get("a")


def site_cache() -> dict[str, Any]:
    """The options of the site's own cache, which the tests replace by one in memory."""
    import os
    import subprocess
    import sys

    asked = "import json; from liangxin.web import settings as s; print(json.dumps(s.CACHES['default']))"
    made = subprocess.run(
        [sys.executable, "-c", asked], env=dict(os.environ), text=True, capture_output=True, check=True
    )
    found: dict[str, Any] = json.loads(made.stdout)
    return {name: found[name] for name in ("OPTIONS",) if name in found}


Send = Callable[[Client, Any, Unit], Any]


def patch(body: bytes | str, content_type: str = "application/json", **headers: str) -> Send:
    def send(client: Client, town: Any, unit: Unit) -> Any:
        raw = body if isinstance(body, bytes) else body.replace("@", str(unit.version)).encode()
        return client.generic(
            "PATCH", f"/api/v1/towns/{town.code}/units/{unit.unit_id}", raw, content_type, headers=headers
        )

    return send


def post(rest: str, body: bytes | str, content_type: str) -> Send:
    def send(client: Client, town: Any, unit: Unit) -> Any:
        return client.generic(
            "POST",
            f"/api/v1/towns/{town.code}/{rest}",
            body if isinstance(body, bytes) else body.encode(),
            content_type,
        )

    return send


def form(rest: str, sent: dict[str, Any]) -> Send:
    return lambda client, town, unit: client.post(f"/t/{town.code}/{rest.replace('@', unit.unit_id)}", sent)


REMARK = '{"version": @, "values": {"remark": "业主%s"}}'
WHAT_IF = json.dumps({"parameters": {"staff_large": 50}, "name": f"业主{NUMBER}"})
WAYS: dict[str, Send] = {
    "json": patch(REMARK % NUMBER),
    "text/plain": patch(REMARK % NUMBER, "text/plain"),
    "no content type": patch(REMARK % NUMBER, ""),
    "octets": patch(REMARK % NUMBER, "application/octet-stream"),
    "another charset": patch(REMARK % NUMBER, "application/json; charset=gb18030"),
    "utf-16": patch((REMARK % NUMBER).replace("@", "1").encode("utf-16")),
    "utf-32": patch((REMARK % NUMBER).replace("@", "1").encode("utf-32")),
    "wide digits": patch(REMARK % WIDE),
    "escaped digits": patch(REMARK % ESCAPED),
    "as a number": patch(f'{{"version": @, "values": {{"remark": {DIGITS}}}}}'),
    "as a fraction": patch('{"version": @, "values": {"remark": 110105194912313888.0}}'),
    "as a key": patch(f'{{"version": @, "values": {{"{NUMBER}": "x"}}}}'),
    "as an unknown key": patch(f'{{"version": @, "values": {{}}, "{NUMBER}": 1}}'),
    "deep down": patch('{{"version": @, "values": {{}}, "more": {}"{}"{}}}'.format("[" * 400, NUMBER, "]" * 400)),
    "says it is a form": patch(REMARK % NUMBER, "application/x-www-form-urlencoded"),
    "says it is many parts": patch(REMARK % NUMBER, "multipart/form-data; boundary=x"),
    "post as a form": post("what-if", WHAT_IF, "application/x-www-form-urlencoded"),
    "post as text": post("what-if", WHAT_IF, "text/plain; charset=utf-8"),
    "post as xml": post("what-if", WHAT_IF, "application/xml"),
    "field of a form": form("units/saved/", {"name": f"业主{NUMBER}"}),
    "name of a field": form("units/saved/", {NUMBER: "x", "name": "好"}),
    "a field called password": form("units/saved/", {"password": NUMBER, "name": "好"}),
    "a field called code": form("units/unit/@/save/", {"code": NUMBER, "version": "1"}),
    "query of a write": form(f"units/saved/?q={NUMBER}", {"name": "好"}),
    "name of a file": form("imports/", {"file": SimpleUploadedFile(f"{NUMBER}.csv", "单位名称\n甲厂\n".encode())}),
    "field of a file": form("imports/", {NUMBER: SimpleUploadedFile("a.csv", "单位名称\n甲厂\n".encode())}),
    "utf-16 file": form("imports/", {"file": SimpleUploadedFile("a.csv", f"单位名称\t备注\n甲厂\t{NUMBER}\n".encode("utf-16"))}),
    "escaped in a file": form(
        "settings/areas/", {"file": SimpleUploadedFile("a.geojson", (f'{{"features": [{{"name": "{ESCAPED}"}}]}}').encode())}
    ),
}  # fmt: skip


@pytest.mark.clause("4.1")
@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_sending_gets_a_number_in(way: str, town: Any, alice: Any, as_person: Any) -> None:
    """Refused with 422 (400 where nobody can read the body), the number not repeated, nothing written."""
    unit = Unit.objects.filter(town=town, removed=False).order_by("pk").first()
    assert unit is not None
    answer = WAYS[way](as_person(alice), town, unit)
    told = answer.content.decode()
    unreadable = way in {"says it is many parts"}
    assert (True, unreadable or "identity_number" in told or "居民身份证" in told) == (
        answer.status_code in ({400, 422} if unreadable else {422}),
        True,
    )
    told = re.sub(r'name="next" value="[^"]*"', "", told)  # its own address, for the other language
    assert not any(number in told for number in (NUMBER, WIDE, DIGITS, "110105194912313888"))
    before = unit.remark
    unit.refresh_from_db()
    assert before == unit.remark


def test_what_nobody_unpacks_is_not_read(town: Any, alice: Any, as_person: Any) -> None:
    """A packed body is no JSON to anybody: refused, nothing written."""
    unit = Unit.objects.filter(town=town, removed=False).order_by("pk").first()
    assert unit is not None
    raw = gzip.compress((REMARK % NUMBER).replace("@", str(unit.version)).encode())
    answer = patch(raw, "application/json", **{"Content-Encoding": "gzip"})(as_person(alice), town, unit)
    unit.refresh_from_db()
    assert (400, False) == (answer.status_code, NUMBER in (unit.remark or ""))


def test_good_codes_still_get_in(town: Any, alice: Any, as_person: Any) -> None:
    """A credit code of 18 places and a telephone are no identity numbers, in a value, a key or a name of a file."""
    client = as_person(alice)
    answer = client.post(
        f"/t/{town.code}/units/saved/", {"name": "统一社会信用代码 9133068314633680XL 13857501234"}
    )
    assert "居民身份证" not in answer.content.decode()


NULS = ["a\x00b", "\x00"]


@pytest.mark.parametrize("words", NULS)
def test_characters_that_no_database_keeps_are_refused(
    words: str, town: Any, alice: Any, as_person: Any
) -> None:
    """In a form, a query, a path, a body: 422 and which field, instead of an error of the database."""
    client = as_person(alice)
    at, api = f"/t/{town.code}", f"/api/v1/towns/{town.code}"
    answers = [
        client.post(f"{at}/units/saved/", {"name": words}),
        client.get(f"{at}/units/", {"q": words}),
        client.get(f"{api}/units", {"q": words}),
        client.get(f"{api}/units", {words: "1"}),
        client.get(f"{at}/units/unit/x%00y/"),
        client.get("/t/%00/units/"),
        client.post(f"{at}/units/unit/x%00y/save/", {"version": 1}),
        client.post("/language/", {"language": words}),
        client.post(f"{api}/what-if", {"name": words}, content_type="application/json"),
        client.generic("POST", f"{api}/what-if", b'{"name": "\\ud800"}', "application/json"),
        client.generic("POST", f"{api}/what-if", b'{"\\udfff": 1}', "text/plain"),
        Client().post("/accounts/login/", {"login": words, "password": "correct horse battery"}),
        Client().post("/accounts/login/", {"login": "alice", "password": words}),
    ]
    assert [422] * len(answers) == [each.status_code for each in answers]
    assert all(re.search('不能保存的字符|"character"', each.content.decode()) for each in answers)


def test_a_cookie_with_a_nul_is_none(town: Any) -> None:
    """A session that cannot be: the page of signing in, not an error of the database."""
    client = Client()
    client.cookies.load('sessionid="\\000\\000abcdefghijklmnop"')
    request = RequestFactory().get("/", headers={"Cookie": 'sessionid="\\000\\000abcdefghijklmnop"'})
    assert "\x00" in request.COOKIES["sessionid"]  # so it is read
    answer = Client(headers={"Cookie": 'sessionid="\\000\\000abcdefghijklmnop"; theme=a'}).get(
        f"/t/{town.code}/units/"
    )
    assert 302 == answer.status_code
    assert answer.wsgi_request.COOKIES == {"theme": "a"}


@pytest.mark.parametrize(
    ("proxies", "peer", "told", "found"),
    [
        ([], "192.0.2.9", "198.51.100.7", "192.0.2.9"),
        (["10.0.0.1"], "192.0.2.9", "198.51.100.7", "192.0.2.9"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (["10.0.0.1"], "10.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (["10.0.0.0/8"], "10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        (["10.0.0.1"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.7, who?", "10.0.0.1"),
        (["10.0.0.1"], "10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        (["::1"], "::1", "[2001:db8::7]:4711", "2001:db8::7"),
        (["10.0.0.1"], "", "198.51.100.7", ""),
    ],
)
def test_only_a_known_proxy_says_who_comes(
    proxies: list[str], peer: str, told: str, found: str, settings: Any
) -> None:
    """X-Forwarded-For is read from its end, as far as known proxies wrote it."""
    settings.TRUSTED_PROXIES = proxies
    assert found == address_of(RequestFactory().get("/", headers={"X-Forwarded-For": told}, REMOTE_ADDR=peer))
