"""By which policy a town works on a day, and which texts there are to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import prefetch_related_objects
from django.http import Http404
from django.utils import timezone

from liangxin.policy import Library, Policy, PolicySummary, available, load_policy, own_text
from liangxin.web.areas.models import Town
from liangxin.web.policies.models import Adoption, PolicyText
from liangxin.web.ui.memory import MEMORY
from liangxin.wording import Text

DEFAULT: Final = "changle-2011-44"


@dataclass(frozen=True, slots=True)
class Choice:
    """A policy with its overlays. ``texts``: which version of each brought one in it, (id, sha256)."""

    policy: str
    overlays: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


def today(town: Town) -> date:
    """The town's day: the calendar's, or the day on which a demo town stands still."""
    return town.today or timezone.localdate()


def adoptions(town: Town) -> list[Adoption]:
    """What the town decided, oldest first. Read once for each ``Town`` in hand."""
    prefetch_related_objects([town], "adoptions")
    return list(town.adoptions.all())


def chosen(town: Town, day: date) -> Choice:
    """What the town works by on a day: the newest decision whose first day has come."""
    held = [each for each in adoptions(town) if each.starts is None or each.starts <= day]
    if not held:
        return Choice(DEFAULT)
    return Choice(held[-1].policy, tuple(held[-1].overlays), tuple(sorted(held[-1].texts.items())))


def load(town: Town, day: date | None = None) -> Policy:
    """The town's policy as it holds on a day, today where none is given."""
    at = day or today(town)
    return load_choice(chosen(town, at), at)


def load_choice(choice: Choice, day: date) -> Policy:
    """A choice as it holds on a day. Texts are named by their content, so what is kept cannot grow old."""

    def make() -> Policy:
        library = Library({id: _text(id, sha256) for id, sha256 in choice.texts})
        return load_policy(choice.policy, overlays=choice.overlays, as_of=day, library=library)

    return MEMORY.get(("policy", choice, day), make, pure=True)


def _text(id: str, sha256: str) -> str:
    return str(PolicyText.objects.filter(policy=id, sha256=sha256).values_list("text", flat=True)[0])


def newest_texts(town: Town) -> dict[str, PolicyText]:
    """The newest version of each policy that was brought, by id."""
    return {each.policy: each for each in PolicyText.objects.filter(town=town).order_by("number")}


def library_of(texts: Mapping[str, PolicyText]) -> Library:
    return Library({id: each.text for id, each in texts.items()})


def choices(town: Town) -> list[PolicySummary]:
    """Every policy and overlay that the town can choose: the program's, then those that were brought."""
    brought = [
        PolicySummary(each.policy, Text(**each.title), each.is_overlay, None, tuple(each.needs))
        for each in newest_texts(town).values()
    ]
    return [*available(), *brought]


@dataclass(frozen=True, slots=True)
class KnownText:
    """One version of a policy; ``number`` 0: it comes with the program. ``starts``: of the decisions that name it."""

    policy: str
    number: int
    title: Text
    is_overlay: bool
    sha256: str
    by: str
    at: datetime | None
    starts: tuple[date | None, ...]


def texts_of(town: Town) -> list[KnownText]:
    """The program's policies, then every version of each that was brought, newest first."""
    decided = adoptions(town)
    own = [
        KnownText(
            each.id, 0, each.title, each.is_overlay, "", "", None,
            tuple(one.starts for one in decided if each.id in (one.policy, *one.overlays) and each.id not in one.texts),
        )
        for each in available()
    ]  # fmt: skip
    brought = [
        KnownText(
            each.policy, each.number, Text(**each.title), each.is_overlay, each.sha256, each.by.username, each.at,
            tuple(one.starts for one in decided if one.texts.get(each.policy) == each.sha256),
        )
        for each in PolicyText.objects.filter(town=town).select_related("by").defer("text")
    ]  # fmt: skip
    return [*own, *brought]


def read_text(town: Town, policy: str, number: int) -> str:
    """The YAML of one version. Http404 where the town has none such."""
    if number == 0:
        found = own_text(policy)
    else:
        rows = PolicyText.objects.filter(town=town, policy=policy, number=number)
        found = rows.values_list("text", flat=True).first()
    if found is None:
        raise Http404
    return found


def pinned_texts(names: Iterable[str], texts: Mapping[str, PolicyText]) -> dict[str, str]:
    """Of the brought policies, those that the named ones need, through all they are based on: id to sha256."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        each = texts.get(waiting.pop())
        if each is not None and each.policy not in found:
            found[each.policy] = each.sha256
            waiting += each.needs
    return found
