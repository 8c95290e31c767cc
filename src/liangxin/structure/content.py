"""What the network chart says: each organization with its figures, gathered into panels, in the order of the town file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from liangxin.registry.fields import FORMS
from liangxin.registry.town import Town
from liangxin.structure.organization import ORGANIZATION_TYPES
from liangxin.structure.tree import DayOrganization, DayTree
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    import polars as pl


_TITLE: Final = Text(
    "{town}非公有制企业党组织分布网络图", "Network of Party organizations in private enterprises, {town}"
)
NEW: Final = Text("新建", "new")
CONTINUED: Final = Text("{name}（续）", "{name} (continued)")
_DIRECT: Final = Text("{name}直属", "Directly under {name}")
_ELSEWHERE: Final = Text("其他", "elsewhere")
_ORGANIZATIONS: Final = Text("党组织{count}个", "organizations {count}")
_UNITS: Final = Text("单位{count}家", "units {count}")
_OWN_UNITS: Final = Text("{count}家", "units {count}")
_FULL: Final = Text("正式党员{count}名", "full members {count}")
_UNKNOWN: Final = Text("（另{count}家待核）", " (units not yet known: {count})")
_NOT_KNOWN: Final = Text("正式党员待核", "full members not yet known")
_GRADUATES: Final = Text("大学生流动党员{count}名", "graduate mobile members {count}")


@dataclass(frozen=True, slots=True)
class Count:
    """Units, their full members as far as known, and how many units' members are still 待核."""

    units: int = 0
    full_members: int = 0
    unknown: int = 0
    graduates: int = 0
    organizations: int = 0  # under it, itself not counted

    def __add__(self, other: Count) -> Count:
        return Count(
            self.units + other.units,
            self.full_members + other.full_members,
            self.unknown + other.unknown,
            self.graduates + other.graduates,
            self.organizations + other.organizations,
        )


@dataclass(slots=True)
class Node:
    """A box to be: an organization with what is written in it. ``caption``: the place over a run of siblings."""

    organization: DayOrganization
    note: tuple[str, ...]
    is_new: bool
    line: str | None
    own: Count
    total: Count
    children: list[Node] = field(default_factory=list)
    caption: str = ""
    tag: str = ""  # "new" in the chart's language
    again: str = ""  # its name where it goes on in another column
    heights: dict[object, float] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def with_itself(self) -> Count:
        """Its total, itself counted where it is a Party organization."""
        itself = self.organization.standing.type != "leading_group"
        return self.total + Count(organizations=int(itself))

    @property
    def carries(self) -> bool:
        """A village's or park area's organization, a market's, an area's: others attach through it."""
        standing = self.organization.standing
        return standing.host is None and standing.form is None and not self.organization.graduates

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True)
class Panel:
    """One block 块 of the chart: a head and what stands under it. ``head`` None: directly under the working committee
    or the town committee, named by ``name``."""

    name: str
    head: Node | None
    nodes: list[Node]

    def walk(self) -> Iterator[Node]:
        if self.head is not None:
            yield self.head
        for node in self.nodes:
            yield from node.walk()

    def total(self) -> Count:
        if self.head is not None:
            return self.head.total
        return sum((node.with_itself for node in self.nodes), Count())


@dataclass(slots=True)
class Content:
    """The whole chart before it is laid out. ``beside``: leading groups, beside the working committee."""

    title: str
    drawn_by: str
    drawn_on: date
    lang: Lang
    root: Node
    working: Node | None
    beside: list[Node]
    panels: list[Panel]

    def lines(self) -> list[tuple[int, int, int]]:
        """Line relations 条 between panels: (panel, panel of its line parent, how many), of different panels only."""
        panel_of = {
            node.organization.id: index for index, panel in enumerate(self.panels) for node in panel.walk()
        }
        counted: dict[tuple[int, int], int] = {}
        for index, panel in enumerate(self.panels):
            for node in panel.walk():
                above = panel_of.get(node.organization.line or "")
                if above is not None and above != index:
                    counted[index, above] = counted.get((index, above), 0) + 1
        return [(a, b, many) for (a, b), many in sorted(counted.items())]


def count_members(today: DayTree, units: pl.DataFrame) -> dict[str, Count]:
    """Own figures of every organization, by the ledger: full members of its units, graduates that it manages.

    In a classified frame only units in scope count, as in the plan and its lists.
    """
    in_scope = units.filter(units["in_scope"]) if "in_scope" in units.columns else units
    full = dict(zip(in_scope["unit_id"].to_list(), in_scope["full_members"].to_list(), strict=True))
    graduates = dict(zip(units["unit_id"].to_list(), units["graduate_mobile_members"].to_list(), strict=True))
    counts: dict[str, Count] = {}
    for each in today.organizations.values():
        known = [full[unit] for unit in each.units if unit in full]
        counts[each.id] = Count(
            len(known),
            sum(count for count in known if count is not None),
            sum(count is None for count in known),
            sum(graduates.get(unit) or 0 for unit in each.graduates),
        )
    return counts


