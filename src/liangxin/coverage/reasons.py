"""One sentence for every unit, with its clause: why this class, which form is possible or not, what is missing."""

from __future__ import annotations

from string import Formatter
from typing import Final

import polars as pl

from liangxin.coverage.awaiting import any_awaited
from liangxin.coverage.classify import Classification
from liangxin.coverage.saying import Speaker, citation, number_text, speaker_of
from liangxin.policy.model import Clause, ConflictRule, Policy, UnitClass
from liangxin.registry.fields import FIELDS
from liangxin.wording import LANGUAGES, Lang, Text

_ASKED: Final = {
    "separate": Text("应单独组建", "should stand alone"),
    "any": Text("应有组织覆盖", "should be covered by an organization"),
}


def reasons(classification: Classification, units: pl.DataFrame | None = None) -> pl.DataFrame:
    """``unit_id``, ``reason_zh``, ``reason_en`` for ``units`` (rows of the classification's frame; all by default).

    从业人员86人，达到80人，应单独组建（3.2）；正式党员2名，不足3名，不能单独组建（2.1），可派员帮建（2.2）。
    """
    frame = classification.frame if units is None else units
    columns = [sentences(frame, classification.policy, lang).alias(f"reason_{lang}") for lang in LANGUAGES]
    return frame.select("unit_id").with_columns(columns)


def reason(classification: Classification, unit_id: str) -> Text:
    """The sentence of one unit. KeyError when the ledger has no such unit."""
    row = classification.frame.filter(pl.col("unit_id") == unit_id).head(1)
    if row.is_empty():
        raise KeyError(unit_id)
    return Text(*(sentences(row, classification.policy, lang)[0] for lang in LANGUAGES))


def sentences(frame: pl.DataFrame, policy: Policy, lang: Lang) -> pl.Series:
    """The sentence of each classified row in one language. Never null."""
    semicolon, stop = ("；", "。") if lang == "zh" else ("; ", ".")
    speaker = speaker_of(policy, lang)
    parts = [
        _classes(frame, policy, speaker),
        _forms(frame, policy, speaker),
        _undecided(frame, policy, speaker),
    ]
    inside = pl.concat_str(
        [pl.when(pl.lit(part) != "").then(pl.lit(part)) for part in parts],
        separator=semicolon,
        ignore_nulls=True,
    )
    said = frame.select(
        pl.when("in_scope").then(inside).otherwise(_left_out(policy, speaker)).alias("said")
    ).select(
        (pl.col("said").str.head(1).str.to_uppercase() + pl.col("said").str.slice(1) + stop).alias("reason")
    )
    return said.to_series()


def _left_out(policy: Policy, speaker: Speaker) -> pl.Expr:
    outside = [
        pl.when(pl.col("left_out") == rule.id).then(
            speaker.because(rule.when, True)
            + ("，不列入基数" if speaker.lang == "zh" else ", not in the base")
            + _cited(rule.clause, speaker.lang)
        )
        for rule in policy.scope
    ]
    return pl.coalesce([*outside, pl.lit("")])


def _cited(clause: Clause, lang: Lang) -> str:
    return _bracketed(citation(clause, lang), lang)


def _bracketed(words: str, lang: Lang) -> str:
    return f"（{words}）" if lang == "zh" else f" ({words})"


