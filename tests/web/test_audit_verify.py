"""Verifying: whoever changes, removes, inserts or cuts off a row past the site is named by event and by what differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.web.cast import Cast, plan_matter, the_cast  # noqa: F401

from liangxin.findings import InputError
from liangxin.web.audit import anchors, guard
from liangxin.web.audit.agreement import check_town
from liangxin.web.audit.anchors import Anchor
from liangxin.web.audit.chain import digest
from liangxin.web.audit.models import Event, Head
from liangxin.web.audit.services import record
from liangxin.web.audit.verifying import walk
from liangxin.web.procedures import services
from liangxin.web.ui.memory import MEMORY


def sql(*statements: str) -> None:
    """What somebody does who owns the database: the triggers out of the way, then by hand, then the triggers back."""
    guard.remove(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    guard.install(connection)


def forge(seq: int, **changed: Any) -> None:
    """Change an event and compute its hash anew, as somebody would who knows the format."""
    event = Event.objects.get(pk=seq)
    for name, value in changed.items():
        setattr(event, name, value)
    guard.remove(connection)
    Event.objects.filter(pk=seq).update(hash=digest(event), **changed)
    guard.install(connection)


@pytest.fixture
def chained(empty_town: Any) -> int:
    """Ten more events; gives the number of the last."""
    for number in range(10):
        record(None, empty_town, "units.visit", "change_set", f"V{number}", detail={"units": number})
    return Event.objects.count()


def codes() -> list[tuple[str, int | None]]:
    return [(fault.code, fault.seq) for fault in walk().faults]


def test_a_whole_chain_has_no_fault(chained: int) -> None:
    """What the site itself wrote verifies."""
    assert (chained, ()) == (walk().events, walk().faults)


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (lambda: sql("UPDATE audit_event SET reason = 'other' WHERE seq = 5"), [("audit-changed", 5)]),
        (lambda: sql("UPDATE audit_event SET at = '2011-08-01 08:00:00' WHERE seq = 5"), [("audit-changed", 5)]),
        (lambda: sql("UPDATE audit_event SET hash = 'x' WHERE seq = 5"), [("audit-changed", 5), ("audit-replaced", 5)]),
        (lambda: sql("UPDATE audit_event SET previous = 'x' WHERE seq = 5"), [("audit-link", 5), ("audit-changed", 5)]),
        (lambda: forge(5, actor="mallory"), [("audit-replaced", 5)]),
        (lambda: sql("DELETE FROM audit_event WHERE seq = 5"), [("audit-removed", 5)]),
        (lambda: sql("DELETE FROM audit_event WHERE seq IN (3, 4, 8)"), [("audit-removed", 3), ("audit-removed", 8)]),
        (lambda: sql("DELETE FROM audit_event WHERE seq = 1"), [("audit-removed", 1)]),
        (lambda: sql("DELETE FROM audit_event WHERE seq > 8"), [("audit-cut", 9)]),
        (lambda: sql("DELETE FROM audit_head"), [("audit-head", None)]),
        (lambda: guard.remove(connection), [("audit-unguarded", None)]),
    ],
    ids=["text", "time", "hash", "link", "recomputed", "removed", "several", "first", "cut", "head", "triggers"],
)  # fmt: skip
def test_tampering_is_named(chained: int, tamper: Callable[[], None], expected: list[Any]) -> None:
    """The event, and whether it was changed, replaced, removed or cut off."""
    tamper()
    found = codes()
    assert set(expected) <= set(found)
    assert {seq for _, seq in expected} == {seq for _, seq in found}


def test_an_inserted_event_is_named(chained: int) -> None:
    """One that was put at the end past the site, well formed, and one with a number of its own."""
    last = Event.objects.get(pk=chained)
    extra = Event(**{f.name: getattr(last, f.name) for f in Event._meta.fields})
    extra.seq, extra.previous = chained + 1, last.hash
    extra.hash = digest(extra)
    extra.save(force_insert=True)
    assert [("audit-inserted", chained + 1)] == codes()
    sql(f"UPDATE audit_event SET seq = 0 WHERE seq = {chained + 1}")
    assert ("audit-inserted", 0) in codes()


def rewrite(start: int, **changed: Any) -> None:
    """Change an event and compute all that follow anew, with the head: the chain alone cannot show it."""
    guard.remove(connection)
    previous = Event.objects.get(pk=start).previous
    for event in Event.objects.filter(pk__gte=start).order_by("seq"):
        if event.seq == start:
            for name, value in changed.items():
                setattr(event, name, value)
        event.previous = previous
        event.hash = previous = digest(event)
        event.save(force_update=True)
    Head.objects.update(hash=previous)
    guard.install(connection)


def test_an_anchor_shows_a_chain_computed_anew(chained: int) -> None:
    """All hashes fit again, but the anchor kept elsewhere holds what they were."""
    event = Event.objects.get(pk=8)
    anchor = anchors.sign(date(2026, 11, 27), 8, event.hash)
    rewrite(4, actor="nobody")
    assert () == walk().faults
    faults = walk([anchor]).faults
    assert [("audit-anchor", 8)] == [(fault.code, fault.seq) for fault in faults]
    assert "2026-11-27" in faults[0].message.zh


def test_an_anchor_shows_a_cut_end(chained: int) -> None:
    """The last events gone and the head set back: only the anchor knows there was more."""
    anchor = anchors.sign(date(2026, 11, 27), chained, Event.objects.get(pk=chained).hash)
    kept = Event.objects.get(pk=chained - 3)
    sql(
        f"DELETE FROM audit_event WHERE seq > {kept.seq}",
        f"UPDATE audit_head SET seq = {kept.seq}, hash = '{kept.hash}'",
    )
    assert () == walk().faults
    assert [("audit-anchor-gone", chained)] == [(fault.code, fault.seq) for fault in walk([anchor]).faults]


def test_what_cannot_be_read_any_more_is_named(chained: int) -> None:
    """A time that no calendar has stops neither the walk nor the report."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL refuses such a value itself")
    sql("UPDATE audit_event SET at = '2026-13-45 99:00:00' WHERE seq = 5")
    assert {5} == {seq for _, seq in codes()}


