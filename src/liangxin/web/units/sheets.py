"""What the page of one unit and the page of changes show, ready for the template: facts in words, verdicts, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypedDict

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liangxin.registry.access import Action, Reach
from liangxin.registry.fields import FIELDS, FORMS, SECTIONS, Field, FieldType, Section
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.organizations.placing import COLUMNS
from liangxin.web.ui.language import current
from liangxin.web.ui.templatetags.words import UNKNOWN, number
from liangxin.web.units.live import Live
from liangxin.web.units.models import Change, ChangeSet, Unit
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl
    from django_stubs_ext import WithAnnotations

    from liangxin.coverage.explain import Verdict
    from liangxin.coverage.verdicts import RuleGroup
    from liangxin.policy.model import Policy, UnitClass

    class Sized(TypedDict):
        """What ``change_sets`` adds: how many units the set changed."""

        size: int

    SizedChangeSet: TypeAlias = WithAnnotations[ChangeSet, Sized]

NAMED_BY: Final = {
    "area": "areas", "village": "areas", "park": "areas", "venue": "areas", "association": "associations",
    "organization_id": "organizations", "superior_id": "organizations", "task_group": "task_groups",
}  # fmt: skip


def sections() -> list[tuple[Text, tuple[str, ...]]]:
    """The unit's form and the columns to choose: every field but the number, by section, what is required first."""
    of: dict[Section, list[Field]] = {section: [] for section in SECTIONS}
    for field in FIELDS.values():
        if field.name != "unit_id":
            of[field.section].append(field)
    return [
        (SECTIONS[section], tuple(each.name for each in sorted(fields, key=lambda each: not each.required)))
        for section, fields in of.items()
    ]


def names(town: Town, section: str) -> dict[str, str]:
    """id -> name of one section of the town file; organizations also those founded since. Asked once a request."""
    from liangxin.web.organizations.queries import known_town

    if section == "organizations":
        known: dict[str, str] | None = town.__dict__.get("_organization_names")
        if known is None:
            known = {each.id: each.name for each in known_town(town).organizations}
            town.__dict__["_organization_names"] = known
        return known
    return {each.id: each.name for each in getattr(town.as_core(), section)}


def as_typed(name: str, value: Any, town: Town) -> str:
    """A value as a person would type it: choice words in Chinese, names instead of ids, nothing for 待核."""
    if value is None or value == "":
        return ""
    field = FIELDS[name]
    if field.choices is not None:
        words = field.choices.get(str(value))
        return words.zh if words else str(value)
    if field.type is FieldType.BOOLEAN:
        return "是" if value else "否"
    if name in NAMED_BY:
        known = names(town, NAMED_BY[name])
        return ";".join(
            known.get(part, part) for part in (value if isinstance(value, list) else str(value).split(";"))
        )
    if (
        isinstance(value, float)
        and value.is_integer()
        and field.type is FieldType.NUMBER
        and name not in ("lon", "lat")
    ):
        return str(int(value))
    return str(value)


def shown_value(permit: Permit, name: str, value: Any) -> Any:
    """A value for ``|fact``: ids as names."""
    if value is None or name not in NAMED_BY:
        return value
    known = names(permit.town, NAMED_BY[name])
    parts = value if isinstance(value, list) else str(value).split(";")
    return "、".join(known.get(part, part) for part in parts)


def value_words(town: Town, name: str, value: Any) -> Text:
    """A stored value in both languages, for a sentence: names for ids, 待核 where it is not known."""
    field = FIELDS[name]
    if value is None or value == "":
        return UNKNOWN
    if field.choices is not None:
        return field.choices.get(str(value)) or Text(str(value), str(value))
    if field.type is FieldType.BOOLEAN:
        return Text("是", "yes") if value else Text("否", "no")
    if field.type in (FieldType.INTEGER, FieldType.NUMBER) and name not in ("lon", "lat"):
        return Text(number(value), number(value))
    if name in NAMED_BY:
        known = names(town, NAMED_BY[name])
        parts = [
            known.get(part, part) for part in (value if isinstance(value, list) else str(value).split(";"))
        ]
        return Text("、".join(parts), ", ".join(parts))
    return Text(str(value), str(value))


