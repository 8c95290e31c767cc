"""Odd input to every address of a loaded site: ``make fuzz``. No answer may be a server error.

A made-up town of 300 units with a published plan, cases, people, a policy text and holders, in a folder of its own. Three callers: the
office with a token that reads and writes, a member of a task group with one, an administrator. The API gets what schemathesis makes of its description,
often with the town's own ids in it; the pages get their own forms back with odd values in them. What writes is undone
after each address by putting the database back, so every address meets the whole town.

Exit code 1 and each traceback once, when there was a server error.
"""

from __future__ import annotations

import argparse
import copy
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

DATA = Path(tempfile.mkdtemp(prefix="liangxin-fuzz-"))
os.environ |= {
    "LIANGXIN_DATA": str(DATA),
    "LIANGXIN_REQUIRE_TOTP": "0",
    "LIANGXIN_SECRET_KEY": "only for this run",
}
os.environ["DJANGO_SETTINGS_MODULE"] = "liangxin.web.settings"
for name in ("DATABASE_URL", "LIANGXIN_PERSONAL_KEY"):
    os.environ.pop(name, None)
UNITS, TODAY = 300, date(2011, 8, 15)
BASE = "/api/v1"
ODD = (
    "", " ", "\x00", "a\x00b", "\ud800", "\u202e党", "𠮷" * 3, "，", "%s%n{0}{town}", "'\"<b>", "=1+1", "../../x", "x" * 600, "党" * 70_000,
    "-1", "0", "1", "1.5", "1e400", "nan", "inf", "9" * 30, str(2**31), str(2**63), "2011-02-30", "0001-01-01", "9999-12-31", "2011-08-15",
    "true", "null", "[]", "{}", "[" * 3000, "１２", "٣", "²", "\n", "\x1b", "﻿", "110101199003070000",
)  # fmt: skip
LEFT_OUT = {"/accounts/logout/"}


@dataclass
class Found:
    """Calls and answers so far; server errors by where they were raised."""

    calls: int = 0
    answers: Counter[int] = field(default_factory=Counter)
    errors: dict[str, tuple[str, str]] = field(
        default_factory=dict
    )  # last own line: (what was asked, traceback)
    asked: str = ""

    def note(self, sender: object, **more: Any) -> None:
        text = traceback.format_exc()
        frames = [line.strip() for line in text.splitlines() if "liangxin" in line and "File" in line]
        where = f"{frames[-1] if frames else text.splitlines()[-2]} {text.splitlines()[-1][:120]}"
        if where not in self.errors:
            self.errors[where] = self.asked[:3000], text
            print(f"\nSERVER ERROR {where}\n  {self.asked[:600]!r}", flush=True)

    def count(self, status: int) -> None:
        self.calls += 1
        self.answers[status] += 1
        if status >= 500 and "/health/ready" not in self.asked:  # no worker runs: it is not ready
            self.errors.setdefault(f"{status} {self.asked[:80]}", (self.asked[:3000], str(status)))


def make_site() -> None:
    from liangxin.sample import make_town
    from liangxin.web import serving

    serving.prepare(DATA)
    from liangxin.web.accounts.models import User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.models import Town
    from liangxin.web.holders import services as holders
    from liangxin.web.jobs import services as jobs
    from liangxin.web.plans import services as plans
    from liangxin.web.plans.models import PlanRun
    from liangxin.web.units.models import Unit

    made = make_town(UNITS, seed=3)
    serving.load_demo(made.town, made.ledger, today=TODAY)
    town = Town.objects.get()
    office = permit(User.objects.get(username="office"), town)
    run = plans.start(office, plans.Options(time_limit=10))
    jobs.run(run.job_id)
    plans.publish(office, PlanRun.objects.get(pk=run.pk))
    unit = Unit.objects.filter(town=town).order_by("pk").first()
    holders.add(office, "unit", unit.unit_id, "contact", "张卫国", "13800001234")


