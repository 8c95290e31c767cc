"""Who holds roles in a town."""

from __future__ import annotations

from django.db.models import F, Q, QuerySet

from liangxin.files.town import format_town
from liangxin.registry.access import Role
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.accounts.permission import Permit
from liangxin.web.api.models import ApiToken
from liangxin.web.areas.models import Town
from liangxin.web.organizations.names import only_counts, told_town


def town_file(permit: Permit) -> str:
    """The town file as the person may read it: an administrator reads no firm's name in that of its branch."""
    if not only_counts(permit):
        return permit.town.town_file
    return format_town(told_town(permit, permit.town.as_core()))


def grants_in(town: Town) -> list[RoleGrant]:
    """The town's own roles by user name, then those that hold in every town."""
    rows = RoleGrant.objects.select_related("user").order_by("user__username")
    return [*rows.filter(town=town), *rows.filter(town__isnull=True)]


def people_of(town: Town) -> QuerySet[User]:
    """Those with a role of the town's own, or for whom one was asked: their accounts are the town's to close and to help."""
    mine = Q(role_grants__town=town) | Q(pending_grants__town=town)
    return User.objects.filter(mine).distinct().order_by("username")


def accounts_for(by: User, town: Town) -> QuerySet[User]:
    """Whom an administrator may help: the town's people, and for the county's administrator those with a role in every town."""
    if not administers_every_town(by):
        return people_of(town)
    reaching = (
        Q(role_grants__town=town)
        | Q(pending_grants__town=town)
        | Q(role_grants__town__isnull=True, role_grants__isnull=False)
    )
    return User.objects.filter(reaching).distinct().order_by("username")


def tokens_for(by: User, town: Town) -> QuerySet[ApiToken]:
    """Tokens of the people whom the administrator may help, those in force first."""
    rows = ApiToken.objects.filter(user__in=accounts_for(by, town)).select_related("user")
    return rows.order_by(F("revoked").asc(nulls_first=True), "user__username", "-pk")


def held_elsewhere(town: Town) -> frozenset[int]:
    """Of ``people_of``, the keys of those who also hold a role in another town or in every town."""
    found = RoleGrant.objects.filter(user__in=people_of(town)).exclude(town=town)
    return frozenset(found.values_list("user_id", flat=True))


def administers_every_town(user: User) -> bool:
    """Whether the person is the county's administrator, not only a town's."""
    mine = RoleGrant.objects.filter(user=user, town__isnull=True, role=Role.ADMINISTRATOR.value)
    return bool(mine.exists())
