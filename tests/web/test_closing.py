"""The end of a drive: clock, hand-over package, purge by two persons, and a proof that holds."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from tests.web.conftest import person
from tests.web.sites import _full, cluster, make_site  # noqa: F401

from liangxin.findings import InputError
from liangxin.registry.access import Role
from liangxin.web.accounts.permission import permit
from liangxin.web.audit.models import Event
from liangxin.web.closing import package, proof, queries, services
from liangxin.web.closing.models import Closing
from liangxin.web.holders import services as holders
from liangxin.web.holders.models import Holder
from liangxin.web.imports.models import Import
from liangxin.web.units.models import Unit

NAME = "欧阳晓明"
pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.fixture
def helen(town: Any) -> Any:
    """A second person of the office."""
    return person("helen", town, Role.OFFICE)


@pytest.fixture
def filled(town: Any, alice: Any) -> Any:
    """A town with an office holder and an uploaded list."""
    unit = Unit.objects.filter(town=town, removed=False).first()
    holders.add(permit(alice, town), "unit", unit.unit_id, "secretary", NAME, "13857501234")
    kept = Import(town=town, by=alice, filename="名单.csv")
    kept.file.save("1.csv", ContentFile("单位名称,业主\n甲厂,张三\n".encode()), save=True)
    return town


def handed_over(town: Any, user: Any, tmp_path: Path) -> Path:
    path = tmp_path / "handover.zip"
    services.end_drive(permit(user, town), date(2011, 8, 15))
    services.hand_over(permit(user, town), path)
    return path


def test_clock_runs_from_the_end_for_the_months_of_the_town(town: Any, alice: Any, as_person: Any) -> None:
    """Six months unless the town says otherwise; the page warns when little is left, and says when it is past."""
    assert queries.clock(queries.closing(town)) is None
    services.end_drive(permit(alice, town), date(2011, 8, 15))
    assert (date(2012, 2, 15), False, False) == (
        (clock := queries.clock(queries.closing(town))).due, clock.soon, clock.late,
    )  # fmt: skip
    services.set_term(permit(alice, town), 1)
    town.today = date(2011, 8, 31)
    town.save()
    assert queries.clock(queries.closing(town)).soon
    assert "还剩 15 天" in as_person(alice).get(f"/t/{town.code}/settings/").content.decode()
    town.today = date(2011, 9, 16)
    town.save()
    assert "超期 1 天" in as_person(alice).get(f"/t/{town.code}/settings/").content.decode()
    assert (True, 1) == ((clock := queries.clock(queries.closing(town))).late, clock.days_over)


def test_end_of_a_long_month(town: Any, alice: Any) -> None:
    """A month after the 31st is the last day of the next."""
    row = Closing(town=town, ended_on=date(2011, 8, 31), months=6)
    assert date(2012, 2, 29) == queries.clock(row).due


@pytest.mark.clause("4.6")
def test_package_holds_everything_and_its_manifest_fits(filled: Any, alice: Any, tmp_path: Path) -> None:
    """Ledger, lists that agree with the indicators, journal, audit events, anchor; no names."""
    path = handed_over(filled, alice, tmp_path)
    facts = package.check(path)
    names = {each["file"] for each in facts["files"]}
    assert {"ledger.xlsx", "ledger.csv", "indicators.xlsx", "indicator-lists.json", "town.yaml", "organizations.json",
            "audit.jsonl", "anchor.json"} <= names  # fmt: skip
    with zipfile.ZipFile(path) as archive:
        whole = b"".join(archive.read(name) for name in archive.namelist())
        lists = json.loads(archive.read("indicator-lists.json"))
        ledger = archive.read("ledger.csv").decode("utf-8-sig")
    assert NAME.encode() not in whole and b"13857501234" not in whole
    assert all(unit in ledger for unit in lists["1.1"]["denominator"])


def test_changed_package_is_told(filled: Any, alice: Any, tmp_path: Path) -> None:
    """A file added, and one changed, each named."""
    path = handed_over(filled, alice, tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["ledger.csv"] += b" "
    members["extra.txt"] = b"x"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(InputError) as refused:
        package.check(path)
    assert ["extra.txt", "ledger.csv"] == [each.place.file for each in refused.value.findings]


def test_order_is_kept(filled: Any, alice: Any, helen: Any) -> None:
    """No purge before the end and the package; no confirmation before somebody asked."""
    with pytest.raises(InputError, match="先结束行动"):
        services.ask_for_purge(permit(alice, filled), "")
    with pytest.raises(InputError, match="还没有人申请"):
        services.purge(permit(helen, filled))
    assert Holder.objects.exists()


def test_who_asked_cannot_confirm(filled: Any, alice: Any, tmp_path: Path) -> None:
    """Two persons, whatever their roles."""
    handed_over(filled, alice, tmp_path)
    services.ask_for_purge(permit(alice, filled), "到期")
    with pytest.raises(InputError, match="另一个人"):
        services.purge(permit(alice, filled))
    assert Holder.objects.exists() and Event.objects.filter(action="purge.confirm").count() == 0


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.OFFICE])
def test_only_the_office_closes(role: Role, filled: Any, as_person: Any) -> None:
    """No other role opens the page or calls the services."""
    user = person("other", filled, role, filled.as_core().task_groups[0].id)
    assert 403 == as_person(user).get(f"/t/{filled.code}/closing/").status_code
    for act in (
        lambda: services.ask_for_purge(permit(user, filled), ""),
        lambda: services.purge(permit(user, filled)),
        lambda: services.end_drive(permit(user, filled), date(2011, 8, 15)),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.fixture
def purged(filled: Any, alice: Any, helen: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Purged as the two do it; the rewriting of the file, impossible within a test's transaction, is tested on a real site."""
    monkeypatch.setattr(proof, "erase", lambda sealed: proof.Looked("sqlite", True, len(sealed), 0, 4096))
    handed_over(filled, alice, tmp_path)
    services.ask_for_purge(permit(alice, filled), "到期")
    services.purge(permit(helen, filled))
    return filled


