"""Who writes: the bodies of the town by name, and the marks of a document that follow from the policy's style."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from liangxin.policy.model import DocumentStyle, Policy
from liangxin.procedure.matter import Matter
from liangxin.procedure.paper import PRE_2012, Head, Imprint
from liangxin.procedure.paper_words import same
from liangxin.registry.town import Town
from liangxin.structure import Adjust, Attach, DayTree, Dissolve, Found, Merge, SplitOff, Transfer, Upgrade
from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Office:
    """A town's bodies and its policy of the day. ``group_names``: task group -> name. ``places``: names by id of the
    areas, and of units that a document may name without having them on its roster."""

    town: str
    policy: Policy
    committee: Text
    working_committee: Text
    leading_group: Text
    group_names: dict[str, str]
    places: dict[str, str]

    @property
    def style(self) -> DocumentStyle:
        return self.policy.style

    @property
    def committee_office(self) -> Text:
        return Text("{body}办公室", "Office of {body}").fill(body=self.committee)

    def group(self, id: str) -> Text:
        """A task group by its name; one the town file does not list by its id, no id at all as 推进组."""
        name = self.group_names.get(id, id)
        return same(name) if name else Text("推进组", "the task group")

    def head(self, body: Text, serial: str, signer: str | None = None) -> Head:
        letterhead = Text("{body}文件", "{body}").fill(body=body)
        return Head(letterhead, serial, signer)

    def imprint(self, day: date, subject: str, *copy_to: Text, by: Text | None = None) -> Imprint:
        """``subject``: the kind of document, the last of the subject words (style before 2012). ``by``: who issues it,
        where that is not the town committee, whose office prints its own."""
        words = self.style.subject_words[:-1] if self.style.id == PRE_2012 else ()
        return Imprint(
            by or self.committee_office,
            day,
            copy_to,
            (*words, subject) if words else (),
        )

    def unnumbered(self, day: date) -> str:
        """The place of a number that is not given yet: 长委〔2011〕　　号."""
        serial = re.sub(r"〔\d{4}〕", f"〔{day.year}〕", self.style.serial)
        return re.sub(r"〕\s*\d+\s*号$", "〕\u3000\u3000号", serial)


def no_number(day: date) -> str:
    """The place of the number of a body whose code the town does not keep, to be written by hand."""
    return f"\u3000\u3000〔{day.year}〕\u3000\u3000号"


def office_of(town: Town, policy: Policy, units: Mapping[str, str] | None = None) -> Office:
    """The bodies' names: the town's own, else the policy's with the town's name in it. ``units``: names by id, for units
    that leave or change an organization and are not on the roster."""
    labels = {body.id: body.label for body in policy.bodies}

    def body(id: str) -> Text:
        if town.bodies.get(id):
            return same(town.bodies[id])
        label = labels.get(id, Text("{town}", "{town}"))
        return Text(label.zh.replace("{town}", town.name), label.en.replace("{town}", town.name))

    return Office(
        town.name,
        policy,
        body("committee"),
        body("working_committee"),
        body("leading_group"),
        {group.id: group.name for group in town.task_groups},
        {**{area.id: area.name for area in town.areas}, **(units or {})},
    )


def superior(matter: Matter, tree: DayTree) -> str | None:
    """The organization right above what the matter is about; None: the town committee itself, or not known."""
    for operation in matter.operations:
        match operation:
            case Found(parent=parent) if parent is not None:
                return parent
            case SplitOff(parent=parent, units=units, id=new):
                old = next(
                    (
                        each.id
                        for each in tree.organizations.values()
                        if each.id != new and set(units) & set(each.units)
                    ),
                    None,
                )
                return parent or _above(old, tree)
            case Upgrade(organization=id) | Adjust(organization=id) | Dissolve(organization=id):
                return _above(id, tree)
            case Transfer(organization=id):
                return _above(id, tree)
            case Merge(into=id) | Attach(to=id):
                return _above(id, tree)
    return _above(matter.organization, tree)


def _above(id: str | None, tree: DayTree) -> str | None:
    found = tree.organizations.get(id or "")
    return found.parent if found is not None else None


def sending_body(matter: Matter, tree: DayTree) -> str:
    """``sender`` by its id: an organization's, or ``working_committee``."""
    above = tree.organizations.get(superior(matter, tree) or "")
    return "working_committee" if above is None or above.parent is None else above.id


def sender(matter: Matter, tree: DayTree, office: Office) -> Text:
    """Who asks: the organization right above the one in question; where that is the town committee, which is asked,
    the two-new working committee, which leads the two-new organizations directly (3.0)."""
    body = sending_body(matter, tree)
    return office.working_committee if body == "working_committee" else same(tree.organizations[body].name)
