"""The audit page: who sees it, what it finds, how it is taken along; and that every act leaves its event."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.web.cast import Cast, founding, plan_matter, the_cast  # noqa: F401
from tests.web.conftest import person

import liangxin
from liangxin.procedure import Return, Take
from liangxin.registry.access import TABLE, Action, Reach, Role
from liangxin.web.audit import queries
from liangxin.web.audit.models import Event
from liangxin.web.audit.services import record
from liangxin.web.audit.words import ACTIONS, FACTS, OBJECTS
from liangxin.web.procedures import services
from liangxin.wording import Text

WEB = Path(liangxin.__file__).parent / "web"


def events(action: str) -> list[Event]:
    return list(Event.objects.filter(action=action).order_by("seq"))


def page(client: Any, town: Any, **given: str) -> str:
    response = client.get(f"/t/{town.code}/audit/", given)
    assert 200 == response.status_code
    return str(response.content.decode())


@pytest.mark.parametrize("role", Role)
def test_who_reads_it(role: Role, town: Any, as_person: Any) -> None:
    """The table of permissions, for the page, the file and the anchor."""
    reader = person("reader", town, role, town.as_core().task_groups[0].id)
    client = as_person(reader)
    may = TABLE[role][Action.READ_AUDIT] is not Reach.NONE
    assert (200 if may else 403) == client.get(f"/t/{town.code}/audit/").status_code
    assert (200 if may else 403) == client.get(f"/t/{town.code}/audit/export.csv").status_code
    assert (200 if may else 403) == client.post(f"/t/{town.code}/audit/anchor/").status_code


def test_an_outsider_finds_nothing(town: Any, outsider: Any, as_person: Any) -> None:
    """A town in which one holds no role does not exist for one."""
    assert 404 == as_person(outsider).get(f"/t/{town.code}/audit/").status_code


def test_searched_by_person_action_object_and_day(town: Any, alice: Any, bob: Any, as_person: Any) -> None:
    """Each alone and together; a unit is found by its number in every change that touched it."""
    from liangxin.web.units.models import Unit
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text

    unit = Unit.objects.filter(town=town).order_by("pk")[5]
    done = write(town, alice, "edit", Text("改", "edit"), [Edit(unit, {"staff": 77})])
    record(
        bob, town, "document.export", "export", 9, reason="年度检查", detail={"rows": 12, "file": "名册.xlsx"}
    )
    client = as_person(alice)
    everything = page(client, town)
    assert "年度检查" in everything and f"/units/changes/{done.pk}/" in everything
    assert "年度检查" in page(client, town, actor="bob")
    assert "年度检查" not in page(client, town, actor="alice")
    assert "年度检查" in page(client, town, action="document.export", object="9")
    of_unit = page(client, town, object=unit.unit_id)
    assert f"/units/changes/{done.pk}/" in of_unit and "年度检查" not in of_unit
    assert "没有符合条件的记录" in page(client, town, until="2011-08-01")
    assert "年度检查" in page(client, town, since="2011-08-01")


def test_searched_by_organization(cast: Cast, as_person: Any) -> None:
    """By number or name: the journal's entries about it, and no others."""
    from liangxin.structure import Dissolve
    from liangxin.web.organizations.queries import day_tree
    from liangxin.web.organizations.services import perform

    day = date(2011, 8, 20)
    tree = day_tree(cast.town, day)
    leaves = [each for each in tree.organizations.values() if each.units and not tree.children.get(each.id)]
    gone, heir, other = leaves[:3]
    perform(
        cast.town,
        cast.office,
        [Dissolve(on=day, organization=gone.id, heir=heir.id)],
        Text("撤销", "dissolve"),
    )
    for words, about in ((gone.id, True), (gone.name, True), (heir.id, True), (other.id, False)):
        listed = queries.found(cast.may(cast.office), queries.Search(object=words))
        kinds = [event.facts["kinds"] for event in listed if event.object_kind == "operations"]
        assert about is ({"Dissolve": 1} in kinds)


@pytest.mark.parametrize(
    "given",
    [{"since": "2011-13-45"}, {"until": "9999-12-31"}, {"since": "0001-01-01"}, {"action": "nothing"}, {"page": "x"}, {"object": "' OR 1"}],
)  # fmt: skip
def test_odd_questions_are_no_server_error(
    given: dict[str, str], town: Any, alice: Any, as_person: Any
) -> None:
    """What cannot be used is left out and said."""
    page(as_person(alice), town, **given)


def test_another_town_is_not_in_it(town: Any, alice: Any, as_person: Any, sample: Any) -> None:
    """Neither on the page nor in the file."""
    from dataclasses import replace
    from datetime import date

    from liangxin.web.areas.services import add_town

    other = add_town(replace(sample.town, code="330683199", name="别的镇"), drive_starts=date(2011, 8, 1))
    record(None, other, "units.edit", "change_set", "OTHER")
    client = as_person(alice)
    assert "OTHER" not in page(client, town)
    assert b"OTHER" not in b"".join(client.get(f"/t/{town.code}/audit/export.csv").streaming_content)


