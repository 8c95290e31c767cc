"""Names of organizations: a living one keeps its own; a new one is called by the policy's rules (``naming``).

A name says who leads or where, never how many: it stays true when a unit joins or leaves.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from liangxin.policy.names import ORGANIZATION_TYPES
from liangxin.registry.firm_names import short_name

if TYPE_CHECKING:
    from liangxin.policy.model import NamingRules

_DIGITS: Final = "零一二三四五六七八九"
_SERIES: Final = re.compile(
    r"^(?P<stem>.*?)第(?P<number>\d+|[一二三四五六七八九十百]+)(?P<ending>联合党支部|党支部)$"
)
_COMPOSED: Final = re.compile(r"等\d+家(?:企业|单位)联合党支部(?:（\d+）)?$")
"""Names that earlier versions proposed: they carried a count. A plan's own is given anew, a founded one stays."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a new organization can be called after. ``alone_there``: the only joint organization of its place or line."""

    form: str
    type: str
    unit: str = ""
    place: str = ""
    association: str = ""
    alone_there: bool = False


class Naming:
    """Gives names, each once. ``founded``: names of the town's organizations; ``planned``: of an earlier plan, by id."""

    def __init__(
        self,
        rules: NamingRules,
        founded: Mapping[str, str],
        planned: Mapping[str, str],
        places: Iterable[str],
    ) -> None:
        self.rules = rules
        self.places = tuple(places)
        self.living = {id_: name for id_, name in planned.items() if not _COMPOSED.search(name)}
        self.living.update(founded)
        self.taken = set(self.living.values())
        self.last_of_series: Counter[str] = Counter()
        self.counts_in_digits = False
        for name in self.living.values():
            found = _SERIES.match(name)
            if found:
                stem = found["stem"]
                self.last_of_series[stem] = max(self.last_of_series[stem], read_number(found["number"]))
                self.counts_in_digits |= found["number"].isdigit()
        self.counts = bool(self.last_of_series)

    def keep(self, id_: str, old_type: str | None, type_: str) -> str | None:
        """The name of an organization that lives already; an upgraded one changes its ending and nothing else."""
        name = self.living.get(id_)
        if name is None or old_type is None or old_type == type_:
            return name
        old, new = self.ending(old_type), self.ending(type_)
        if type_ not in ("general_branch", "party_committee") or not name.endswith(old):
            return name
        raised = name.removesuffix(old) + new
        self.taken.add(raised)
        return raised

    def give(self, subject: Subject) -> str:
        """The first pattern of the policy that fits, is not too long and is nobody's; else a number makes it so."""
        lead = short_name(subject.unit, self.places)
        for pattern in self.rules.patterns.get(subject.form, ()):
            name = self._fill(pattern, subject, lead)
            if name is not None and len(name) <= self.rules.longest and name not in self.taken:
                self.taken.add(name)
                return name
        return self._numbered(subject, lead)

    def ending(self, type_: str) -> str:
        return self.rules.endings.get(type_) or ORGANIZATION_TYPES[type_].zh

    def _fill(self, pattern: str, subject: Subject, lead: str) -> str | None:
        named = set(re.findall(r"\{(\w+)\}", pattern))
        values = {
            "unit": subject.unit,
            "lead": "" if lead in subject.place or lead in subject.association else lead,
            "place": subject.place,
            "association": subject.association,
            "ending": self.ending(subject.type),
            "number": "",
        }
        if any(not values[name] for name in named & {"unit", "place", "association"}):
            return None
        if "number" in named:
            if not self.counts:
                return None
            stem = pattern.split("第{number}")[0].format(**values)
            self.last_of_series[stem] += 1
            values["number"] = self._number(self.last_of_series[stem])
        elif not named & {"unit", "lead"} and subject.form != "village" and not subject.alone_there:
            return None
        return pattern.format(**values)

    def _numbered(self, subject: Subject, lead: str) -> str:
        """``{place}{lead}第二{ending}``; a stem too long is cut, so that the number stays."""
        ending = self.ending(subject.type)
        stem = lead or subject.place or subject.association or subject.unit
        number = 1
        while True:
            tail = f"{'' if number == 1 else '第' + self._number(number)}{ending}"
            name = stem[: max(1, self.rules.longest - len(tail))] + tail
            if name not in self.taken:
                self.taken.add(name)
                return name
            number += 1

    def _number(self, number: int) -> str:
        return str(number) if self.counts_in_digits else write_number(number)


def write_number(number: int) -> str:
    """In Chinese numerals as offices count, up to 999.

    >>> [write_number(n) for n in (1, 10, 12, 20, 35, 105)]
    ['一', '十', '十二', '二十', '三十五', '一百零五']
    """
    if number >= 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        said += "零"
    return said + (_DIGITS[ones] if ones else "")


def read_number(written: str) -> int:
    """What ``write_number`` and digits say.

    >>> [read_number(text) for text in ("3", "十二", "三十五", "一百零五")]
    [3, 12, 35, 105]
    """
    if written.isdigit():
        return int(written)
    total, digit = 0, 0
    for sign in written:
        if sign == "百":
            total, digit = total + max(digit, 1) * 100, 0
        elif sign == "十":
            total, digit = total + (digit or 1) * 10, 0
        else:
            digit = _DIGITS.index(sign)
    return total + digit
