"""``liangxin.plan/1``."""

from __future__ import annotations

from liangxin.files.plan_json import (
    ASKED_FORMS,
    CHANGES,
    FORMAT,
    ORGANIZATION_STATUSES,
    SOLVER_STATUSES,
    STAGES,
)
from liangxin.files.schemas.parts import (
    BOTH_LANGUAGES,
    COUNT,
    DATE,
    INDICATOR,
    NAME,
    NUMBER,
    TEXT,
    JsonSchema,
    choice,
    listing,
    nullable,
    record,
)
from liangxin.registry.fields import FORMS

CONFLICT = record({"id": NAME, "clause": TEXT, **BOTH_LANGUAGES["properties"]})
ALTERNATIVE = record(
    {
        "form": choice(FORMS),
        "host": nullable(NAME),
        "extra_cost": {**NUMBER, "description": "what the whole plan would cost more with it, at most"},
    }
)
UNIT = record(
    {
        "unit_id": NAME,
        "classes": listing(NAME),
        "asked_form": nullable(choice(ASKED_FORMS)),
        "form": choice(FORMS),
        "organization_id": nullable(NAME),
        "change": choice(CHANGES),
        "clause": TEXT,
        "reason": BOTH_LANGUAGES,
        "alternatives": listing(ALTERNATIVE),
        "conflicts": listing(CONFLICT),
        "unknown": listing(NAME, description="ledger fields not yet known (待核) that matter for a rule"),
        "instructor_id": nullable(
            {**NAME, "description": "who contacts the unit, or whose relation moves there (1.5, 2.2, 4.5)"}
        ),
    },
    optional=("instructor_id",),
)
INSTRUCTOR = record(
    {
        "instructor_id": NAME,
        "capacity": {**COUNT, "description": "most units without an organization, by person and policy"},
        "seconded_to": nullable({**NAME, "description": "the unit to which the relation moves (2.2)"}),
        "unit_ids": listing(NAME, description="units without an organization that are contacted (1.5)"),
    }
)
ORGANIZATION = record(
    {
        "organization_id": NAME,
        "name": NAME,
        "type": NAME,
        "form": choice(FORMS),
        "host": {**NAME, "description": "the lead unit's id; for a village affiliation the area's id"},
        "unit_ids": listing(NAME),
        "full_members": COUNT,
        "members": COUNT,
        "instructor_id": nullable(NAME),
        "parent_id": nullable(NAME),
        "status": choice(ORGANIZATION_STATUSES),
        "cost": NUMBER,
    }
)


def document() -> JsonSchema:
    return record(
        {
            "format": {"const": FORMAT},
            "policy": record({"id": NAME, "overlays": listing(NAME)}),
            "as_of": DATE,
            "roster": record(
                {
                    "units": COUNT,
                    "in_scope": COUNT,
                    "left_out": {"type": "object", "additionalProperties": COUNT},
                    "sha256": NAME,
                }
            ),
            "units": listing(UNIT),
            "organizations": listing(ORGANIZATION),
            "indicators": listing(INDICATOR),
            "infeasible": listing(
                record(
                    {
                        "unit_ids": listing(NAME),
                        "clause": TEXT,
                        "proven": {
                            "type": "boolean",
                            "description": "no arrangement could meet it; false: not met in this run",
                        },
                        **BOTH_LANGUAGES["properties"],
                    },
                    optional=("proven",),
                )
            ),
            "moved": listing(NAME, description="units that changed against --previous"),
            "contacts": record(
                {
                    "asked": {**COUNT, "description": "units without an organization that 1.5 asks about"},
                    "served": {**COUNT, "description": "of these, those an instructor contacts"},
                    "not_served": listing(NAME, description="of these, those nobody contacts"),
                    "instructors": listing(INSTRUCTOR),
                }
            ),
            "solver": record(
                {
                    "objective": NUMBER,
                    "bound": NUMBER,
                    "gap": NUMBER,
                    "seconds": NUMBER,
                    "status": choice(SOLVER_STATUSES),
                    "seed": {"type": "integer"},
                    "stages": listing(
                        record({"id": choice(STAGES), "reached": NUMBER, "least": NUMBER}),
                        description="units left unmet before cost counts, and the least that is proven possible",
                    ),
                },
                optional=("stages",),
            ),
        },
        optional=("moved", "contacts"),
        title="组建方案 / Plan",
    )
