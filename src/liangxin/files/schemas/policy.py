"""``liangxin.policy/1``: the written form of a policy.

A rule of an overlay, or of a policy ``based_on`` another, may say only what differs, so here no key of a rule is required;
``liangxin policy check`` reads the whole and knows more than a schema can: names, types of expressions, circles.
"""

from __future__ import annotations

from typing import Any, Final, get_args

from liangxin.files.schemas.parts import NAME, NUMBER, TEXT, JsonSchema, choice, listing, nullable
from liangxin.policy.model import AskedForm, Counting, Measure, Together
from liangxin.policy.naming import LEAST_LONGEST
from liangxin.policy.office import ELECTION_KINDS
from liangxin.registry.fields import FORMS

WORDS: Final[JsonSchema] = {
    "description": "{zh: Chinese, en: English}, or Chinese alone",
    "anyOf": [
        NAME,
        {
            "type": "object",
            "properties": {"zh": TEXT, "en": TEXT},
            "required": ["zh"],
            "additionalProperties": False,
        },
    ],
}
# A quoted date is text; an unquoted one is a YAML date, which a reader of plain YAML gives as a date.
DAY: Final[JsonSchema] = {"description": "a date such as 2011-08-31"}
EXPRESSION: Final[JsonSchema] = {
    "type": ["string", "boolean"],
    "description": "an expression over the ledger's fields, parameters, definitions and classes",
}
CLAUSE: Final[JsonSchema] = {"type": ["string", "number"], "description": "id of a clause of this file"}
FORM: Final = choice(form for form in FORMS if form != "none")
FLAG: Final[JsonSchema] = {"type": "boolean"}
VALUE: Final[JsonSchema] = {"type": ["number", "boolean", "string"]}


def _rule(**keys: JsonSchema) -> JsonSchema:
    """One rule: its own keys, and those every rule has: days in force, ``withdrawn`` to take it back."""
    dated: dict[str, Any] = {"from": DAY, "to": DAY, "withdrawn": FLAG}
    return {"type": "object", "properties": {**keys, **dated}, "additionalProperties": False}


def _section(rule: JsonSchema) -> JsonSchema:
    """Rules by their ids; a rule may be a list of versions, each with its days."""
    return {"type": "object", "additionalProperties": {"anyOf": [rule, listing(rule, minItems=1)]}}


def _labelled(**keys: JsonSchema) -> JsonSchema:
    return _section(_rule(clause=CLAUSE, label=WORDS, **keys))


SECTIONS: Final[dict[str, JsonSchema]] = {
    "clauses": _section(
        {
            "anyOf": [
                NAME,
                {
                    "type": "object",
                    "properties": {"zh": TEXT, "en": TEXT, "withdrawn": FLAG},
                    "additionalProperties": False,
                },
            ]
        }
    ),
    "parameters": _section(
        _rule(
            label=WORDS,
            unit=WORDS,
            values=listing(
                {
                    "type": "object",
                    "properties": {"from": DAY, "value": VALUE, "source": WORDS},
                    "required": ["from", "value", "source"],
                    "additionalProperties": False,
                }
            ),
        )
    ),
    "definitions": _section(_rule(label=WORDS, **{"is": EXPRESSION})),
    "scope": _labelled(when=EXPRESSION),
    "classes": _labelled(when=EXPRESSION, asked_form=nullable(choice(get_args(AskedForm))), required=FLAG),
    "statuses": _labelled(
        group=choice(("separate", "joint", "none")), when=EXPRESSION, also_by=listing(NAME)
    ),
    "return_columns": _section(_rule(label=WORDS, when=EXPRESSION)),
    "indicators": _labelled(
        denominator=EXPRESSION,
        numerator=EXPRESSION,
        forms=listing(FORM),
        count_without_members=FLAG,
        target={"type": ["number", "string"], "description": "0.35 or 35%"},
        due=DAY,
        stage=NAME,
        measure=choice(get_args(Measure)),
        role=choice(("establishment", "work_coverage")),
    ),
    "forms": _labelled(
        when=EXPRESSION,
        host_when=EXPRESSION,
        arrangement=choice(("separate", "joint", "affiliation")),
        together=choice(get_args(Together)),
        is_organization=FLAG,
        limits={"type": "object", "additionalProperties": VALUE},
    ),
    "conflicts": _section(
        _rule(
            clause=CLAUSE,
            subject=choice(("unit", "organization")),
            when=EXPRESSION,
            message=WORDS,
            severity=choice(("error", "warning")),
        )
    ),
    "clears": _section(
        _rule(
            label=WORDS,
            fields=listing(NAME),
            need=choice(("all", "any")),
            when=EXPRESSION,
            only_where={"type": "object", "additionalProperties": EXPRESSION},
        )
    ),
    "haves": {
        "type": "object",
        "properties": {
            "clause": CLAUSE,
            "need": choice(("all", "any")),
            "items": _section(_rule(label=WORDS, when=EXPRESSION)),
        },
        "additionalProperties": False,
    },
    "size_lists": _labelled(when=EXPRESSION),
    "bodies": _labelled(
        parent=nullable(NAME),
        head=WORDS,
        deputy=WORDS,
        type=NAME,
        count=nullable({"type": "integer", "minimum": 0}),
        pattern=WORDS,
    ),
    "group_slots": _section(_rule(label=WORDS, line=NAME)),
    "milestones": _labelled(start=DAY, due=DAY, predecessors=listing(NAME), said=WORDS),
    "style": {
        "type": "object",
        "properties": {
            "id": NAME,
            "serial": NAME,
            "subject_words": listing(NAME),
            "addressees": WORDS,
            "copy_to": {"anyOf": [WORDS, listing(WORDS)]},
        },
        "additionalProperties": False,
    },
    "planning": {
        "type": "object",
        "properties": {
            "per_unit": {"type": "object", "additionalProperties": NUMBER},
            "per_organization": {"type": "object", "additionalProperties": NUMBER},
        },
        "additionalProperties": NUMBER,
    },
    "naming": {
        "type": "object",
        "properties": {
            "longest": {"type": "integer", "minimum": LEAST_LONGEST},
            "endings": {"type": "object", "additionalProperties": NAME},
            "patterns": {"type": "object", "additionalProperties": listing(NAME)},
        },
        "additionalProperties": False,
    },
    "procedure": {
        "type": "object",
        "properties": {
            "terms": _labelled(count=NAME, counted=choice(get_args(Counting))),
            "important": _labelled(when=EXPRESSION),
            "elections": {
                "type": "object",
                "properties": {"kinds": listing(choice(ELECTION_KINDS)), "types": listing(NAME)},
                "additionalProperties": False,
            },
            "from": DAY,
            "to": DAY,
        },
        "additionalProperties": False,
    },
    "texts": _section(WORDS),
}


def document() -> JsonSchema:
    head: dict[str, JsonSchema] = {
        "format": {"const": "liangxin.policy/1"},
        "id": NAME,
        "title": WORDS,
        "issued_on": DAY,
        "based_on": NAME,
        "replace": listing(choice(SECTIONS)),
        "overlay": FLAG,
        "overlays": listing(NAME),
        "from": DAY,
        "to": DAY,
    }
    return {
        "type": "object",
        "properties": {**head, **SECTIONS},
        "required": ["format", "id", "title", "issued_on"],
        "additionalProperties": False,
        "title": "政策规则 / Policy",
    }
