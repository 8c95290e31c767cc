"""Words that documents share: days, counts, lists of units, and what an operation does, in the office's own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from liangxin.policy.names import ORGANIZATION_TYPES
from liangxin.procedure.matter import RosterLine
from liangxin.registry.fields import FORMS
from liangxin.structure import (
    Adjust,
    Attach,
    DayTree,
    Dissolve,
    Found,
    Merge,
    Operation,
    Release,
    SplitOff,
    Transfer,
    Upgrade,
)
from liangxin.wording import Text, join

TO_VERIFY: Final = Text("待核", "to verify")
NAMED_UNITS: Final = 5
"""So many units are named in a sentence; more are counted there and named in the annexed roster."""

_DIGITS: Final = "〇一二三四五六七八九"


def same(words: str | int) -> Text:
    """A name or a number: one for both languages."""
    return Text(str(words), str(words))


def day_words(day: date) -> Text:
    """2011年8月15日, without leading zeros."""
    return Text(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def ordinal(number: int) -> str:
    """一, 十二, 二十三 for 1 to 99.

    >>> ordinal(23)
    '二十三'
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + ("" if ones == 0 else _DIGITS[ones])


def day_in_numerals(day: date) -> str:
    """二〇一一年八月九日, as documents before 2012 are dated.

    >>> day_in_numerals(date(2011, 8, 30))
    '二〇一一年八月三十日'
    """
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{ordinal(day.month)}月{ordinal(day.day)}日"


def counted(count: int | None) -> Text:
    return TO_VERIFY if count is None else same(count)


def numbered(level: int, number: int, words: Text) -> Text:
    """The words under a heading's number: 一、 （一） 1.; English counts 1, (1), 1."""
    mark = {1: f"{ordinal(number)}、", 2: f"（{ordinal(number)}）"}.get(level, f"{number}. ")
    in_english = f"({number}) " if level == 2 else f"{number}. "
    return Text(f"{mark}{words.zh}", f"{in_english}{words.en}")


def sentence(parts: Iterable[Text]) -> Text:
    """Sentences after one another."""
    return join(parts, "", " ")


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id, of the organizations of a day, of units and of areas; an unknown id stands for itself."""

    tree: DayTree
    units: dict[str, str]

    @classmethod
    def of(cls, tree: DayTree, roster: Iterable[RosterLine], places: Mapping[str, str]) -> Names:
        """``places``: units that are not on the roster, and areas; the roster's own names come first."""
        return cls(tree, {**places, **{line.unit: line.name for line in roster}})

    def organization(self, id: str | None) -> Text:
        if id is None:
            root = self.tree.root
            return Text("镇党委", "the town committee") if root is None else same(root.name)
        found = self.tree.organizations.get(id)
        return same(id if found is None else found.name)

    def place(self, id: str) -> Text:
        """A lead unit, or the area of an organization without one."""
        return same(self.units.get(id, id))

    def listed(self, units: Sequence[str]) -> Text:
        """甲、乙、丙等40家单位; all by name where they are few."""
        return listed([self.units.get(id, id) for id in units])

    def of_units(self, units: Sequence[str], *, but: str = "") -> Text | None:
        """The organization that these units are in, other than ``but``."""
        wanted = set(units)
        found = next(
            (
                each
                for each in self.tree.organizations.values()
                if each.id != but and wanted & set(each.units)
            ),
            None,
        )
        return None if found is None else same(found.name)


def listed(names: Sequence[str]) -> Text:
    if len(names) <= NAMED_UNITS:
        return Text("、".join(names), ", ".join(names))
    first = names[:3]
    return Text(
        f"{'、'.join(first)}等{len(names)}家单位",
        f"{', '.join(first)} and {len(names) - len(first)} more units",
    )


