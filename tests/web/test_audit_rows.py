"""Every hand edit of a row that matters is named by verify: changed, removed, inserted, whatever the table."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone
from tests.web.cast import Cast, plan_matter, the_cast  # noqa: F401

from liangxin.web.accounts.models import PendingGrant, RoleGrant
from liangxin.web.api.models import ApiToken
from liangxin.web.audit import covered, rows, services
from liangxin.web.audit.models import Event
from liangxin.web.closing.models import Closing
from liangxin.web.documents.models import Export
from liangxin.web.holders.models import Holder
from liangxin.web.imports.models import ColumnMapping, Import, NotDuplicate, WaitingValue
from liangxin.web.organizations.models import UndecidedPlace
from liangxin.web.plans.models import PlanPin, PlanRun, Publication
from liangxin.web.policies.models import Adoption, PolicyText
from liangxin.web.procedures import services as procedures
from liangxin.web.procedures.models import Evidence, Paper, Party, SerialNumber, SerialRegister, StandIn
from liangxin.web.units.models import Unit

TODAY = date(2011, 8, 15)


@pytest.fixture
def filled(cast: Cast) -> Any:
    """A town with a row in every covered table, all of them told."""
    town, office = cast.town, cast.office
    case = procedures.start(cast.may(cast.leader), "plan_approval", plan_matter(cast))
    run = PlanRun.objects.create(town=town, number=1, by=office, plan='{"units": []}', status="optimal")
    PlanPin.objects.create(run=run, kind="pin", units=["U1"], by=office)
    Publication.objects.create(town=town, run=run, by=office)
    register = SerialRegister.objects.create(town=town, body="长委", year=2011, first=44)
    for number in (44, 45):
        line = SerialNumber.objects.create(
            register=register, number=number, state="used", on=TODAY, case=case, by=office
        )
    line.also.add(case)
    Paper.objects.create(
        case=case, event=1, kind="reply", serial="长委〔2011〕45号", day=TODAY, facts={"said": "同意"}
    )
    Evidence.objects.create(
        case=case, name="a.pdf", sha256="0" * 64, size=3, kind="pdf", file="evidence/a", by=office
    )
    Party.objects.get_or_create(case=case, user=office, part="copied")
    StandIn.objects.create(town=town, giver=office, taker=cast.leader, since=TODAY, until=TODAY)
    Export.objects.create(
        town=town, by=office, document="units", title={"zh": "名单", "en": "list"}, file_name="a.xlsx"
    )
    Holder.objects.create(
        town=town,
        kind="unit",
        of="U1",
        part="contact",
        name=b"sealed",
        telephone=b"sealed",
        since=TODAY,
        by=office,
    )
    Closing.objects.create(town=town)
    unit = Unit.objects.filter(town=town).order_by("pk")[0]
    UndecidedPlace.objects.create(town=town, unit=unit, ledger={"organization_form": "separate"}, by=office)
    PendingGrant.objects.create(user=cast.leader, town=town, role="committee", asked_by=office)
    PolicyText.objects.create(
        town=town,
        policy="own",
        number=1,
        title={},
        is_overlay=False,
        text="id: own",
        sha256="a" * 64,
        by=office,
    )
    Adoption.objects.create(town=town, policy="changle-2011-44", starts=TODAY, by=office)
    source = Import.objects.create(town=town, by=office, filename="a.csv", file="imports/a.csv")
    WaitingValue.objects.create(
        town=town, source=source, unit=unit, field="staff", copy=12, taken=10, since=True, ledger=11
    )
    ColumnMapping.objects.create(town=town, header="厂名", field="name")
    NotDuplicate.objects.create(town=town, first="U1", second="U2", by=office)
    ApiToken.objects.create(user=office, name="表格", begins="lx_1", digest="d" * 64)
    Authenticator.objects.create(user=office, type="totp", data={"secret": "x"})
    SocialApp.objects.create(provider="openid_connect", provider_id="county", name="县里", client_id="c")
    SocialAccount.objects.create(user=office, provider="county", uid="1")
    services.record(office, town, "document.export", "export", "1")
    return town


def by_hand(statement: str, *values: Any) -> None:
    """What somebody does who has the database open in another program."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute(statement, values)


def found() -> list[str]:
    return [fault.code for fault in rows.check_rows().faults]


COLUMNS = [
    (label, field.column)
    for label, each in covered.COVERED.items()
    for field in apps.get_model(label)._meta.concrete_fields
    if not field.primary_key and field.attname not in each.but
]


def other(field: models.Field[Any, Any], value: Any) -> Any:
    """A value of the same kind that the row does not have."""
    if field.is_relation:
        return None if value is not None and field.null else 999_999
    match field:
        case models.BooleanField():
            return not value
        case models.DateTimeField():
            return timezone.now() + timedelta(days=400)
        case models.DateField():
            return date(2012, 2, 3)
        case models.JSONField():
            return '{"forged": 1}'
        case models.BinaryField():
            return b"forged"
        case models.IntegerField() | models.FloatField():
            return (value or 0) + 7
    return "forged"


def test_what_the_site_wrote_has_no_fault(filled: Any) -> None:
    """Every covered table has rows, each told."""
    compared = rows.check_rows()
    assert ((), ()) == (compared.faults, compared.notes)
    assert [] == [model._meta.label for model in covered.models() if not model._base_manager.exists()]


