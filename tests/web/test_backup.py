"""A site in one file and back, on both engines and from one to the other: whole, unchanged, or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.web.sites import BackedUp, Make, _full, backed_up, cluster, make_site  # noqa: F401

from liangxin.web.audit.anchors import fingerprint_of

Kept = Callable[[str], BackedUp]
POSTGRES = pytest.mark.postgres
ENGINES = ["sqlite", pytest.param("postgres", marks=POSTGRES)]
EDIT = """
    from liangxin.web.accounts.models import User
    from liangxin.web.areas.models import Town
    from liangxin.web.units.models import Unit
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text
    town, alice = Town.objects.get(), User.objects.get(username="alice")
    assert alice.check_password("correct horse battery")
    unit = Unit.objects.order_by("pk")[3]
    write(town, alice, "edit", Text("改", "edit"), [Edit(unit, {"staff": 4321}), Edit(None, {"unit_id": "N1", "name": "新厂"})])
"""


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("sqlite", "sqlite"),
        pytest.param("sqlite", "postgres", marks=POSTGRES),
        pytest.param("postgres", "sqlite", marks=POSTGRES),
        pytest.param("postgres", "postgres", marks=POSTGRES),
    ],
)
def test_there_and_back(source: str, target: str, make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """Every row, upload and indicator is there again; the chain goes on; people sign in and work on."""
    old, new, file = make_site(source), make_site(target, empty=True), tmp_path / "site.lxb"
    made = old.command("backup", str(file))
    assert (0, 0o600) == (made.returncode, file.stat().st_mode & 0o777), made.stderr
    assert "密钥不在备份里" in made.stdout and "audit-key" in made.stdout and "secret-key" in made.stdout
    done = new.command("restore", str(file), "--signer", old.fingerprint().replace(" ", "").upper())
    assert 0 == done.returncode, done.stderr
    assert "项指标与备份时全部相同" in done.stdout
    was, now = old.state(), new.state()
    assert was.pop("events") + 1 == now.pop("events")  # the restore itself
    assert (old.uploads(), was) == (new.uploads(), now)
    assert [151] == new.state(EDIT)["units"]  # people sign in and work on


WRITER = """
    from liangxin.web.areas.models import Town
    from liangxin.web.units.models import Unit
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text
    town = Town.objects.get()
    first, second = (unit.pk for unit in Unit.objects.order_by("pk")[:2])
    Unit.objects.filter(pk__in=[first, second]).update(staff=None)
    number = 0
    while True:  # the two always have 1000 staff together; each write is one transaction
        number += 1
        pair = [Edit(Unit.objects.get(pk=first), {"staff": number}), Edit(Unit.objects.get(pk=second), {"staff": 1000 - number})]
        write(town, None, "edit", Text("改", "edit"), pair)
        print(number, flush=True)
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_while_people_write(engine: str, make_site: Make, tmp_path: Path) -> None:  # noqa: F811
    """One moment for every table: no half of a write is in it, the figures fit the rows, and the writer never waits in vain."""
    site = make_site(engine)
    writer = site.start(WRITER)
    assert writer.stdout is not None
    writer.stdout.readline()
    numbers = []
    for at in range(3):
        file = tmp_path / f"{at}.lxb"
        assert 0 == site.command("backup", str(file)).returncode
        with zipfile.ZipFile(file) as archive:
            columns = next(
                t for t in json.loads(archive.read("manifest.json"))["tables"] if t["name"] == "units_unit"
            )["columns"]
            units = [
                dict(zip(columns, json.loads(line), strict=True))
                for line in archive.read("tables/units_unit.jsonl").splitlines()
            ]
            changes = len(archive.read("tables/units_changeset.jsonl").splitlines())
            events = len(archive.read("tables/audit_event.jsonl").splitlines())
        pair = sorted(units, key=lambda unit: unit["id"])[:2]
        assert 1000 == pair[0]["staff"] + pair[1]["staff"]
        numbers.append((pair[0]["staff"], changes, events))
        assert writer.poll() is None
    writer.kill()
    writer.communicate()
    assert numbers == sorted(set(numbers)) and numbers[0][0] < numbers[-1][0]
    assert {1} == {changes - staff for staff, changes, _ in numbers}  # the import, and one for each write
    fresh = make_site(engine, empty=True)
    fresh.data.mkdir()
    shutil.copy(site.data / "audit-key", fresh.data)  # kept apart and put back: nobody needs to be named
    assert 0 == fresh.command("restore", str(tmp_path / "2.lxb")).returncode


