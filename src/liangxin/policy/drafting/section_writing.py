"""What every section of a drafted policy is written with: cards by kind, clauses, words in quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from liangxin.policy.drafting.model import Card, Draft, Sentence

UNDECIDED: Final = "待定"


class SectionWriter:
    """The chosen cards of a draft, the clauses they cite and the sections that are written anew."""

    def __init__(self, draft: Draft, cards: Sequence[Card], issued_on: date) -> None:
        self.draft, self.cards, self.issued_on = draft, cards, issued_on
        self.lines: list[str] = []
        self.replaced: list[str] = []
        self.clauses: dict[str, list[Sentence]] = {}

    def of(self, kind: str) -> list[Card]:
        return [card for card in self.cards if card.kind == kind]

    def clause(self, card: Card) -> str:
        """The id of the card's clause: the numbering of the notice, or the paragraph where it is not numbered."""
        id = card.sentence.clause or f"段{card.sentence.paragraph + 1}"
        listed = self.clauses.setdefault(id, [])
        for sentence in (card.sentence, *card.also):
            if sentence not in listed and (sentence.clause or id) == (card.sentence.clause or id):
                listed.append(sentence)
        return quote(id)

    def clause_lines(self) -> list[str]:
        lines = ["clauses:"] if self.clauses else []
        for id, sentences in self.clauses.items():
            ordered = sorted(sentences, key=lambda each: each.start)
            words = "".join(
                each.text if re.search(r"[。；;：:！!，,]$", each.text) else each.text + "。"
                for each in ordered
            )
            lines.append(f"  {quote(id)}: {quote(join_lines(words))}")
        return lines

    def rule(self, card: Card, name: str, *lines: str) -> list[str]:
        """A rule under its sentence, with what is open."""
        return [
            f"  # {shorten(card.sentence.text)}",
            *(f"  # {UNDECIDED}：{each.zh}" for each in card.open),
            f"  {name}:",
            *(f"    {line}" for line in lines if line),
        ]


def quote(words: str) -> str:
    """A word of YAML in double quotes, whatever stands in it."""
    kept = "".join(letter for letter in words if letter.isprintable())
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'


def join_lines(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def shorten(words: str) -> str:
    kept = "".join(letter if letter.isprintable() else " " for letter in words)
    return kept if len(kept) <= 160 else kept[:160] + "…"
