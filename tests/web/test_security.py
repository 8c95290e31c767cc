"""What keeps the site: lock-out, passwords, sessions, the second step of approvers, headers, limits, uploads."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.cast import MINUTES, TODAY, Cast, founding, the_cast  # noqa: F401
from tests.web.conftest import person

from liangxin.procedure import Remind, Take
from liangxin.registry.access import Role
from liangxin.web.accounts.two_step import TwoStepNeeded
from liangxin.web.plans import services as plans
from liangxin.web.plans.models import PlanRun
from liangxin.web.procedures import jointly, numbers, services, standing_in
from liangxin.web.procedures.models import Case
from liangxin.web.procedures.services import Chosen
from liangxin.web.units.models import Unit

PASSWORD = "correct horse battery"
NUMBER = "11010519491231002X"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    """Each test begins with no attempts counted."""
    cache.clear()


def sign_in(client: Client, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": "alice", "password": password})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_five_wrong_passwords_lock_the_account(alice: Any, client: Client) -> None:
    """The right password is refused as well, from then on for a while."""
    for _ in range(5):
        sign_in(client, "wrong")
    sign_in(client)
    assert not signed_in(client)


def test_wrong_name_and_wrong_password_are_told_alike(alice: Any, client: Client) -> None:
    """Nobody learns which accounts exist."""

    def said(name: str) -> list[str]:
        page = client.post("/accounts/login/", {"login": name, "password": "wrong"}).content.decode()
        return re.findall(r"<li>(.*?)</li>", page)

    assert said("alice") == said("nobody") != []


def test_signing_in_gives_a_new_session(alice: Any, client: Client) -> None:
    """A session key that somebody planted before is worth nothing afterwards."""
    client.get("/accounts/login/")
    client.session.save()
    before = client.session.session_key
    sign_in(client)
    assert (True, False) == (signed_in(client), client.session.session_key == before)


def test_signing_out_ends_the_session_on_the_server(alice: Any, town: Any, client: Client) -> None:
    """A copied cookie opens nothing after signing out."""
    sign_in(client)
    copied = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    other = Client()
    other.cookies["sessionid"] = copied
    assert 302 == other.get(f"/t/{town.code}/units/").status_code


def test_a_session_that_nobody_uses_ends(alice: Any, town: Any, as_person: Any, settings: Any) -> None:
    """After the minutes of the setting the next page is the sign-in page; before, the page."""
    client = as_person(alice)
    assert 200 == client.get(f"/t/{town.code}/units/").status_code
    session = client.session
    session["seen"] = time.time() - settings.IDLE_SECONDS - 1
    session.save()
    response = client.get(f"/t/{town.code}/units/")
    assert (302, True) == (response.status_code, response["Location"].startswith("/accounts/login/"))


def test_pages_that_ask_by_themselves_keep_no_session_open(alice: Any, town: Any, as_person: Any) -> None:
    """A progress bar left on a screen is not a person at work."""
    client = as_person(alice)
    client.get(f"/t/{town.code}/units/")
    session = client.session
    session["seen"] = seen = time.time() - 600
    session.save()
    client.get(f"/t/{town.code}/jobs/", headers={"HX-Request": "true"})
    assert seen == client.session["seen"]


def test_other_sessions_are_listed_and_ended(alice: Any, town: Any) -> None:
    """One sees where one is signed in, and ends the others with one button."""
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    page = here.get("/accounts/sessions/").content.decode()
    assert 1 == page.count("本机") and "退出其他设备" in page
    here.post("/accounts/sessions/")
    units = f"/t/{town.code}/units/"
    assert (200, 302) == (here.get(units).status_code, there.get(units).status_code)


def test_a_changed_password_ends_the_other_sessions(alice: Any, town: Any) -> None:
    """Whoever came in with the old password is out."""
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    changed = {"oldpassword": PASSWORD, "password1": "new horse battery", "password2": "new horse battery"}
    assert 302 == here.post("/accounts/password/change/", changed).status_code
    assert 302 == there.get(f"/t/{town.code}/units/").status_code


@pytest.mark.parametrize(
    "password", ["short", "1234567890", "password123", "liangxin2026", "changle-001", "长乐镇dangjian", "alice-alice"]
)  # fmt: skip
def test_weak_passwords_are_refused(password: str, alice: Any) -> None:
    """Short, digits only, known to everybody, made of the town's or the site's or one's own name."""
    with pytest.raises(ValidationError):
        validate_password(password, alice)


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "春天的河水向东流过石桥", "x7" * 50, "liangxin und siebzehn Kraniche"],
)
def test_long_passwords_of_any_characters_pass(password: str, alice: Any) -> None:
    """No rule about which characters; a hundred are fine; a phrase may hold a common word."""
    validate_password(password, alice)


