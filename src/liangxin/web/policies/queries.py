from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.utils import timezone

from liangxin.policy.model import Policy
from liangxin.web.areas.models import Town


def today(town: Town) -> date:
    """The town's day: the calendar's, or the day on which a demo town stands still."""
    return town.today or timezone.localdate()


def load(town: Town, day: date | None = None) -> Policy:
    return _loaded(town.policy, tuple(town.overlays), day or today(town))


@lru_cache(maxsize=64)
def _loaded(name: str, overlays: tuple[str, ...], day: date) -> Policy:
    from liangxin.policy import load_policy

    return load_policy(name, overlays=overlays, as_of=day)
