"""A site of before rows had fingerprints, secrets were sealed and policies were rows: it migrates, and its backup restores.

``old/site-before-rows.tar.xz``: a made-up town of 300 units with cases, a published plan, a second step, a token and a
session, its keys, and the backup that its own version made (``liangxin demo`` of the morning of 30 November 2026).
"""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from tests.web.sites import Site

STORED = Path(__file__).parent / "old" / "site-before-rows.tar.xz"
KEYS = ("audit-key", "personal-key", "secret-key")
PREPARE = """
    import os
    from pathlib import Path
    from liangxin.web import serving
    serving.prepare(Path(os.environ["LIANGXIN_DATA"]))
"""
HELD = """
    from datetime import timedelta
    from django.conf import settings
    from django.contrib.sessions.models import Session
    from django.test import Client
    from django.utils import timezone
    # As in the hour in which it was stored: how long a session lasts is tested elsewhere.
    settings.IDLE_SECONDS = 10**9
    Session.objects.update(expire_date=timezone.now() + timedelta(days=1))
    from liangxin.web.accounts.models import User
    from liangxin.web.api import tokens
    from liangxin.web.holders.models import Holder
    from liangxin.web.plans.models import Publication
    from liangxin.web.procedures.models import Case
    from liangxin.web.units.models import Unit
    from allauth.mfa.models import Authenticator
    from allauth.mfa.utils import decrypt
    print(Unit.objects.filter(removed=False).count(), Case.objects.count(), Publication.objects.count(), Holder.objects.count())
    print(decrypt(Authenticator.objects.get(type="totp").data["secret"]))
    client = Client()
    client.cookies["sessionid"] = {session!r}
    print(client.get("/t/330683101/overview/").status_code, client.get("/t/330683101/plans/").status_code)
    print(getattr(tokens.person_of({token!r}), "username", None))
"""


@pytest.fixture
def old(tmp_path: Path) -> Site:
    with tarfile.open(STORED) as stored:
        stored.extractall(tmp_path / "site", filter="data")
    return Site(tmp_path / "site")


def held(site: Site, old: Site) -> list[str]:
    session, token = ((old.data / name).read_text() for name in ("session", "token"))
    return site.run(HELD.replace("{session!r}", repr(session)).replace("{token!r}", repr(token))).splitlines()


@pytest.mark.slow
def test_it_migrates_and_verifies_without_alarm(old: Site) -> None:
    """Twice, as it is started twice; who was signed in still is, the telephone's secret opens, the token is in force."""
    for _ in range(2):
        old.run(PREPARE)
    done = old.command("verify")
    assert 0 == done.returncode, done.stdout + done.stderr
    assert held(old, old) == ["300 4 1 1", "JBSWY3DPEHPK3PXP", "200 200", "office"]
    assert old.state()["units"] == [300]
    again = old.command("backup", str(old.data.parent / "new.lxb"))
    assert 0 == again.returncode, again.stderr


@pytest.mark.slow
def test_its_backup_restores(old: Site, tmp_path: Path) -> None:
    """Into an empty folder that has its keys."""
    new = Site(tmp_path / "new")
    new.data.mkdir()
    for key in KEYS:
        shutil.copy(old.data / key, new.data / key)
    done = new.command("restore", str(old.data / "site.lxb"))
    assert 0 == done.returncode, done.stdout + done.stderr
    verified = new.command("verify")
    assert 0 == verified.returncode, verified.stdout + verified.stderr
    new.run(PREPARE)
    assert held(new, old)[:2] == ["300 4 1 1", "JBSWY3DPEHPK3PXP"]
    assert new.state()["units"] == [300]