def _classes(frame: pl.DataFrame, policy: Policy, speaker: Speaker) -> pl.Series:
    """The classes the unit is in, each with the facts that put it there; a fact already said is not said again."""
    lang = speaker.lang
    comma, semicolon, also = ("，", "；", "、") if lang == "zh" else (", ", "; ", ", ")
    said = pl.Series("said", [""]).new_from_index(0, frame.height)
    last = said
    for rule in policy.classes:
        in_class = frame[f"is_{rule.id}"].fill_null(False)
        if not in_class.any():
            continue  # nothing to say of it in any row
        facts = pl.coalesce(speaker.because(rule.when, True), pl.lit(""))
        rows = frame.select(
            pl.when(pl.lit(in_class)).then(facts).otherwise(pl.lit("")).alias("facts"),
            said.alias("said"),
            last.alias("last"),
        )
        consequence = _consequence(rule, lang) + _cited(rule.clause, lang)
        new = rows.select(
            said=pl.when(pl.lit(in_class))
            .then(
                pl.when((pl.col("facts") == pl.col("last")) & (pl.col("said") != ""))
                .then(pl.col("said") + also + consequence)
                .otherwise(
                    pl.col("said")
                    + pl.when(pl.col("said") == "").then(pl.lit("")).otherwise(pl.lit(semicolon))
                    + pl.col("facts")
                    + pl.when(pl.col("facts") == "").then(pl.lit("")).otherwise(pl.lit(comma))
                    + consequence
                )
            )
            .otherwise(pl.col("said")),
            last=pl.when(pl.lit(in_class)).then("facts").otherwise("last"),
        )
        said, last = new["said"], new["last"]
    return _or_none_of_them(frame, said, policy, lang)


def _or_none_of_them(frame: pl.DataFrame, said: pl.Series, policy: Policy, lang: Lang) -> pl.Series:
    """A unit that is certainly in no class is told so, with the clauses it was held against."""
    clauses = list(dict.fromkeys(citation(rule.clause, lang) for rule in policy.classes))
    if not clauses:
        return said
    words = (
        f"不属于{'、'.join(clauses)}所列单位"
        if lang == "zh"
        else f"not among the units of {', '.join(clauses)}"
    )
    outside = pl.all_horizontal(~pl.col(f"is_{rule.id}").fill_null(True) for rule in policy.classes)
    return frame.select(pl.when(outside).then(pl.lit(words)).otherwise(said).alias("said")).to_series()


def _consequence(rule: UnitClass, lang: Lang) -> str:
    if rule.asked_form is not None:
        return _ASKED[rule.asked_form].in_language(lang)
    words = Text("属于{label}", "is one of: {label}").fill(label=rule.label)
    return words.in_language(lang)


def _forms(frame: pl.DataFrame, policy: Policy, speaker: Speaker) -> pl.Series:
    """The form it has, why it cannot stand alone, where it cannot, and what it can do."""
    lang = speaker.lang
    zh = lang == "zh"
    comma = "，" if zh else ", "
    labels = {
        form.id: form.label.in_language(lang) + _cited(form.clause, lang) for form in policy.forms.values()
    }
    now = pl.col("organization_form")
    pieces: list[pl.Expr] = [
        pl.when(now.is_in(list(labels))).then(pl.lit("现为" if zh else "now ") + now.replace(labels))
    ]
    separate = policy.forms.get("separate")
    if separate is not None:
        stands = separate.when.polars()
        clause = _cited(separate.clause, lang)
        refused = ("不能单独组建" if zh else "cannot stand alone") + clause
        undecided = ("能否单独组建待定" if zh else "whether it can stand alone is open") + clause
        pieces += [
            pl.when(~stands.fill_null(True)).then(speaker.because(separate.when, False) + comma + refused),
            pl.when(stands.is_null()).then(speaker.because(separate.when, None) + comma + undecided),
        ]
    possible = pl.col("possible_forms")
    listed = possible.list.eval(pl.element().replace(labels)).list.join("、" if zh else ", ")
    settled = possible.list.contains(now).fill_null(
        False
    )  # it has a form that it can have: nothing to propose
    some = possible.list.len() > 0
    hopeless = pl.all_horizontal(~form.when.polars().fill_null(True) for form in policy.forms.values())
    pieces.append(
        pl.when(settled)
        .then(None)
        .when(some)
        .then(pl.lit("可" if zh else "possible: ") + listed)
        .when(hopeless)
        .then(pl.lit("没有可行的组建形式" if zh else "no form is possible"))
    )
    return frame.select(
        pl.concat_str(pieces, separator=comma, ignore_nulls=True).fill_null("").alias("forms")
    ).to_series()


