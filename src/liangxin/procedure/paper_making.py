"""Which documents an act makes: all of them, composed once, the one that the table names first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from liangxin.procedure.acts import Take
from liangxin.procedure.case import Case, Event
from liangxin.procedure.matter import Kind
from liangxin.procedure.paper import Paper, PaperKind
from liangxin.procedure.paper_annulling import annulment
from liangxin.procedure.paper_asking import request
from liangxin.procedure.paper_case import name_of, roster_title
from liangxin.procedure.paper_jointly import joint_annulment, joint_minutes, joint_reply
from liangxin.procedure.paper_meeting import minutes, notice
from liangxin.procedure.paper_office import Office
from liangxin.procedure.paper_planned import approval_form, plan_reply
from liangxin.procedure.paper_replying import reply, result_reply
from liangxin.procedure.paper_reporting import election_report, filing_report
from liangxin.procedure.paper_roster import commitments, roster
from liangxin.procedure.paper_words import Names
from liangxin.structure import DayTree, Tree
from liangxin.structure.tree import eve

Maker = Callable[[Case, Event, Office, DayTree], Paper]

_MAKERS: Final[Mapping[PaperKind, Maker]] = {
    PaperKind.REQUEST: request,
    PaperKind.REPLY: reply,
    PaperKind.APPROVAL_FORM: approval_form,
    PaperKind.ELECTION_REPORT: election_report,
    PaperKind.RESULT_REPLY: result_reply,
    PaperKind.FILING_REPORT: filing_report,
    PaperKind.ANNULMENT: annulment,
}


def standing_for(case: Case, tree: Tree, day: date) -> DayTree:
    """The organizations as the documents of ``day`` call them: by their names before the case's reply had its effect.

    A filing report still says which branch was dissolved, or what a unit was split off from.
    """
    now = tree.on(day)
    if case.reply is None:
        return now
    before = tree.on(eve(case.day_of(case.reply[0])))
    return DayTree(day, {**now.organizations, **before.organizations}, now.children)


def shared_papers(cases: Sequence[Case], office: Office, tree: DayTree) -> tuple[Paper, ...]:
    """The documents that cases decided together have in common: the reply and the minutes, or the annulment.

    ``cases`` are as ``apply_jointly`` gives them; ``tree``: ``standing_for`` the first, before the effect.
    """
    act = cases[0].history[-1].act
    if not isinstance(act, Take) or act.jointly is None:
        raise ValueError("these cases were not decided together")
    if cases[0].procedure.transitions[act.transition].effect == "annul":
        return (joint_annulment(cases, office, tree),)
    return (joint_reply(cases, office, tree), joint_minutes(cases, office, tree))


def papers_of(
    case: Case, event: Event, office: Office, tree: DayTree, shared: Sequence[Paper] = ()
) -> tuple[Paper, ...]:
    """Every document that ``event`` makes; empty where it makes none. Each kind comes at most once.

    ``case`` holds the event as its last; ``tree`` is ``standing_for`` its day, taken before the event had its effect.
    ``shared``: those of several cases decided together, which stand for this case's own of their kind.
    """
    if not isinstance(event.act, Take):
        return ()
    way = case.procedure.transitions[event.act.transition]
    matter = case.matter
    in_common = {each.kind for each in shared}
    made: list[Paper] = list(shared)
    if way.paper and PaperKind(way.paper) not in in_common:
        kind = PaperKind(way.paper)
        is_plan_reply = kind is PaperKind.REPLY and matter.kind is Kind.PLAN
        made.append((plan_reply if is_plan_reply else _MAKERS[kind])(case, event, office, tree))
    if way.id == "submit" and matter.kind is not Kind.PLAN and matter.roster:
        names, day = Names.of(tree, matter.roster, office.places), case.day_of(event)
        made.append(roster(matter, roster_title(matter, names), office, day))
        signed = commitments(matter, name_of(matter, names), office, day)
        made += [signed] if signed is not None else []
    if event.act.minutes is not None and PaperKind.MINUTES not in in_common:
        made.append(minutes(case, event, office, tree))
    if way.decides and way.target in ("carry_out", "election", "filing") and way.id != "reply_result":
        made.append(notice(case, event, office, tree))
    return tuple(made)