def test_a_hand_edit_of_any_column_is_named(filled: Any) -> None:
    """Official papers' text and number, a case closed, holders, the export log, published plans, roles, passwords: each
    column of each covered table, one at a time."""
    unseen = []
    for label, column in COLUMNS:
        model = apps.get_model(label)
        field = next(each for each in model._meta.concrete_fields if each.column == column)
        row = model._base_manager.order_by("-pk").first()
        key, value = row.pk, getattr(row, field.attname)
        undo = transaction.savepoint()
        by_hand(
            f'UPDATE "{model._meta.db_table}" SET "{column}" = %s WHERE id = %s', other(field, value), key
        )
        faults = rows._compare(model, rows._told()[0][model._meta.db_table])[1]
        if ["row-changed"] != [fault.code for fault in faults] or f"内部号 {key}" not in faults[0].message.zh:
            unseen.append((label, column, [fault.message.zh for fault in faults]))
        transaction.savepoint_rollback(undo)
    assert [] == unseen and len(COLUMNS) > 150
    assert [] == found()


@pytest.mark.parametrize("label", covered.COVERED)
def test_a_row_removed_or_inserted_by_hand_is_named(label: str, filled: Any) -> None:
    """The last of a register too, where no gap shows; and a copy of a row, put back by hand after it was deleted."""
    model = apps.get_model(label)
    table, last = model._meta.db_table, model._base_manager.order_by("-pk").first().pk
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table}" WHERE id = %s', [last])
        row = cursor.fetchone()
    undo = transaction.savepoint()
    by_hand(f'DELETE FROM "{table}" WHERE id = %s', last)
    (fault,) = rows.check_rows().faults
    assert ("row-removed", True) == (fault.code, f"内部号 {last}" in fault.message.zh)
    by_hand(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(["%s"] * len(row))})', 999, *row[1:])
    assert {"row-removed", "row-inserted"} == set(found())
    transaction.savepoint_rollback(undo)


def test_a_role_granted_by_hand_is_said_in_words(filled: Any, alice: Any) -> None:
    """Whose, which, where; nothing else is."""
    by_hand(
        "INSERT INTO accounts_rolegrant (user_id, role, task_group, granted_on) VALUES (%s, 'administrator', '', %s)",
        alice.pk, timezone.now(),
    )  # fmt: skip
    (fault,) = rows.check_rows().faults
    assert "角色 alice administrator" in fault.message.zh and "绕过系统写入" in fault.message.zh
    assert "role alice administrator" in fault.message.en


def test_writes_of_every_kind_are_told(filled: Any, alice: Any) -> None:
    """save, update, bulk_create, delete, a cascade, a changed relation, and what was rolled back."""
    run = PlanRun.objects.get()
    PlanRun.objects.filter(pk=run.pk).update(status="x")
    Publication.objects.bulk_create([Publication(town=filled, run=run, by=alice) for _ in range(3)])
    PlanPin.objects.bulk_update([*PlanPin.objects.all()], ["settled"])
    run.publications.filter(by=alice).update(at=timezone.now())
    RoleGrant.objects.filter(user=alice).delete()
    SerialNumber.objects.get(number=45).also.clear()
    undo = transaction.savepoint()
    PlanRun.objects.create(town=filled, number=2, by=alice)
    transaction.savepoint_rollback(undo)
    services.record(alice, filled, "plan.publish", "plan", "1")
    connection.written_rows = None  # nothing waits: what is compared is what the chain holds  # type: ignore[attr-defined]
    assert [] == found()


@pytest.mark.django_db(transaction=True)
def test_what_no_event_told_of_is_told_at_the_commit(alice: Any) -> None:
    """A write of a shell or of a library: an event of its own, and none for what is in no fingerprint."""
    before = Event.objects.count()
    alice.display_name = "阿丽"
    alice.save()
    assert ["rows.write"] == list(Event.objects.filter(seq__gt=before).values_list("action", flat=True))
    alice.save(update_fields=["last_login"])
    assert (before + 1, []) == (Event.objects.count(), found())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        alice.display_name = "别人"
        alice.save()
        raise ZeroDivisionError
    alice.refresh_from_db()
    assert (before + 1, []) == (Event.objects.count(), found())


def test_a_site_of_before_is_covered_from_a_day_on(filled: Any) -> None:
    """No false alarm about old rows; what is changed after that day is found; the day is said."""
    from liangxin.web.audit import guard

    guard.remove(connection)
    for event in Event.objects.all():
        facts = event.facts
        facts.pop("told", None)
        Event.objects.filter(pk=event.pk).update(detail=services.canonical(facts))
    guard.install(connection)
    said = rows.check_rows()
    assert ((), True) == (said.faults, "还没有逐行核对" in said.notes[0].zh)
    assert services.cover_what_was_before() > 20
    assert 0 == services.cover_what_was_before()
    compared = rows.check_rows()
    assert ((), True) == (compared.faults, str(timezone.localdate()) in compared.notes[0].zh)
    by_hand("UPDATE procedures_paper SET serial = 'x'")
    assert ["row-changed"] == found()


def test_every_table_is_covered_or_left_out_for_a_reason() -> None:
    """A new table must be put on one of the lists."""
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert every == {*covered.COVERED, *covered.NOT_COVERED}
    assert not covered.COVERED.keys() & covered.NOT_COVERED.keys()


def test_a_hidden_unit_is_named(town: Any) -> None:
    """Set as merged past the site, it would be in no list."""
    from liangxin.web.audit.agreement import check_town

    by_hand(
        "UPDATE units_unit SET merged_into_id = (SELECT min(id) FROM units_unit) WHERE id = (SELECT max(id) FROM units_unit)"
    )
    assert "unit-hidden" in [fault.code for fault in check_town(town).faults]
