"""The ledger's three columns of organizations, seen from the tree: what they say of a unit, and which operations follow from a
list that says something else. The tree decides; the columns only show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from liangxin.findings import Finding
from liangxin.registry.fields import FORMS
from liangxin.registry.town import OrganizationRecord
from liangxin.structure.draft import OWN_MEMBERS
from liangxin.structure.operations import (
    Adjust,
    Attach,
    Basis,
    Dissolve,
    Operation,
    Record,
    Release,
    Transfer,
)
from liangxin.structure.organization import ORGANIZATION_TYPES
from liangxin.structure.tree import DayTree
from liangxin.wording import Text

ORGANIZATION, FORM, SUPERIOR = "organization_id", "organization_form", "superior_id"
COLUMNS: Final = (ORGANIZATION, FORM, SUPERIOR)
NONE: Final = "none"
_JOINT: Final = frozenset({"park", "industry", "leader", "zone"})


def ledger_columns(
    day: DayTree, organization: str | None, villages: frozenset[str], form: str | None = None
) -> dict[str, str | None]:
    """What the ledger says of a unit of ``organization``.

    A unit in none is 未建, or 待核 where nobody asked yet: ``form``, what the ledger has now, tells which. An organization
    recorded without a form is 待核; that of a village or community gives its units clause 2.7. ``villages``: their areas.
    """
    if organization is None:
        return {ORGANIZATION: None, FORM: form if form in (None, NONE) else NONE, SUPERIOR: None}
    return {
        ORGANIZATION: organization,
        FORM: form_of(day, organization, villages),
        SUPERIOR: day.organizations[organization].parent,
    }


def form_of(day: DayTree, organization: str, villages: frozenset[str]) -> str | None:
    """The form under which the units of an organization count; None: 待核."""
    standing = day.organizations[organization].standing
    return standing.form or ("village" if standing.area in villages else None)


def dissolve_emptied(
    day: DayTree, joining: Mapping[str, str], leaving: Collection[str], basis: Basis
) -> list[Operation]:
    """An organization of units' own members ends with its last unit, as far as nothing stands under it.

    ``joining``: unit to the organization that it comes into; ``leaving``: units that come into none.
    """
    gone = {*joining, *leaving}
    filled = set(joining.values())
    return [
        Dissolve(on=day.day, organization=each.id, basis=basis)
        for each in day.organizations.values()
        if each.units
        and each.id not in filled
        and (
            each.standing.form in OWN_MEMBERS
            or (each.standing.form is None and each.kind.id == "joint_branch")
        )
        and gone.issuperset(each.units)
        and not day.children.get(each.id)
        and not each.graduates
    ]


@dataclass(frozen=True, slots=True)
class Stated:
    """What a list says of one unit: only the columns in which it says something else than the ledger shows."""

    unit_id: str
    values: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Derived:
    """``operations`` are of one day and belong together. ``findings``: by unit, what cannot be turned into an operation, with
    ``column_of`` the column."""

    operations: tuple[Operation, ...]
    findings: tuple[tuple[str, Finding], ...]


@dataclass(slots=True)
class _Wishes:
    """What is said of one organization, by unit."""

    joining: list[str] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)
    superiors: dict[str, str] = field(default_factory=dict)


def derive_operations(
    day: DayTree,
    stated: Sequence[Stated],
    *,
    basis: Basis,
    villages: frozenset[str],
    records: Mapping[str, OrganizationRecord],
    new_id: Callable[[], str],
    taken: Collection[str] = (),
    since: date | None = None,
) -> Derived:
    """The operations that make the tree of ``day`` say what a list says.

    An organization's form or superior follows only where every unit that it has says the same: nobody else's changes.
    ``records``: organizations of the town file, by id and by name. ``new_id`` gives ids nobody had, ``taken`` are those had.
    ``since``: the day from which a first list holds, where no unit was ever in the tree; otherwise all is of the day itself.
    """
    return _Deriving(day, basis, villages, records, new_id, taken, since or day.day).derive(stated)


class _Deriving:
    def __init__(
        self,
        day: DayTree,
        basis: Basis,
        villages: frozenset[str],
        records: Mapping[str, OrganizationRecord],
        new_id: Callable[[], str],
        taken: Collection[str],
        since: date,
    ) -> None:
        self.since = since
        self.day, self.basis, self.villages = day, basis, villages
        self.records, self.new_id, self.taken = records, new_id, taken
        self.of = day.organization_of()
        self.named: dict[str, list[str]] = {}
        for each in day.organizations.values():
            self.named.setdefault(each.name, []).append(each.id)
        self.standing: dict[str, _Wishes] = {}
        self.new: dict[str, _Wishes] = {}
        self.leaving: list[str] = []
        self.findings: list[tuple[str, Finding]] = []
        self.operations: list[Operation] = []

    def derive(self, stated: Sequence[Stated]) -> Derived:
        for each in stated:
            self._read(each)
        moving = {unit for wishes in self._all() for unit in wishes.joining}
        for words, wishes in self.new.items():
            self._record(words, wishes)
        for id, wishes in self.standing.items():
            if wishes.joining:
                units = tuple(sorted(wishes.joining))
                self.operations.append(Attach(on=self._first_day(id), units=units, to=id, basis=self.basis))
        if self.leaving:
            units = tuple(sorted(self.leaving))
            self.operations.append(Release(on=self.day.day, units=units, basis=self.basis))
        gone = moving | set(self.leaving)
        targets = {unit: id for id, wishes in self.standing.items() for unit in wishes.joining}
        targets |= {unit: "" for wishes in self.new.values() for unit in wishes.joining}
        self.operations += dissolve_emptied(self.day, targets, self.leaving, self.basis)
        ended = {each.organization for each in self.operations if isinstance(each, Dissolve)}
        for id, wishes in self.standing.items():
            if id in ended:
                continue
            units_after = {unit for unit in self.day.organizations[id].units if unit not in gone} | {
                *wishes.joining
            }
            self._form(id, wishes.forms, units_after)
            self._superior(id, wishes.superiors, units_after)
        return Derived(tuple(self.operations), tuple(self.findings))

    def _all(self) -> Iterable[_Wishes]:
        return [*self.standing.values(), *self.new.values()]

    # One row

    def _read(self, row: Stated) -> None:
        said, unit = row.values, row.unit_id
        now = self.of.get(unit)
        form, superior = said.get(FORM), said.get(SUPERIOR)
        words = said.get(ORGANIZATION) if ORGANIZATION in said else now
        if form == NONE and ORGANIZATION in said and words is not None:
            self._say(unit, FORM, "place-none", "写了“未建”，又写了所属党组织", "The form says none, yet an organization is named",
                      FORMS[NONE].zh, None)  # fmt: skip
            return
        if words is None or form == NONE:
            if form is not None and form != NONE:
                self._say(unit, FORM, "place-form", "组建形式由党组织决定，请一并写所属党组织",
                          "The form follows from the organization; name the organization too", FORMS[form].zh,
                          Text("所属党组织，或“未建”", "an organization, or “none”"))  # fmt: skip
            if superior is not None:
                self._say(unit, SUPERIOR, "place-superior", "单位不在党组织内，没有隶属党组织",
                          "The unit is in no organization, so it has no superior one", superior,
                          Text("空着", "nothing"))  # fmt: skip
            if now is not None:
                self.leaving.append(unit)
            return
        if ORGANIZATION not in said and FORM in said and form is None:
            self._say(unit, FORM, "place-form-empty", "单位在党组织内，组建形式不能空着",
                      "The unit is in an organization, so its form cannot be empty", "", self._form_words(words))  # fmt: skip
        if ORGANIZATION not in said and SUPERIOR in said and superior is None:
            self._say(unit, SUPERIOR, "place-superior-empty", "单位在党组织内，隶属党组织不能空着",
                      "The unit is in an organization, so its superior cannot be empty", "", self._parent_words(words))  # fmt: skip
        wishes = self._wishes(unit, words)
        if wishes is None:
            return
        if words in self.new or self._find(words) != [now]:
            wishes.joining.append(unit)
        if form is not None:
            wishes.forms[unit] = form
        if superior is not None:
            wishes.superiors[unit] = superior

    def _find(self, words: str) -> list[str]:
        return [words] if words in self.day.organizations else self.named.get(words, [])

    def _wishes(self, unit: str, words: str) -> _Wishes | None:
        found = self._find(words)
        if len(found) > 1:
            self._say(unit, ORGANIZATION, "place-ambiguous", "有几个同名的党组织，请写编号",
                      "Several organizations have this name; write the id", words, _words(found))  # fmt: skip
            return None
        if not found:
            return self.new.setdefault(words, _Wishes())
        if not self.day.organizations[found[0]].kind.party:
            self._say(unit, ORGANIZATION, "place-no-party", "这是议事协调机构，不是党组织，单位不能编入",
                      "This only coordinates and is no party organization; it has no units", words, None)  # fmt: skip
            return None
        return self.standing.setdefault(found[0], _Wishes())

    # One organization

    def _record(self, words: str, wishes: _Wishes) -> None:
        """An organization that the tree does not have: it stands already, or the list would not name it."""
        listed, root = self.records.get(words), self.day.root
        forms = Counter(wishes.forms.values())
        form = next(iter(forms), None)
        for unit, given in wishes.forms.items():
            if given != form:
                self._say(unit, FORM, "place-form-other", "同一个党组织，前面写的是另一种组建形式",
                          "Rows above give this organization another form", FORMS[given].zh, FORMS[form or NONE])  # fmt: skip
        fit = [
            found[0]
            for each in wishes.superiors.values()
            if len(found := self._find(each)) == 1 and self._may_lead(found[0], None)
        ]
        above = fit[0] if fit else None
        for unit, given in wishes.superiors.items():
            if self._find(given) != [above]:
                self._say(unit, SUPERIOR, "place-superior-other", "没有这个党组织，或与同一党组织的其他行不同",
                          "No such organization, or other rows name another one", given, self._name(above))  # fmt: skip
        if above is None and listed is not None and listed.parent in self.day.organizations:
            above = listed.parent
        joint = form in _JOINT or len(wishes.joining) > 1
        known = listed is not None and listed.type in ORGANIZATION_TYPES
        self.operations.append(
            Record(
                on=self.since,
                id=listed.id if listed is not None and listed.id not in self.taken else self.new_id(),
                name=listed.name if listed is not None else words,
                type=listed.type if listed is not None and known else "joint_branch" if joint else "branch",
                parent=above or (root.id if root is not None else None),
                units=tuple(sorted(wishes.joining)),
                form=form,
                host=listed.host if listed is not None else None,
                area=listed.area if listed is not None else None,
                basis=self.basis,
            )
        )

    def _form(self, id: str, said: Mapping[str, str], units: set[str]) -> None:
        now = form_of(self.day, id, self.villages)
        others = {unit: form for unit, form in said.items() if form != now}
        if not others:
            return
        forms = set(others.values())
        if len(forms) == 1 and (now is None or set(others) == units):
            on = self._first_day(id) if now is None else self.day.day
            operation = Adjust(on=on, organization=id, form=forms.pop(), basis=self.basis)
            self.operations.append(operation)
            return
        for unit, form in others.items():
            self._say(unit, FORM, "place-form-other", "{name}的组建形式是另一种；要改，它的{count}家单位要写成一样",
                      "{name} has another form; to change it, all its {count:unit|units} must say the same", FORMS[form].zh,
                      self._form_words(id), name=self._name(id), count=len(units))  # fmt: skip

    def _superior(self, id: str, said: Mapping[str, str], units: set[str]) -> None:
        now = self.day.organizations[id].parent
        others: dict[str, str] = {}
        for unit, words in said.items():
            found = self._find(words)
            if len(found) != 1:
                self._say(unit, SUPERIOR, "place-superior-unknown", "没有这个党组织，或有几个同名", "There is no such organization, or several have this name",
                          words, self._name(now))  # fmt: skip
            elif found[0] != now and not self._may_lead(found[0], id):
                self._say(unit, SUPERIOR, "place-superior-unfit", "{other}不能作{name}的上级", "{other} cannot be the superior of {name}",
                          words, self._name(now), other=self._name(found[0]), name=self._name(id))  # fmt: skip
            elif found[0] != now:
                others[unit] = found[0]
        if not others:
            return
        if len(set(others.values())) == 1 and set(others) == units:
            parent = next(iter(others.values()))
            self.operations.append(
                Transfer(on=self.day.day, organization=id, parent=parent, basis=self.basis)
            )
            return
        for unit, other in others.items():
            self._say(unit, SUPERIOR, "place-superior-other", "{name}隶属另一个党组织；要改，它的{count}家单位要写成一样",
                      "{name} stands under another organization; to change it, all its {count:unit|units} must say the same",
                      said[unit], self._name(now), name=self._name(id), count=len(units), other=other)  # fmt: skip

    def _may_lead(self, parent: str, id: str | None) -> bool:
        """It leads others, and ``id`` is neither the head of the town nor above it."""
        above = {parent, *(each.id for each in self.day.ancestors(parent))}
        root = self.day.root
        return (
            self.day.organizations[parent].kind.leads and id not in above and (root is None or root.id != id)
        )

    def _first_day(self, id: str) -> date:
        """From when on what a list says first holds; not before the organization stood."""
        stands = self.day.organizations[id].since
        return self.since if stands is None else max(self.since, stands)

    # Words

    def _name(self, id: str | None) -> Text | None:
        found = self.day.organizations.get(id or "")
        return _words([found.name]) if found is not None else None

    def _form_words(self, id: str) -> Text | None:
        found = self._find(id)
        form = form_of(self.day, found[0], self.villages) if len(found) == 1 else None
        return FORMS.get(form or "")

    def _parent_words(self, id: str) -> Text | None:
        found = self._find(id)
        return self._name(self.day.organizations[found[0]].parent) if len(found) == 1 else None

    def _say(
        self,
        unit: str,
        column: str,
        code: str,
        zh: str,
        en: str,
        found: str,
        accepted: Text | None,
        **values: object,
    ) -> None:
        message = Text(zh, en).fill(**values) if values else Text(zh, en)
        self.findings.append((unit, Finding(code, message, found=found, accepted=accepted, column_of=column)))


def _words(names: Sequence[str]) -> Text:
    return Text("、".join(names), ", ".join(names))
