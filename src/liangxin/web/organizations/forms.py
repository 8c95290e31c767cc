"""The small forms of what can happen to an organization, and what was typed in them as an operation of the core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from django.http import QueryDict

from liangxin.findings import Finding, InputError, Place
from liangxin.registry.access import Action
from liangxin.registry.fields import FORMS
from liangxin.web.accounts.permission import Permit
from liangxin.web.units.live import Live
from liangxin.web.units.queries import readable
from liangxin.wording import Text

if TYPE_CHECKING:
    from liangxin.structure import Basis, DayTree, Operation

MAX_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can be done: its name, what it means, the fields its form asks for besides day and basis."""

    id: str
    title: Text
    means: Text
    fields: tuple[str, ...]
    of_one: bool = True  # begins at one organization
    clause: str = ""


def _kinds(*kinds: Kind) -> Mapping[str, Kind]:
    return MappingProxyType({kind.id: kind for kind in kinds})


KINDS: Final = _kinds(
    Kind("found", Text("成立", "Found"), Text("设立一个新的党组织，并写明管哪些单位。", "Set up a new organization with the units it gathers."),
         ("name", "type", "form", "parent", "host", "area", "units"), of_one=False, clause="4.3"),
    Kind("attach", Text("挂靠单位", "Attach units"), Text("单位编入这个党组织，原来在别处的从那里转出。", "Units come under this organization and leave the one they were in."),
         ("units",), clause="2.7"),
    Kind("release", Text("单位脱离", "Release units"), Text("单位离开这个党组织，暂不编入别处。", "Units leave this organization and join none."), ("members",)),
    Kind("split_off", Text("剥离", "Split off"), Text("联合支部里条件成熟的单位单独成立党组织。", "Units of a joint organization that now qualify get one of their own."),
         ("members", "name", "type", "form", "parent"), clause="2.1"),
    Kind("upgrade", Text("升格", "Upgrade"), Text("党组织升为更高一级，例如支部升为总支。", "The organization takes a higher type."), ("type", "new_name")),
    Kind("adjust", Text("调整设置", "Adjust"), Text("改名称、组建形式、牵头单位或区域；空着的不改。", "Change name, form, lead unit or area; what is empty stays."),
         ("new_name", "form", "host", "area")),
    Kind("transfer", Text("调整隶属", "Transfer"), Text("改由另一个党组织领导（块），或改变条线联系（条）。", "Another superior (territory), or another line relation."),
         ("axis", "parent"), clause="3.0"),
    Kind("merge", Text("合并", "Merge"), Text("把选中的党组织并入这个党组织，单位和下级一起转来。", "The chosen organizations end; their units and what is under them come here."), ("others",)),
    Kind("dissolve", Text("撤销", "Dissolve"), Text("党组织撤销；还有单位或下级的，要写明归到哪里。", "The organization ends; say where its units and what is under it go."), ("heir",)),
    Kind("annul", Text("撤回", "Annul"), Text("把这一笔办过的恢复原状；以前的日子照旧可查。", "Put back what this entry did; the days between keep their history."), ("entry",), of_one=False),
)  # fmt: skip

