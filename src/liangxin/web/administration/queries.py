"""Who holds roles in a town."""

from __future__ import annotations

from django.db.models import QuerySet

from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.areas.models import Town


def grants_in(town: Town) -> list[RoleGrant]:
    """The town's own roles by user name, then those that hold in every town."""
    rows = RoleGrant.objects.select_related("user").order_by("user__username")
    return [*rows.filter(town=town), *rows.filter(town__isnull=True)]


def people_of(town: Town) -> QuerySet[User]:
    """Those with a role of the town's own: their accounts are the town's to close and to help."""
    return User.objects.filter(role_grants__town=town).distinct().order_by("username")
