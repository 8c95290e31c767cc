"""Foundings on the site: start, request, reply, election, reply on the result, filing; one person after the other.

Each act is one transaction of the real services on SQLite (WAL): event, columns, number, journal, ledger, documents' text,
audit chain. For comparison, in the same run, the rows of those acts are written again without any of it: bare Django
inserts and updates of the same tables, one transaction an act. ``python -m benchmarks foundings``.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date
from typing import Any

TODAY = date(2011, 8, 15)
Seconds = dict[str, list[float]]
ACTS = ("start", "submit", "reply_elect", "report_result", "reply_result", "file")


def main(given: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--foundings", type=int, default=1000)
    parser.add_argument("--units", type=int, default=2000)
    asked = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="liangxin-foundings-") as folder:
        os.environ |= {"LIANGXIN_DATA": folder, "LIANGXIN_SECRET_KEY": "benchmark", "LIANGXIN_REQUIRE_TOTP": "0", "DJANGO_SETTINGS_MODULE": "liangxin.web.settings"}  # fmt: skip
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        times, cpu = _services(asked.foundings, asked.units)
        began = time.process_time()
        bare = _bare(asked.foundings)
        bare_cpu = time.process_time() - began
    _report(times, cpu, bare, bare_cpu, asked.foundings)


def _town(units: int, count: int) -> Any:
    from django.core.management import call_command

    from liangxin.sample import make_town
    from liangxin.web.areas.services import add_town
    from liangxin.web.organizations import services
    from liangxin.web.units.loading import load_ledger
    from liangxin.web.units.models import Unit
    from liangxin.wording import Text

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    sample = make_town(units, seed=7)
    town = add_town(sample.town, drive_starts=date(2011, 8, 1), today=TODAY)
    load_ledger(town, sample.ledger, None, Text("示范名单", "sample list"))
    free = Unit.objects.filter(town=town, organization_id=None).order_by("pk")[:count]
    Unit.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(
        full_members=5, mobile_members=0
    )
    services.record_existing(town)
    services.found_framework(town, None, frozenset({"3.0", "3.1", "5.1"}))
    return town


def _services(count: int, units: int) -> tuple[Seconds, Seconds]:
    """Seconds of each act by its name: by the clock, and of this process alone."""
    from liangxin.procedure import Kind, Minutes, Take, Vote
    from liangxin.registry.access import Role
    from liangxin.structure import Found
    from liangxin.web.accounts.models import RoleGrant, User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.organizations.queries import day_tree
    from liangxin.web.procedures import drafting, services
    from liangxin.web.procedures.evidence import Received
    from liangxin.web.units.models import Unit

    town = _town(units, count)
    people = {}
    for role in (Role.OFFICE, Role.COMMITTEE):
        user = User.objects.create(username=role.value)
        RoleGrant.objects.create(user=user, town=town, role=role.value)
        people[role] = permit(user, town)
    office, committee = people[Role.OFFICE], people[Role.COMMITTEE]
    free = list(Unit.objects.filter(town=town, organization_id=None).order_by("pk")[:count])
    tops = day_tree(town, TODAY).organizations.values()
    above = next(each for each in tops if each.standing.type == "working_committee").id
    minutes, vote = Minutes(TODAY, 9, 8, 8), Vote(TODAY, 5, 5, 1, (5,))
    times: dict[str, list[float]] = {act: [] for act in ACTS}
    cpu: dict[str, list[float]] = {act: [] for act in ACTS}

    def timed(act: str, do: Callable[[], Any]) -> Any:
        began, used = time.perf_counter(), time.process_time()
        done = do()
        times[act].append(time.perf_counter() - began)
        cpu[act].append(time.process_time() - used)
        return done

    assert len(free) == count, f"the town has only {len(free)} units without an organization"
    for number, unit in enumerate(free):
        found = Found(on=TODAY, id=f"B{number:05d}", name=f"{unit.name}党支部", type="branch", parent=above,
                      units=(unit.unit_id,), form="separate", host=unit.unit_id)  # fmt: skip
        receipt = Received(f"回执{number}.pdf", "pdf", b"%%PDF-1.7 receipt %d" % number)

        def begin(found: Any = found) -> Any:
            matter = drafting.matter_of(town, Kind.FOUND, found.id, [found], found.name)
            return services.start(office, "founding", matter)

        case = timed("start", begin)
        steps = (
            (office, Take(transition="submit"), ()),
            (committee, Take(transition="reply_elect", minutes=minutes), ()),
            (office, Take(transition="report_result", vote=vote), ()),
            (committee, Take(transition="reply_result"), ()),
            (office, Take(transition="file", evidence=(receipt.named,)), (receipt,)),
        )
        for version, (who, act, files) in enumerate(steps, start=1):
            timed(
                act.transition,
                lambda w=who, a=act, f=files, v=version, c=case: services.act(w, c.pk, a, v, f),
            )
    _check(count)
    return times, cpu


def _check(count: int) -> None:
    """The figures are only worth something if everything is there."""
    from liangxin.web.procedures.models import Case, SerialNumber
    from liangxin.web.units.models import Unit

    numbers = list(SerialNumber.objects.order_by("number").values_list("number", flat=True))
    assert count == Case.objects.filter(step="done").count()
    assert list(range(1, 2 * count + 1)) == numbers
    assert count == Unit.objects.filter(organization_id__startswith="B", organization_form="separate").count()


def _bare(count: int) -> list[float]:
    """Seconds of writing the rows of one founding's acts again, an act a transaction, with nothing judged."""
    from django.db import connection, transaction

    from liangxin.web.audit import guard
    from liangxin.web.audit.models import Event
    from liangxin.web.organizations.models import StoredOperation
    from liangxin.web.procedures.models import Case, CaseEvent, Paper, SerialNumber
    from liangxin.web.units.models import Change, ChangeSet, Unit

    guard.remove(connection)  # the bare rows are no chain; this database is thrown away
    cases = list(Case.objects.order_by("pk")[:count])
    town, by = cases[0].town, cases[0].initiator
    last = Event.objects.order_by("-seq")[0].seq
    operations = {each.document.get("id"): each for each in StoredOperation.objects.all()}
    numbered = max(each.number for each in operations.values())
    times: list[float] = []
    for case in cases:
        events = list(case.events.all())
        papers = list(case.papers.all())
        serials = list(case.serials.order_by("number"))
        unit = Unit.objects.get(town=town, organization_id=case.organization)
        began = time.perf_counter()
        copy = None
        for event in events:
            with transaction.atomic():
                if copy is None:
                    copy = Case.objects.create(town=town, procedure=case.procedure, kind=case.kind, title=case.title,
                                               step=case.step, initiator=by, since=case.since)  # fmt: skip
                CaseEvent.objects.create(case=copy, number=event.number, document=event.document, by=by)
                Paper.objects.bulk_create(
                    [Paper(case=copy, event=each.event, kind=each.kind, serial=each.serial, day=each.day, facts=each.facts)
                     for each in papers if each.event == event.number]
                )  # fmt: skip
                if event.number in (3, 5):
                    line = serials[event.number == 5]
                    SerialNumber.objects.create(register=line.register, number=100_000 + line.number, state="issued",
                                                on=line.on, case=copy, what=line.what, by=by)  # fmt: skip
                if event.number == 3:
                    change = ChangeSet.objects.create(town=town, by=by, kind="edit", title={}, at=case.begun)
                    Change.objects.create(town=town, change_set=change, unit=unit, before={}, after={})
                    unit.save()
                    numbered += 1
                    StoredOperation.objects.create(town=town, number=numbered, by=by,
                                                   document=operations[case.organization].document)  # fmt: skip
                copy.version = event.number
                copy.save()
                last += 1
                Event.objects.create(seq=last, at=case.begun, actor="", town=town.code, action="case.act", object_kind="case",
                                     object_id=str(copy.pk), reason="", detail="{}", previous="", hash=f"{last:064d}")  # fmt: skip
        times.append(time.perf_counter() - began)
    return times


