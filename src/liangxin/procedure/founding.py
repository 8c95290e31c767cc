"""The procedure of one organization (4.3; branch regulations): request, committee meeting, reply, election where due,
report of the result, reply on it, filing. Founding, change, split off, upgrade, merger, dissolution and transfer go the
same way; which of them elect is the policy's to say."""

from __future__ import annotations

from typing import Final

from liangxin.procedure.table import Guard, Need, Procedure, Step, Transition, procedure
from liangxin.registry.access import Action
from liangxin.wording import Text

_PROPOSE, _DECIDE, _CARRY_OUT = Action.PROPOSE, Action.DECIDE, Action.CARRY_OUT
_REPLY: Final = (Need.ROSTER, Need.COMMITMENTS, Need.OPERATIONS, Need.MINUTES, Need.SERIAL)

FOUNDING: Final[Procedure] = procedure(
    "founding",
    Text("党组织设置", "setting up an organization"),
    "4.3",
    (
        Step("request", Text("拟写请示", "the request is drawn up"), _PROPOSE, "4.3"),
        Step("committee", Text("镇党委会议研究", "the town committee meets"), _DECIDE, "5.2", "reply"),
        Step("election", Text("组织选举", "the election is held"), _CARRY_OUT, "4.3", "election"),
        Step("result", Text("审批选举结果", "the result is considered"), _DECIDE, "4.3", "result_reply"),
        Step("filing", Text("报上级备案", "filed with the level above"), _CARRY_OUT, "4.3", "filing"),
        Step("done", Text("办结", "done"), None, "4.3"),
        Step("refused", Text("不同意", "refused"), None, "5.2"),
        Step("given_up", Text("作罢", "given up"), None, "5.2"),
        Step("annulled", Text("已废止", "annulled"), None, "5.2"),
    ),
    (
        Transition(
            "submit", Text("报送请示", "send the request"), ("request",), "committee", _PROPOSE, "4.3",
            needs=(Need.ROSTER, Need.COMMITMENTS, Need.OPERATIONS), paper="request",
        ),
        Transition(
            "give_up", Text("作罢", "give up"), ("request",), "given_up", _PROPOSE, "4.3", needs=(Need.REASON,)
        ),
        Transition(
            "reply_elect", Text("批复同意，组织选举", "reply: agreed, hold the election"), ("committee",),
            "election", _DECIDE, "5.2", needs=_REPLY, guard=Guard.ELECTION_DUE, paper="reply", effect="perform",
            decides=True,
        ),
        Transition(
            "reply_appoint", Text("批复同意，任命书记", "reply: agreed, the secretary appointed"), ("committee",),
            "filing", _DECIDE, "5.2", needs=_REPLY, guard=Guard.APPOINTED, paper="reply", effect="perform",
            decides=True,
        ),
        Transition(
            "reply", Text("批复同意", "reply: agreed"), ("committee",), "filing", _DECIDE, "5.2",
            needs=_REPLY, guard=Guard.NO_ELECTION, paper="reply", effect="perform", decides=True,
        ),
        Transition(
            "refuse", Text("研究不同意", "reply: refused"), ("committee",), "refused", _DECIDE, "5.2",
            needs=(Need.MINUTES, Need.REASON), decides=True,
        ),
        Transition(
            "report_result", Text("报告选举结果", "report the result"), ("election",), "result", _CARRY_OUT, "4.3",
            needs=(Need.VOTE,), paper="election_report",
        ),
        Transition(
            "vote_again", Text("没有选出，另行选举", "seats not filled, vote again"), ("election",), "election",
            _CARRY_OUT, "4.3", needs=(Need.FAILED_VOTE, Need.REASON),
        ),
        Transition(
            "reply_result", Text("批复选举结果", "reply on the result"), ("result",), "filing", _DECIDE, "4.3",
            needs=(Need.SERIAL,), paper="result_reply", decides=True,
        ),
        Transition(
            "file", Text("已报备案", "filed"), ("filing",), "done", _CARRY_OUT, "4.3",
            needs=(Need.EVIDENCE,), paper="filing_report",
        ),
        Transition(
            "annul", Text("另行发文废止", "annul by a later document"), ("election", "result", "filing", "done"),
            "annulled", _DECIDE, "5.2", needs=(Need.REASON, Need.SERIAL), paper="annulment", effect="annul",
            decides=True,
        ),
    ),
)  # fmt: skip