def change(file: Path, **members: Callable[[bytes], bytes] | None) -> None:
    """Rewrite members of the archive (None leaves one out); the rest stay as they are."""
    with zipfile.ZipFile(file) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    for name, by in members.items():
        member = next(
            (each for each in kept if each.endswith(name.replace("__", "."))), name.replace("__", ".")
        )
        old = kept.pop(member, b"")
        if by is not None:
            kept[member] = by(old)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in kept.items():
            archive.writestr(name, content)


FORGER = Ed25519PrivateKey.from_private_bytes(b"a key of somebody's own, 32 long")
FORGER_SHOWN = fingerprint_of(FORGER.public_key().public_bytes_raw().hex())


def signed_anew(
    edit: Callable[[dict[str, Any]], None], key: Ed25519PrivateKey = FORGER
) -> Callable[[bytes], bytes]:
    """A manifest changed by somebody who can sign: what the restore itself checks must still hold."""

    def by(text: bytes) -> bytes:
        from liangxin.web.audit.chain import canonical

        manifest = json.loads(text)
        edit(manifest)
        manifest["public_key"] = key.public_key().public_bytes_raw().hex()
        del manifest["signature"]
        return json.dumps(manifest | {"signature": key.sign(canonical(manifest).encode()).hex()}).encode()

    return by


def newer(manifest: dict[str, Any]) -> None:
    manifest["version"] = "9.9"
    manifest["migrations"]["units"].append("9999_later")


def other_figure(manifest: dict[str, Any]) -> None:
    manifest["towns"][0]["indicators"]["1.1"][0] += 1


def written_to(path: str) -> Callable[[Path], None]:
    """A backup that would write a file of its own choosing."""

    def forge(file: Path) -> None:
        def edit(manifest: dict[str, Any]) -> None:
            entry = {"path": path, "size": 6, "sha256": hashlib.sha256(b"forged").hexdigest()}
            manifest["uploads"].append(entry)

        change(file, manifest__json=signed_anew(edit))
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr(f"uploads/{path}", b"forged")

    return forge


def unsigned_change(manifest: dict[str, Any]) -> None:
    manifest["made"] = "2011-08-01T00:00:00.000000Z"


def column_of_another(manifest: dict[str, Any]) -> None:
    manifest["tables"][0]["columns"][0] = "no_such_column"


OUTSIDE = "/tmp/liangxin-forged", "../forged", "a/../../forged", "a\\..\\forged", "C:forged", "a//forged"  # fmt: skip
# A person names the forger's key: what the file itself brings must be refused all the same.
TRUSTED = {f"outside-{at}": (written_to(path), "会写到上传文件夹以外") for at, path in enumerate(OUTSIDE)} | {
    "column-unknown": (
        lambda file: change(file, manifest__json=signed_anew(column_of_another)),
        "数据库不接受这张表的内容",
    ),
}
WRONG = {
    "other-signer": (
        lambda file: change(file, manifest__json=signed_anew(unsigned_change)),
        "由本站不认识的密钥签名",
    ),
    "not-a-backup": (lambda file: file.write_text("hello"), "这不是备份文件"),
    "empty": (lambda file: file.write_bytes(b""), "这不是备份文件"),
    "another-zip": (lambda file: change(file, manifest__json=None), "这不是备份文件"),
    "cut-short": (lambda file: file.write_bytes(file.read_bytes()[:-4000]), "备份文件不完整"),
    "row-changed": (
        lambda file: change(file, units_unit__jsonl=lambda old: old.replace(b"[", b"[ ", 1)),
        "tables/units_unit.jsonl：内容与清单里的指纹不符",
    ),
    "file-missing": (lambda file: change(file, units_unit__jsonl=None), "tables/units_unit.jsonl：缺少"),
    "file-added": (lambda file: change(file, extra=lambda old: b"x"), "extra：清单里没有"),
    "manifest-changed": (
        lambda file: change(file, manifest__json=lambda old: old.replace(b'"rows": 150', b'"rows": 151')),
        "签名不符",
    ),
    "newer-format": (
        lambda file: change(file, manifest__json=lambda old: old.replace(b"backup/1", b"backup/2")),
        "备份出自更新的版本",
    ),
    "newer-version": (
        lambda file: change(file, manifest__json=signed_anew(newer)),
        "备份出自更新的版本（9.9）",
    ),
    **TRUSTED,
    "other-figures": (
        lambda file: change(file, manifest__json=signed_anew(other_figure)),
        "恢复后与备份不符，已全部退回",
    ),
}


