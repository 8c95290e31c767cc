"""The documents of a case: composed when a step makes them and kept so; docx and PDF are made from that on demand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from liangxin import procedure
from liangxin.policy.model import Policy
from liangxin.procedure import Take
from liangxin.procedure.paper import PaperKind
from liangxin.procedure.paper_making import papers_of, shared_papers
from liangxin.procedure.paper_office import office_of
from liangxin.procedure.paper_written import paper_from_json, paper_to_json
from liangxin.web.accounts.models import User
from liangxin.web.areas.models import Town
from liangxin.web.documents.papers import paper_file
from liangxin.web.procedures import numbers
from liangxin.web.procedures.models import Case, Paper
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from liangxin.structure import DayTree


def shared(
    cores: Sequence[procedure.Case], town: Town, policy: Policy, before: DayTree
) -> tuple[procedure.Paper, ...]:
    """The documents that cases decided together have in common. ``before``: as for ``issue``."""
    return shared_papers(cores, office_of(town.as_core(), policy, _units(cores, town)), before)


def issue(
    stored: Case,
    core: procedure.Case,
    town: Town,
    policy: Policy,
    before: DayTree,
    in_common: Sequence[procedure.Paper] = (),
    *,
    by: User,
) -> list[str]:
    """Keep the documents that the case's newest event makes; gives their kinds. ``before``: the tree of the day before
    the event's effect, in which organizations are called what they are called when the document asks or decides.
    ``in_common``: those of several cases decided together (``shared``). Those of a body with numbers of its own get its next."""
    event = core.history[-1]
    given = event.act.serial.text if isinstance(event.act, Take) and event.act.serial is not None else ""
    office = office_of(town.as_core(), policy, _units([core], town))
    composed = [
        _with_own_number(each, stored, core.day_of(event), by)
        for each in papers_of(core, event, office, before, in_common)
    ]
    Paper.objects.bulk_create(
        Paper(
            case=stored,
            event=event.number,
            kind=each.kind.value,
            serial=each.serial
            if each.by or each.serial == given
            else "",  # one given by hand later is none yet
            day=each.day or core.day_of(event),
            facts=paper_to_json(each),
        )
        for each in composed
    )
    return [each.kind.value for each in composed]


def _with_own_number(paper: procedure.Paper, stored: Case, day: date, by: User) -> procedure.Paper:
    """The request, report or notice with the next number of the body that issues it, where that body keeps numbers."""
    if not paper.by or paper.head is None:
        return paper
    what = f"{paper.kind.label.zh}：{stored.title}"
    serial = numbers.number_of_body(stored, by, paper.by, day, what)
    return paper.numbered(serial) if serial else paper


def _units(cores: Sequence[procedure.Case], town: Town) -> dict[str, str]:
    """Names of the units that the operations speak of; not all of them are on the roster."""
    from liangxin.web.units.models import Unit

    spoken: set[str] = set()
    for operation in (each for core in cores for each in core.matter.operations):
        spoken |= {*getattr(operation, "units", ()), getattr(operation, "host", None) or ""}
    known = Unit.objects.filter(town=town, unit_id__in=spoken - {""}).values_list("unit_id", "name")
    return {unit: name or unit for unit, name in known}


def listed(stored: Case) -> list[tuple[Paper, Text]]:
    """The documents of a case with the name of their kind, in the order they were issued."""
    return [(each, PaperKind(each.kind).label) for each in stored.papers.all()]


def made(paper: Paper, ending: str, lang: Lang) -> bytes:
    """The file. InputError where a letter of it has no font here."""
    return paper_file(paper_from_json(paper.facts), ending, lang)


def disposition(paper: Paper, stored: Case, ending: str) -> str:
    """A PDF is shown, a docx is saved; both under the document's own name."""
    title = f"{PaperKind(paper.kind).label.zh}{paper.serial or stored.pk}.{ending}"
    return f"{'inline' if ending == 'pdf' else 'attachment'}; filename*=UTF-8''{quote(title)}"