def test_purge_takes_what_is_personal_and_leaves_the_rest(
    purged: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """Office holders, uploaded lists, names of groups; units, organizations and events stay. The key is gone."""
    assert [0, 0, 0] == [each.count for each in queries.personal(purged)]
    assert 300 == Unit.objects.filter(town=purged).count()
    assert not any(group.head or group.members for group in purged.as_core().task_groups)
    assert {} == json.loads((tmp_path / "personal-key").read_text())["keys"]


def test_proof_says_what_went_and_holds(purged: Any) -> None:
    """Classes, numbers, who asked and who confirmed; signed; without a name."""
    text = Closing.objects.get().proof
    facts = proof.check(text)
    assert {"holders": 1, "imports": 1} == {
        each["id"]: each["count"] for each in facts["classes"] if each["id"] != "groups"
    }
    assert ("alice", "helen", 1) == (facts["asked_by"], facts["confirmed_by"], len(facts["keys_destroyed"]))
    assert NAME not in text
    with pytest.raises(InputError, match="签名不符"):
        proof.check(text.replace('"count": 1', '"count": 0', 1))
    with pytest.raises(InputError, match="不是清除证明"):
        proof.check("{}")


def test_nothing_personal_is_entered_afterwards(purged: Any, alice: Any) -> None:
    """The drive is over."""
    unit = Unit.objects.filter(town=purged, removed=False).first()
    with pytest.raises(InputError, match="已清除"):
        holders.add(permit(alice, purged), "unit", unit.unit_id, "contact", "李四", "")
    with pytest.raises(InputError, match="已经清除"):
        services.ask_for_purge(permit(alice, purged), "")


def test_the_whole_way_on_the_page(
    filled: Any, alice: Any, helen: Any, as_person: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """End, package, ask; the other person confirms; the proof is downloaded."""
    monkeypatch.setattr(proof, "erase", lambda sealed: proof.Looked("sqlite", True, len(sealed), 0, 4096))
    first, second, at = as_person(alice), as_person(helen), f"/t/{filled.code}/closing"
    assert 302 == first.post(f"{at}/end/", {"on": "2011-08-15"}).status_code
    assert b"PK" == first.post(f"{at}/package/").content[:2]
    assert 302 == first.post(f"{at}/ask/", {"reason": "到期"}).status_code
    assert 422 == first.post(f"{at}/purge/").status_code
    page = second.get(f"{at}/").content.decode()
    assert "确认清除" in page and "alice" in page
    assert 302 == second.post(f"{at}/purge/").status_code
    assert "销毁密钥 1 把" in second.get(f"{at}/").content.decode()
    assert "helen" == proof.check(second.get(f"{at}/proof.json").content.decode())["confirmed_by"]


def test_withdrawn_request_purges_nothing(filled: Any, alice: Any, helen: Any, tmp_path: Path) -> None:
    """After it, a confirmation finds nothing to confirm."""
    handed_over(filled, alice, tmp_path)
    services.ask_for_purge(permit(alice, filled), "")
    services.withdraw(permit(helen, filled))
    with pytest.raises(InputError, match="还没有人申请"):
        services.purge(permit(helen, filled))


PURGE = """
    import json, os
    from datetime import date
    from pathlib import Path
    from django.conf import settings
    from liangxin.web.accounts.models import RoleGrant, User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.models import Town
    from liangxin.web.closing import proof, services
    from liangxin.web.holders import services as holders
    from liangxin.web.holders.models import Holder
    from liangxin.web.units.models import Unit
    town = Town.objects.get()
    alice = User.objects.get(username="alice")
    helen = User.objects.create_user("helen", password="correct horse battery")
    RoleGrant.objects.create(user=helen, town=town, role="office")
    for unit in Unit.objects.filter(town=town)[:40]:
        holders.add(permit(alice, town), "unit", unit.unit_id, "contact", "欧阳晓明", "13857501234")
    sealed = [bytes(value) for row in Holder.objects.values_list("name", "telephone") for value in row]
    def held():
        files = [path for path in Path(settings.DATA).glob("site.sqlite3*")]
        return sum(value[9:41] in path.read_bytes() for value in sealed for path in files)
    before = held()
    services.end_drive(permit(alice, town), date(2011, 8, 15))
    services.hand_over(permit(alice, town), Path(settings.DATA) / "handover.zip")
    services.ask_for_purge(permit(alice, town), "到期")
    row = services.purge(permit(helen, town))
    facts = proof.check(row.proof)
    print(json.dumps({"sealed": len(sealed), "before": before, "after": held(), "rows": Holder.objects.count(), "database": facts["database"]}))
"""


def test_the_database_file_no_longer_holds_what_was_encrypted(make_site: Any) -> None:  # noqa: F811
    """On a real site: 80 encrypted values are in the file before, none after, byte by byte; figures and chain agree still."""
    site = make_site("sqlite")
    made = json.loads(site.run(PURGE))
    assert made["before"] >= 80
    assert (0, 0) == (made["after"], made["rows"])
    assert (True, made["sealed"], 0) == tuple(
        made["database"][name] for name in ("rewritten", "sought", "found")
    )
    site.state()


@pytest.mark.postgres
def test_on_postgres_the_key_is_what_makes_it_unreadable(make_site: Any) -> None:  # noqa: F811
    """The table is rewritten; the proof does not claim to have searched the server's files."""
    made = json.loads(make_site("postgres").run(PURGE))
    assert (0, "postgresql", 0) == (made["rows"], made["database"]["engine"], made["database"]["sought"])
