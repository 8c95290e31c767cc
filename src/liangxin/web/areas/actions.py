"""What is done to the site's towns: a new one from its code."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from liangxin.findings import InputError
from liangxin.registry.new_town import draw_town
from liangxin.web.accounts.models import User
from liangxin.web.administration.queries import administers_every_town
from liangxin.web.areas.inputs import NewTownInput
from liangxin.web.areas.models import Town
from liangxin.web.areas.services import add_town
from liangxin.wording import Text


@transaction.atomic
def make_town(by: User, given: NewTownInput) -> Town:
    """A town of the site with the villages and communities that the divisions have; no work area is drawn yet.

    Raises:
        PermissionDenied: the person does not administer every town.
        InputError: the divisions have no such town, or the site has it already.
    """
    if not administers_every_town(by):
        raise PermissionDenied
    drawn = draw_town(given.code, with_former=given.former)
    if drawn is None:
        raise InputError.of(
            "town-unknown",
            "区划里没有这个乡镇、街道的代码",
            "The divisions have no town of this code",
            found=given.code,
            accepted=Text("9位代码，如 330683101", "9 digits, such as 330683101"),
        )
    if Town.objects.filter(code=given.code).exists():
        raise InputError.of(
            "town-exists",
            f"{drawn.name}（{given.code}）已经在网站里",
            f"{drawn.name} ({given.code}) is on the site already",
            found=given.code,
        )
    return add_town(drawn, drive_starts=given.starts or timezone.localdate(), by=by)