@dataclass(frozen=True, slots=True)
class Input:
    field: Field
    words: str  # as typed
    was: str  # as stored, to merge two people's edits
    editable: bool
    options: tuple[tuple[str, Text], ...]  # (as typed, words) that may be chosen; empty: free text
    long: bool


def form_groups(
    permit: Permit, unit: Unit, typed: Mapping[str, str], may_edit: bool
) -> list[tuple[Text, list[Input]]]:
    groups = [(title, inputs(permit, unit, listed, typed, may_edit)) for title, listed in sections()]
    return [(title, listed) for title, listed in groups if listed]


def inputs(
    permit: Permit, unit: Unit, listed: Iterable[str], typed: Mapping[str, str], may_edit: bool
) -> list[Input]:
    """The form's inputs for some fields, those the person may read, with what was typed or what is stored."""
    allowed = set(permit.fields)
    found: list[Input] = []
    for name in listed:
        if name not in allowed:
            continue
        was = as_typed(name, getattr(unit, name), permit.town)
        words = typed.get(name, was)
        options = _options(permit.town, FIELDS[name])
        if options and words and words not in {value for value, _ in options}:
            options = (*options, (words, Text(words, words)))
        long = name in ("remark", "reason_none")
        asked = name == "organization_form" and unit.organization_id is None
        if asked and may_edit:  # the rest follows from the tree: only whether anybody asked is told here
            options = tuple(each for each in options if each[0] in (FORMS["none"].zh, words))
        typed_here = may_edit and (name not in COLUMNS or asked)
        found.append(Input(FIELDS[name], words, was, typed_here, options, long))
    return found


def _options(town: Town, field: Field) -> tuple[tuple[str, Text], ...]:
    if field.choices is not None:
        return tuple((words.zh, words) for words in field.choices.values())
    if field.type is FieldType.BOOLEAN:
        return (("是", Text("是", "yes")), ("否", Text("否", "no")))
    if field.name in ("area", "village", "park", "venue", "task_group"):
        return tuple((name, Text(name, name)) for name in _places(town, field.name))
    return ()


_KINDS: Final = {
    "area": ("work_area",), "village": ("village", "community"), "park": ("park", "park_area"), "venue": ("market", "building", "street"),
}  # fmt: skip


def _places(town: Town, name: str) -> tuple[str, ...]:
    core = town.as_core()
    if name == "task_group":
        return tuple(each.name for each in core.task_groups)
    return tuple(area.name for area in core.areas if area.kind in _KINDS[name])


@dataclass(frozen=True, slots=True)
class OwnOrganization:
    """The organization a unit is in: where it stands in the tree, since when, and with how many other units."""

    id: str
    name: str
    kind: Text
    since: date | None
    above: str
    others: int