def test_refusals_of_passwords_are_chinese(alice: Any) -> None:
    """What is wrong with a password is said in the page's language."""
    with pytest.raises(ValidationError) as refused:
        validate_password("123", alice)
    assert all(re.search(r"[\u4e00-\u9fff]", words) for words in refused.value.messages)


def test_nobody_signs_up(client: Client, db: None) -> None:
    """Accounts are opened by an administrator."""
    client.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert not signed_in(client)


def test_approvers_need_the_second_step(cast: Cast, as_person: Any, settings: Any) -> None:
    """Who decides may not do so by the password alone; the page says how to turn the second step on. Others are not asked."""
    settings.REQUIRE_TOTP = True
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    address = f"/t/{cast.town.code}/procedures/case/{case.pk}/do/"
    meeting = {
        "minutes_held_on": "2011-08-15",
        "minutes_entitled": "9",
        "minutes_present": "8",
        "minutes_in_favour": "8",
    }
    sent = as_person(cast.leader).post(address + "submit/", {"version": 1})
    assert (302, "committee") == (sent.status_code, Case.objects.get(pk=case.pk).step)
    refused = as_person(cast.committee).post(address + "refuse/", {"version": 2, "reason": "再议"} | meeting)
    assert 403 == refused.status_code
    assert "/accounts/2fa/totp/activate/" in refused.content.decode()
    assert "committee" == Case.objects.get(pk=case.pk).step


