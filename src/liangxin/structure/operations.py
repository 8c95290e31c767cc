"""What can happen to organizations, as values: found, record, attach, release, split off, upgrade, adjust, merge, dissolve,
transfer, annul. Each has its day (``on``, in force from that day) and its basis: the clause, document or reason behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from liangxin.wording import Text

AxisName = Literal["territory", "line"]


@dataclass(frozen=True, slots=True)
class Basis:
    """Why: clause of the notice, number of the reply (批复文号), or a sentence."""

    clause: str = ""
    document: str = ""
    reason: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """登记: an organization that already stood (``on`` None: since before the records). No minimum is asked of it."""

    on: date | None
    id: str
    name: str
    type: str
    parent: str | None  # None: the town committee itself
    units: tuple[str, ...] = ()
    form: str | None = None
    host: str | None = None
    area: str | None = None
    line: str | None = None
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("登记{name}", "record {name}").fill(name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """成立: a new organization, with the units it gathers and those whose graduate mobile members it manages."""

    on: date
    id: str
    name: str
    type: str
    parent: str | None
    units: tuple[str, ...] = ()
    graduates: tuple[str, ...] = ()
    form: str | None = None
    host: str | None = None
    area: str | None = None
    line: str | None = None
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("成立{name}", "found {name}").fill(name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach:
    """挂靠: units come under an organization, leaving the one they were in."""

    on: date
    units: tuple[str, ...]
    to: str
    graduates: bool = False  # only their graduate mobile members come under it (3.3d)
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("{count}家单位挂靠{to}", "attach {count} units to {to}").fill(
            count=len(self.units), to=self.to
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """脱离: units leave their organization and join none."""

    on: date
    units: tuple[str, ...]
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("{count}家单位脱离", "release {count} units").fill(count=len(self.units))


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitOff:
    """剥离 (2.1): units of a joint organization that now qualify get one of their own; parent as before when not given."""

    on: date
    units: tuple[str, ...]
    id: str
    name: str
    type: str = "branch"
    parent: str | None = None
    form: str | None = "separate"
    host: str | None = None
    area: str | None = None
    line: str | None = None
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("剥离成立{name}", "split off {name}").fill(name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """升格: the organization takes a higher type from this day on."""

    on: date
    organization: str
    type: str
    name: str | None = None
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("升格{id}", "upgrade {id}").fill(id=self.organization)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust:
    """调整设置: name, type (same rank or lower), form, host or area; None leaves it as it is."""

    on: date
    organization: str
    name: str | None = None
    type: str | None = None
    form: str | None = None
    host: str | None = None
    area: str | None = None
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("调整{id}的设置", "adjust {id}").fill(id=self.organization)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """合并: the organizations end; their units and the organizations under them go to ``into``."""

    on: date
    organizations: tuple[str, ...]
    into: str
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("{count}个党组织并入{into}", "merge {count} organizations into {into}").fill(
            count=len(self.organizations), into=self.into
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dissolve:
    """撤销: the organization ends. What it still holds goes to ``heir``; without an heir it must be empty."""

    on: date
    organization: str
    heir: str | None = None
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("撤销{id}", "dissolve {id}").fill(id=self.organization)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """调整隶属: another parent on one axis. On the line axis None ends the relation."""

    on: date
    organization: str
    parent: str | None
    axis: AxisName = "territory"
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("{id}调整隶属", "transfer {id}").fill(id=self.organization)


@dataclass(frozen=True, slots=True, kw_only=True)
class Annul:
    """撤回: what journal entry ``entry`` did is taken back from this day on. The days between keep their history."""

    on: date
    entry: int
    basis: Basis = field(default_factory=Basis)

    def label(self) -> Text:
        return Text("撤回第{entry}笔", "annul entry {entry}").fill(entry=self.entry)


Operation = (
    Record | Found | Attach | Release | SplitOff | Upgrade | Adjust | Merge | Dissolve | Transfer | Annul
)