def deed(operation: Operation, names: Names) -> Text:
    """What an operation does, as a clause that 拟 or 同意 can stand before."""
    match operation:
        case Found():
            said = [
                Text("成立{name}", "found {name}").fill(name=operation.name),
                Text("类型为{type}", "of the type {type}").fill(type=_type(operation.type)),
                *_form(operation.form),
                *_host(operation.host, operation.units, names),
                Text("隶属{parent}", "under {parent}").fill(parent=names.organization(operation.parent)),
            ]
            return join(said, "，", ", ")
        case SplitOff():
            above = operation.parent
            old = names.of_units(operation.units, but=operation.id)
            said = [
                Text("将{units}从{old}剥离", "split {units} off from {old}").fill(
                    units=names.listed(operation.units), old=old or Text("原党组织", "their organization")
                ),
                Text("成立{name}（{type}）", "found {name} ({type})").fill(
                    name=operation.name, type=_type(operation.type)
                ),
            ]
            if above is not None:
                said.append(Text("隶属{parent}", "under {parent}").fill(parent=names.organization(above)))
            return join(said, "，", ", ")
        case Attach():
            words = (
                Text(
                    "将{units}的大学生流动党员纳入{to}管理",
                    "manage the graduate mobile members of {units} in {to}",
                )
                if operation.graduates
                else Text("将{units}挂靠到{to}", "attach {units} to {to}")
            )
            return words.fill(units=names.listed(operation.units), to=names.organization(operation.to))
        case Release():
            return Text("将{units}从{old}脱离", "release {units} from {old}").fill(
                units=names.listed(operation.units),
                old=names.of_units(operation.units) or Text("原党组织", "their organization"),
            )
        case Upgrade():
            words = Text("将{name}升格为{type}", "upgrade {name} to a {type}")
            if operation.name is not None:
                return Text("{words}，名称定为{new}", "{words} named {new}").fill(
                    words=words.fill(
                        name=names.organization(operation.organization), type=_type(operation.type)
                    ),
                    new=operation.name,
                )
            return words.fill(name=names.organization(operation.organization), type=_type(operation.type))
        case Adjust():
            return _adjusted(operation, names)
        case Merge():
            gone = join((names.organization(id) for id in operation.organizations), "、", ", ")
            return Text("将{gone}并入{into}", "merge {gone} into {into}").fill(
                gone=gone, into=names.organization(operation.into)
            )
        case Dissolve():
            words = Text("撤销{name}", "dissolve {name}").fill(
                name=names.organization(operation.organization)
            )
            if operation.heir is None:
                return words
            return Text(
                "{words}，所属单位和党组织转由{heir}管理", "{words}; what it holds goes to {heir}"
            ).fill(words=words, heir=names.organization(operation.heir))
        case Transfer():
            name = names.organization(operation.organization)
            if operation.axis == "line" and operation.parent is None:
                return Text("解除{name}的条线归口关系", "end the line relation of {name}").fill(name=name)
            words = (
                Text("将{name}在条线上归口{parent}", "place {name} on the line of {parent}")
                if operation.axis == "line"
                else Text("将{name}的隶属关系调整到{parent}", "transfer {name} to {parent}")
            )
            return words.fill(name=name, parent=names.organization(operation.parent))
        case _:
            return operation.label()


def _adjusted(operation: Adjust, names: Names) -> Text:
    said: list[Text] = []
    if operation.name is not None:
        said.append(Text("名称调整为{new}", "its name becomes {new}").fill(new=operation.name))
    if operation.type is not None:
        said.append(Text("类型调整为{new}", "its type becomes {new}").fill(new=_type(operation.type)))
    if operation.form is not None:
        said.append(
            Text("组建形式调整为{new}", "its form becomes {new}").fill(new=_form_label(operation.form))
        )
    if operation.host is not None:
        said.append(
            Text("主单位调整为{new}", "its lead unit becomes {new}").fill(new=names.place(operation.host))
        )
    if operation.area is not None:
        said.append(
            Text("所属区域调整为{new}", "its area becomes {new}").fill(new=names.place(operation.area))
        )
    return Text("调整{name}的设置：{what}", "change {name}: {what}").fill(
        name=names.organization(operation.organization), what=join(said, "，", ", ")
    )


def _type(id: str) -> Text:
    return ORGANIZATION_TYPES.get(id, same(id))


def _form_label(id: str) -> Text:
    return FORMS.get(id, same(id))


def _form(form: str | None) -> list[Text]:
    if form is None:
        return []
    return [Text("组建形式为{form}", "in the form {form}").fill(form=_form_label(form))]


def _host(host: str | None, units: Sequence[str], names: Names) -> list[Text]:
    if host is None or len(units) < 2 or host not in units:
        return []
    return [Text("以{host}为主单位", "with {host} as lead unit").fill(host=names.place(host))]
