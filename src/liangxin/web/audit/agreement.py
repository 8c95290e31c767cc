"""Whether what the site stores agrees with itself: history with the chain, ledger with history, list with rate, tree
with its journal. Each figure is counted again from the stored rows, by another way than the pages take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from liangxin.registry.fields import FIELDS
from liangxin.web.areas.models import Town
from liangxin.web.audit import fingerprint
from liangxin.web.audit.models import Event
from liangxin.web.audit.registers import check_case_events, check_registers
from liangxin.web.audit.verifying import Fault
from liangxin.web.organizations import placing
from liangxin.web.organizations.models import CarriedOver, StoredOperation
from liangxin.web.units.live import live, parsed, policy_of, to_frame
from liangxin.web.units.models import Change, Unit
from liangxin.web.units.services import as_json, stored
from liangxin.wording import Text

if TYPE_CHECKING:
    import polars as pl

    from liangxin.coverage import Part
    from liangxin.coverage.rate import Rate
    from liangxin.structure import DayTree

NAMES: Final = tuple(FIELDS)
MOST_NAMED: Final = 20  # faults of one kind that are named one by one in a town


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was compared in one town, and what did not agree. ``notes``: to know, but no fault."""

    town: Town
    indicators: int
    units: int
    entries: int
    rates: dict[str, Rate]
    faults: tuple[Fault, ...]
    notes: tuple[Text, ...] = ()


def check_town(town: Town) -> Agreed:
    """Every comparison for one town."""
    faults: list[Fault] = []
    faults += _histories(town)
    units, differing = _replayed(town)
    faults += _limited(town, differing)
    rates, wrong = _figures(town, units)
    faults += wrong
    faults += check_registers(town)
    faults += _limited(town, list(check_case_events(town)))
    entries, broken, notes = _journal(town)
    return Agreed(town, len(rates), units.height, entries, rates, (*faults, *broken), notes)


def _fault(code: str, town: Town, zh: str, en: str, seq: int | None = None) -> Fault:
    return Fault(code, Text(f"{town.name}：{zh}", f"{town.name}: {en}"), seq)


def _limited(town: Town, found: list[Fault]) -> list[Fault]:
    if len(found) <= MOST_NAMED:
        return found
    rest = len(found) - MOST_NAMED
    return [
        *found[:MOST_NAMED],
        _fault(found[0].code, town, f"另有 {rest} 处同样的问题", f"and {rest} more of the kind"),
    ]


def _histories(town: Town) -> list[Fault]:
    """The rows of before and after against the fingerprints that the chain holds."""
    told: dict[int, tuple[int, str]] = {}
    operations: list[tuple[int, dict[str, Any]]] = []
    events = Event.objects.filter(town=town.code, object_kind__in=("change_set", "operations")).order_by(
        "seq"
    )
    for event in events.iterator(chunk_size=2000):
        facts = event.facts
        if event.object_kind == "operations":
            operations.append((event.seq, facts))
        elif "sha256" in facts and event.object_id.isdigit():
            told[int(event.object_id)] = (event.seq, facts["sha256"])
    found: list[Fault] = []
    first = min(told, default=None)
    rows = Change.objects.filter(town=town).order_by("change_set_id", "pk")
    values = rows.values_list("change_set_id", "unit_id", "before", "after").iterator(chunk_size=5000)
    for key, changes in groupby(values, key=itemgetter(0)):
        if key in told:
            seq, wanted = told.pop(key)
            if fingerprint.of_changes(change[1:] for change in changes) != wanted:
                found.append(
                    _fault(
                        "history-changed",
                        town,
                        f"变更批次 {key} 的前后值被改动（审计第 {seq} 号）",
                        f"the before and after of change set {key} were changed (audit event {seq})",
                        seq,
                    )
                )
        elif first is not None and key > first:
            found.append(
                _fault(
                    "history-inserted",
                    town,
                    f"变更批次 {key} 没有审计记录，是绕过系统写入的",
                    f"change set {key} has no audit event: it was written past the system",
                )
            )
    for key, (seq, wanted) in told.items():
        if wanted != fingerprint.of_changes([]):
            found.append(
                _fault(
                    "history-removed",
                    town,
                    f"变更批次 {key} 的记录被删除（审计第 {seq} 号）",
                    f"change set {key} was removed (audit event {seq})",
                    seq,
                )
            )
    return [*_limited(town, found), *_operations(town, operations)]