def test_no_way_around_the_second_step(cast: Cast, settings: Any) -> None:
    """Every service that approves, decides, gives a number or lets somebody stand in refuses; with it, none does."""
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    cast.do(cast.leader, case, Take(transition="submit"))
    settings.REQUIRE_TOTP = True
    deciding, seen = cast.may(cast.committee), Chosen(case.pk, Case.objects.get(pk=case.pk).version)
    deed = Take(transition="reply_elect", minutes=MINUTES)
    ways: list[Callable[[], object]] = [
        lambda: services.act(deciding, case.pk, deed, seen.version),
        lambda: services.act_on_all(deciding, [seen], deed),
        lambda: jointly.act_jointly(deciding, [seen], deed),
        lambda: numbers.reserve(deciding, "留一个号"),
        lambda: numbers.open_register(deciding, "长委", 2011, 1),
        lambda: standing_in.give(deciding, cast.actor(cast.leading_group), TODAY, TODAY, "出差"),
        lambda: plans.publish(cast.may(cast.leading_group), PlanRun()),
    ]
    for way in ways:
        with pytest.raises(TwoStepNeeded):
            way()
    assert "committee" == Case.objects.get(pk=case.pk).step
    assert services.act(
        cast.may(cast.leader), case.pk, Remind(TODAY, "请抓紧"), None
    )  # a group has no need of it
    Authenticator.objects.create(user=cast.committee, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert "election" == services.act(deciding, case.pk, deed, Case.objects.get(pk=case.pk).version).step


def test_a_token_is_no_way_around_the_second_step(cast: Cast, as_person: Any, settings: Any) -> None:
    """The API says why, and that it is turned on on the site."""
    case = services.start(cast.may(cast.leader), "founding", founding(cast))
    cast.do(cast.leader, case, Take(transition="submit"))
    settings.REQUIRE_TOTP = True
    answer = as_person(cast.committee).post(
        f"/api/v1/towns/{cast.town.code}/cases/{case.pk}/acts",
        {
            "act": "reply_elect",
            "version": 2,
            "minutes": {"held_on": "2011-08-15", "entitled": 9, "present": 8, "in_favour": 8},
        },
        content_type="application/json",
    )
    assert (403, "two-step") == (answer.status_code, answer.json()["code"])


def test_approvers_may_read_without_it(town: Any, as_person: Any, settings: Any) -> None:
    """Only what they do waits for it, not what they read."""
    settings.REQUIRE_TOTP = True
    client = as_person(person("chief", town, Role.LEADING_GROUP))
    assert 200 == client.get(f"/t/{town.code}/procedures/").status_code


def test_second_step_is_on_unless_turned_off() -> None:
    """A site that sets nothing asks for it."""
    import os
    import subprocess
    import sys

    environment = {name: value for name, value in os.environ.items() if name != "LIANGXIN_REQUIRE_TOTP"}
    asked = "from liangxin.web import settings; print(settings.REQUIRE_TOTP)"
    made = subprocess.run(
        [sys.executable, "-c", asked], env=environment, text=True, capture_output=True, check=True
    )
    assert "True" == made.stdout.strip()


def test_headers_of_every_page(town: Any, alice: Any, as_person: Any) -> None:
    """No script or style from elsewhere or inline, no frame, no guessing of types, nothing kept by a cache."""
    response = as_person(alice).get(f"/t/{town.code}/units/")
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert ("'self'", "'self'", "'none'", "'none'", "'none'") == (
        policy["script-src"], policy["style-src"], policy["style-src-attr"], policy["object-src"], policy["frame-ancestors"],
    )  # fmt: skip
    assert ("nosniff", "DENY", "same-origin", "private, no-store") == tuple(
        response[name]
        for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cache-Control")
    )


def pages() -> list[str]:
    """Addresses under a town that need nothing else to be opened."""
    found: list[str] = []

    def walk(resolver: URLResolver, before: str) -> None:
        for each in resolver.url_patterns:
            at = before + str(each.pattern)
            if isinstance(each, URLResolver):
                walk(each, at)
            elif isinstance(each, URLPattern) and at.startswith("t/<str:town>/") and "<" not in at[13:]:
                found.append("/" + at)

    walk(get_resolver(), "")
    return sorted(found)


@pytest.mark.parametrize("address", pages())
def test_no_page_holds_inline_script_or_style(address: str, town: Any, as_person: Any) -> None:
    """No script element with content, no handler attribute, no javascript: address, no style element."""
    client = as_person(person("office", town, Role.OFFICE))
    response = client.get(address.replace("<str:town>", town.code))
    if not response.get("Content-Type", "").startswith("text/html") or 200 != response.status_code:
        assert response.status_code in (200, 302, 400, 403, 404, 405)
        return
    page = response.content.decode()
    assert [] == re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", page)
    assert [] == re.findall(r"<style\b|\son[a-z]+\s*=\s*[\"']|javascript:", page)


def test_forms_need_their_token(town: Any, alice: Any) -> None:
    """A form sent from another site is refused."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert 403 == client.post(f"/t/{town.code}/units/paste/", {"text": "x"}).status_code


def test_a_link_elsewhere_is_not_followed(alice: Any, client: Client) -> None:
    """After signing in one stays on the site."""
    response = client.post(
        "/accounts/login/?next=https://example.org/",
        {"login": "alice", "password": PASSWORD, "next": "https://example.org/"},
    )
    assert not response["Location"].startswith("https://")
    response = client.post("/language/", {"language": "en", "next": "//example.org/"})
    assert "/" == response["Location"]


@pytest.mark.parametrize(
    "given", ["", "1e400", "²", "overview", "liangxin.web.ui.views.start", "javascript:alert(1)", "?a=1"]
)
def test_what_is_no_address_leads_to_the_start(given: str, client: Client) -> None:
    """Words that are no address were looked up as the name of a page: a server error."""
    assert "/" == client.post("/language/", {"language": "en", "next": given})["Location"]


def test_every_limit_is_of_an_address_that_there_is() -> None:
    """A name written wrongly would limit nothing."""
    from django.urls import URLResolver, get_resolver

    from liangxin.web.ui import limits

    def names(resolver: URLResolver) -> set[str]:
        below = [
            names(each) if isinstance(each, URLResolver) else {each.name or ""}
            for each in resolver.url_patterns
        ]
        return set().union(*below)

    assert set(limits.BY_ADDRESS) <= names(get_resolver())


def test_exports_are_limited(town: Any, alice: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many in an hour are refused with the time to wait, on the page and in the API."""
    from dataclasses import replace
    from types import MappingProxyType

    from liangxin.web.ui import limits

    few = {name: (method, replace(limit, most=2)) for name, (method, limit) in limits.BY_ADDRESS.items()}
    monkeypatch.setattr(limits, "BY_ADDRESS", MappingProxyType(few))
    client = as_person(alice)
    codes = [client.get(f"/t/{town.code}/overview/document.docx").status_code for _ in range(3)]
    assert [200, 200, 429] == codes
    answer = client.get(f"/api/v1/towns/{town.code}/feeds/ledger.csv")
    assert (429, "3600", "too-often") == (answer.status_code, answer["Retry-After"], answer.json()["code"])


def upload(client: Client, town: Any, name: str, content: bytes) -> Any:
    return client.post(f"/t/{town.code}/imports/", {"file": SimpleUploadedFile(name, content)})


def test_bombs_macros_and_programs_are_not_taken_in(
    town: Any, alice: Any, as_person: Any, settings: Any
) -> None:
    """Refused with the reason, and no file of them is kept."""
    from pathlib import Path

    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", bytes(30 * 1024 * 1024))
    client = as_person(alice)
    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    for name, content in (("a.xlsx", bomb.getvalue()), ("a.xlsm", b"PK"), ("a.xlsx", b"MZ\x90")):
        response = upload(client, town, name, content)
        assert (422, True) == (response.status_code, "没有保存" in response.content.decode())
    assert before == set(Path(settings.MEDIA_ROOT).rglob("*"))


@pytest.mark.clause("4.1")
def test_identity_number_in_a_list_is_refused_and_not_kept(
    town: Any, alice: Any, as_person: Any, settings: Any
) -> None:
    """The cell is named, the number is shown in part, the file is gone."""
    from pathlib import Path

    before = set(Path(settings.MEDIA_ROOT).rglob("*"))
    response = upload(as_person(alice), town, "名单.csv", f"单位名称,备注\n甲厂,业主{NUMBER}\n".encode())
    page = response.content.decode()
    assert (422, True, False) == (response.status_code, "第2行" in page, NUMBER in page)
    assert before == set(Path(settings.MEDIA_ROOT).rglob("*"))


@pytest.fixture
def unit(town: Any) -> Any:
    return Unit.objects.filter(town=town, removed=False).order_by("pk").first()


def ways(town: Any, unit: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    """Each way by which words get into the site."""
    at = f"/t/{town.code}"
    one = f"{at}/units/unit/{unit.unit_id}"
    words = f"业主 １１０１０５ 19491231 002x {unit.pk}号"
    return {
        "form": (f"{one}/save/", {"version": unit.version, "remark": words, "was-remark": ""}),
        "cell": (f"{one}/cell/remark/", {"version": unit.version, "value": words, "was": ""}),
        "visit": (f"{one}/visit/", {"version": unit.version, "remark": words, "was-remark": ""}),
        "bulk": (
            f"{at}/units/bulk/",
            {"field": "remark", "unit": [unit.unit_id], "value": words, "apply": "1"},
        ),
        "paste": (f"{at}/units/paste/", {"text": f"编号\t备注\n{unit.unit_id}\t{words}", "apply": "1"}),
        "saved list": (f"{at}/units/saved/", {"name": words}),
        "town file": (f"{at}/settings/town-file/", {"text": town.town_file + f"\n# {words}"}),
        "reason": (f"{at}/procedures/case/1/do/return/", {"reason": words}),
        "token": ("/accounts/tokens/", {"name": words}),
    }


@pytest.mark.clause("4.1")
@pytest.mark.parametrize(
    "way", ["form", "cell", "visit", "bulk", "paste", "saved list", "town file", "reason", "token"]
)
def test_no_identity_number_gets_in(way: str, town: Any, unit: Any, alice: Any, as_person: Any) -> None:
    """By no form: it is said in words, and nothing is written."""
    address, sent = ways(town, unit)[way]
    response = as_person(alice).post(address, sent)
    page = response.content.decode()
    again = re.sub(
        r"<(textarea|input)[^>]*(?:>[^<]*)?", "", page
    )  # what was typed stays in its own place, to be mended
    assert ("身份证" in page, "002x" in again or "19491231" in again) == (True, False)
    assert not Unit.objects.filter(remark__contains="1949").exists()
    town.refresh_from_db()
    assert "1949" not in town.town_file


@pytest.mark.clause("4.1")
def test_no_identity_number_gets_in_by_the_api(town: Any, unit: Any, alice: Any, as_person: Any) -> None:
    """422 with the field, the number in part."""
    response = as_person(alice).patch(
        f"/api/v1/towns/{town.code}/units/{unit.unit_id}",
        {"version": unit.version, "values": {"remark": f"业主{NUMBER}"}},
        content_type="application/json",
    )
    assert (422, ["identity_number"]) == (
        response.status_code,
        [each["code"] for each in response.json()["findings"]],
    )
    assert NUMBER not in response.content.decode()


def test_tokens_are_guessed_only_so_often(town: Any, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After many tokens that are not in force an address is told to wait; a good token is not touched by that elsewhere."""
    from dataclasses import replace

    from liangxin.web.ui import limits

    monkeypatch.setattr(limits, "WRONG_TOKENS", replace(limits.WRONG_TOKENS, most=3))
    wrong = [
        client.get("/api/v1/towns", headers={"Authorization": f"Bearer lx_{number}"}).status_code
        for number in range(5)
    ]
    assert [401, 401, 401, 429, 429] == wrong


def test_https_makes_cookies_secure() -> None:
    """With LIANGXIN_HTTPS=1 cookies only travel encrypted, out of reach of scripts, and browsers remember to use https."""
    import os
    import subprocess
    import sys

    asked = (
        "from liangxin.web import settings as s; print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.SECURE_HSTS_SECONDS > 31_000_000)"
    )
    environment = os.environ | {"LIANGXIN_HTTPS": "1"}
    made = subprocess.run(
        [sys.executable, "-c", asked], env=environment, text=True, capture_output=True, check=True
    )
    assert ["True"] * 4 == made.stdout.split()
