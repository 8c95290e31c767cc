"""Where a town stands with the end of its drive, and what a purge would take."""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Final

from liangxin.registry import town as core
from liangxin.web.areas.models import Town
from liangxin.web.closing.models import Closing
from liangxin.web.holders.models import Holder
from liangxin.web.imports.models import Import
from liangxin.web.policies.queries import today
from liangxin.wording import Text

SOON: Final = 30  # days before the end of the term from which the page warns


@dataclass(frozen=True, slots=True)
class Personal:
    """One class of personal data: how much there is, and a digest that shows which it was without saying it."""

    id: str
    label: Text
    count: int
    sha256: str


def closing(town: Town) -> Closing:
    """The town's row; one that is not saved yet where nothing was done."""
    return Closing.objects.filter(town=town).select_related("asked_by", "confirmed_by").first() or Closing(
        town=town
    )


def purged(town: Town) -> bool:
    return Closing.objects.filter(town=town, purged_at__isnull=False).exists()


@dataclass(frozen=True, slots=True)
class Clock:
    """The day by which personal data must be gone. ``left``: days until then, negative when it is past."""

    due: date
    left: int

    @property
    def late(self) -> bool:
        return self.left < 0

    @property
    def days_over(self) -> int:
        return -self.left

    @property
    def soon(self) -> bool:
        return 0 <= self.left <= SOON


def clock(row: Closing) -> Clock | None:
    """None while the drive runs, and after the purge."""
    if row.ended_on is None or row.purged_at is not None:
        return None
    month = row.ended_on.month - 1 + row.months
    year, month = row.ended_on.year + month // 12, month % 12 + 1
    due = date(year, month, min(row.ended_on.day, calendar.monthrange(year, month)[1]))
    return Clock(due, (due - today(row.town)).days)


def personal(town: Town) -> list[Personal]:
    """Every class of personal data that the town holds; empty classes too, so that the preview says 0."""
    sealed = sealed_values(town)
    files = list(Import.objects.filter(town=town).exclude(file="").order_by("pk"))
    names = group_names(town.as_core())
    return [
        Personal("holders", Text("职务人员（姓名、电话）", "office holders (name, telephone)"), len(sealed) // 2, _digest(sealed)),
        Personal(
            "imports", Text("上传的原始名单文件", "uploaded lists as they came"), len(files),
            _digest([str(each.file).encode() for each in files]),
        ),
        Personal(
            "groups", Text("推进组人员姓名", "names of task group members"), len(names),
            _digest([name.encode() for name in names]),
        ),
    ]  # fmt: skip


def sealed_values(town: Town) -> list[bytes]:
    rows = Holder.objects.filter(town=town).order_by("pk").values_list("name", "telephone")
    return [bytes(value) for row in rows for value in row]


def group_names(town: core.Town) -> list[str]:
    return [name for group in town.task_groups for name in (group.head, *group.members) if name]


def without_names(town: core.Town) -> core.Town:
    """The town with its task groups as they are, but nobody named."""
    return replace(town, task_groups=tuple(replace(group, head="", members=()) for group in town.task_groups))


def _digest(values: list[bytes]) -> str:
    made = sha256()
    for value in values:
        made.update(len(value).to_bytes(4, "big") + value)
    return made.hexdigest()
