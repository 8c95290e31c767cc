"""Reads of the audit log: what a person may see of it, searched by person, action, object and day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from liangxin.registry.access import ROLE_LABELS, Role
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.models import RoleGrant, User
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.audit.models import Event
from liangxin.web.audit.words import ACTIONS, FACTS, KINDS, OBJECTS
from liangxin.web.organizations.names import only_counts, told_text, told_words
from liangxin.wording import Text, join

PAGE: Final = 50
MOST_SETS: Final = 900  # change sets of one unit that a search looks at: SQLite's limit of values in a query
SITE_WIDE: Final = ("backup", "restore", "audit")


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for, as typed; ``refused`` says what of it could not be used."""

    actor: str = ""
    action: str = ""
    object: str = ""
    since: date | None = None
    until: date | None = None
    refused: tuple[Text, ...] = field(default=())

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Search:
        refused: list[Text] = []

        def day(name: str) -> date | None:
            words = given.get(name, "").strip()
            try:
                return date.fromisoformat(words) if words else None
            except ValueError:
                refused.append(Text(f"日期不对：{words[:20]}", f"Not a date: {words[:20]}"))
                return None

        since, until = day("since"), day("until")
        action = given.get("action", "")
        if action and action not in ACTIONS:
            refused.append(Text("没有这种操作", "There is no such action"))
            action = ""
        clean = {name: given.get(name, "").replace("\x00", "").strip()[:200] for name in ("actor", "object")}
        return cls(clean["actor"], action, clean["object"], since, until, tuple(refused))

    @property
    def empty(self) -> bool:
        return not (self.actor or self.action or self.object or self.since or self.until)

    def words(self) -> Text:
        said = [
            *([Text(f"人员 {self.actor}", f"person {self.actor}")] if self.actor else []),
            *([ACTIONS[self.action]] if self.action else []),
            *([Text(f"对象 {self.object}", f"object {self.object}")] if self.object else []),
            *([Text(f"自 {self.since}", f"from {self.since}")] if self.since else []),
            *([Text(f"至 {self.until}", f"to {self.until}")] if self.until else []),
        ]
        return join(said, "，", ", ") if said else Text("全部", "all")


def readable(permit: Permit) -> QuerySet[Event]:
    """The town's events, those of its people's sign-in, and those of the site as a whole (backups, anchors)."""
    people = list(people_of(permit.town).values_list("username", flat=True))
    own = Q(town="", actor__in=people) | Q(town="", object_kind="account", object_id__in=[*people, ""])
    return Event.objects.filter(Q(town=permit.town.code) | own | Q(town="", object_kind__in=SITE_WIDE))


def people_of(town: Town) -> QuerySet[User]:
    """Who holds or held a role that reaches the town, by user name."""
    holders = RoleGrant.objects.filter(Q(town=town) | Q(town__isnull=True)).values("user_id")
    return User.objects.filter(
        Q(pk__in=holders) | Q(username__in=Event.objects.filter(town=town.code).values("actor"))
    ).order_by("username")


def found(permit: Permit, wanted: Search) -> QuerySet[Event]:
    """Newest first."""
    rows = readable(permit)
    if wanted.actor:
        rows = rows.filter(actor=wanted.actor)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.object:
        rows = rows.filter(_object(permit, wanted.object))
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    if wanted.until:
        rows = rows.filter(
            at__lt=_midnight(min(wanted.until, date.max - timedelta(days=1)) + timedelta(days=1))
        )
    return rows.order_by("-seq")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(max(day, date(1, 1, 3)), time()))


def _object(permit: Permit, words: str) -> Q:
    """By the object's own id; a unit by its number or name: all change sets that touched it; an organization by its
    number or name: all entries of the journal that are about it. Who may only see counts finds nothing by a name that
    they may not read: an answer would tell that it is there."""
    from liangxin.web.units.models import Change

    town = permit.town
    named = Q(unit__unit_id=words) if only_counts(permit) else Q(unit__unit_id=words) | Q(unit__name=words)
    touched = Change.objects.filter(named, town=town)
    sets = touched.order_by("-pk").values_list("change_set_id", flat=True)[:MOST_SETS]
    return (
        Q(object_id=words)
        | Q(object_kind="change_set", object_id__in=[str(key) for key in sets])
        | Q(object_kind="operations", object_id__in=_entries_about(permit, words))
    )


def _entries_about(permit: Permit, words: str) -> list[str]:
    """The audit events of what the journal has of an organization; an event is known by its first entry's number."""
    from liangxin.web.organizations.queries import tree_of

    town = permit.town
    tree = tree_of(town)
    by_name = told_words(permit, words) == words  # a name that they may read
    wanted = [
        id
        for id, spans in tree.standing.items()
        if id == words or (by_name and any(span.value.name == words for span in spans))
    ]
    numbers = {entry.number for id in wanted for entry in tree.history(id)}
    if not numbers:
        return []
    told = Event.objects.filter(town=town.code, object_kind="operations").values_list("object_id", flat=True)
    firsts = sorted(int(each) for each in told if each.isdigit())
    events = {firsts[at] for number in numbers if (at := bisect_right(firsts, number) - 1) >= 0}
    return [str(each) for each in sorted(events, reverse=True)[:MOST_SETS]]


