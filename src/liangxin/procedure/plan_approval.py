"""The plan's procedure (5.2): the group proposes, the leading group approves, important matters go to the town committee,
and after the reply the group carries it out."""

from __future__ import annotations

from typing import Final

from liangxin.procedure.table import Guard, Need, Procedure, Step, Transition, procedure
from liangxin.registry.access import Action
from liangxin.wording import Text

_PROPOSE, _APPROVE, _DECIDE, _CARRY_OUT = Action.PROPOSE, Action.APPROVE, Action.DECIDE, Action.CARRY_OUT

PLAN_APPROVAL: Final[Procedure] = procedure(
    "plan_approval",
    Text("方案审批", "plan approval"),
    "5.2",
    (
        Step("draft", Text("推进组起草", "the task group drafts"), _PROPOSE, "5.2"),
        Step("leading_group", Text("领导小组审批", "the leading group considers"), _APPROVE, "5.2", "approval"),
        Step("committee", Text("镇党委研究", "the town committee considers"), _DECIDE, "5.2", "reply"),
        Step("carry_out", Text("推进组实施", "the group carries it out"), _CARRY_OUT, "5.2", "carrying_out"),
        Step("done", Text("办结", "done"), None, "5.2"),
        Step("refused", Text("不同意", "refused"), None, "5.2"),
        Step("given_up", Text("作罢", "given up"), None, "5.2"),
        Step("annulled", Text("已废止", "annulled"), None, "5.2"),
    ),
    (
        Transition(
            "submit", Text("报领导小组", "submit to the leading group"), ("draft",), "leading_group", _PROPOSE, "5.2",
            needs=(Need.ROSTER,),
        ),
        Transition(
            "give_up", Text("作罢", "give up"), ("draft",), "given_up", _PROPOSE, "5.2", needs=(Need.REASON,)
        ),
        Transition(
            "approve", Text("批准", "approve"), ("leading_group",), "carry_out", _APPROVE, "5.2",
            guard=Guard.NOT_IMPORTANT, paper="approval_form", decides=True,
        ),
        Transition(
            "report", Text("同意并报镇党委", "agree and report to the town committee"), ("leading_group",),
            "committee", _APPROVE, "5.2", guard=Guard.IMPORTANT, paper="approval_form",
        ),
        Transition(
            "report_anyway", Text("提请镇党委研究", "refer to the town committee"), ("leading_group",),
            "committee", _APPROVE, "5.2", needs=(Need.REASON,), guard=Guard.NOT_IMPORTANT, paper="approval_form",
        ),
        Transition(
            "reject", Text("不同意", "refuse"), ("leading_group",), "refused", _APPROVE, "5.2",
            needs=(Need.REASON,), paper="approval_form", decides=True,
        ),
        Transition(
            "reply", Text("批复同意", "reply: agreed"), ("committee",), "carry_out", _DECIDE, "5.2",
            needs=(Need.MINUTES, Need.SERIAL), paper="reply", decides=True,
        ),
        Transition(
            "refuse", Text("研究不同意", "reply: refused"), ("committee",), "refused", _DECIDE, "5.2",
            needs=(Need.MINUTES, Need.REASON), decides=True,
        ),
        Transition(
            "finish", Text("实施完成", "carried out"), ("carry_out",), "done", _CARRY_OUT, "5.2",
            needs=(Need.EVIDENCE,),
        ),
        Transition(
            "annul", Text("另行发文废止", "annul by a later document"), ("carry_out", "done"), "annulled", _DECIDE,
            "5.2", needs=(Need.REASON, Need.SERIAL), paper="annulment", decides=True,
        ),
    ),
)  # fmt: skip