def test_the_file(town: Any, alice: Any, as_person: Any) -> None:
    """CSV that Excel opens, newest first, formulas as text; that it was taken is the next event."""
    record(alice, town, "units.edit", "change_set", "=1+1", reason="-2+3")
    response = as_person(alice).get(
        f"/t/{town.code}/audit/export.csv", {"actor": "alice", "action": "units.edit"}
    )
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf") and "attachment" in response["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert ("序号", 1, "'=1+1", "'-2+3") == (rows[0][0], len(rows) - 1, rows[1][6], rows[1][7])
    (taken,) = events("audit.export")
    assert ("alice", 1) == (taken.actor, taken.facts["rows"])


def test_an_anchor_to_take_along(town: Any, alice: Any, as_person: Any, tmp_path: Path) -> None:
    """Signed, of the chain's end of now, and good for liangxin verify."""
    from liangxin.web.audit import anchors
    from liangxin.web.audit.verifying import walk

    response = as_person(alice).post(f"/t/{town.code}/audit/anchor/")
    (tmp_path / "anchor.json").write_bytes(response.content)
    anchor = anchors.read(tmp_path / "anchor.json")
    assert (Event.objects.count(), ()) == (anchor.seq, walk([anchor]).faults)


@pytest.mark.parametrize("lang", ["zh-hans", "en"])
def test_the_page_asks_the_database_a_fixed_number_of_times(
    lang: str, town: Any, alice: Any, as_person: Any, django_assert_max_num_queries: Any
) -> None:
    """However many events there are."""
    for number in range(60):
        record(alice, town, "units.visit", "change_set", number)
    client = as_person(alice)
    client.cookies["django_language"] = lang
    page(client, town)
    with django_assert_max_num_queries(16):
        page(client, town, actor="alice", object="3")


class TestSigningIn:
    """What guards the door is written down, and never what was typed into the wrong field."""

    @pytest.fixture(autouse=True)
    def fresh(self) -> Iterator[None]:
        from django.core.cache import cache

        cache.clear()
        yield
        cache.clear()

    def sign_in(self, client: Any, name: str, password: str) -> None:
        client.post("/accounts/login/", {"login": name, "password": password})

    def test_in_and_out(self, alice: Any, client: Any) -> None:
        """Both are events of the person."""
        self.sign_in(client, "alice", "correct horse battery")
        client.post("/accounts/logout/")
        assert [["alice"], ["alice"]] == [
            [e.actor for e in events(f"account.{what}")] for what in ("sign_in", "sign_out")
        ]

    def test_failing_and_lock_out(self, alice: Any, client: Any) -> None:
        """Each wrong password is an event, the lock is one, however often somebody goes on trying."""
        for _ in range(9):
            self.sign_in(client, "alice", "wrong")
        failed, locked = events("account.failed"), events("account.locked")
        assert (5, {"alice"}, 1) == (len(failed), {event.object_id for event in failed}, len(locked))
        assert [{"known": True, "address": "127.0.0.1"}] == [event.facts for event in locked]

    def test_an_unknown_name_is_not_kept(self, alice: Any, client: Any) -> None:
        """People type their password into the field of the name."""
        self.sign_in(client, "My-Secret-Password-1", "x")
        (event,) = events("account.failed")
        assert ("", False) == (event.object_id, event.facts["known"])
        assert "Secret" not in event.detail

    def test_tokens(self, alice: Any) -> None:
        """Making and revoking one; the token itself is in neither."""
        from liangxin.web.api import tokens

        row, token = tokens.make(alice, "年报")
        tokens.revoke(alice, row.pk)
        made, gone = events("token.make")[0], events("token.revoke")[0]
        assert (str(row.pk), str(row.pk)) == (made.object_id, gone.object_id)
        assert token not in made.detail + gone.detail