def _operations(town: Town, told: list[tuple[int, dict[str, Any]]]) -> Iterator[Fault]:
    stored_rows = dict(StoredOperation.objects.filter(town=town).values_list("number", "document"))
    for seq, facts in told:
        first, last = facts["numbers"]
        documents = [stored_rows.get(number) for number in range(first, last + 1)]
        if fingerprint.of_operations(documents) != facts["sha256"]:
            yield _fault(
                "journal-changed",
                town,
                f"党组织变动记录第 {first} 至 {last} 笔被改动或删除（审计第 {seq} 号）",
                f"entries {first} to {last} of the journal of organizations were changed or removed (audit event {seq})",
                seq,
            )


def _replayed(town: Town) -> tuple[pl.DataFrame, list[Fault]]:
    """The ledger folded from its history, and the units whose row of today says something else."""
    rows: dict[int, dict[str, Any] | None] = {}
    changes = Change.objects.filter(town=town).order_by("pk").values_list("unit_id", "after")
    for unit, after in changes.iterator(chunk_size=5000):
        if after is None:
            rows[unit] = None
        else:
            rows[unit] = {**(rows.get(unit) or {}), **after}
    found: list[Fault] = []
    frame: list[tuple[Any, ...]] = []
    units = (
        Unit.objects.filter(town=town).order_by("pk").values_list("pk", "removed", "merged_into_id", *NAMES)
    )
    for key, removed, merged, *values in units.iterator(chunk_size=5000):
        if merged is not None and not removed:  # the site takes away what it merges; this only hides the unit
            found.append(
                _fault(
                    "unit-hidden",
                    town,
                    f"单位 {values[0]} 被绕过系统设为并入另一家，名单里看不见它",
                    f"unit {values[0]} was hidden past the system, as merged into another",
                )
            )
        history = rows.pop(key, None)
        if (history is None) != removed:
            said = (
                ("还在，历史里已去掉", "stands, though its history took it away")
                if history is None
                else ("已去掉，历史里还在", "is gone, though its history has it")
            )
            found.append(
                _fault("unit-history", town, f"单位 {values[0]} {said[0]}", f"unit {values[0]} {said[1]}")
            )
        if history is None:
            continue
        wrong = [
            name for name, value in zip(NAMES, values, strict=True) if as_json(value) != history.get(name)
        ]
        if wrong:
            zh = "、".join(FIELDS[name].label.zh for name in wrong)
            en = ", ".join(FIELDS[name].label.en for name in wrong)
            found.append(
                _fault(
                    "unit-history",
                    town,
                    f"单位 {values[0]} 的{zh}与历史记录不符，是绕过系统改的",
                    f"unit {values[0]}: {en} not as the history says; changed past the system",
                )
            )
        frame.append(tuple(stored(name, parsed(name, history.get(name))) for name in NAMES))
    found += [
        _fault(
            "unit-removed",
            town,
            f"历史里的单位（内部号 {key}）已不在台账",
            f"a unit of the history (key {key}) is not in the ledger",
        )
        for key, row in rows.items()
        if row is not None
    ]
    return to_frame(frame), found


