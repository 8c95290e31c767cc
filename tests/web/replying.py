"""Run by itself: gives replies on a site of its own until it is killed. ``python -m tests.web.replying prepare|run|together``.

The folder is LIANGXIN_DATA. ``prepare`` makes the town and requests that wait for the committee; ``run`` replies to them
one by one, a line on standard output before each; ``together`` replies to six at a time by one document.
"""

from __future__ import annotations

import os
import sys
from datetime import date

os.environ.setdefault("LIANGXIN_SECRET_KEY", "only for tests")
os.environ["DJANGO_SETTINGS_MODULE"] = "liangxin.web.settings"
TODAY = date(2011, 8, 15)
SEVERAL = 6


def prepare() -> None:
    from django.core.management import call_command

    from liangxin.procedure import Kind, Take
    from liangxin.registry.access import Role
    from liangxin.sample import make_town
    from liangxin.structure import Found
    from liangxin.web.accounts.models import RoleGrant, User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.services import add_town
    from liangxin.web.organizations import queries, services
    from liangxin.web.procedures import drafting
    from liangxin.web.procedures import services as procedures
    from liangxin.web.units.loading import load_ledger
    from liangxin.web.units.models import Unit
    from liangxin.wording import Text

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    sample = make_town(300, seed=3)
    town = add_town(sample.town, drive_starts=date(2011, 8, 1), today=TODAY)
    load_ledger(town, sample.ledger, None, Text("示范名单", "sample list"))
    services.record_existing(town)
    services.found_framework(town, None, frozenset({"3.0", "3.1", "5.1"}))
    people = {role: User.objects.create(username=role.value) for role in (Role.OFFICE, Role.COMMITTEE)}
    for role, user in people.items():
        RoleGrant.objects.create(user=user, town=town, role=role.value)
    office = permit(people[Role.OFFICE], town)
    working = next(
        each
        for each in queries.day_tree(town, TODAY).organizations.values()
        if each.standing.type == "working_committee"
    )
    units = list(Unit.objects.filter(town=town, organization_id=None, state="operating").order_by("pk")[:60])
    Unit.objects.filter(pk__in=[unit.pk for unit in units]).update(full_members=4, mobile_members=0)
    for number, unit in enumerate(units):
        found = Found(on=TODAY, id=f"K{number:03d}", name=f"{unit.name}党支部", type="branch", parent=working.id,
                      units=(unit.unit_id,), form="separate", host=unit.unit_id)  # fmt: skip
        matter = drafting.matter_of(town, Kind.FOUND, found.id, [found], found.name)
        case = procedures.start(office, "founding", matter)
        procedures.act(office, case.pk, Take(transition="submit"), 1)


def run() -> None:
    from liangxin.findings import InputError
    from liangxin.procedure import Minutes, Take
    from liangxin.web.accounts.models import User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.models import Town
    from liangxin.web.procedures import services
    from liangxin.web.procedures.models import Case

    committee = permit(User.objects.get(username="committee"), Town.objects.get())
    reply = Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8))
    for case in Case.objects.filter(step="committee").order_by("pk"):
        print(case.pk, flush=True)
        try:
            services.act(committee, case.pk, reply, case.version)
        except InputError as refused:  # another process was first
            print(refused.findings[0].code, file=sys.stderr)


def together() -> None:
    """One reply for six cases at a time, a line before each reply."""
    from liangxin.procedure import Minutes, Take
    from liangxin.web.accounts.models import User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.models import Town
    from liangxin.web.procedures import jointly
    from liangxin.web.procedures.models import Case
    from liangxin.web.procedures.services import Chosen

    committee = permit(User.objects.get(username="committee"), Town.objects.get())
    reply = Take(transition="reply_elect", minutes=Minutes(TODAY, 9, 8, 8))
    groups = Case.objects.filter(step="committee").order_by("task_group").values_list("task_group", flat=True)
    for group in sorted(set(groups)):
        waiting = list(Case.objects.filter(step="committee", task_group=group).order_by("pk"))
        for at in range(0, len(waiting) - 1, SEVERAL):
            six = [Chosen(case.pk, case.version) for case in waiting[at : at + SEVERAL]]
            print(len(six), flush=True)
            if len(six) > 1:
                jointly.act_jointly(committee, six, reply)


if __name__ == "__main__":
    import django

    django.setup()
    {"prepare": prepare, "run": run, "together": together}[sys.argv[1]]()
