"""A tiny second meaning of the expression language, in plain Python, to compare the real one with.

Expressions are drawn as text together with a function from a row to the value; None is 待核.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hypothesis import strategies as st

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Drawn:
    """An expression as text, fully in parentheses, and what it means."""

    text: str
    value: Callable[[Row], Any]

    def __repr__(self) -> str:
        return self.text


AS_OF = date(2011, 8, 15)
DAYS = st.dates(date(2010, 1, 1), date(2013, 12, 31))
ROWS = st.fixed_dictionaries(
    {
        "staff": st.none() | st.integers(-3, 90),
        "full_members": st.none() | st.integers(0, 5),
        "revenue": st.none() | st.integers(0, 8).map(lambda half: half / 2),
        "union": st.none() | st.booleans(),
        "conditions_mature": st.none() | st.booleans(),
        "kind": st.none() | st.sampled_from(["enterprise", "household", "social_group"]),
        "organization_form": st.none() | st.sampled_from(["none", "park", "separate"]),
        "surveyed_on": st.none() | DAYS,
        "association": st.none() | st.lists(st.sampled_from(["S1", "S2"]), max_size=2),
    }
)


def _strict(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Unknown in, unknown out."""
    return lambda *values: None if any(value is None for value in values) else operation(*values)


def and_(left: bool | None, right: bool | None) -> bool | None:
    """Kleene: one false decides."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def or_(left: bool | None, right: bool | None) -> bool | None:
    """Kleene: one true decides."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


def _column(name: str) -> Drawn:
    return Drawn(name, lambda row: row[name])


def _binary(sign: str, operation: Callable[[Any, Any], Any], left: Drawn, right: Drawn) -> Drawn:
    return Drawn(f"({left} {sign} {right})", lambda row: operation(left.value(row), right.value(row)))


_ARITHMETIC = {
    "+": _strict(lambda a, b: a + b),
    "-": _strict(lambda a, b: a - b),
    "*": _strict(lambda a, b: a * b),
    "/": _strict(lambda a, b: a / b if b else None),
}
_ORDER = {
    "==": _strict(lambda a, b: a == b),
    "!=": _strict(lambda a, b: a != b),
    "<": _strict(lambda a, b: a < b),
    "<=": _strict(lambda a, b: a <= b),
    ">": _strict(lambda a, b: a > b),
    ">=": _strict(lambda a, b: a >= b),
}


def _choose(condition: Drawn, yes: Drawn, no: Drawn) -> Drawn:
    def value(row: Row) -> Any:
        decided = condition.value(row)
        return None if decided is None else yes.value(row) if decided else no.value(row)

    return Drawn(f"(if {condition} then {yes} else {no})", value)


def _between(value: Drawn, low: Drawn, high: Drawn) -> Drawn:
    def within(row: Row) -> bool | None:
        here = value.value(row)
        return and_(_ORDER[">="](here, low.value(row)), _ORDER["<="](here, high.value(row)))

    return Drawn(f"({value} between {low} and {high})", within)


def _known(name: str, known: bool) -> Drawn:
    word = "known" if known else "unknown"
    return Drawn(f"({name} is {word})", lambda row: (row[name] is not None and row[name] != []) is known)


def _within(name: str, values: list[str], negated: bool) -> Drawn:
    listed = ", ".join(f'"{value}"' for value in values)
    inside = _strict(lambda value: (value in values) is not negated)
    return Drawn(f"({name} {'not ' if negated else ''}in [{listed}])", lambda row: inside(row[name]))


dates: st.SearchStrategy[Drawn] = st.one_of(
    st.just(_column("surveyed_on")),
    DAYS.map(lambda day: Drawn(day.isoformat(), lambda row: day)),
    st.just(Drawn("as_of", lambda row: AS_OF)),
)
NUMBER_COLUMNS = st.sampled_from(["staff", "full_members", "revenue"]).map(_column)
PLAIN_NUMBERS = st.integers(0, 80).map(lambda number: Drawn(str(number), lambda row: number))
DAYS_AGO = dates.map(
    lambda a: Drawn(
        f"days_between({a}, as_of)", lambda row: _strict(lambda day: (AS_OF - day).days)(a.value(row))
    )
)


def numbers(depth: int) -> st.SearchStrategy[Drawn]:
    """Numbers with at most ``depth`` operations inside each other."""
    if depth == 0:
        return NUMBER_COLUMNS | PLAIN_NUMBERS | DAYS_AGO
    inner = numbers(depth - 1)
    return st.one_of(
        inner,
        st.builds(
            lambda sign, a, b: _binary(sign, _ARITHMETIC[sign], a, b),
            st.sampled_from(sorted(_ARITHMETIC)),
            inner,
            inner,
        ),
        inner.map(lambda a: Drawn(f"(-{a})", lambda row: _strict(lambda v: -v)(a.value(row)))),
        inner.map(
            lambda a: Drawn(f"known_part({a})", lambda row: 0 if a.value(row) is None else a.value(row))
        ),
        st.builds(_choose, conditions(depth - 1), inner, inner),
        st.builds(
            lambda name, a, b: Drawn(
                f"{name}({a}, {b})",
                lambda row: _strict(min if name == "min" else max)(a.value(row), b.value(row)),
            ),
            st.sampled_from(["min", "max"]),
            inner,
            inner,
        ),
    )


def _compared(signs: list[str], operands: st.SearchStrategy[Drawn]) -> st.SearchStrategy[Drawn]:
    return st.builds(
        lambda sign, a, b: _binary(sign, _ORDER[sign], a, b), st.sampled_from(signs), operands, operands
    )


SIMPLE_CONDITIONS = st.one_of(
    st.sampled_from(["union", "conditions_mature"]).map(_column),
    st.booleans().map(lambda truth: Drawn(str(truth).lower(), lambda row: truth)),
    st.builds(
        _known, st.sampled_from(["staff", "union", "kind", "surveyed_on", "association"]), st.booleans()
    ),
    st.builds(
        _within,
        st.just("kind"),
        st.lists(st.sampled_from(["enterprise", "household"]), min_size=1, max_size=3),
        st.booleans(),
    ),
    st.sampled_from(["S1", "S2"]).map(
        lambda id: Drawn(
            f'(association contains "{id}")',
            lambda row: _strict(lambda listed: id in listed)(row["association"]),
        )
    ),
    st.sampled_from(["==", "!="]).map(
        lambda sign: Drawn(
            f'(organization_form {sign} "none")', lambda row: _ORDER[sign](row["organization_form"], "none")
        )
    ),
    _compared(sorted(_ORDER), dates),
)


def conditions(depth: int) -> st.SearchStrategy[Drawn]:
    """Conditions with at most ``depth`` operations inside each other."""
    if depth == 0:
        return SIMPLE_CONDITIONS | _compared(sorted(_ORDER), NUMBER_COLUMNS | PLAIN_NUMBERS)
    inner = conditions(depth - 1)
    return st.one_of(
        SIMPLE_CONDITIONS,
        _compared(sorted(_ORDER), numbers(depth - 1)),
        _compared(["==", "!="], inner),
        st.builds(lambda a, b: _binary("and", and_, a, b), inner, inner),
        st.builds(lambda a, b: _binary("or", or_, a, b), inner, inner),
        inner.map(lambda a: Drawn(f"(not {a})", lambda row: _strict(lambda v: not v)(a.value(row)))),
        st.builds(_between, numbers(depth - 1), numbers(depth - 1), numbers(depth - 1)),
        st.builds(_choose, inner, inner, inner),
    )
