"""The site as people meet it: waiting time of each page with 20 people at once, and how soon a write shows.

``python -m benchmarks.site [--sizes 5000,50000] [--rounds 5]``. For each size a town with its history is made, and the
site started as ``liangxin serve`` starts it. Twenty people, each with a session, open pages in mixed order and read
each for two seconds on average; each opens other units, so that what is kept of a unit helps nobody. Measured at the browser's end, from the request to the last byte: what the server takes
and what the request waited for its turn, so never less than the server's time. The peer is the same page with the
ledger read anew for the request instead of following the commits (``units.live``); both alone, in one process.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measured import tree_memory_kb

PEOPLE = 20
READING_SECONDS = 2.0  # a person looks at a page before the next click
TARGETS_MS = ((5_000, 150), (50_000, 400))
PAGES = (
    "overview", "earlier day", "units", "filtered list", "one unit", "visit", "organizations", "documents", "settings",
)  # fmt: skip
OPENED = 500  # units whose pages are opened, all over the ledger
ALONE = 5  # the quickest of this many is what the page costs


def target_ms(units: int) -> int:
    return next((wanted for size, wanted in TARGETS_MS if units <= size), TARGETS_MS[-1][1])


def make_site(data: Path, units: int) -> dict[str, Any]:
    """Make the town; give what the measuring needs. Runs in a process of its own: Django is set up once a process."""
    from liangxin.web.serving import load_demo, prepare

    os.environ["LIANGXIN_REQUIRE_TOTP"] = (
        "0"  # the demo's committee approves its first case without a telephone
    )
    prepare(data)
    from datetime import date

    from django.test import Client

    from liangxin.sample import make_town
    from liangxin.web.accounts.models import User
    from liangxin.web.areas.models import Town
    from liangxin.web.units.models import Unit

    sample = make_town(units, 7)
    begun = time.perf_counter()
    load_demo(sample.town, sample.ledger, today=date(2011, 8, 15))
    loaded = time.perf_counter() - begun
    town = Town.objects.get()
    office = User.objects.get(username="office")
    sessions = []
    for _ in range(PEOPLE):
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(office)
        sessions.append(client.cookies["sessionid"].value)
    surveyed = Unit.objects.filter(town=town, surveyed_on__isnull=False).order_by("pk")
    known = list(surveyed.values_list("unit_id", flat=True))
    opened = known[:: max(1, len(known) // OPENED)]
    base = f"/t/{town.code}/"
    pages = {
        "overview": [f"{base}overview/"],
        "earlier day": [f"{base}overview/?day=2011-08-05"],
        "units": [f"{base}units/"],
        "filtered list": [f"{base}units/?kind=enterprise&class=staff_80&sort=-staff"],
        "one unit": [f"{base}units/unit/{unit}/" for unit in opened],
        "visit": [f"{base}units/unit/{unit}/visit/" for unit in opened],
        "organizations": [f"{base}organizations/"],
        "documents": [f"{base}documents/"],
        "settings": [f"{base}settings/"],
    }
    return {
        "loaded": loaded,
        "sessions": sessions,
        "pages": pages,
        "alone": {name: _alone(client, addresses) for name, addresses in pages.items()},
    }


def _alone(client: Any, addresses: list[str]) -> dict[str, float]:
    """Queries, and milliseconds of the page by itself: following the commits, and with the ledger read anew."""
    from itertools import cycle

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from liangxin.web.ui.memory import MEMORY

    following = cycle(addresses)

    def quickest(anew: bool) -> float:
        taken = []
        for _ in range(ALONE):
            if anew:
                MEMORY.forget()
            address = next(following)
            begun = time.perf_counter()
            answer = client.get(address)
            taken.append(time.perf_counter() - begun)
            assert answer.status_code == 200, (address, answer.status_code)
        return min(taken) * 1000

    client.get(next(following))
    with CaptureQueriesContext(connection) as queries:
        client.get(next(following))
    return {"queries": len(queries), "follows": quickest(False), "anew": quickest(True)}


def see_writes(data: Path, port: int, session: str, address: str, times: int) -> list[float]:
    """Milliseconds from a commit in this process until the overview of the served site has its number."""
    os.environ |= {"LIANGXIN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "liangxin.web.settings"}
    import django

    django.setup()
    from liangxin.web.areas.models import Town
    from liangxin.web.units.models import Unit
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text

    town = Town.objects.get()
    unit = Unit.objects.filter(town=town, kind="enterprise", state="operating", staff__range=(1, 40))[0]

    def base() -> int:
        page = fetch(port, session, address)[1]
        found = re.search(r"indicator=1\.2:denominator\">([\d,]+)<", page)
        assert found is not None
        return int(found[1].replace(",", ""))

    taken = []
    small, now = unit.staff, base()
    for staff in [90, small] * (times // 2):
        write(town, None, "edit", Text("测量", "measuring"), [Edit(unit, {"staff": staff})])
        begun = time.perf_counter()
        wanted = now + (1 if staff == 90 else -1)
        while (now := base()) != wanted:
            if time.perf_counter() - begun > 30:
                raise RuntimeError(f"the overview shows {now}, not {wanted}")
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def fetch(port: int, session: str, address: str) -> tuple[float, str]:
    """Milliseconds to the last byte, and the page."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    begun = time.perf_counter()
    link.request("GET", address, headers={"Cookie": f"sessionid={session}"})
    answer = link.getresponse()
    page = answer.read()
    taken = (time.perf_counter() - begun) * 1000
    link.close()
    if answer.status != 200:
        raise RuntimeError(f"{address}: {answer.status}")
    return taken, page.decode()


