"""Set up the site's database and files, and load a demo town into it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangxin.web.folder import Mended, keep_private, mend

if TYPE_CHECKING:
    import polars as pl

    from liangxin.registry.town import Town
    from liangxin.web.accounts.models import User
    from liangxin.web.areas.models import Town as StoredTown


def prepare(data: Path) -> Mended:
    """Make or upgrade the database and the static files in ``data``. Safe to run again. Gives what of it others could
    reach until now."""
    keep_private()
    data.mkdir(parents=True, exist_ok=True)
    mended = mend(data)
    os.environ["LIANGXIN_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liangxin.web.settings")
    import django
    from django.core.management import call_command

    django.setup()
    from liangxin.web.backup.files import finish_interrupted
    from liangxin.web.organizations.deciding import carry_over_all

    call_command("migrate", interactive=False, verbosity=0)
    finish_interrupted()
    carry_over_all()
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return mended


@dataclass(frozen=True, slots=True)
class Account:
    """An account made for a new site; the password is shown once."""

    username: str
    password: str
    role: str


def add_account(
    username: str, role: str, *, town_code: str | None = None, task_group: str = ""
) -> Account | None:
    """A new account with one role and a random password; None when the name is taken already."""
    from django.db import transaction

    from liangxin.web.accounts.models import RoleGrant, User
    from liangxin.web.areas.models import Town
    from liangxin.web.audit.services import record

    if User.objects.filter(username=username).exists():
        return None
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    town = Town.objects.get(code=town_code) if town_code else None
    with transaction.atomic():
        user = User.objects.create_user(username, password=password)
        RoleGrant.objects.create(user=user, town=town, role=role, task_group=task_group)
        record(
            None, town, "account.add", "account", username, detail={"role": role, "task_group": task_group}
        )
    return Account(username, password, role)


# What a town office knows before anybody goes door to door: the register, and the organizations that stand.
KNOWN_BEFORE: Final = frozenset(
    {"unit_id", "uscc", "name", "kind", "ownership", "industry", "area", "village", "park", "venue", "lon", "lat",
     "association", "leader_unit_id", "chain_unit_ids", "organization_id", "organization_form", "superior_id", "task_group"}
)  # fmt: skip


def load_demo(town: Town, ledger: pl.DataFrame, *, today: date) -> list[Account]:
    """A made-up town with an account for each role, unless the town is there already.

    Its ledger comes in as it would have: the register on the first day of the drive, then what the groups found out,
    on the day they surveyed each unit. So trend, "as of a day" and the history of a unit have something to show.
    """
    from django.db import transaction
    from django.utils import timezone

    from liangxin.registry.fields import FIELDS
    from liangxin.web.accounts.models import User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.models import Town as StoredTown
    from liangxin.web.areas.services import add_town
    from liangxin.web.organizations.services import found_framework
    from liangxin.web.procedures.demo import begin_cases
    from liangxin.web.units.models import Unit
    from liangxin.web.units.services import Edit, write
    from liangxin.wording import Text, counted

    if StoredTown.objects.filter(code=town.code).exists():
        return []
    with transaction.atomic():
        stored = add_town(town, drive_starts=today.replace(day=1), today=today)
        made = _demo_accounts(town)
        office, surveyors = User.objects.get(username="office"), _surveyors(stored)
        rows = list(ledger.iter_rows(named=True))
        later: dict[tuple[date, str], list[dict[str, Any]]] = {}
        first: list[Edit] = []
        for row in rows:
            surveyed = row["surveyed_on"]
            if surveyed is not None and surveyed <= today:
                later.setdefault((surveyed, row["task_group"] or ""), []).append(row)
                row = {name: value if name in KNOWN_BEFORE else None for name, value in row.items()}
            first.append(Edit(None, row))

        def at(day: date, hour: int) -> datetime:
            return timezone.make_aware(datetime.combine(day, time(hour)))

        write(
            stored,
            office,
            "import",
            Text("导入工商名册", "the business register"),
            first,
            at=at(stored.drive_starts, 8),
            judge=False,
            partly=True,
        )
        units = {unit.unit_id: unit for unit in Unit.objects.filter(town=stored)}
        for day, group in sorted(later):
            found = [
                Edit(units[row["unit_id"]], {name: row[name] for name in FIELDS if name not in KNOWN_BEFORE})
                for row in later[day, group]
            ]
            title = Text(
                f"{day.month}月{day.day}日登门摸底（{len(found)}家）",
                f"Survey of {day} ({counted(len(found), 'unit', 'units')})",
            )
            write(stored, surveyors.get(group, office), "visit", title, found, at=at(day, 17))
        found_framework(stored, None, frozenset({"3.0", "3.1", "5.1"}))
    begin_cases(*(permit(User.objects.get(username=name), stored) for name in ("office", "committee")))
    return made


def begin_demo_plan(town: Town) -> None:
    """Queue the demo office's first run, for the worker to do as soon as the site is up: who opens it finds a plan."""
    from liangxin.web.accounts.models import User
    from liangxin.web.accounts.permission import permit
    from liangxin.web.areas.models import Town as StoredTown
    from liangxin.web.plans.services import Options, start

    start(permit(User.objects.get(username="office"), StoredTown.objects.get(code=town.code)), Options())


def _demo_accounts(town: Town) -> list[Account]:
    """One for each role; both group accounts are of the first task group."""
    group = town.task_groups[0].id if town.task_groups else ""
    made = [
        add_account("office", "office", town_code=town.code),
        add_account("group", "group_member", town_code=town.code, task_group=group),
        add_account("group-leader", "group_leader", town_code=town.code, task_group=group),
        add_account("leader", "leading_group", town_code=town.code),
        add_account("committee", "committee", town_code=town.code),
        add_account("county", "county_reader"),
        add_account("admin", "administrator"),
    ]
    return [account for account in made if account is not None]


def _surveyors(town: StoredTown) -> dict[str, User]:
    """Who went door to door, by task group: the demo's own account for the first, people who cannot sign in for the rest."""
    from liangxin.registry.access import Role
    from liangxin.web.accounts.models import RoleGrant, User

    found: dict[str, User] = {}
    for number, group in enumerate(town.as_core().task_groups, start=1):
        if number == 1:
            found[group.id] = User.objects.get(username="group")
            continue
        user, new = User.objects.get_or_create(
            username=f"group-{number}", defaults={"display_name": f"{group.name}组员"[:40]}
        )
        if new:
            user.set_unusable_password()
            user.save()
        RoleGrant.objects.create(user=user, town=town, role=Role.GROUP_MEMBER.value, task_group=group.id)
        found[group.id] = user
    return found