TRY = """
    import json, sys
    from pathlib import Path
    from liangxin.findings import InputError
    from liangxin.web.backup.restoring import restore
    said = {}
    for path in sorted(Path(FOLDER).iterdir()):
        try:
            restore(path, replace=True, signer=SIGNERS.get(path.stem))
        except InputError as refused:
            said[path.stem] = [finding.sentence("zh") for finding in refused.findings]
    print(json.dumps(said))
"""


def test_wrong_files_are_refused(make_site: Make, backed_up: Kept, tmp_path: Path) -> None:  # noqa: F811
    """One clear message each, and the site that was to be replaced is as it was."""
    site, file, wrong = make_site("sqlite"), backed_up("sqlite").file, tmp_path / "wrong"
    wrong.mkdir()
    for name, (damage, _) in WRONG.items():
        shutil.copy(file, wrong / f"{name}.lxb")
        damage(wrong / f"{name}.lxb")
    before, uploads = site.state(EDIT), site.uploads()
    signers = dict.fromkeys([*TRUSTED, "other-figures"], FORGER_SHOWN)
    said = json.loads(site.run(f"FOLDER = {str(wrong)!r}\nSIGNERS = {signers!r}\n" + textwrap.dedent(TRY)))
    assert WRONG.keys() == said.keys()
    for name, (_, expected) in WRONG.items():
        assert (name, 1, True) == (name, len(said[name]), expected in said[name][0]), said[name]
    assert (before, uploads) == (site.state(), site.uploads())
    assert [] == list(site.data.glob("uploads.*")) and not Path("/tmp/liangxin-forged").exists()
    assert FORGER_SHOWN in said["other-signer"][0]


def test_a_new_computer_asks_who_signed(make_site: Make, backed_up: Kept) -> None:  # noqa: F811
    """The old one burnt: the office's note opens its own backup, another note does not, and none says what to compare."""
    new, kept = make_site("sqlite", empty=True), backed_up("sqlite")
    noted = kept.site.fingerprint()
    silent = new.command("restore", str(kept.file))
    assert 1 == silent.returncode and noted in silent.stderr and "--signer" in silent.stderr
    other = new.command("restore", str(kept.file), "--signer", FORGER_SHOWN, lang="en")
    assert 1 == other.returncode and "was not signed by the key you named" in other.stderr
    assert not (new.data / "uploads").exists() and not (new.data / "audit-key").exists()
    assert 0 == new.command("restore", str(kept.file), "--signer", noted).returncode


def test_a_path_is_looked_at_again_after_joining(tmp_path: Path) -> None:
    """A link in the folder leads elsewhere: the joined path is refused, whatever its words say."""
    from liangxin.findings import InputError
    from liangxin.web.backup.files import _below

    folder, elsewhere = tmp_path / "scratch", tmp_path / "elsewhere"
    folder.mkdir(), elsewhere.mkdir()
    (folder / "link").symlink_to(elsewhere)
    assert (folder / "a" / "b.csv") == _below(folder, "a/b.csv")
    with pytest.raises(InputError):
        _below(folder, "link/b.csv")


def test_a_full_site_is_replaced_only_when_asked(make_site: Make, backed_up: Kept) -> None:  # noqa: F811
    """Refused with what is there; with --replace all of it is the backup, and anchors of what was later are set aside."""
    site, file, was = make_site("sqlite"), backed_up("sqlite").file, dict(backed_up("sqlite").state)
    site.run(EDIT)
    (site.data / "uploads" / "later.csv").write_text("x", encoding="utf-8")
    later = site.data / "anchors" / "2999-01-01.json"
    assert 0 == site.command("verify", "--make-anchor", str(later)).returncode
    refused = site.command("restore", str(file))
    assert (1, True) == (refused.returncode, "1 个镇，1 个账号" in refused.stderr)
    assert 0 == site.command("restore", str(file), "--replace").returncode
    now = site.state()
    assert was.pop("events") + 1 == now.pop("events")
    assert (was, {"imports/201108/名单.csv", "imports/201108/empty.bin"}) == (
        now,
        set(site.uploads()),
    )
    assert (False, 1) == (later.exists(), len(list((site.data / "anchors" / "replaced").iterdir())))