LABELS: Final = MappingProxyType(
    {
        "name": Text("名称", "Name"),
        "new_name": Text("新名称", "New name"),
        "type": Text("类型", "Type"),
        "form": Text("组建形式", "Form"),
        "parent": Text("上级党组织", "Superior"),
        "host": Text("牵头单位", "Lead unit"),
        "area": Text("区域", "Area"),
        "units": Text("单位", "Units"),
        "members": Text("单位", "Units"),
        "axis": Text("哪一种关系", "Which relation"),
        "others": Text("并入的党组织", "Organizations that end"),
        "heir": Text("归到", "Goes to"),
        "entry": Text("第几笔", "Entry"),
        "on": Text("日期", "Day"),
        "clause": Text("依据条款", "Clause"),
        "document": Text("批复文号", "Document"),
        "reason": Text("事由", "Reason"),
    }
)
HELP: Final = MappingProxyType(
    {
        "units": Text(
            "每行一家：编号、统一社会信用代码或全称", "One a line: unit id, credit code or whole name"
        ),
        "host": Text("编号、代码或全称；没有可空着", "Unit id, code or whole name; may be empty"),
        "on": Text("从这一天起生效，不晚于今天", "In force from this day, not later than today"),
        "document": Text("例如 长委〔2011〕44号", "for example 长委〔2011〕44号"),
        "new_name": Text("不改名就空着", "Empty: the name stays"),
        "heir": Text(
            "已经没有单位和下级的可以不选", "May be empty when it holds no unit and leads no organization"
        ),
    }
)
CLAUSES: Final = (
    "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "3.0", "3.1", "3.2", "3.3a", "3.3b", "3.3c", "3.3d", "3.4", "4.3",
)  # fmt: skip
AXES: Final = MappingProxyType(
    {"territory": Text("块：隶属关系", "territory: who leads it"), "line": Text("条：条线联系", "line: contact along the trade")}
)  # fmt: skip