class Known:
    """Ids and words of the town, by the name that they go by in addresses and bodies."""

    def __init__(self) -> None:
        from django.apps import apps

        from liangxin.registry.access import Role
        from liangxin.registry.fields import FIELDS
        from liangxin.web.areas.models import Town

        def keys(label: str) -> list[Any]:
            return list(apps.get_model(label).objects.order_by("-pk").values_list("pk", flat=True)[:20])

        from liangxin.structure import ORGANIZATION_TYPES
        from liangxin.web.organizations import forms
        from liangxin.web.organizations.models import StoredOperation
        from liangxin.web.organizations.queries import day_tree
        from liangxin.web.procedures.models import Case

        town = Town.objects.get()
        core, tree = town.as_core(), day_tree(town, TODAY)
        units = list(apps.get_model("units.Unit").objects.values_list("unit_id", flat=True))
        self.town = town.code
        self.rows = {
            "jobs": keys("jobs.Job"), "changes": keys("units.ChangeSet"), "imports": keys("imports.Import"), "holders": keys("holders.Holder"),
            "people": keys("accounts.User"), "roles": keys("accounts.RoleGrant"), "cases": keys("procedures.Case"), "numbers": keys("procedures.SerialNumber"),
            "tokens": keys("api.ApiToken"), "plans": keys("plans.PlanRun"), "exports": keys("documents.Export"),
        }  # fmt: skip
        organizations = list(tree.organizations)
        types, kinds = list(ORGANIZATION_TYPES), list(forms.KINDS)
        days = ["2011-08-15", "2011-08-16", "2011-07-01"]
        self.by_name: dict[str, list[Any]] = {
            "town": [self.town], "unit_id": units, "units": units, "organization": organizations, "organizations": organizations,
            "parent": organizations, "to": organizations, "into": organizations, "source": organizations, "members": organizations,
            "others": organizations, "host": units, "area": [each.id for each in core.areas], "task_group": [each.id for each in core.task_groups],
            "group": [each.id for each in core.task_groups], "groups": [each.id for each in core.task_groups],
            "role": [each.value for each in Role], "field": list(FIELDS), "columns": list(FIELDS), "kind": [*kinds, *types], "type": types,
            "form": ["separate", "zone", "village", "park", "industry"], "document": [*days, "plan", "ledger", "network"], "on": days, "day": days, "seen": [StoredOperation.objects.count()],
            "version": list(Case.objects.values_list("version", flat=True)), "part": ["contact", "secretary", "area", "task_group", "numerator", "missing"],
            "act": ["submit", "accept", "return", "reply_elect", "reply_appoint", "refuse", "withdraw", "close"], "number": [1], "series": [], "first": units,
            "second": units, "target": [f"org:{each}" for each in organizations], "section": ["areas", "task-groups", "instructors", "associations"],
            "ending": ["docx", "pdf", "xlsx"], "lang": ["zh", "en"], "text": [town_text(town)], "id": keys("procedures.Case"), "name": ["某某党支部"],
            "policy": ["zhuji-2012"], "indicator": ["1.1", "1.4"], "of": units + organizations, "pk": [1, 2, 3], "reason": ["工作需要，特此说明"],
        }  # fmt: skip

    def of(self, name: str, path: str, luck: random.Random) -> Any:
        """A value of the town that fits the name, or None."""
        if name in ("pk", "number", "key", "id"):
            for room, rows in self.rows.items():
                if f"/{room}" in path and rows:
                    return luck.choice(rows)
        fits = self.by_name.get(name)
        return luck.choice(fits) if fits else None


def town_text(town: Any) -> str:
    from liangxin.files.town import format_town

    return format_town(town.as_core())