def organization(permit: Permit, unit: Unit) -> OwnOrganization | None:
    """By today's tree; None where the unit is in none."""
    from liangxin.web.organizations.queries import day_tree
    from liangxin.web.policies.queries import today

    tree = day_tree(permit.town, today(permit.town))
    id = tree.organization_of().get(unit.unit_id)
    if id is None:
        return None
    each = tree.organizations[id]
    above = tree.organizations[each.parent].name if each.parent else ""
    return OwnOrganization(id, each.name, each.kind.label, each.since, above, len(each.units) - 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The right-hand side of a unit's page: what the policy says of it."""

    in_scope: bool
    reason: str  # in the page's language
    clears: tuple[tuple[Text, bool, tuple[str, Any] | None], ...]  # label, clear?, (who, when) last touched
    classes: tuple[tuple[UnitClass, bool | None], ...]  # what each class says of it; None 待核
    forms: tuple[Verdict, ...]
    conflicts: tuple[Text, ...]
    status: Text | None  # of the annual return; None where verdicts are not shown
    unknown: tuple[Field, ...]


def unit_sheet(permit: Permit, shown: Live, unit: Unit) -> Sheet:
    row = shown.row_of(unit.unit_id)
    facts = row.row(0, named=True)
    if set(permit.fields) != set(
        FIELDS
    ):  # verdicts are drawn from all fields: for those who may read them all
        return Sheet(bool(facts["in_scope"]), "", (), (), (), (), None, ())
    key = ("said of a unit", unit.unit_id, current(), permit.town.version)
    reason, forms, conflicts = shown.once(key, lambda: _said_of(permit.town, row, shown.policy))
    touched = _last_touched(unit)
    clears = []
    for item in shown.policy.clears:
        if item.id in (facts["clear"] or []) or item.id in (facts["not_clear"] or []):
            by = next((touched[name] for name in item.fields if name in touched), None)
            clears.append((item.label, item.id in (facts["clear"] or []), by))
    status = next((leaf.label for leaf in shown.policy.statuses if leaf.id == facts["status"]), None)
    return Sheet(
        bool(facts["in_scope"]),
        reason,
        tuple(clears),
        tuple((each, facts[f"is_{each.id}"]) for each in shown.policy.classes),
        forms,
        conflicts,
        status,
        tuple(FIELDS[name] for name in facts["unknown"] or [] if name in FIELDS and name in permit.fields),
    )


_FORM: Final[tuple[RuleGroup, ...]] = ("form",)


def _said_of(
    town: Town, row: pl.DataFrame, policy: Policy
) -> tuple[str, tuple[Verdict, ...], tuple[Text, ...]]:
    """The reason in the page's language, the verdict on each form, and the conflicts of one classified unit."""
    from liangxin.coverage import Classification
    from liangxin.coverage.explain import explain
    from liangxin.coverage.reasons import conflict_sentences, sentences

    one = Classification(frame=row, policy=policy)
    said = conflict_sentences(one)
    called = names(town, "areas") | names(town, "associations")
    return (
        sentences(row, policy, current())[0],
        explain(one, row["unit_id"][0], _FORM, [current()], called),
        tuple(Text(each["zh"], each["en"]) for each in said.iter_rows(named=True)),
    )


def _last_touched(unit: Unit) -> dict[str, tuple[str, Any]]:
    """field -> (who, when) of its last change."""
    touched: dict[str, tuple[str, Any]] = {}
    for change in unit.changes.select_related("change_set__by").order_by("pk"):
        who = str(change.change_set.by) if change.change_set.by_id else ""
        for name in (
            (change.after or {}) if change.before is None else {*(change.after or {}), *(change.before or {})}
        ):
            touched[name] = (who, change.change_set.at)
    return touched


def history(permit: Permit, unit: Unit) -> list[tuple[ChangeSet, list[tuple[Field, Any, Any]]]]:
    """Newest first: what each change set did to this unit, old and new, only in fields the person may read."""
    rows = unit.changes.select_related("change_set__by", "change_set__undone_by").order_by("-pk")[:50]
    return [(change.change_set, cells(permit, change)) for change in rows]


def cells(permit: Permit, change: Change) -> list[tuple[Field, Any, Any]]:
    allowed = set(permit.fields)
    before, after = change.before or {}, change.after or {}
    return [
        (
            FIELDS[name],
            shown_value(permit, name, before.get(name)),
            shown_value(permit, name, after.get(name)),
        )
        for name in FIELDS
        if name in allowed and (name in before or name in after) and before.get(name) != after.get(name)
    ]


# The units of a set, counted for the sets of a page only: joined, every change of the town would be gone through.
_SIZE: Final = Coalesce(
    Subquery(
        Change.objects.filter(change_set=OuterRef("pk"))
        .order_by()
        .values("change_set")
        .annotate(size=Count("pk"))
        .values("size")
    ),
    0,
)


def change_sets(permit: Permit) -> QuerySet[SizedChangeSet]:
    """The change sets a person may look at: all of the town, or those that touched their groups' units."""
    sets = (
        ChangeSet.objects.filter(town=permit.town)
        .select_related("by", "undone_by__undone_by")
        .annotate(size=_SIZE)
    )
    if permit.reach(Action.EDIT_UNITS) is Reach.GROUP:
        mine = Change.objects.filter(town=permit.town, unit__task_group__in=permit.groups(Action.EDIT_UNITS))
        sets = sets.filter(pk__in=mine.values("change_set_id"))
    return sets.order_by("-pk")


def changes(permit: Permit, found: ChangeSet) -> QuerySet[Change]:
    rows = found.changes.select_related("unit").order_by("pk")
    if permit.reach(Action.EDIT_UNITS) is Reach.GROUP:
        rows = rows.filter(unit__task_group__in=permit.groups(Action.EDIT_UNITS))
    return rows


def change_rows(permit: Permit, page: Iterable[Change]) -> list[tuple[Change, list[tuple[Field, Any, Any]]]]:
    return [(change, cells(permit, change)[:12]) for change in page]
