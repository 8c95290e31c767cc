"""What a policy is, once read and checked. The YAML of ``policies/*.yaml`` is its written form.

An expression sees the fields of ``registry.fields``, the policy's parameters, definitions and classes by name, and
``as_of``. It has three values: a fact not yet known gives null (待核), never false.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal, Protocol

from liangxin.wording import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

AskedForm = Literal["separate", "any"]
Measure = Literal["rate", "average"]
Role = Literal["", "establishment", "work_coverage"]
"""What the planner holds to: the share of its base that is to be organized (1.4), and of the rest to be work-covered
(1.5). At most one indicator of a policy has each; without one the planner has no such target."""
Together = Literal["self", "park", "territory", "association", "leader", "village"]
"""What the units of one organization share: nothing (one unit), a park, a territory outside parks (market, building,
street, else village), an association, the neighbourhood or chain of a leader, a village or community."""


class Expression(Protocol):
    """A checked expression of the policy language (``policy.expression`` makes them).

    It can be pickled and compared, and it is the same for one unit (a frame of one row), a town or ten million rows.
    """

    @property
    def source(self) -> str:
        """As written in the policy."""
        ...

    @property
    def fields(self) -> frozenset[str]:
        """The ledger fields it needs, through parameters, definitions and classes."""
        ...

    def polars(self) -> pl.Expr:
        """The same rule over a ledger frame: Boolean (null = 待核) for conditions, a number for definitions."""
        ...

    def words(self) -> Text:
        """The rule as a person says it: 从业人数 ≥ 80 且 年营业收入 ≥ 500."""
        ...


class PolicySource(Protocol):
    """What a policy was read from, so that it can be built again with other values."""

    def build(self, values: Mapping[str, float | bool]) -> Policy: ...


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a rule comes from: the clause id ("1.2", "branch-2018:5") and the words of the clause."""

    id: str
    words: Text


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day in force, both inclusive; None is open."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's value from a date on, with its legal source."""

    start: date
    value: float | bool | str
    source: Text


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that the rules name: thresholds, caps, terms. Old values still answer for old days."""

    id: str
    label: Text
    values: tuple[Value, ...]
    unit: Text | None = None

    def on(self, day: date) -> Value:
        """The value in force on ``day``; before the first one, the first."""
        in_force = [value for value in self.values if value.start <= day]
        return in_force[-1] if in_force else self.values[0]


@dataclass(frozen=True, slots=True)
class Definition:
    """A derived quantity with a name, e.g. ``members`` = full + probationary."""

    id: str
    label: Text
    expression: Expression


@dataclass(frozen=True, slots=True)
class ScopeRule:
    """A unit for which ``when`` is true is left out of the base, for this reason. Unknown keeps it in, 待核."""

    id: str
    clause: Clause
    label: Text
    when: Expression


@dataclass(frozen=True, slots=True)
class UnitClass:
    """A class of units (1.1-1.3, 3.2). ``required``: every unit of it must be covered (the planner's set R)."""

    id: str
    clause: Clause
    label: Text
    when: Expression
    asked_form: AskedForm | None
    required: bool
    period: Period = Period()


@dataclass(frozen=True, slots=True)
class Indicator:
    """A rate: units of ``denominator`` that also meet ``numerator`` and, where ``forms`` is given, have such a form.

    ``numerator`` None means: having one of ``forms`` is all that is asked. An empty denominator shows "—".
    Both count units in scope only. Their expressions see one name more than other rules: ``work_covered``
    (Boolean, null = 待核), the verdict of ``Policy.haves``, or of the plan when counting as if planned.

    ``measure`` "average" is a number, not a percentage: units of ``denominator`` that have one of ``forms``, for each
    organization (distinct ``organization_id``) that they are in. 平均覆盖户数 is one.
    """

    id: str
    clause: Clause
    label: Text
    denominator: Expression
    numerator: Expression | None
    forms: frozenset[str]
    count_without_members: bool  # does a unit with no member inside a joint branch count as covered?
    target: float | None
    due: date | None
    stage: str = ""
    measure: Measure = "rate"
    role: Role = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of establishment (2.1-2.7). ``when``: which units can take it, ``host_when``: which can carry it.

    Both are what one row can tell; what needs several rows (who is near, who is linked) is ``together`` and the
    planner's work. ``limits``, as far as the form has them: ``min_units``, ``max_units`` (units with the host),
    ``min_full_members``, ``max_members`` (sums over the organization), ``host_min_full_members``,
    ``other_max_full_members`` (every unit but the host).
    """

    id: str
    clause: Clause
    label: Text
    when: Expression
    arrangement: Literal["separate", "joint", "affiliation"]
    is_organization: bool  # counts as 组建 for 1.4, and for every indicator that names no forms of its own
    limits: dict[str, float] = field(default_factory=dict)
    together: Together = "self"
    host_when: Expression | None = None


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """A contradiction or broken limit to point at. ``subject`` says what ``when`` is evaluated on.

    "unit": a ledger frame. "organization": a frame with the columns of ``names.ORGANIZATION_NAMES``.
    """

    id: str
    clause: Clause
    subject: Literal["unit", "organization"]
    when: Expression
    message: Text  # with {name}, {staff}, {full_members} ... places: fields, definitions and parameters
    severity: Literal["error", "warning"] = (
        "error"  # warning: the rule says "normally", or it is only to look at
    )


@dataclass(frozen=True, slots=True)
class ClearItem:
    """One of the eight (or four, five, six) clears: clear when all (or any) of ``fields`` are known.

    ``clear`` says just that as one expression (never null), a field of ``only_where`` being asked of those units only.
    """

    id: str
    label: Text
    fields: tuple[str, ...]
    need: Literal["all", "any"]
    clear: Expression
    when: Expression | None = None  # the whole item is only asked of these units
    only_where: dict[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatusLeaf:
    """A leaf of the annual return's status tree. Exactly one leaf is true for a unit whose facts are known.

    ``also_by``: organization types by which the return splits the leaf further; the ledger does not hold them, the
    list of organizations does.
    """

    id: str
    clause: Clause
    label: Text
    group: Literal["separate", "joint", "none"]
    when: Expression
    also_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnColumn:
    """A column of the annual return: which of a leaf's units it counts."""

    id: str
    label: Text
    when: Expression | None  # None: all of them


@dataclass(frozen=True, slots=True)
class HaveItem:
    """One of the four haves 四个有 of 4.4."""

    id: str
    label: Text
    when: Expression


@dataclass(frozen=True, slots=True)
class Haves:
    clause: Clause
    items: tuple[HaveItem, ...]
    need: Literal["all", "any"]


@dataclass(frozen=True, slots=True)
class SizeList:
    """One of the lists by size class of 4.1."""

    id: str
    clause: Clause
    label: Text
    when: Expression


@dataclass(frozen=True, slots=True)
class Body:
    """A body of sections 3 and 5, or a kind of organization of 3.3-3.4, of which there are ``count`` (None: not said).

    ``label`` has a place {town} where the town's name goes, and {area} for one of several.
    """

    id: str
    clause: Clause
    label: Text
    parent: str | None
    head: Text | None = None
    deputy: Text | None = None
    type: str = "body"  # a type of names.ORGANIZATION_TYPES, or "body"
    count: int | None = 1
    pattern: Text | None = None  # "行政村党组织+两新组织党支部(党小组)"


@dataclass(frozen=True, slots=True)
class GroupSlot:
    """One of the nine task groups as the notice divides the work (rural areas, new economic, new social, self-employed)."""

    id: str
    label: Text
    line: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """Clause 4's timetable: real first and last day and what must be done before. None: the notice gives no day."""

    id: str
    clause: Clause
    label: Text
    start: date | None
    due: date | None
    predecessors: tuple[str, ...] = ()
    said: Text = field(default=Text("", ""))  # the notice's own words for the time: 8月下旬


@dataclass(frozen=True, slots=True)
class DocumentStyle:
    """A dated style of official documents: ``gbt9704-2012``, or ``pre-2012`` with subject words 主题词."""

    id: str
    serial: str  # 长委〔2011〕44号
    subject_words: tuple[str, ...]
    addressees: Text
    copy_to: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class PlanningWeights:
    """The cost function of ``planning`` (see docs/planning.md). Distances in km; the objective has no unit."""

    per_unit: dict[str, float]  # by form
    per_organization: dict[str, float]  # by form
    distance: float = 0.5
    distance_cap_km: float = 6.0
    industry: float = 0.5
    industry_same_group: float = 0.25
    industry_same_division: float = 0.5
    chain: float = -0.3
    pair_floor: float = 0.02
    village_distance: float = 0.5
    village_overload: float = 0.3
    village_capacity: int = 15
    stability: float = 0.15
    leader_radius_km: float = 0.25
    leader_division_radius_km: float = 0.8
    settled: float = 0.15  # instead of stability where nothing changed in the unit's organization
    alone_wanted: float = 0.0
    alone_large: float = 0.0
    alone_large_staff: int = 0
    filler: float = 0.0
    filler_staff: int = 0
    filler_few: float = 0.0
    filler_few_staff: int = 0
    smaller_host: float = 0.0
    fewer_members_host: float = 0.0
    no_candidate: float = 0.0
    bare_minimum: float = 0.0


@dataclass(frozen=True, slots=True)
class NamingRules:
    """How a new organization is called. ``patterns``: by form, the first that fits is taken.

    Places of a pattern: ``{unit}`` the lead unit's whole name, ``{lead}`` its short name (字号), ``{place}`` the park, market or
    village, ``{association}``, ``{number}`` the next of a series, ``{ending}`` by type. One with ``{number}`` fits where the town
    already counts so; one that names only a place or an association, where it has one joint organization in all.
    """

    longest: int  # characters
    endings: dict[str, str]  # by type of organization
    patterns: dict[str, tuple[str, ...]]  # by form


Counting = Literal["days", "working_days", "months"]


@dataclass(frozen=True, slots=True)
class Term:
    """A time limit of a procedure's step. ``count``: the parameter that holds how many, with its dates and sources."""

    id: str
    clause: Clause
    label: Text
    count: str
    counted: Counting


@dataclass(frozen=True, slots=True)
class ImportantMatter:
    """A plan for which ``when`` is true goes to the town committee (5.2). The rule sees ``names.PROPOSAL_NAMES``."""

    id: str
    clause: Clause
    label: Text
    when: Expression


@dataclass(frozen=True, slots=True)
class ProcedureRules:
    """What the two procedures leave to the policy: time limits, important matters, and where an election is due.

    A policy that says nothing of them sets no time limits, calls nothing important and has no elections.
    """

    terms: dict[str, Term] = field(default_factory=dict)
    important: tuple[ImportantMatter, ...] = ()
    election_kinds: frozenset[str] = frozenset()  # founding, split_off …: ``procedure.matter.Kind``
    election_types: frozenset[str] = frozenset()  # types of organizations that elect their leaders


@dataclass(frozen=True, slots=True)
class Policy:
    """One notice with the overlays that apply to it, on one day (parameters and rules of that day)."""

    id: str
    overlays: tuple[str, ...]
    title: Text
    issued_on: date
    as_of: date
    parameters: dict[str, Parameter]
    definitions: dict[str, Definition]
    scope: tuple[ScopeRule, ...]
    classes: tuple[UnitClass, ...]
    indicators: tuple[Indicator, ...]
    forms: dict[str, Form]
    conflicts: tuple[ConflictRule, ...]
    clears: tuple[ClearItem, ...]
    haves: Haves
    statuses: tuple[StatusLeaf, ...]
    return_columns: tuple[ReturnColumn, ...]
    size_lists: tuple[SizeList, ...]
    bodies: tuple[Body, ...]
    group_slots: tuple[GroupSlot, ...]
    milestones: tuple[Milestone, ...]
    style: DocumentStyle
    planning: PlanningWeights
    naming: NamingRules
    procedure: ProcedureRules = field(default_factory=ProcedureRules)
    clauses: dict[str, Clause] = field(default_factory=dict)
    texts: dict[str, Text] = field(
        default_factory=dict
    )  # guiding idea, principles: prose that documents quote
    source: PolicySource | None = field(default=None, compare=False, repr=False)
    sha256: str = field(default="", compare=False)  # of the texts it was read from

    @property
    def key(self) -> tuple[str, tuple[str, ...], date, str]:
        """What tells it apart from every other policy, as part of the key of what is computed by it."""
        return self.id, self.overlays, self.as_of, self.sha256

    def parameter(self, id: str) -> float:
        """The number in force on ``as_of``. KeyError when the policy has none of that name."""
        return float(self.parameters[id].on(self.as_of).value)

    def with_values(self, values: Mapping[str, float | bool]) -> Policy:
        """The same policy with other numbers from ``as_of`` on: what would be, if.

        ``values``: by parameter id. Raises InputError where the rules cannot hold them, KeyError for an unknown parameter.
        """
        if unknown := sorted(set(values) - set(self.parameters)):
            raise KeyError(unknown[0])
        if self.source is None:
            raise ValueError("only a policy that was read from its text can take other values")
        return self.source.build(values)

    def form_ids(self) -> frozenset[str]:
        """The forms that count as an organization (1.4)."""
        return frozenset(id for id, form in self.forms.items() if form.is_organization)
