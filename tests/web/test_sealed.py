"""Who has only the database can neither sign in nor make a code; who shares the machine opens no file of the site."""

from __future__ import annotations

import importlib
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from tests.web.sites import Make, _full, make_site  # noqa: F401

from liangxin.web.accounts import sealing
from liangxin.web.accounts.sessions import stored
from liangxin.web.folder import Mended, mend

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_no_code_follows_from_the_database(own_folder: Path, alice: Any) -> None:
    """The secret is not in the row; the person's telephone still makes codes that pass, and recovery codes work."""
    made = TOTP.activate(alice, SECRET)
    codes = RecoveryCodes.activate(alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        rows = "".join(str(row) for row in cursor.fetchall())
    assert SECRET not in rows and 2 == rows.count("sealed:")
    wrapped = Authenticator.objects.get(pk=made.instance.pk).wrap()
    assert wrapped.validate_code(code_of(SECRET)) and not wrapped.validate_code("000000")
    assert codes.validate_code(codes.generate_codes()[0])


def test_without_the_key_every_code_is_refused(own_folder: Path, alice: Any, caplog: Any) -> None:
    """The page stands, the log says what to do; what somebody wrote into the row in clear opens nothing."""
    made = TOTP.activate(alice, SECRET)
    (own_folder / "personal-key").unlink()
    assert not made.validate_code(code_of(SECRET)) and "personal-key" in caplog.text
    made.instance.data = {"secret": SECRET}
    assert not made.validate_code(code_of(SECRET))


def test_a_new_key_for_secrets_of_sign_in(own_folder: Path, alice: Any) -> None:
    """After the change the old key is destroyed and every code still passes."""
    made = TOTP.activate(alice, SECRET)
    before = (own_folder / "personal-key").read_text()
    assert 1 == sealing.rotate()
    row = Authenticator.objects.get(pk=made.instance.pk)
    assert row.data != made.instance.data and before != (own_folder / "personal-key").read_text()
    assert row.wrap().validate_code(code_of(SECRET))


def test_no_cookie_is_in_the_database(client: Client, alice: Any) -> None:
    """Neither table of sessions holds what the browser sends, and what they hold signs nobody in."""
    alice.set_password("correct horse battery")
    alice.save()
    client.post("/accounts/login/", {"login": "alice", "password": "correct horse battery"})
    cookie = client.cookies["sessionid"].value
    kept = {*Session.objects.values_list("session_key", flat=True)}
    listed = {*UserSession.objects.values_list("session_key", flat=True)}
    assert {stored(cookie)} == kept == listed
    thief = Client()
    thief.cookies["sessionid"] = stored(cookie)
    assert (
        302 == thief.get("/").status_code and "/accounts/login" in thief.get("/accounts/password/change/").url
    )
    assert "/accounts/login" not in client.get("/").headers.get("Location", "")


def test_sessions_of_before_and_their_secrets_are_carried_over(
    own_folder: Path, client: Client, alice: Any
) -> None:
    """A site of before: keys and secrets in clear. After the migration nobody signs in anew or sets up a telephone."""
    client.force_login(alice)
    cookie = client.cookies["sessionid"].value
    Session.objects.update(session_key=cookie)
    row = Authenticator.objects.create(user=alice, type="totp", data={"secret": SECRET})
    codes = {"migrated_codes": ["12345678", "87654321"]}
    Authenticator.objects.create(user=alice, type="recovery_codes", data=codes)
    assert client.get("/accounts/password/change/").status_code == 302
    client.cookies["sessionid"] = cookie  # the refusal took it away
    migration = importlib.import_module("liangxin.web.accounts.migrations.0002_sealed")
    for _ in range(2):  # run again it changes nothing
        migration.carry(apps, connection.schema_editor())
        assert client.get("/accounts/password/change/").status_code == 200
    row.refresh_from_db()
    assert row.wrap().validate_code(code_of(SECRET))
    kept = Authenticator.objects.get(type="recovery_codes")
    assert ["12345678", "87654321"] == kept.wrap().generate_codes() and "12345678" not in str(kept.data)


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (folder, *folder.rglob("*"))}


def test_what_others_could_open_is_mended_and_said(tmp_path: Path) -> None:
    """Database, its log, uploads, keys, backups; not what the office put there itself, and not through a link."""
    data = tmp_path / "data"
    for name in ("uploads/imports/a.csv", "anchors/2011-08-01.json", "备份/8.lxb", "own/letter.docx"):
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).touch()
    for name in ("site.sqlite3", "site.sqlite3-wal", "site.sqlite3-shm", "audit-key", "1.lxb"):
        (data / name).touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch()
    (data / "uploads" / "link").symlink_to(elsewhere)
    for path in (data, *data.rglob("*"), elsewhere):
        path.chmod(0o755 if path.is_dir() else 0o644)
    mended = mend(data)
    wide = {path.name for path in data.rglob("*") if path.stat().st_mode & 0o077 and not path.is_symlink()}
    assert (12, {"备份", "own", "letter.docx"}) == (mended.number, wide) and elsewhere.stat().st_mode & 0o044
    assert (Mended(0), ()) == (mend(data), mend(data).said())
    assert "12 个文件或文件夹" in mended.said()[0].zh


def test_an_upload_is_its_owners_alone(tmp_path: Path) -> None:
    """Whatever the umask of the process is."""
    old = os.umask(0o022)
    try:
        FileSystemStorage(tmp_path / "uploads").save("imports/a.csv", ContentFile(b"x"))
    finally:
        os.umask(old)
    assert {0} == modes(tmp_path / "uploads" / "imports")


@pytest.mark.slow
def test_a_new_site_lets_nobody_in(tmp_path: Path, make_site: Make) -> None:  # noqa: F811
    """Made under the usual umask of a server: database with its log, keys, static files, a backup."""
    site = make_site("sqlite", empty=True)
    old = os.umask(0o022)
    try:
        site.run("""
            from pathlib import Path
            from django.conf import settings
            from liangxin.web.serving import prepare
            prepare(Path(settings.DATA))
            from liangxin.web.areas.models import Town
            list(Town.objects.all())
            assert list(Path(settings.DATA).glob("*-wal"))
            import os, stat
            wide = [str(p) for p in Path(settings.DATA).rglob("*") if stat.S_IMODE(p.lstat().st_mode) & 0o077]
            assert not wide, wide
        """)
        assert 0 == site.command("backup", str(site.data / "b.lxb")).returncode
    finally:
        os.umask(old)
    assert {0} == modes(site.data)