@pytest.mark.parametrize("engine", ENGINES)
def test_an_older_backup_is_brought_up_to_date(engine: str, make_site: Make, backed_up: Kept, tmp_path: Path) -> None:  # noqa: F811  # fmt: skip
    """Loaded as it was when it was made, then this version's migrations."""
    file = tmp_path / "site.lxb"
    shutil.copy(backed_up("sqlite").file, file)

    def older(manifest: dict[str, Any]) -> None:
        last = manifest["migrations"]["mfa"].pop()
        assert last.startswith("0003")

    change(file, manifest__json=signed_anew(older))
    new = make_site(engine, empty=True)
    done = new.command("restore", str(file), "--signer", FORGER_SHOWN)
    assert 0 == done.returncode, done.stderr
    new.state()
    assert "True" == new.run("""
        from django.db.migrations.recorder import MigrationRecorder
        print(MigrationRecorder.Migration.objects.filter(app="mfa", name__startswith="0003").exists())
    """)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_restore_that_is_killed(engine: str, make_site: Make, backed_up: Kept) -> None:  # noqa: F811
    """kill -9 at any moment: the site is what it was or what the backup holds, database and uploads alike."""
    site, kept = make_site(engine), backed_up(engine)
    restored = (kept.state["rows"], frozenset(kept.site.uploads()))
    before = (site.state(EDIT)["rows"], frozenset(site.uploads()) | {"later.csv"})
    (site.data / "uploads" / "later.csv").write_text("x", encoding="utf-8")
    seen = set()
    for wait in (0.3, 1.0, 1.4, 1.8):
        program = subprocess.Popen(
            [sys.executable, "-m", "liangxin", "restore", str(kept.file), "--replace", "--data", str(site.data)],
            env=site.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(wait)
        program.send_signal(signal.SIGKILL)
        program.wait()
        found = site.state("from liangxin.web.backup.files import finish_interrupted; finish_interrupted()")
        now = (found["rows"], frozenset(site.uploads()))
        assert now in (before, restored)
        seen.add(now)
    assert before in seen


@pytest.mark.parametrize(
    ("moved", "committed", "left"),
    [(0, False, "old"), (1, False, "old"), (2, False, "old"), (2, True, "new")],
)
def test_uploads_after_a_kill(
    moved: int, committed: bool, left: str, db: None, settings: Any, tmp_path: Path
) -> None:
    """Between each two steps of the exchange: whether the database has the restore says which uploads stay."""
    from liangxin.web.audit.services import record
    from liangxin.web.backup import files

    settings.MEDIA_ROOT = tmp_path / "uploads"
    exchange = files._incoming("R1")
    for folder, name in ((exchange.target, "old"), (exchange.scratch, "new")):
        folder.mkdir()
        (folder / name).write_text("x", encoding="utf-8")
    exchange.note.write_text('{"restore": "R1"}', encoding="utf-8")
    if moved >= 1:
        exchange.target.rename(exchange.old)
    if moved >= 2:
        exchange.scratch.rename(exchange.target)
    if committed:
        record(None, None, "site.restore", "restore", "R1")
    files.finish_interrupted()
    assert [left] == [path.name for path in exchange.target.iterdir()]
    assert (False, False) == (exchange.note.exists(), exchange.old.exists())


READ_HOLDER = """
    from liangxin.findings import InputError
    from liangxin.web.accounts.models import User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.models import Town
    from liangxin.web.holders.models import Holder
    from liangxin.web.holders.services import show
    try:
        print(show(permit(User.objects.get(), Town.objects.get()), Holder.objects.get().pk, "核对备份是否可用").name)
    except InputError:
        print("refused")
"""


def test_personal_data_needs_its_key(make_site: Make, backed_up: Kept) -> None:  # noqa: F811
    """No name of an office holder is in the backup in clear; restored beside the original key file it is read again."""
    old, new, file = backed_up("sqlite").site, make_site("sqlite", empty=True), backed_up("sqlite").file
    with zipfile.ZipFile(file) as archive:
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert [False, False] == [words.encode() in content for words in ("张卫国", "13800001234")]
    assert (
        0 == new.command("restore", str(file), "--signer", backed_up("sqlite").site.fingerprint()).returncode
    )
    assert "refused" == new.run(READ_HOLDER)
    shutil.copy(old.data / "personal-key", new.data / "personal-key")
    assert "张卫国" == new.run(READ_HOLDER)


def test_the_manifest_names_no_key(backed_up: Kept) -> None:  # noqa: F811
    """Keys and sessions stay out: a stolen backup opens nothing."""
    site, file = backed_up("sqlite").site, backed_up("sqlite").file
    secrets = [(site.data / name).read_bytes().strip() for name in ("secret-key", "audit-key")]
    with zipfile.ZipFile(file) as archive:
        names, content = archive.namelist(), b"".join(archive.read(name) for name in archive.namelist())
    assert [] == [name for name in names if re.search("key|session", name)]
    assert not any(secret in content for secret in secrets)
