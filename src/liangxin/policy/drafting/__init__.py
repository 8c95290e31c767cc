"""From a notice's own text to a draft policy, card by card; deterministic, offline, no language model."""

from liangxin.policy.drafting.composing import compose_policy
from liangxin.policy.drafting.draft import draft_policy, refuse_contradictions
from liangxin.policy.drafting.model import (
    BASES,
    KINDS,
    MEASURES,
    Card,
    Condition,
    Draft,
    Heading,
    Sentence,
    Span,
)
from liangxin.policy.drafting.sentences import read_sentences

__all__ = [
    "BASES",
    "KINDS",
    "MEASURES",
    "Card",
    "Condition",
    "Draft",
    "Heading",
    "Sentence",
    "Span",
    "compose_policy",
    "draft_policy",
    "read_sentences",
    "refuse_contradictions",
]