class Place:
    """The database as it was when the site was made, to be put back."""

    def __init__(self) -> None:
        from django.db import connections

        connections.close_all()
        self.live = DATA / "site.sqlite3"
        self.kept = DATA / "site.kept"
        self._settle()
        shutil.copy(self.live, self.kept)

    def _settle(self) -> None:
        import sqlite3

        with sqlite3.connect(self.live) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    def put_back(self) -> None:
        from django.core.cache import cache
        from django.db import connections

        from liangxin.web.organizations import queries as organizations
        from liangxin.web.plans import arranged, viewing, whatif
        from liangxin.web.units import live

        connections.close_all()
        for rest in ("-wal", "-shm"):
            Path(f"{self.live}{rest}").unlink(missing_ok=True)
        shutil.copy(self.kept, self.live)
        cache.clear()
        live._kept.clear()
        live._kept_days.clear()
        organizations._kept.clear()
        for keeping in (arranged, viewing, whatif):
            keeping.forget()


def fuzz_api(found: Found, known: Known, place: Place, tokens: dict[str, str], calls: int, seed: int) -> None:
    import schemathesis

    from liangxin.web.wsgi import application

    schema = schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", application)
    operations = [each.ok() for each in schema.get_all_operations()]
    each_gets = max(1, -(-calls // (len(operations) * len(tokens))))
    for at, operation in enumerate(operations, start=1):
        for who, token in tokens.items():
            before = found.calls
            for _ in range(5):  # what schemathesis can make of a short description may end early
                if (left := each_gets - (found.calls - before)) > 0:
                    _call(found, known, operation, who, token, left, seed + found.calls)
            if operation.method.upper() != "GET":
                place.put_back()
        if at % 10 == 0:
            print(
                f"API {at}/{len(operations)}: {found.calls} calls, {dict(sorted(found.answers.items()))}",
                flush=True,
            )


def _call(found: Found, known: Known, operation: Any, who: str, token: str, many: int, seed: int) -> None:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    luck = random.Random(seed)

    @seeded(seed)
    @settings(
        max_examples=many,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        path = operation.path
        for name in case.path_parameters or {}:
            fits = known.of(name, path, luck)
            if fits is not None and luck.random() < (0.97 if name == "town" else 0.8):
                case.path_parameters[name] = fits
        for name in case.query or {}:
            if luck.random() < 0.5 and (fits := known.of(name, path, luck)) is not None:
                case.query[name] = fits
        if isinstance(case.body, dict | list) and luck.random() < 0.8:
            case.body = mixed(copy.deepcopy(case.body), known, path, luck)
        found.asked = f"{who} {operation.label} {case.path_parameters} {case.query} {case.body!r}"
        try:
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
        except (UnicodeEncodeError, ValueError) as unsendable:  # no client can send it
            if "liangxin" in traceback.format_exc().rpartition("File")[2]:
                raise
            found.answers[-1] += 1
            del unsendable
            return
        found.count(answer.status_code)

    run()


def mixed(value: Any, known: Known, path: str, luck: random.Random, name: str = "") -> Any:
    """The body with some of its leaves replaced by the town's own values or by odd ones."""
    if isinstance(value, dict):
        return {key: mixed(each, known, path, luck, str(key)) for key, each in value.items()}
    if isinstance(value, list):
        return [mixed(each, known, path, luck, name) for each in value]
    if luck.random() < 0.7 and (fits := known.of(name, path, luck)) is not None:
        return fits
    if isinstance(value, str) and luck.random() < 0.15:
        return luck.choice([each for each in ODD if len(each) < 1000 and each.isprintable()])
    return value


@dataclass(frozen=True)
class Form:
    """One form of a page: where it goes and what it holds when nobody changes it."""

    action: str
    values: tuple[tuple[str, str], ...]
    files: tuple[str, ...]


def forms_in(html: bytes, address: str) -> Iterator[Form]:
    """Forms, and controls that send by themselves (hx-post)."""
    from urllib.parse import urljoin

    from lxml import html as reading

    if not html.strip():
        return
    page = reading.fromstring(html)
    for form in page.iter("form"):
        action = form.get("action") or form.get("hx-post") or ""
        if (form.get("method") or "get").lower() != "post" and not form.get("hx-post"):
            continue
        yield Form(
            urljoin(address, action).partition("?")[0],
            _values(form),
            tuple(
                each.get("name")
                for each in form.iter("input")
                if each.get("type") == "file" and each.get("name")
            ),
        )
    for each in page.iter():
        if isinstance(each.tag, str) and each.tag != "form" and each.get("hx-post"):
            yield Form(urljoin(address, each.get("hx-post")).partition("?")[0], _values(each), ())


def _values(form: Any) -> tuple[tuple[str, str], ...]:
    found = []
    for each in form.iter("input", "select", "textarea", "button"):
        name, kind = each.get("name"), each.get("type", "")
        if not name or name == "csrfmiddlewaretoken" or kind == "file":
            continue
        if each.tag == "select":
            options = [option.get("value", "") for option in each.iter("option")]
            found.append((name, options[-1] if options else ""))
        else:
            found.append((name, each.get("value") or (each.text or "" if each.tag == "textarea" else "")))
    return tuple(found)


def addresses(known: Known) -> Iterator[str]:
    """Every address of the pages with values of the town in it."""
    from django.urls import get_resolver

    def walk(resolver: Any, before: str) -> Iterator[str]:
        for each in resolver.url_patterns:
            here = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                if not here.startswith("api/"):
                    yield from walk(each, here)
            elif "^" not in here:
                yield "/" + here

    import re

    luck = random.Random(0)
    for pattern in walk(get_resolver(), ""):
        if pattern in LEFT_OUT:
            continue
        for _ in range(3 if "<" in pattern else 1):
            yield re.sub(
                r"<(?:\w+:)?(\w+)>", lambda found, own=pattern: str(_fit(known, found[1], own, luck)), pattern
            )


def _fit(known: Known, name: str, pattern: str, luck: random.Random) -> Any:
    if name == "kind" and "holders" in pattern:
        return luck.choice(["unit", "organization"])
    if name == "part" and "settings" in pattern:
        return luck.choice(known.by_name["section"])
    rooms = {"procedures/case": "cases", "procedures/numbers": "numbers", "settings/people": "people"}
    for room, rows in rooms.items():
        if room in pattern and name in ("key", "pk"):
            return luck.choice(known.rows[rows] or [1])
    value = known.of(name, "/" + pattern.partition(">/")[2], luck)
    return 1 if value is None else value


def fuzz_forms(found: Found, known: Known, place: Place, people: list[str], calls: int, seed: int) -> None:
    """Each address read, each form in it sent back with odd values; each address that no form names posted to as well."""
    from django.test import Client

    from liangxin.web.accounts.models import User

    luck = random.Random(seed)
    forms: dict[tuple[str, str], set[Form]] = {}
    every = sorted(set(addresses(known)))
    for who in people:
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(username=who))
        for address in every:
            found.asked = f"{who} GET {address}"
            answer = client.get(address)
            found.count(answer.status_code)
            if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", ""):
                for form in forms_in(answer.content, address):
                    if form.action not in LEFT_OUT:
                        forms.setdefault((who, form.action), set()).add(form)
            forms.setdefault((who, address), set())
    place.put_back()
    print(f"forms: {sum(map(len, forms.values()))} of {len(forms)} addresses", flush=True)
    each_gets = max(1, (calls - found.calls) // len(forms)) if calls > found.calls else 1
    names = sorted({name for group in forms.values() for form in group for name, _ in form.values})
    for at, ((who, action), group) in enumerate(sorted(forms.items(), key=lambda each: each[0]), start=1):
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(username=who))
        choices = sorted(group, key=repr)
        wrote = False
        for _ in range(each_gets * (3 if choices else 1)):
            form = (
                luck.choice(choices)
                if choices
                else Form(action, tuple((luck.choice(names), "") for _ in range(4)), ())
            )
            sent = odd(form, known, luck)
            found.asked = f"{who} POST {action} {sent!r}"
            answer = client.post(action, sent, headers={"HX-Request": "true"} if luck.random() < 0.3 else {})
            found.count(answer.status_code)
            wrote = wrote or answer.status_code < 400
            if answer.status_code == 302 and "/accounts/login" in answer.headers.get("Location", ""):
                place.put_back()
                client.force_login(User.objects.get(username=who))
        if wrote:
            place.put_back()
        if at % 40 == 0:
            print(
                f"forms {at}/{len(forms)}: {found.calls} calls, {dict(sorted(found.answers.items()))}",
                flush=True,
            )


def odd(form: Form, known: Known, luck: random.Random) -> dict[str, Any]:
    """The form's values, one to three of them odd, missing, doubled, or of another kind."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    def writable(words: str) -> str:
        return (
            words.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            if luck.random() < 0.5 or "\ud800" in words
            else words
        )

    sent: dict[str, Any] = dict(form.values)
    for name in form.files:
        raw = luck.choice(
            [
                b"",
                b"PK\x03\x04",
                b"\x00" * 9,
                b"a,b\n1,2\n",
                "单位名称,村\n某厂,某村\n".encode(),
                b'{"features": [1]}',
                b"\xff\xfe\x00",
            ]
        )
        sent[name] = SimpleUploadedFile(
            luck.choice(["a.xlsx", "a.csv", "a.geojson", "a..xls", "无名", "a" * 300 + ".csv"]), raw
        )
    for name in luck.sample(sorted(sent), min(len(sent), luck.randint(0, 3))):
        way = luck.random()
        if way < 0.15:
            sent.pop(name)
        elif way < 0.3:
            sent[name] = [writable(luck.choice(ODD)) for _ in range(3)]
        elif way < 0.5 and (fits := known.of(name, form.action, luck)) is not None:
            sent[name] = str(fits)
        else:
            sent[name] = writable(luck.choice(ODD))
    if luck.random() < 0.1:
        sent[luck.choice(["", "x", "a[b]", "党", "-"])] = "1"
    return sent


def main() -> int:
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--calls", type=int, default=20_000, help="calls of the API (default 20000)")
    reading.add_argument("--forms", type=int, default=4_000, help="about how many forms sent (default 4000)")
    reading.add_argument("--seed", type=int, default=20111130)
    asked = reading.parse_args()
    began = time.process_time()
    make_site()
    import logging

    from django.core.signals import got_request_exception

    from liangxin.web.accounts.models import User
    from liangxin.web.api import tokens
    from liangxin.web.ui import limits

    logging.disable(logging.CRITICAL)
    limits.within = lambda limit, who: (
        True
    )  # what lies behind the limits is to be called as often as the rest
    people = ["office", "group", "admin", "committee"]
    made = {who: tokens.make(User.objects.get(username=who), "fuzz")[1] for who in people[:2]}
    known, place, api, pages = Known(), Place(), Found(), Found()
    print(f"the site stands after {time.process_time() - began:.0f} s of processor time", flush=True)
    try:
        for found, run in ((pages, lambda: fuzz_forms(pages, known, place, people, asked.forms, asked.seed)), (api, lambda: fuzz_api(api, known, place, made, asked.calls, asked.seed))):  # fmt: skip
            got_request_exception.connect(found.note)
            run()
            got_request_exception.disconnect(found.note)
    finally:
        shutil.rmtree(DATA, ignore_errors=True)
    for title, found in (("pages", pages), ("API", api)):
        print(
            f"{title}: {found.calls} calls, {dict(sorted(found.answers.items()))}, {len(found.errors)} kinds of server error"
        )
        for asked_for, text in found.errors.values():
            print(f"\n{asked_for!r}\n{text}")
    print(f"{time.process_time() - began:.0f} s of processor time, seed {asked.seed}")
    return 1 if pages.errors or api.errors else 0


if __name__ == "__main__":
    sys.exit(main())