def _figures(town: Town, replayed: pl.DataFrame) -> tuple[dict[str, Rate], list[Fault]]:
    """Rate = length of its list = the same rate counted on the replayed ledger, for every indicator."""
    from liangxin.coverage import classify, count, listing

    shown = live(town)
    rates = count(shown.classified)
    again = count(classify(replayed, policy_of(town)))
    faults: list[Fault] = []
    for indicator in shown.policy.indicators:
        rate, id = rates[indicator.id], indicator.id
        parts: dict[Part, tuple[Text, int]] = {"numerator": (Text("分子", "numerator"), rate.numerator)}
        if indicator.measure != "average":  # an average divides by organizations, which are no list of units
            parts["denominator"] = (Text("分母", "denominator"), rate.denominator)
        for part, (words, number) in parts.items():
            listed = listing(shown.classified, id, part)["unit_id"].n_unique()
            if listed != number:
                faults.append(
                    _fault(
                        "figure-list",
                        town,
                        f"指标 {id} {words.zh} {number}，名单 {listed} 家",
                        f"indicator {id}: {words.en} {number}, but {listed} on its list",
                    )
                )
        if again[id] != rate:
            faults.append(
                _fault(
                    "figure-ledger",
                    town,
                    f"指标 {id} 页面上是 {_said(rate)}，按台账历史重算是 {_said(again[id])}",
                    f"indicator {id} shows {_said(rate)}, counted again from the history {_said(again[id])}",
                )
            )
    return rates, faults


def _said(rate: Rate) -> str:
    return f"{rate.numerator}/{rate.denominator}"


def _journal(town: Town) -> tuple[int, list[Fault], tuple[Text, ...]]:
    """The journal's numbers without a gap, that it can be replayed, and whether the ledger says what the tree says."""
    from liangxin.files.operations_json import operation_from_json
    from liangxin.findings import InputError
    from liangxin.structure import Tree, apply_all
    from liangxin.web.policies.queries import today

    rows = list(
        StoredOperation.objects.filter(town=town).order_by("number").values_list("number", "document")
    )
    if [number for number, _ in rows] != list(range(1, len(rows) + 1)):
        gaps = sorted(set(range(1, (rows[-1][0] if rows else 0) + 1)) - {number for number, _ in rows})
        return (
            len(rows),
            [
                _fault(
                    "journal-gap",
                    town,
                    f"党组织变动记录缺第 {gaps[:10]} 笔",
                    f"the journal of organizations lacks entries {gaps[:10]}",
                )
            ],
            (),
        )
    try:
        tree = apply_all(Tree(), [operation_from_json(document) for _, document in rows])
    except (InputError, KeyError, ValueError) as refused:
        return (
            len(rows),
            [
                _fault(
                    "journal-replay",
                    town,
                    f"党组织变动记录不能重放：{refused}",
                    f"the journal of organizations cannot be replayed: {refused}",
                )
            ],
            (),
        )
    return len(rows), *_columns(town, tree.on(today(town)))


def _columns(town: Town, now: DayTree) -> tuple[list[Fault], tuple[Text, ...]]:
    """Whether the ledger's columns of organizations say what the tree says, but for units that the office has to decide."""
    if not CarriedOver.objects.filter(town=town).exists():
        note = Text(
            f"{town.name}：台账和组织体系还没有对照过，网站下次启动时对照",
            f"{town.name}: ledger and tree were not compared yet; the next start of the site does",
        )
        return [], (note,)
    waiting = placing.undecided(town)
    rows = live(town).frame.select("unit_id", *placing.COLUMNS).rows(named=True)
    columns = placing.columns_of(town, now, {row["unit_id"]: row["organization_form"] for row in rows})
    differing = [
        row["unit_id"]
        for row in rows
        if row["unit_id"] not in waiting
        and any(row[name] != columns[row["unit_id"]][name] for name in placing.COLUMNS)
    ]
    faults = [
        _fault(
            "place-changed",
            town,
            f"单位 {unit} 的党组织各栏与组织体系不一致，是绕过系统改的",
            f"the columns of organizations of unit {unit} differ from the tree: they were changed past the system",
        )
        for unit in differing[:20]
    ]
    if not waiting:
        return faults, ()
    note = Text(
        f"{town.name}：{len(waiting)} 家单位的党组织，升级前台账与组织体系不一致，待组织办在“党组织”页核定",
        f"{town.name}: of {len(waiting)} units ledger and tree differed before the upgrade; the Organizations page lists them to be decided",
    )
    return faults, (note,)


def check_all(told: Callable[[Text], None] = lambda _: None) -> list[Agreed]:
    """Every town, in the order of codes."""
    found: list[Agreed] = []
    for town in Town.objects.order_by("code"):
        told(Text(f"核对{town.name}", f"Checking {town.name}"))
        found.append(check_town(town))
    return found