@dataclass(frozen=True, slots=True)
class Row:
    """One event as the page shows it."""

    event: Event
    who: str
    action: Text
    object: Text
    link: str  # where the before and after, or the thing itself, can be seen; empty: nowhere
    detail: list[tuple[Text, Text]]
    reason: str


def rows(permit: Permit, events: list[Event]) -> list[Row]:
    names = {
        user.username: str(user)
        for user in User.objects.filter(username__in={event.actor for event in events})
    }
    core = permit.town.as_core()
    groups = {group.id: group.name for group in core.task_groups}
    return [
        Row(
            event,
            names.get(event.actor, event.actor),
            ACTIONS.get(event.action, Text(event.action, event.action)),
            told_text(permit, _named(event)),
            _link(permit, event),
            [
                (FACTS[name], told_text(permit, shown))
                for name, value in event.facts.items()
                if name in FACTS and (shown := _shown(name, value, event.facts, groups))
            ],
            told_words(permit, event.reason),
        )
        for event in events
    ]


def _named(event: Event) -> Text:
    kind = OBJECTS.get(event.object_kind, Text(event.object_kind, event.object_kind))
    id = event.object_id
    if event.object_kind in ("backup", "restore"):
        id = id[:8]
    return Text(f"{kind.zh} {id}", f"{kind.en} {id}") if id else kind


def _link(permit: Permit, event: Event) -> str:
    from liangxin.registry.access import Action

    if event.town != permit.town.code:
        return ""
    town, id = permit.town.code, event.object_id
    read = permit.may(Action.READ_UNITS)
    match event.object_kind:
        case "change_set" if read and id.isdigit():
            return reverse("units-change-set", kwargs={"town": town, "pk": int(id)})
        case "unit" if read:
            return reverse("units-unit", kwargs={"town": town, "unit_id": id})
        case "plan" if read and id.isdigit():
            return reverse("plans-plan", kwargs={"town": town, "pk": int(id)})
        case "case" if id.isdigit():
            return reverse("procedures-case", kwargs={"town": town, "key": int(id)})
        case "import" if permit.may(Action.IMPORT) and id.isdigit():
            return reverse("imports-one", kwargs={"town": town, "pk": int(id)})
        case "operations" | "organization":
            return reverse("organizations", kwargs={"town": town}) + "?" + urlencode({"view": "changes"})
    return ""


@cache
def _words_of_cases() -> Mapping[str, Mapping[str, Text]]:
    """What acts, steps, documents and kinds of cases are called that stand in a detail by their codes.

    Both procedures have a way ``submit``; where it leads tells them apart: it stands as ``submit>committee``.
    """
    from liangxin import procedure
    from liangxin.web.procedures.saying import words_of_acts

    tables = procedure.PROCEDURES.values()
    ways = {
        key: way.label
        for table in tables
        for way in table.transitions.values()
        for key in (way.id, f"{way.id}>{way.target}")
    }
    return {
        "act": {**words_of_acts(), **ways},
        "step": {step.id: step.label for table in tables for step in table.steps.values()},
        "document": {kind.value: kind.label for kind in procedure.PaperKind},
        "kind": {kind.value: kind.label for kind in procedure.Kind},
    }


def _shown(name: str, value: Any, beside: Mapping[str, Any], groups: Mapping[str, str]) -> Text | None:
    """A fact of the detail in words; None where there is nothing to say."""
    if (
        value in (None, "", [], {}) or name == "sha256"
    ):  # a fingerprint tells a person nothing; the file has it
        return None
    if name == "fields":
        known = [FIELDS[each].label for each in value if each in FIELDS]
        if len(known) > 6:
            return Text(f"{len(known)} 栏", f"{len(known)} fields")
        return join(known, "、", ", ") if known else None
    if name in _words_of_cases():
        words_of = _words_of_cases()[name]
        codes = [str(each) for each in value] if isinstance(value, list) else [str(value)]
        if name == "act" and (led := f"{value}>{beside.get('step')}") in words_of:
            return words_of[led]
        return join([words_of.get(code, Text(code, code)) for code in codes], "、", ", ")
    if name == "role" and value in {role.value for role in Role}:
        return ROLE_LABELS[Role(value)]
    if name == "task_group":
        return Text(groups.get(value, value), groups.get(value, value))
    if name == "kinds" and isinstance(value, dict):
        return join(
            [Text(f"{_kind(key).zh} {number}", f"{_kind(key).en} {number}") for key, number in value.items()],
            "、",
            ", ",
        )
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, dict):
        words = ", ".join(f"{key} {number}" for key, number in value.items())
    elif isinstance(value, list):
        words = (
            "–".join(str(each) for each in value)
            if name == "numbers"
            else ", ".join(str(each) for each in value)
        )
    else:
        words = f"{value:,}" if isinstance(value, int) else str(value)
    return Text(words, words)


def _kind(name: str) -> Text:
    return KINDS.get(name, Text(name, name))
