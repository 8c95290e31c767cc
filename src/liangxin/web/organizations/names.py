"""What organizations are called for people who may only see counts: no name of a firm reaches them in that of its branch.

A branch of its own is called after its firm. Who may not read units reads what kind it is and its number instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from liangxin.findings import Finding, InputError
from liangxin.registry import town as core
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.organizations import queries
from liangxin.web.ui.language import current
from liangxin.web.units.live import live
from liangxin.web.units.models import Change, Unit
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree

SHORTEST: Final = 3  # characters of a firm's bare name: shorter ones are words that any name may hold
A_UNIT: Final = Text("某单位", "a unit")


class Marks:
    """Words to be found in a text: the longest at each place. As many as a town has firms, so by length and lookup."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self.lengths = sorted({len(word) for word in self.words}, reverse=True)

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """The text in pieces, each with whether it is one of the words."""
        start = at = 0
        while at < len(text):
            length = next((n for n in self.lengths if text[at : at + n] in self.words), 0)
            if length:
                yield text[start:at], False
                yield text[at : at + length], True
                start = at = at + length
            else:
                at += 1
        yield text[start:], False

    def within(self, text: str) -> bool:
        return any(found for _, found in self.parts(text))

    def told(self, text: str) -> str:
        """The text with a sign in the place of each of the words."""
        return "".join("…" if found else part for part, found in self.parts(text))


@dataclass(frozen=True, slots=True)
class Hidden:
    """``names``: of organizations called after a firm -> what is shown. ``marks``: all of them, and of units. ``firms``:
    names of units, of today and earlier, whole and bare."""

    names: Mapping[str, Text]
    marks: Marks
    firms: Marks

    def told(self, words: str, lang: Lang) -> str:
        return "".join(
            self.names.get(part, A_UNIT).in_language(lang) if found else part
            for part, found in self.marks.parts(words)
        )


def only_counts(permit: Permit) -> bool:
    """Whether the person may read no unit of the town."""
    return not permit.may(Action.READ_UNITS)


def told_tree(permit: Permit, tree: DayTree) -> DayTree:
    """The tree of a day with the names that the person may read."""
    if not only_counts(permit):
        return tree
    hidden, lang = _hidden(permit.town), current()
    key = ("told tree", id(tree), lang, permit.town.version)

    def made() -> tuple[DayTree, DayTree]:
        found = {
            id: replace(each, standing=replace(each.standing, name=hidden.names[each.name].in_language(lang)))
            if each.name in hidden.names
            else each
            for id, each in tree.organizations.items()
        }
        return tree, replace(tree, organizations=found)

    return live(permit.town).once(key, made)[1]


def told_words(permit: Permit, words: str) -> str:
    """Words in which organizations or units may be named, as the person may read them."""
    if not words or not only_counts(permit):
        return words
    return _hidden(permit.town).told(words, current())


def told_text(permit: Permit, text: Text) -> Text:
    if not only_counts(permit):
        return text
    hidden = _hidden(permit.town)
    return Text(hidden.told(text.zh, "zh"), hidden.told(text.en, "en"))


def told_town(permit: Permit, town: core.Town) -> core.Town:
    """The town file as the person may read it."""
    if not only_counts(permit):
        return town
    return replace(town, organizations=tuple(_told_record(permit, each) for each in town.organizations))


def refuse_named_ids(town: Town, given: core.Town) -> None:
    """New organizations whose id holds a firm's name: a number is read by people who may read no firm's name.

    Raises InputError with each of them."""
    known = {each.id for each in town.as_core().organizations}
    firms = _hidden(town).firms
    findings = [
        Finding(
            "organization-id",
            Text(
                "党组织的编号里不要写单位名称：只能看数字的人也看得到编号",
                "The id of an organization must not hold a unit's name: ids are read by people who may only see counts",
            ),
            found=each.id[:60],
            accepted=Text("字母和数字，如 O-12", "letters and digits, such as O-12"),
        )
        for each in given.organizations
        if each.id not in known and firms.within(each.id)
    ]
    if findings:
        raise InputError(findings)


def kept_names(permit: Permit, given: core.Town, stored: core.Town) -> core.Town:
    """A town file that the person sent back: what they were shown in place of a name is the name that it stands for."""
    if not only_counts(permit):
        return given
    known = {each.id: (each, _told_record(permit, each)) for each in stored.organizations}

    def kept(record: core.OrganizationRecord) -> core.OrganizationRecord:
        if record.id not in known:
            return record
        real, shown = known[record.id]
        return replace(
            record,
            name=real.name if record.name == shown.name else record.name,
            host=real.host if record.host == shown.host else record.host,
        )

    return replace(given, organizations=tuple(kept(each) for each in given.organizations))


def _told_record(permit: Permit, record: core.OrganizationRecord) -> core.OrganizationRecord:
    """In Chinese whatever the page's language: what is sent back is compared with it."""
    hidden = _hidden(permit.town)
    host = hidden.told(record.host, "zh") if record.host else record.host
    return replace(record, name=hidden.told(record.name, "zh"), host=host)


def _hidden(town: Town) -> Hidden:
    key = ("names of firms", town.version, queries.last_number(town))
    return live(town).once(key, lambda: _find(town))


def _find(town: Town) -> Hidden:
    """Organizations called after a firm: branches of one unit alone, and whatever holds a firm's name, whole or bare."""
    import polars as pl

    from liangxin.registry.duplicates import plain_name
    from liangxin.structure import ORGANIZATION_TYPES

    known = town.as_core()
    public = {known.name, *(each.name for each in known.areas), *(each.name for each in known.associations)}
    called_now = Unit.objects.filter(town=town).values_list("name", flat=True).distinct()
    called_once = Change.objects.filter(town=town, before__has_key="name").values_list(
        "before__name", flat=True
    )
    firms = [
        name
        for name in dict.fromkeys([*called_now, *called_once])
        if isinstance(name, str) and name not in public and len(name) > SHORTEST
    ]
    places = [known.name, known.name.removesuffix("镇").removesuffix("街道").removesuffix("乡")]
    bare = pl.DataFrame({"name": firms}, schema={"name": pl.String}).select(
        plain_name(pl.col("name"), places)
    )
    marks = {each for each in bare["name"].to_list() if len(each) >= SHORTEST and each not in public} | set(
        firms
    )
    any_firm = Marks(marks)
    names: dict[str, Text] = {}
    standing = queries.tree_of(town).standing
    called = [
        (id, span.value.name, span.value.type, span.value.form)
        for id, spans in standing.items()
        for span in spans
    ]
    called += [(each.id, each.name, each.type, each.form) for each in known.organizations]
    for id, name, type, form in called:
        if form == "separate" or any_firm.within(name):
            kind = (
                ORGANIZATION_TYPES[type].label
                if type in ORGANIZATION_TYPES
                else Text("党组织", "organization")
            )
            number = any_firm.told(id)
            names[name] = Text(f"{kind.zh}（{number}）", f"{kind.en} ({number})")
    return Hidden(names, Marks([*names, *firms]), any_firm)