class Reader:
    """Reads one form. Collects every finding; ``operation`` raises them all at once.

    ``action``: what the person wants to do with the units named: organize them, or only propose it.
    """

    def __init__(
        self,
        permit: Permit,
        shown: Live,
        now: DayTree,
        today: date,
        given: QueryDict,
        action: Action = Action.ORGANIZE,
    ) -> None:
        self.action = action
        self.permit = permit
        self.shown = shown
        self.now = now
        self.today = today
        self.given = given
        self.findings: list[Finding] = []

    def operation(self, kind: Kind, organization: str, new_id: str) -> Operation:
        from liangxin.structure import (
            Adjust,
            Annul,
            Attach,
            Dissolve,
            Found,
            Merge,
            Release,
            SplitOff,
            Transfer,
            Upgrade,
        )  # fmt: skip

        on, basis = self._day(), self._basis()
        made: Operation | None = None
        match kind.id:
            case "found":
                units = self._units("units")
                name, type, parent = (
                    self._required("name"),
                    self._type(),
                    self._organization("parent", needed=True),
                )
                host, area, form = self._host(), self._area(), self._form(needed=bool(units))
                made = Found(on=on, id=new_id, name=name, type=type, parent=parent, units=units, form=form,
                             host=host or (units[0] if units and area is None else None), area=area, basis=basis)  # fmt: skip
            case "attach":
                made = Attach(on=on, units=self._units("units", needed=True), to=organization, basis=basis)
            case "release":
                made = Release(on=on, units=self._members(organization), basis=basis)
            case "split_off":
                units, name, type = self._members(organization), self._required("name"), self._type()
                form, parent = self._form(needed=True), self._organization("parent")
                made = SplitOff(on=on, units=units, id=new_id, name=name, type=type, form=form, parent=parent,
                                host=units[0] if units else None, basis=basis)  # fmt: skip
            case "upgrade":
                made = Upgrade(on=on, organization=organization, type=self._type(), name=self._words("new_name") or None, basis=basis)  # fmt: skip
            case "adjust":
                made = Adjust(on=on, organization=organization, name=self._words("new_name") or None,
                              form=self._form(), host=self._host(), area=self._area(), basis=basis)  # fmt: skip
                if not (made.name or made.form or made.host or made.area):
                    self._wrong("new_name", Text("没有写要改什么", "Nothing to change was given"))
            case "transfer":
                axis = self.given.get("axis", "territory")
                if axis not in AXES:
                    self._wrong("axis", Text("没有这种关系", "There is no such relation"), axis)
                made = Transfer(on=on, organization=organization, parent=self._organization("parent", needed=axis != "line"),
                                axis="line" if axis == "line" else "territory", basis=basis)  # fmt: skip
            case "merge":
                others = tuple(dict.fromkeys(self.given.getlist("others")))
                if not others:
                    self._wrong("others", Text("请选择要并入的党组织", "Choose the organizations that end"))
                made = Merge(on=on, organizations=others, into=organization, basis=basis)
            case "dissolve":
                made = Dissolve(
                    on=on, organization=organization, heir=self._organization("heir"), basis=basis
                )
            case "annul":
                number = self.given.get("entry", "")
                if not (number.isascii() and number.isdigit() and len(number) < 10):
                    self._wrong("entry", Text("要写第几笔的数字", "The entry's number is needed"), number)
                    number = "0"
                made = Annul(on=on, entry=int(number), basis=basis)
        if self.findings or made is None:
            raise InputError(self.findings)
        return made

    def _wrong(self, name: str, message: Text, found: str = "", accepted: Text | None = None) -> None:
        label = LABELS[name]
        self.findings.append(Finding(f"organization-{name}", message, Place(field=label), found, accepted, column_of=name))  # fmt: skip

    def _words(self, name: str) -> str:
        words = " ".join(self.given.get(name, "").split())
        if len(words) > MAX_WORDS:
            self._wrong(name, Text(f"最多{MAX_WORDS}个字", f"At most {MAX_WORDS} characters"))
        return words[:MAX_WORDS]

    def _required(self, name: str) -> str:
        words = self._words(name)
        if not words:
            self._wrong(name, Text("不能空着", "This cannot be empty"))
        return words

    def _day(self) -> date:
        words = self.given.get("on", "").strip()
        try:
            day = date.fromisoformat(words)
        except ValueError:
            self._wrong(
                "on",
                Text("不是日期", "This is not a day"),
                words,
                Text("例如 2011-08-15", "for example 2011-08-15"),
            )
            return self.today
        if day > self.today:
            self._wrong("on", Text("不能晚于今天：到那天再办", "Not later than today: enter it on that day"), words,
                        Text(f"到 {self.today} 为止", f"up to {self.today}"))  # fmt: skip
        return day

    def _basis(self) -> Basis:
        from liangxin.structure import Basis

        clause = self.given.get("clause", "")
        if clause and clause not in CLAUSES:
            self._wrong("clause", Text("没有这一条", "There is no such clause"), clause)
        reason = self._words("reason")
        return Basis(clause, self._words("document"), Text(reason, reason) if reason else None)

    def _type(self) -> str:
        from liangxin.structure import ORGANIZATION_TYPES

        given = self.given.get("type", "")
        if given not in ORGANIZATION_TYPES:
            self._wrong("type", Text("请选择类型", "Choose a type"), given)
        return given

    def _form(self, *, needed: bool = False) -> str | None:
        given = self.given.get("form", "")
        if given and (given not in FORMS or given == "none"):
            self._wrong("form", Text("没有这种组建形式", "There is no such form"), given)
        elif needed and not given:
            self._wrong("form", Text("管单位的党组织要写明组建形式，指标按它计算", "An organization with units needs its form; rates follow it"))  # fmt: skip
        return given or None

    def _organization(self, name: str, *, needed: bool = False) -> str | None:
        given = self.given.get(name, "")
        if needed and not given:
            self._wrong(name, Text("请选择党组织", "Choose an organization"))
        elif given and given not in self.now.organizations:
            self._wrong(name, Text("今天没有这个党组织", "No such organization stands today"), given)
        return given or None

    def _area(self) -> str | None:
        given = self.given.get("area", "")
        if given and all(area.id != given for area in self.permit.town.as_core().areas):
            self._wrong("area", Text("没有这个区域", "There is no such area"), given)
        return given or None

    def _host(self) -> str | None:
        found = self._found("host", [self.given.get("host", "").strip()])
        return found[0] if found else None

    def _members(self, organization: str) -> tuple[str, ...]:
        """Units ticked among those of the organization."""
        stands = self.now.organizations.get(organization)
        held = set(stands.units) if stands is not None else set()
        chosen = tuple(dict.fromkeys(self.given.getlist("members")))
        outside = [each for each in chosen if each not in held]
        if outside:
            self._wrong("members", Text("这些单位现在不在这个党组织内", "These units are not in this organization now"), "、".join(outside[:20]))  # fmt: skip
        if not chosen:
            self._wrong("members", Text("请至少选一家单位", "Choose at least one unit"))
        return chosen

    def _units(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        lines = [line.strip() for line in self.given.get(name, "").splitlines() if line.strip()]
        found = self._found(name, lines)
        if needed and not lines:
            self._wrong(name, Text("请写出单位", "Name the units"))
        return found

    def _found(self, name: str, lines: list[str]) -> tuple[str, ...]:
        """Unit ids of what was typed: an id, a credit code or a whole name that exactly one unit has."""
        import polars as pl

        asked = [line for line in lines if line]
        if not asked:
            return ()
        frame = readable(self.permit, self.shown, self.action)
        keys = ("unit_id", "uscc", "name")
        hits = frame.filter(pl.any_horizontal([pl.col(key).is_in(asked) for key in keys])).select(keys)
        by_words: dict[str, list[str]] = {}
        for row in hits.iter_rows():
            for words in dict.fromkeys(row):
                if words is not None:
                    by_words.setdefault(words, []).append(row[0])
        result: list[str] = []
        for words in asked:
            ids = [words] if words in (ids := by_words.get(words, [])) else ids
            if len(ids) == 1:
                result.append(ids[0])
            elif ids:
                self._wrong(name, Text("几家单位同名，请写编号", "Several units have this name; give the id"), words, Text("、".join(ids[:10]), ", ".join(ids[:10])))  # fmt: skip
            else:
                self._wrong(name, Text("名单里没有这家单位", "No such unit in the list"), words)
        return tuple(dict.fromkeys(result))


def described(operation: Operation, now: DayTree) -> Text:
    """What an operation does, with names: for buttons, titles and history."""
    from liangxin.structure import (
        ORGANIZATION_TYPES,
        Adjust,
        Annul,
        Attach,
        Dissolve,
        Merge,
        Transfer,
        Upgrade,
    )

    def name(id: str | None) -> str:
        stands = now.organizations.get(id or "")
        return stands.name if stands is not None else (id or "—")

    match operation:
        case Attach():
            words = Text("{count}家单位编入{to}", "attach {count} units to {to}")
            return words.fill(count=len(operation.units), to=name(operation.to))
        case Upgrade():
            words = Text("{name}升格为{type}", "upgrade {name} to {type}")
            return words.fill(
                name=name(operation.organization), type=ORGANIZATION_TYPES[operation.type].label
            )
        case Adjust():
            return Text("调整{name}的设置", "adjust {name}").fill(name=name(operation.organization))
        case Merge():
            words = Text("{others}并入{into}", "merge {others} into {into}")
            return words.fill(others="、".join(map(name, operation.organizations)), into=name(operation.into))
        case Dissolve():
            return Text("撤销{name}", "dissolve {name}").fill(name=name(operation.organization))
        case Transfer():
            words = Text("{name}改由{parent}领导", "put {name} under {parent}")
            if operation.axis == "line":
                words = Text("{name}的条线改为{parent}", "line of {name}: {parent}")
            return words.fill(name=name(operation.organization), parent=name(operation.parent))
        case Annul():
            return Text("撤回第{n}笔", "annul entry {n}").fill(n=operation.entry)
        case _:
            return operation.label()


def choices(permit: Permit, now: DayTree, kind: Kind, organization: str) -> dict[str, list[tuple[str, Any]]]:
    """What the selects of a form offer."""
    from liangxin.structure import ORGANIZATION_TYPES

    standing = now.organizations.get(organization)
    others = [(each.id, each.name) for _, each in now.walk() if each.id != organization]
    leading = [
        (each.id, each.name)
        for _, each in now.walk()
        if each.kind.leads and (each.id != organization or kind.id == "found")
    ]
    rank = standing.kind.rank if standing is not None and kind.id == "upgrade" else -1
    return {
        "type": [(each.id, each.label) for each in ORGANIZATION_TYPES.values() if each.rank > rank],
        "form": [(id, words) for id, words in FORMS.items() if id != "none"],
        "parent": leading,
        "heir": others,
        "others": others,
        "area": [(area.id, area.name) for area in permit.town.as_core().areas],
        "axis": list(AXES.items()),
        "clause": [(id, id) for id in CLAUSES],
    }
