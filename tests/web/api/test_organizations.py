"""Organizations through the API: previewed, done as seen, the ledger with them, taken back; the tree of any day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.web.api.conftest import Caller
from tests.web.conftest import person

from liangxin.registry.access import Role
from liangxin.web.organizations import queries, services
from liangxin.web.organizations.models import StoredOperation
from liangxin.web.units.live import live
from liangxin.web.units.models import Unit

TODAY = date(2011, 8, 15)


@pytest.fixture
def founding(recorded: Any) -> dict[str, Any]:
    """A joint branch of two units that are in no organization."""
    free = Unit.objects.filter(
        town=recorded, organization_id__isnull=True, full_members__gte=2, state="operating"
    ).exclude(kind="household")
    area = next(
        each for each in queries.day_tree(recorded, TODAY).organizations.values() if each.standing.area
    )
    values = {
        "name": "试点联合党支部", "type": "joint_branch", "form": "zone", "parent": area.id, "document": "长委〔2011〕50号",
        "units": "\n".join(free.order_by("pk").values_list("unit_id", flat=True)[:2]),
    }  # fmt: skip
    return {"kind": "found", "values": values}


def places(town: Any, body: dict[str, Any]) -> set[tuple[str | None, str | None]]:
    ids = body["values"]["units"].split("\n")
    return set(
        Unit.objects.filter(town=town, unit_id__in=ids).values_list("organization_id", "organization_form")
    )


@pytest.mark.clause("4.3")
def test_founded_as_previewed_and_taken_back(
    call: Any, recorded: Any, founding: dict[str, Any], alice: Any
) -> None:
    office = call(alice)
    before = places(recorded, founding)
    seen = office.ask("organization-operations/preview", founding)
    assert (2, True) == (seen["units"], any("试点联合党支部" in each["zh"] for each in seen["changes"]))
    assert before == places(recorded, founding)
    done = office.ask("organization-operations", founding, seen=seen["seen"])
    assert {(done["organization"], "zone")} == places(recorded, founding)
    one = office.read(f"organizations/{done['organization']}")
    assert (2, 0, "长委〔2011〕50号", "alice") == (
        len(one["unit_ids"]), one["hidden"], one["history"][0]["document"], one["history"][0]["by"]
    )  # fmt: skip
    back = {"kind": "annul", "values": {"entry": str(one["history"][0]["number"]), "reason": "办错了"}}
    seen = office.ask("organization-operations/preview", back)
    office.ask("organization-operations", back, seen=seen["seen"])
    assert before == places(recorded, founding)


def test_what_was_not_seen_is_not_done(
    call: Any, recorded: Any, founding: dict[str, Any], alice: Any
) -> None:
    """Somebody did something since the preview: 409 with the number of a new preview, and nothing done."""
    office = call(alice)
    seen = office.ask("organization-operations/preview", founding)["seen"]
    office.ask("organization-operations", founding, seen=seen)
    entries = StoredOperation.objects.count()
    answer = office.ask("organization-operations", founding, seen=seen, status=409)
    assert ("unseen", queries.last_number(recorded)) == (answer["code"], answer["version"])
    assert entries == StoredOperation.objects.count()


def test_everything_wrong_is_said_at_once(
    call: Any, recorded: Any, founding: dict[str, Any], alice: Any
) -> None:
    """Fields that cannot be read, and what the core refuses; by the page's own reader."""
    office = call(alice)
    wrong = {"name": "", "type": "planet", "parent": "none", "on": "昨天", "units": "不存在的厂"}
    codes = office.refused("organization-operations/preview", kind="found", values=wrong)
    assert {f"organization-{name}" for name in ("name", "type", "parent", "on", "units")} == codes
    root = queries.day_tree(recorded, TODAY).root.id
    office.ask("organization-operations/preview", kind="dissolve", organization=root, status=422)
    office.ask("organization-operations/preview", kind="dissolve", organization="none", status=404)
    office.ask("organization-operations/preview", kind="explode", status=404)
    assert {"found", "attach", "annul"} <= {each["kind"] for each in office.read("organization-operations")}


@pytest.mark.clause("3.0", "3.3a")
def test_section_3_is_set_up_once(call: Any, town: Any, alice: Any) -> None:
    """The list has put the units into the tree; what section 3 still asks for is set up, then nothing is left."""
    office = call(alice)
    assert 0 == office.ask("organizations-existing")["entries"]
    assert [] == office.read("organizations-undecided")
    seen = office.read("organization-framework")
    assert seen["total"] > 0
    office.ask("organization-framework", seen=0, status=409)
    office.ask("organization-framework", seen=seen["seen"])
    assert 0 == office.read("organization-framework")["total"]


@pytest.mark.clause("3.0", "A1")
def test_the_tree_of_a_day_and_what_changed(call: Any, recorded: Any, alice: Any, bob: Any) -> None:
    office = call(alice)
    changed = office.read("organizations-changed?since=2011-07-31")
    assert any("长乐镇两新组织党工委" in each["zh"] for each in changed["changes"])
    working = next(
        each["id"]
        for each in office.read("organizations")["organizations"]
        if each["type"] == "working_committee"
    )
    office.read(f"organizations/{working}?day=2011-07-31", status=404)
    assert office.read(f"organizations/{working}")["children"]
    assert b"%PDF" == office.read("organizations-network.pdf").content[:4]
    call(bob).read("organizations-network.pdf", status=403)


def test_a_group_reads_only_its_own_units_of_one(call: Any, recorded: Any, bob: Any, alice: Any) -> None:
    """Numbers are everybody's, the units' own numbers are not."""
    joint = next(
        each for each in queries.day_tree(recorded, TODAY).organizations.values() if len(each.units) >= 2
    )
    own = set(
        Unit.objects.filter(town=recorded, task_group=recorded.as_core().task_groups[0].id).values_list(
            "unit_id", flat=True
        )
    )
    held = set(joint.units) & set(live(recorded).frame["unit_id"])
    for who, mine in ((alice, held), (bob, held & own)):
        found = call(who).read(f"organizations/{joint.id}")
        assert (mine, len(joint.units) - len(mine)) == (set(found["unit_ids"]), found["hidden"])


@pytest.mark.parametrize("type", ["party_committee", "working_committee", "leading_group", "branch"])
def test_a_root_of_an_unknown_day_is_read(type: str, empty_town: Any, as_person: Any) -> None:
    """An organization without superior and founding day, by the town file: its history has no day, which was a server error."""
    from dataclasses import replace

    from liangxin.files.town import format_town
    from liangxin.registry.town import OrganizationRecord

    root = OrganizationRecord("ROOT", "某镇委", type, None)
    file = format_town(replace(empty_town.as_core(), organizations=(root,)))
    office = Caller(as_person(person("office", empty_town, Role.OFFICE)), empty_town)
    office.ask("settings/town-file", method="put", text=file)
    empty_town.refresh_from_db()
    services.record_existing(empty_town)
    assert None in {entry["on"] for entry in office.read("organizations/ROOT")["history"]}
