"""Sites of their own for tests that need more than one process or one engine: a data folder each, and commands on it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.web.cluster import Cluster, binaries, running

MAKE = """
    from datetime import date
    from django.core.management import call_command
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    from liangxin.sample import make_town
    from liangxin.web.accounts.models import RoleGrant, User
    from liangxin.web.areas.services import add_town
    from liangxin.web.organizations.services import record_existing
    from liangxin.web.units.loading import load_ledger
    from liangxin.wording import Text
    made = make_town(150, seed=3)
    town = add_town(made.town, drive_starts=date(2011, 8, 1), today=date(2011, 8, 15))
    load_ledger(town, made.ledger, None, Text("示范名单", "sample list"))
    record_existing(town)
    alice = User.objects.create_user("alice", password="correct horse battery")
    RoleGrant.objects.create(user=alice, town=town, role="office")
    from liangxin.web.accounts.permission import permit
    from liangxin.web.holders import services as holders
    from liangxin.web.units.models import Unit
    unit = Unit.objects.filter(town=town).first().unit_id
    holders.add(permit(alice, town), "unit", unit, "contact", "张卫国", "13800001234")
"""
STATE = """
    import hashlib, json
    from liangxin.web.audit.agreement import check_all
    from liangxin.web.audit.verifying import walk
    from liangxin.web.backup.making import dumped, models
    walked, towns, made = walk(), check_all(), hashlib.sha256()
    for model in models():
        if model._meta.db_table not in ("audit_event", "audit_head"):
            made.update(dumped(model, "default", lambda line: None).sha256.encode())
    print(json.dumps({
        "rows": made.hexdigest(),
        "events": walked.events,
        "units": [town.units for town in towns],
        "figures": [{id: (rate.numerator, rate.denominator) for id, rate in town.rates.items()} for town in towns],
        "faults": [fault.message.zh for fault in (*walked.faults, *(each for town in towns for each in town.faults))],
    }))
"""
SET_UP = "import django; django.setup()\n"


@dataclass(frozen=True, slots=True)
class Site:
    """``data``: its folder. ``address``: its DATABASE_URL, empty for SQLite."""

    data: Path
    address: str = ""

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name != "DATABASE_URL" and not name.startswith("LIANGXIN_")
        }
        made = kept | {"LIANGXIN_DATA": str(self.data), "DJANGO_SETTINGS_MODULE": "liangxin.web.settings"}
        return made | {"DATABASE_URL": self.address} if self.address else made

    def start(self, code: str) -> subprocess.Popen[str]:
        """A program on the site, in a process of its own."""
        program = SET_UP + textwrap.dedent(code)
        return subprocess.Popen(
            [sys.executable, "-c", program],
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, code: str) -> str:
        """What the program printed; it must end well."""
        program = self.start(code)
        out, err = program.communicate(timeout=120)
        assert 0 == program.returncode, err
        return out.strip()

    def command(self, *arguments: str, lang: str = "zh") -> subprocess.CompletedProcess[str]:
        """A ``liangxin`` command on this site."""
        return subprocess.run(
            [sys.executable, "-m", "liangxin", "--lang", lang, *arguments, "--data", str(self.data)],
            env=self.environment, text=True, capture_output=True, timeout=180, check=False,
        )  # fmt: skip

    def fingerprint(self) -> str:
        """Of the key that signs this site's backups, as an office would have noted it."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(
            bytes.fromhex((self.data / "audit-key").read_text().strip())
        )
        digits = hashlib.sha256(key.public_key().public_bytes_raw().hex().encode()).hexdigest()[:32]
        return " ".join(digits[at : at + 4] for at in range(0, 32, 4))

    def state(self, first: str = "") -> dict[str, Any]:
        """Everything the site holds, in short; what ``liangxin verify`` looks at must be without a fault."""
        found = dict(json.loads(self.run(textwrap.dedent(first) + textwrap.dedent(STATE))))
        assert [] == found.pop("faults")
        return found

    def uploads(self) -> dict[str, bytes]:
        root = self.data / "uploads"
        return {
            path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
        }


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    bin = binaries()
    if bin is None:
        pytest.skip("PostgreSQL is not installed; tools/setup-tests.sh installs it")
    with running(bin) as made:
        yield made


Make = Callable[..., Site]


@pytest.fixture(scope="session")
def _full(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Site]:
    """One full site an engine, made once and copied."""
    made: dict[str, Site] = {}

    def full(engine: str) -> Site:
        if engine not in made:
            address = request.getfixturevalue("cluster").make("full") if engine == "postgres" else ""
            made[engine] = Site(tmp_path_factory.mktemp(f"full-{engine}") / "data", address)
            made[engine].run(MAKE)
            uploads = made[engine].data / "uploads" / "imports" / "201108"
            uploads.mkdir(parents=True)
            (uploads / "名单.csv").write_text("单位名称\n长乐电机厂\n", encoding="utf-8")
            (uploads / "empty.bin").write_bytes(b"")
        return made[engine]

    return full


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A full site that nobody changes any more, its backup, and what it held when that was made."""

    site: Site
    file: Path
    state: dict[str, Any]


@pytest.fixture(scope="session")
def backed_up(_full: Callable[[str], Site], tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], BackedUp]:  # fmt: skip
    """Made once an engine: most tests of a restore begin with the same backup."""
    made: dict[str, BackedUp] = {}

    def backup(engine: str) -> BackedUp:
        if engine not in made:
            folder = tmp_path_factory.mktemp(f"backed-up-{engine}")
            shutil.copytree(_full(engine).data, folder / "data")
            address = ""
            if engine == "postgres":
                address = request.getfixturevalue("cluster").make("backed_up", template="full")
            site = Site(folder / "data", address)
            done = site.command("backup", str(folder / "site.lxb"))
            assert 0 == done.returncode, done.stderr
            made[engine] = BackedUp(site, folder / "site.lxb", site.state())
        return made[engine]

    return backup


@pytest.fixture
def make_site(_full: Callable[[str], Site], tmp_path: Path, request: pytest.FixtureRequest) -> Make:
    """``make_site("sqlite")`` a town of 150 units with uploads, ``make_site("postgres", empty=True)`` a new site."""
    number = 0

    def make(engine: str, *, empty: bool = False) -> Site:
        nonlocal number
        number += 1
        data = tmp_path / f"site{number}"
        full = None if empty else _full(engine)
        if full is not None:
            shutil.copytree(full.data, data)
        if engine == "sqlite":
            return Site(data)
        cluster = request.getfixturevalue("cluster")
        return Site(data, cluster.make(f"site{number}", template="full" if full is not None else "template0"))

    return make