def _undecided(frame: pl.DataFrame, policy: Policy, speaker: Speaker) -> pl.Series:
    """Which facts are 待核, and which classes or the base wait for them."""
    zh = speaker.lang == "zh"
    by_clause: dict[str, list[pl.Expr]] = {}
    for rule in policy.classes:
        by_clause.setdefault(citation(rule.clause, speaker.lang), []).append(
            pl.col(f"is_{rule.id}").is_null()
        )
    clauses = _those([(clause, pl.any_horizontal(rules)) for clause, rules in by_clause.items()], zh)
    waiting = pl.any_horizontal([rule for rules in by_clause.values() for rule in rules] or [pl.lit(False)])
    classes = [
        (speaker.label(name), waits)
        for name, waits in any_awaited([rule.when for rule in policy.classes]).items()
    ]
    scope = [
        (speaker.label(name), waits)
        for name, waits in any_awaited([rule.when for rule in policy.scope]).items()
    ]
    bases = sorted({citation(rule.clause, speaker.lang) for rule in policy.scope})
    pieces = [
        pl.when(waiting).then(
            _those(classes, zh)
            + pl.lit("待核，" if zh else " not yet known, whether it falls under ")
            + (pl.lit("是否属于") + clauses + "所列单位待定" if zh else clauses + " is open")
        ),
        pl.when(~pl.col("scope_known")).then(
            _those(scope, zh)
            + pl.lit("待核，暂列入基数" if zh else " not yet known, kept in the base for now")
            + pl.lit(_bracketed("、".join(bases) if zh else ", ".join(bases), speaker.lang))
        ),
    ]
    joined = pl.concat_str(pieces, separator="；" if zh else "; ", ignore_nulls=True).fill_null("")
    return frame.lazy().with_columns(said=joined).select("said").collect().to_series()


def _those(words: list[tuple[str, pl.Expr]], zh: bool) -> pl.Expr:
    """The words whose condition holds, as an enumeration."""
    spoken = [pl.when(holds).then(pl.lit(word)) for word, holds in words]
    return pl.concat_str(spoken or [pl.lit("")], separator="、" if zh else ", ", ignore_nulls=True)


def conflict_sentences(classification: Classification) -> pl.DataFrame:
    """``unit_id``, ``conflict``, ``clause``, ``severity``, ``zh``, ``en``: one row a certain conflict of a unit."""
    policy = classification.policy
    tables = []
    certain = set(classification.frame["conflicts"].explode().drop_nulls())
    for rule in policy.conflicts:
        if rule.subject == "unit" and rule.id in certain:
            rows = classification.frame.filter(pl.col("conflicts").list.contains(rule.id))
            tables.append(
                rows.select(
                    "unit_id",
                    pl.lit(rule.id).alias("conflict"),
                    pl.lit(rule.clause.id).alias("clause"),
                    pl.lit(rule.severity).alias("severity"),
                    _message(rule, policy, "zh").alias("zh"),
                    _message(rule, policy, "en").alias("en"),
                )
            )
    if not tables:
        names = ("unit_id", "conflict", "clause", "severity", "zh", "en")
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String()))
    return pl.concat(tables)


def _message(rule: ConflictRule, policy: Policy, lang: Lang) -> pl.Expr:
    """The rule's words with the unit's values in their places; an empty cell reads 待核."""
    awaited = "待核" if lang == "zh" else "not yet known"
    pieces: list[pl.Expr] = []
    for words, place, _, _ in Formatter().parse(rule.message.in_language(lang)):
        pieces.append(pl.lit(words))
        if place:
            pieces.append(_value(place, policy, lang).fill_null(awaited))
    return pl.concat_str(pieces)


def _value(place: str, policy: Policy, lang: Lang) -> pl.Expr:
    if place in FIELDS:
        words = {value: text.in_language(lang) for value, text in (FIELDS[place].choices or {}).items()}
        shown = number_text(pl.col(place))
        return shown.replace(words) if words else shown
    if place in policy.definitions:
        return number_text(policy.definitions[place].expression.polars())
    return pl.lit(f"{policy.parameter(place):g}")
