"""Room 5, procedure (5.2, 4.3): plan approval and the setting up of organizations, as transition tables over a log."""

from liangxin.procedure.actor import Actor, Delegation, Person
from liangxin.procedure.acts import (
    Act,
    Answer,
    CopyTo,
    Countersign,
    Delegate,
    Evidence,
    HandOver,
    Minutes,
    Remind,
    Return,
    Revise,
    Start,
    Take,
    TakeBack,
    Withdraw,
)
from liangxin.procedure.case import PROCEDURES, Assignment, Case, CaseDays, Event, Question, fold
from liangxin.procedure.deadlines import Due, Urgency, due_after, time_left, urgency
from liangxin.procedure.effects import annulments, effects, performed
from liangxin.procedure.election import (
    ElectionRule,
    Seats,
    Vote,
    VoteResult,
    count_vote,
    judge_vote,
    rule_on,
    seats_for,
    term_end,
)
from liangxin.procedure.guards import election_due, important, open_transitions
from liangxin.procedure.handling import Capacity, Waiting, handler, waiting
from liangxin.procedure.inbox import Task, alike, copied, earliest, handled, started, to_do
from liangxin.procedure.judging import apply, judge, judge_start, start
from liangxin.procedure.matter import Kind, Leadership, Matter, PlanFigures, RosterLine
from liangxin.procedure.options import Options, options
from liangxin.procedure.paper import Paper, PaperKind
from liangxin.procedure.paper_making import papers_of, standing_for
from liangxin.procedure.paper_office import Office, office_of
from liangxin.procedure.paper_written import paper_from_json, paper_to_json
from liangxin.procedure.passing_on import judge_delegation
from liangxin.procedure.serial import Register, Serial, SerialLine, SerialState, parse_serial
from liangxin.procedure.table import NEED_LABELS, Need, Procedure, ProcedureId, Step, Transition
from liangxin.procedure.today import Today
from liangxin.procedure.written import event_from_json, event_to_json, matter_from_json, matter_to_json

__all__ = [
    "NEED_LABELS",
    "PROCEDURES",
    "Act",
    "Actor",
    "Answer",
    "Assignment",
    "Capacity",
    "Case",
    "CaseDays",
    "CopyTo",
    "Countersign",
    "Delegate",
    "Delegation",
    "Due",
    "ElectionRule",
    "Event",
    "Evidence",
    "HandOver",
    "Kind",
    "Leadership",
    "Matter",
    "Minutes",
    "Need",
    "Office",
    "Options",
    "Paper",
    "PaperKind",
    "Person",
    "PlanFigures",
    "Procedure",
    "ProcedureId",
    "Question",
    "Register",
    "Remind",
    "Return",
    "Revise",
    "RosterLine",
    "Seats",
    "Serial",
    "SerialLine",
    "SerialState",
    "Start",
    "Step",
    "Take",
    "TakeBack",
    "Task",
    "Today",
    "Transition",
    "Urgency",
    "Vote",
    "VoteResult",
    "Waiting",
    "Withdraw",
    "alike",
    "annulments",
    "apply",
    "copied",
    "count_vote",
    "due_after",
    "earliest",
    "effects",
    "election_due",
    "event_from_json",
    "event_to_json",
    "fold",
    "handled",
    "handler",
    "important",
    "judge",
    "judge_delegation",
    "judge_start",
    "judge_vote",
    "matter_from_json",
    "matter_to_json",
    "office_of",
    "open_transitions",
    "options",
    "paper_from_json",
    "paper_to_json",
    "papers_of",
    "parse_serial",
    "performed",
    "rule_on",
    "seats_for",
    "standing_for",
    "start",
    "started",
    "term_end",
    "time_left",
    "to_do",
    "urgency",
    "waiting",
]