class TestEveryAct:
    """Each service that writes or hands over leaves its event, with who and how much."""

    def test_units(self, town: Any, alice: Any) -> None:
        """Edit and undo: number of units and names of fields, never their values."""
        from liangxin.web.units.models import Unit
        from liangxin.web.units.services import Edit, write
        from liangxin.web.units.undoing import undo
        from liangxin.wording import Text

        unit = Unit.objects.filter(town=town).first()
        undo(write(town, alice, "edit", Text("改", "edit"), [Edit(unit, {"remark": "不外传"})]), alice)
        edited, undone = events("units.edit")[0], events("units.undo")[0]
        assert (1, ["remark"], "alice") == (edited.facts["units"], edited.facts["fields"], edited.actor)
        assert (1, 0) == (undone.facts["units"], undone.facts["kept"])
        assert not any("不外传" in event.detail for event in Event.objects.all())

    def test_organizations(self, town: Any, alice: Any) -> None:
        """An operation of the tree, by number and kind."""
        from liangxin.web.organizations.services import found_framework, record_existing

        record_existing(town)
        found_framework(town, alice, frozenset({"3.1"}))
        told = events("organizations.perform")
        assert (2, "alice") == (len(told), told[-1].actor)
        assert told[0].facts["numbers"][1] + 1 == told[1].facts["numbers"][0]

    def test_exports(self, town: Any, alice: Any, as_person: Any) -> None:
        """A file that left the site: which fields of how many rows."""
        as_person(alice).get(f"/t/{town.code}/documents/file/ledger.csv")
        (event,) = events("document.export")
        assert ("alice", 300, True) == (
            event.actor,
            event.facts["rows"],
            "full_members" in event.facts["fields"],
        )

    def test_settings_and_people(self, town: Any, as_person: Any) -> None:
        """An account opened, closed and opened again, its role taken away; another policy."""
        from liangxin.web.accounts.models import RoleGrant, User

        admin = person("admin", town, Role.ADMINISTRATOR)
        client, base = as_person(admin), f"/t/{town.code}/settings"
        group = town.as_core().task_groups[0].id
        client.post(
            f"{base}/people/",
            {"username": "carol", "display_name": "卡", "role": "group_member", "task_group": group},
        )
        carol = User.objects.get(username="carol")
        for _ in range(2):
            client.post(f"{base}/people/{carol.pk}/close/")
        client.post(f"{base}/people/{RoleGrant.objects.get(user=carol).pk}/revoke/")
        client.post(f"/t/{town.code}/policy/adopt/", {"policy": "changle-2011-44"})
        wanted = ["account.add", "account.close", "account.reopen", "role.revoke"]
        assert [("admin", "carol")] * 4 == [(e.actor, e.object_id) for name in wanted for e in events(name)]
        assert ["changle-2011-44"] == [event.facts["policy"] for event in events("town.policy")]


def recorded() -> Iterator[tuple[str, str | None, str | None, list[str]]]:
    """(file, action, kind of object, names in the detail) of every call of ``record`` whose words are written out."""
    for path in sorted(WEB.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (
                isinstance(node, ast.Call)
                and ast.unparse(node.func).rpartition(".")[2] == "record"
                and len(node.args) >= 4
            ):
                continue
            action, kind = (each.value if isinstance(each, ast.Constant) else None for each in node.args[2:4])
            details = [
                each.value
                for each in node.keywords
                if each.arg == "detail" and isinstance(each.value, ast.Dict)
            ]
            names = [key.value for detail in details for key in detail.keys if isinstance(key, ast.Constant)]
            yield f"{path.relative_to(WEB)}:{node.lineno}", action, kind, names


def test_every_event_has_words() -> None:
    """Whatever is recorded anywhere in the site is called something in both languages."""
    found = list(recorded())
    assert len(found) > 20
    assert [] == [
        (where, action) for where, action, _, _ in found if action is not None and action not in ACTIONS
    ]
    assert [] == [(where, kind) for where, _, kind, _ in found if kind is not None and kind not in OBJECTS]
    assert [] == [(where, name) for where, _, _, names in found for name in names if name not in FACTS]


def test_no_value_of_a_unit_in_any_detail(town: Any) -> None:
    """The import of a whole town says which fields came, and holds none of what they say."""
    from liangxin.web.units.models import Unit

    (event,) = events("units.import")
    assert 300 == event.facts["units"]
    names = list(Unit.objects.filter(town=town).values_list("name", flat=True))
    assert not any(name in event.detail for name in names)
    json.loads(event.detail)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh-hans", ("报送请示", "请示、单位名册", "退回", "报领导小组", "成立", "组建方案")),
        (
            "en",
            (
                "send the request",
                "request, roster of units",
                "return",
                "submit to the leading group",
                "founding",
            ),
        ),
    ],
)
def test_cases_are_told_in_words(cast: Cast, as_person: Any, lang: str, told: tuple[str, ...]) -> None:
    """Act, step, documents and kind by what people call them; a way that both procedures have by where it leads."""
    for kind, matter in (("founding", founding(cast)), ("plan_approval", plan_matter(cast))):
        case = services.start(cast.may(cast.leader), kind, matter)
        cast.do(cast.leader, case, Take(transition="submit"))
    cast.do(cast.leading_group, case, Return("draft", "名册要补"))
    client = as_person(cast.office)
    client.cookies["django_language"] = lang
    shown = page(client, cast.town)
    assert [] == [words for words in told if words not in shown]
    assert [] == [code for code in ("submit<", "leading_group<", "found<", "roster<") if code in shown]
