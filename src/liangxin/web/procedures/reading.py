"""What was typed on a case's page as an act of the core. Collects every finding, gives the act or raises them all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from django.http import QueryDict

from liangxin import procedure
from liangxin.findings import Finding, InputError
from liangxin.procedure import (
    Act,
    Actor,
    Answer,
    CopyTo,
    Countersign,
    Delegate,
    HandOver,
    Minutes,
    Need,
    Remind,
    Return,
    Serial,
    Take,
    TakeBack,
    Transition,
    Vote,
    Withdraw,
    parse_serial,
)
from liangxin.wording import Text

MOST_WORDS: Final = 500
MOST_CANDIDATES: Final = 30
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")


class Reader:
    def __init__(self, given: QueryDict, people: Mapping[int, Actor], today: date) -> None:
        self.given = given
        self.people = people
        self.today = today
        self.findings: list[Finding] = []

    def act(self, name: str, case: procedure.Case, evidence: tuple[procedure.Evidence, ...] = ()) -> Act:
        """The act called ``name``: a transition's id, or one of OTHERS. InputError where it is none or unreadable."""
        way = case.procedure.transitions.get(name)
        if way is not None:
            made: Act = self.take(way, evidence)
        elif name in OTHERS:
            made = OTHERS[name](self)
        else:
            raise InputError.of("procedure.no_act", "没有这种办法", "There is no such act", found=name[:40])
        if self.findings:
            raise InputError(self.findings)
        return made

    def take(self, way: Transition, evidence: tuple[procedure.Evidence, ...] = ()) -> Take:
        """Only what the transition needs is read; a reason may be given with any."""
        return Take(
            transition=way.id,
            on=self.day("on", optional=True),
            reason=self.words("reason"),
            serial=self._serial() if Need.SERIAL in way.needs else None,
            minutes=self._minutes() if Need.MINUTES in way.needs else None,
            vote=self.vote() if {Need.VOTE, Need.FAILED_VOTE} & set(way.needs) else None,
            evidence=evidence,
        )

    def words(self, name: str) -> str:
        words = self.given.get(name, "").strip()
        if len(words) > MOST_WORDS:
            self._wrong(name, Text(f"最多{MOST_WORDS}个字", f"at most {MOST_WORDS} characters"))
        return words[:MOST_WORDS]

    def day(self, name: str, *, optional: bool = False, field: str = "") -> date | None:
        words = self.given.get(name, "").strip()
        if not words and optional:
            return None
        try:
            return date.fromisoformat(words)
        except ValueError:
            accepted = Text("如 2011-08-15", "such as 2011-08-15")
            self._wrong(field or name, Text("不是日期", "this is not a day"), words, accepted)
            return None

    def _needed_day(self, name: str, field: str = "") -> date:
        return self.day(name, field=field) or self.today

    def _count(self, name: str, label: Text, field: str) -> int:
        words = self.given.get(name, "").strip()
        if not (words.isascii() and words.isdigit() and len(words) < 7):
            message = Text("{label}要填人数", "{label} is to be a number").fill(label=label)
            self._wrong(field, message, words, Text("0或正整数", "0 or a whole number"))
            return 0
        return int(words)

    def _serial(self) -> Serial | None:
        """None: the next one, which the service gives under its lock."""
        words = self.given.get("serial", "").strip()
        if not words:
            return None
        try:
            return parse_serial(words)
        except InputError as refused:
            for each in refused.findings:
                self._wrong("serial", each.message, words, each.accepted)
            return None

    def _minutes(self) -> Minutes:
        return Minutes(
            self._needed_day("minutes_held_on", "minutes"),
            self._count("minutes_entitled", Text("应到人数", "those entitled"), "minutes"),
            self._count("minutes_present", Text("实到人数", "those present"), "minutes"),
            self._count("minutes_in_favour", Text("赞成人数", "those in favour"), "minutes"),
        )

    def vote(self) -> Vote:
        parts = [part for part in _BETWEEN.split(self.given.get("votes", "").strip()) if part]
        votes: list[int] = []
        for part in parts[:MOST_CANDIDATES]:
            if part.isascii() and part.isdigit() and len(part) < 6:
                votes.append(int(part))
            else:
                self._wrong(
                    "votes",
                    Text("得票数要写数字", "votes are to be numbers"),
                    part,
                    Text("如 17 12 11", "such as 17 12 11"),
                )
        return Vote(
            self._needed_day("vote_held_on", "vote"),
            self._count("vote_entitled", Text("应到会人数", "those entitled"), "vote"),
            self._count("vote_present", Text("实到会人数", "those present"), "vote"),
            self._count("vote_seats", Text("应选名额", "the seats"), "vote"),
            tuple(votes),
            self._count_if_given("vote_earlier", Text("前次已选出", "those elected before"), "earlier") or 0,
            self._count_if_given("vote_reduced_to", Text("减为名额", "the reduced seats"), "reduced_to"),
        )

    def _count_if_given(self, name: str, label: Text, field: str) -> int | None:
        return self._count(name, label, field) if self.given.get(name, "").strip() else None

    def person(self, name: str = "to") -> Actor:
        words = self.given.get(name, "")
        found = self.people.get(int(words)) if words.isascii() and words.isdigit() else None
        if found is None:
            self._wrong(name, Text("请选一个人", "choose a person"))
            return Actor(procedure.Person("", ""), ())
        return found

    def _persons(self) -> tuple[Actor, ...]:
        chosen = [int(each) for each in self.given.getlist("to") if each.isascii() and each.isdigit()]
        return tuple(self.people[key] for key in dict.fromkeys(chosen) if key in self.people)

    def _wrong(self, name: str, message: Text, found: str = "", accepted: Text | None = None) -> None:
        self.findings.append(
            Finding(f"procedure.{name}", message, found=found[:60], accepted=accepted, column_of=name)
        )

    # one line each: what the other acts ask for
    def _return(self) -> Act:
        return Return(self.given.get("step", ""), self.words("reason"))

    def _hand_over(self) -> Act:
        return HandOver(self.person(), self._needed_day("by"), self.words("reason"))

    def _delegate(self) -> Act:
        since, until = self._needed_day("since"), self._needed_day("until", "since")
        return Delegate(self.person(), since, until, self.words("reason"))

    def _countersign(self) -> Act:
        return Countersign(self.person(), self._needed_day("by"), self.words("question"))

    def _answer(self) -> Act:
        return Answer(self.given.get("agrees") == "yes", self.words("opinion"))

    def _take_back(self) -> Act:
        return TakeBack(self.given.get("from_person", ""), self.words("reason"))

    def _remind(self) -> Act:
        return Remind(self._needed_day("by"), self.words("words"))

    def _copy_to(self) -> Act:
        return CopyTo(self._persons())

    def _withdraw(self) -> Act:
        return Withdraw(self.words("reason"))


OTHERS: Final[Mapping[str, Callable[[Reader], Act]]] = {
    "return": Reader._return,
    "hand_over": Reader._hand_over,
    "delegate": Reader._delegate,
    "countersign": Reader._countersign,
    "answer": Reader._answer,
    "take_back": Reader._take_back,
    "remind": Reader._remind,
    "copy_to": Reader._copy_to,
    "withdraw": Reader._withdraw,
}