def gather(
    today: DayTree,
    town: Town,
    counts: Mapping[str, Count],
    *,
    new_since: date | None = None,
    drawn_by: str = "",
    lang: Lang = "zh",
) -> Content:
    """The chart's content on one day. ``new_since``: only organizations founded from this day on are
    marked 新建 (those that were merely recorded never are); None: all that were founded."""
    root = today.root
    if root is None:
        raise ValueError(f"the tree is empty on {today.day}")
    order = {area.id: position for position, area in enumerate(town.areas)}
    names = {area.id: area.name for area in town.areas}
    venues = {area.id for area in town.areas if area.kind in ("market", "building", "street")}

    def shown(id: str) -> bool:
        """Not an organization of state or collective units only: they are outside the notice's scope."""
        each = today.organizations[id]
        return not each.units or counts.get(id, Count()).units > 0 or id in today.children

    def node(id: str) -> Node:
        each = today.organizations[id]
        children = [node(child) for child in today.children.get(id, ()) if shown(child)]
        children.sort(key=lambda child: _position(child, order))
        own = counts.get(id, Count())
        total = sum((child.with_itself for child in children), own)
        is_party = each.standing.type != "leading_group"  # 5.1: a body of the drive, not a Party organization
        in_time = new_since is None or (each.since is not None and each.since >= new_since)
        is_new = is_party and each.founded and in_time
        line = today.organizations[each.line].name if each.line is not None else None
        tag = NEW.in_language(lang) if is_new else ""
        again = CONTINUED.fill(name=each.name).in_language(lang)
        note = _note(each, own, total, bool(children), lang)
        return Node(each, note, is_new, line, own, total, children, tag=tag, again=again)

    whole = node(root.id)
    working = next((each for each in whole.children if _type(each) == "working_committee"), None)
    beside = [each for each in whole.children if _type(each) == "leading_group"]
    panels: list[Panel] = []
    for above in [working, whole] if working is not None else [whole]:
        direct: list[Node] = []
        for child in above.children:
            if child is working or child in beside:
                continue
            if child.children or child.organization.kind.rank >= ORGANIZATION_TYPES["general_branch"].rank:
                _caption(child, names, venues, _ELSEWHERE.in_language(lang))
                panels.append(Panel(child.organization.name, child, child.children))
            else:
                direct.append(child)
        if direct:
            name = _DIRECT.fill(name=above.organization.name).in_language(lang)
            panels.append(Panel(name, None, direct))
    title = _TITLE.fill(town=town.name).in_language(lang)
    return Content(title, drawn_by, today.day, lang, whole, working, beside, panels)


def _type(node: Node) -> str:
    return node.organization.standing.type


def _position(node: Node, order: Mapping[str, int]) -> tuple[int, int, int]:
    """Area organizations first, in the town file's order; then the others by area, then by rank, stable."""
    standing = node.organization.standing
    return (0 if node.carries else 1, order.get(standing.area or "", len(order)), -standing.kind.rank)


def _caption(head: Node, names: Mapping[str, str], venues: set[str], elsewhere: str) -> None:
    """Name the market or building over its organizations (3.4); under an organization of no area, the work area (3.3c)."""
    anywhere = head.organization.standing.area is None
    for child in head.children:
        area = child.organization.standing.area or ""
        if not child.carries and (anywhere or area in venues):
            child.caption = names.get(area, elsewhere)


def _note(each: DayOrganization, own: Count, total: Count, leads: bool, lang: Lang) -> tuple[str, ...]:
    """The figures in the box, item by item: 园区联建, 5家, 正式党员4名."""
    if each.standing.type == "leading_group":
        return ()
    parts: list[Text] = []
    if leads:
        parts = [_ORGANIZATIONS.fill(count=total.organizations), _UNITS.fill(count=total.units)]
        count = total
    else:
        form = FORMS.get(each.standing.form or "")
        parts = [form] if form is not None else []
        if own.units > 1 or (own.units and form is None):
            parts.append(_OWN_UNITS.fill(count=own.units))
        count = own
    said = [part.in_language(lang) for part in parts]
    if count.units:
        if count.unknown == count.units:
            said.append(_NOT_KNOWN.in_language(lang))
        else:
            unknown = _UNKNOWN.fill(count=count.unknown).in_language(lang) if count.unknown else ""
            said.append(_FULL.fill(count=count.full_members).in_language(lang) + unknown)
    if count.graduates:
        said.append(_GRADUATES.fill(count=count.graduates).in_language(lang))
    return tuple(said)