def _report(times: Seconds, cpu: Seconds, bare: list[float], bare_cpu: float, count: int) -> None:
    total, used = (sum(map(sum, each.values())) for each in (times, cpu))
    acts = sum(map(len, times.values()))
    load = os.getloadavg()[0]
    print(
        f"{count} foundings from start to filing, {acts} acts, each one transaction; load of the machine {load:.1f}"
    )
    print(
        f"{'act':<16}{'median ms':>11}{'p95 ms':>9}{'last 100: median ms':>21}{'CPU: median ms':>16}{'p95 ms':>9}"
    )
    for act, seconds in times.items():
        late = statistics.median(seconds[-100:])
        print(
            f"{act:<16}{statistics.median(seconds) * 1e3:>11.1f}{_p95(seconds) * 1e3:>9.1f}{late * 1e3:>21.1f}"
            f"{statistics.median(cpu[act]) * 1e3:>16.1f}{_p95(cpu[act]) * 1e3:>9.1f}"
        )
    print(
        f"all: {count / total:.1f} foundings/s, {acts / total:.0f} acts/s, {total:.0f} s; CPU {used:.0f} s, {count / used:.1f} foundings/s"
    )
    print(
        f"the same rows by bare inserts, nothing judged: {count / sum(bare):.1f} foundings/s, {sum(bare):.0f} s; CPU {bare_cpu:.0f} s with reading them"
    )
    print(f"ratio: {total / sum(bare):.1f} by the clock, {used / bare_cpu:.1f} by CPU")


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[18]


if __name__ == "__main__":
    main()