def test_an_anchor_file_says_when_it_was_changed(chained: int, tmp_path: Path) -> None:
    """Its signature holds every word of it; a file that is none, or of a newer format, is refused in words."""
    path = tmp_path / "anchor.json"
    anchors.write(anchors.sign(date(2026, 11, 27), 8, Event.objects.get(pk=8).hash), path)
    read = anchors.read(path)
    assert (Anchor, 8, anchors.public_key()) == (type(read), read.seq, read.public_key)
    given = json.loads(path.read_text(encoding="utf-8"))
    for wrong, code in [
        (given | {"seq": 7}, "anchor-signature"),
        (given | {"format": "liangxin.anchor/2"}, "anchor-format"),
        ({"seq": 7}, "anchor-file"),
    ]:
        path.write_text(json.dumps(wrong), encoding="utf-8")
        with pytest.raises(InputError) as refused:
            anchors.read(path)
        assert [code] == [finding.code for finding in refused.value.findings]


def test_the_first_event_of_a_day_anchors_what_was_before(
    chained: int, empty_town: Any, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    """One file a day, made when that event is committed; the key lies beside it, readable by its owner only."""
    settings.DATA = tmp_path
    with django_capture_on_commit_callbacks(execute=True):
        record(None, empty_town, "units.visit", "change_set", "next")
    (path,) = (tmp_path / "anchors").iterdir()
    assert (chained, Event.objects.get(pk=chained).hash) == (anchors.read(path).seq, anchors.read(path).hash)
    assert 0o600 == (tmp_path / "audit-key").stat().st_mode & 0o777
    before = path.read_bytes()
    with django_capture_on_commit_callbacks(execute=True) as later:
        record(None, empty_town, "units.visit", "change_set", "more")
    assert (0, before) == (len(later), path.read_bytes())
    assert () == walk([anchors.read(path)]).faults


class TestAgreement:
    """The ledger, its history, the tree and every figure say the same; what was changed past the site is named."""

    @pytest.fixture
    def recorded(self, town: Any) -> Any:
        from liangxin.web.organizations.services import record_existing

        record_existing(town)
        return town

    def faults(self, town: Any) -> Any:
        MEMORY.forget()  # another process verifies: it has kept nothing
        return check_town(town).faults

    def found(self, town: Any) -> list[str]:
        return [fault.code for fault in self.faults(town)]

    @pytest.mark.clause("1.1", "1.2", "1.3", "1.4", "1.5")
    def test_a_town_agrees(self, recorded: Any) -> None:
        """Every indicator: numerator, list and ledger; every unit with its history; the tree with its journal."""
        agreed = check_town(recorded)
        assert () == agreed.faults
        assert {"1.1", "1.2", "1.3", "1.4", "1.5"} <= set(agreed.rates)
        assert (300, True) == (agreed.units, agreed.entries > 0)

    def test_edits_and_undo_agree(self, recorded: Any, alice: Any) -> None:
        """After edits, a merge and undoing both, history and ledger still say the same."""
        from liangxin.web.imports.services import merge
        from liangxin.web.units.models import ChangeSet, Unit
        from liangxin.web.units.services import Edit, write
        from liangxin.web.units.undoing import undo
        from liangxin.wording import Text

        first, second, third = Unit.objects.filter(town=recorded).order_by("pk")[:3]
        done = write(
            recorded, alice, "edit", Text("改", "edit"), [Edit(first, {"staff": 81, "revenue": 1234.5})]
        )
        merge(recorded, alice, second, third)
        undo(ChangeSet.objects.get(kind="merge"), alice)
        undo(done, alice)
        assert [] == self.found(recorded)

    def test_a_unit_changed_past_the_site(self, recorded: Any) -> None:
        """The unit, the field, and the indicators that are wrong by it."""
        from liangxin.coverage import listing
        from liangxin.web.units.live import live
        from liangxin.web.units.models import Unit

        missing = listing(live(recorded).classified, "1.1", "missing")["unit_id"][0]
        unit = Unit.objects.get(town=recorded, unit_id=missing)
        Unit.objects.filter(pk=unit.pk).update(organization_form="separate")
        faults = self.faults(recorded)
        assert {"unit-history", "figure-ledger", "place-changed"} == {fault.code for fault in faults}
        assert unit.unit_id in faults[0].message.zh and "组建形式" in faults[0].message.zh

    def test_a_history_changed_past_the_site(self, recorded: Any) -> None:
        """A value of before that nobody wrote; a change set nobody recorded; one that is gone."""
        from liangxin.web.units.models import Change

        change = Change.objects.filter(town=recorded).order_by("pk")[7]
        facts = dict(change.after)
        Change.objects.filter(pk=change.pk).update(after=facts | {"remark": "x"})
        assert "history-changed" in self.found(recorded)
        Change.objects.filter(pk=change.pk).update(after=facts)
        assert [] == self.found(recorded)
        Change.objects.filter(town=recorded).delete()
        assert "history-removed" in self.found(recorded)

    def test_a_change_set_past_the_site(self, recorded: Any) -> None:
        """Rows of history that no event tells of."""
        from django.utils import timezone

        from liangxin.web.units.models import Change, ChangeSet, Unit

        unit = Unit.objects.filter(town=recorded).first()
        made = ChangeSet.objects.create(town=recorded, at=timezone.now(), kind="edit")
        Change.objects.create(
            change_set=made, town=recorded, unit=unit, before={"remark": None}, after={"remark": "x"}
        )
        Unit.objects.filter(pk=unit.pk).update(remark="x")
        assert ["history-inserted"] == self.found(recorded)

    def test_a_journal_changed_past_the_site(self, recorded: Any) -> None:
        """An entry with another name, and one that is gone."""
        from liangxin.web.organizations.models import StoredOperation

        entry = StoredOperation.objects.filter(town=recorded).order_by("number")[1]
        StoredOperation.objects.filter(pk=entry.pk).update(document=entry.document | {"reason": "x"})
        assert "journal-changed" in self.found(recorded)
        entry.delete()
        assert {"journal-changed", "journal-gap"} <= set(self.found(recorded))

    @pytest.mark.clause("A3")
    def test_a_serial_number_gone_from_its_register(self, recorded: Any, alice: Any) -> None:
        """The register is kept without a gap; which number is missing is said."""
        from liangxin.web.procedures.models import SerialNumber, SerialRegister

        register = SerialRegister.objects.create(town=recorded, body="长委", year=2011, first=44)
        lines = [
            SerialNumber.objects.create(
                register=register, number=number, state="voided", on=date(2011, 8, 1), by=alice
            )
            for number in (44, 45, 46)
        ]
        assert [] == self.found(recorded)
        lines[1].delete()
        (fault,) = check_town(recorded).faults
        assert ("register-gap", True) == (
            fault.code,
            "长委〔2011〕" in fault.message.zh and "45" in fault.message.zh,
        )

    @pytest.mark.clause("5.2")
    def test_a_case_changed_past_the_site(self, cast: Cast) -> None:
        """An event with another day, one that is gone, one that nobody took: each named with its case."""
        from liangxin.web.procedures.models import CaseEvent

        case = services.start(cast.may(cast.leader), "plan_approval", plan_matter(cast))
        assert [] == self.found(cast.town)
        first = CaseEvent.objects.get(case=case, number=1)
        written = first.document
        CaseEvent.objects.filter(pk=first.pk).update(document=written | {"on": "2011-01-01"})
        (fault,) = check_town(cast.town).faults
        assert ("case-changed", True) == (fault.code, f"办件 {case.pk} 第 1 笔" in fault.message.zh)
        CaseEvent.objects.filter(pk=first.pk).update(document=written)
        made = CaseEvent.objects.create(case=case, number=2, document=written, by=cast.office)
        assert ["case-inserted"] == self.found(cast.town)
        made.delete()
        CaseEvent.objects.filter(pk=first.pk).delete()
        assert "case-removed" in self.found(cast.town)