@contextlib.contextmanager
def served(data: Path) -> Iterator[tuple[int, int]]:
    """The site as ``liangxin serve`` runs it, on a free port: (port, process id)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = (data / "site.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "liangxin", "serve", "--data", str(data), "--port", str(port)],
        start_new_session=True,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        limit = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("the site did not start:\n" + (data / "site.log").read_text())
            time.sleep(0.1)
        yield port, process.pid
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        finally:
            log.close()
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)


def twenty_people(
    port: int, sessions: list[str], pages: dict[str, list[str]], rounds: int, pause: float
) -> dict[str, list[float]]:
    """Every person opens every page ``rounds`` times, in an order of their own, and looks at it for ``pause`` seconds on
    average; with 0 it is a closed loop, as no people are, for what the site can do at most. Milliseconds by page."""
    taken: dict[str, list[float]] = {name: [] for name in pages}
    failures: list[Exception] = []

    def person(number: int, session: str) -> None:
        own = random.Random(number)
        order = [name for name in pages for _ in range(rounds)]
        own.shuffle(order)
        try:
            for name in order:
                time.sleep(own.uniform(0, 2 * pause))
                taken[name].append(fetch(port, session, own.choice(pages[name]))[0])
        except (OSError, RuntimeError, http.client.HTTPException) as failure:
            failures.append(failure)

    people = [threading.Thread(target=person, args=each) for each in enumerate(sessions)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    if failures:
        raise failures[0]
    return taken


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)]


def measure(units: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="liangxin-site-") as folder:
        data = Path(folder)
        site = _child("--make", str(data), str(units))
        print(f"{units:,} units (loaded with history in {site['loaded']:.1f} s)")
        with served(data) as (port, process):
            overview = site["pages"]["overview"][0]
            first = fetch(port, site["sessions"][0], overview)[0]
            for addresses in site["pages"].values():
                for _ in range(8):  # both workers have read the ledger
                    fetch(port, site["sessions"][0], addresses[0])
            taken = twenty_people(port, site["sessions"], site["pages"], rounds, READING_SECONDS)
            begun = time.perf_counter()
            closed = twenty_people(port, site["sessions"], site["pages"], 1, 0.0)
            every = [each for values in closed.values() for each in values]
            rate = len(every) / (time.perf_counter() - begun)
            write = (str(data), str(port), site["sessions"][0], overview)
            shown = _child("--write", *write)["shown"]
            memory = tree_memory_kb(process) / 1024
    wanted = target_ms(units)
    print(f"  {PEOPLE} people, {rounds} times each page; p95 at most {wanted} ms")
    print(f"  {'page':<14}{'p50':>8}{'p95':>8}{'most':>8}{'queries':>9}{'alone':>8}{'read anew':>11}   ms")
    for name in PAGES:
        alone, values = site["alone"][name], taken[name]
        p95 = percentile(values, 0.95)
        print(
            f"  {name:<14}{percentile(values, 0.5):>8.0f}{p95:>8.0f}{max(values):>8.0f}{alone['queries']:>9.0f}"
            f"{alone['follows']:>8.0f}{alone['anew']:>11.0f}   {'met' if p95 <= wanted else 'MISSED'}"
        )
    print(
        f"  the same people without a pause (closed loop): {rate:.0f} pages a second, p50 {percentile(every, 0.5):.0f} ms,"
        f" p95 {percentile(every, 0.95):.0f} ms, most {max(every):.0f} ms"
    )
    print(
        f"  a write shows on the overview, written by another process: median {percentile(shown, 0.5):.0f} ms,"
        f" most {max(shown):.0f} ms (at most 1,000)"
    )
    print(f"  first page after the start {first:.0f} ms; memory of server and worker {memory:.0f} MB\n")


def _child(*arguments: str) -> dict[str, Any]:
    """This module in a process of its own; its last line is JSON."""
    command = [sys.executable, "-m", "benchmarks.site", *arguments]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    found: dict[str, Any] = json.loads(out.strip().splitlines()[-1])
    return found


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.site", description=__doc__)
    parser.add_argument("--sizes", default="5000,50000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--make", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--write", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.make:
        print(json.dumps(make_site(Path(given.make[0]), int(given.make[1]))))
    elif given.write:
        data, port, session, address = given.write
        print(json.dumps({"shown": see_writes(Path(data), int(port), session, address, 10)}))
    else:
        for size in given.sizes.split(","):
            measure(int(size), given.rounds)


if __name__ == "__main__":
    main()
