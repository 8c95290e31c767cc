"""Write operations into the journal of a tree: pure, in order of date, refused with every reason at once.

An operation dated before others is put in its place and all later ones are done again; if one of those then becomes
impossible, the new operation is refused and the later one is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from liangxin.findings import Finding, InputError
from liangxin.structure.difference import Change, difference
from liangxin.structure.draft import Draft
from liangxin.structure.operations import Operation
from liangxin.structure.perform import perform
from liangxin.structure.tree import Entry, Tree, eve
from liangxin.wording import Text, join


def apply(tree: Tree, operation: Operation) -> Tree:
    """The tree with this operation done. ``InputError`` says in both languages why it cannot be.

    >>> from datetime import date
    >>> from liangxin.structure import Found, Record
    >>> town = apply(Tree(), Record(on=None, id="T", name="中共长乐镇委员会", type="party_committee", parent=None))
    >>> day = date(2011, 8, 1)
    >>> tree = apply(town, Found(on=day, id="W", name="两新组织党工委", type="working_committee", parent="T"))
    >>> [each.name for _, each in tree.on(day).walk()]
    ['中共长乐镇委员会', '两新组织党工委']
    """
    return apply_all(tree, [operation])


def apply_all(tree: Tree, operations: Iterable[Operation]) -> Tree:
    """Several operations in order of date; those of one day in the order given.

    What several operations of one day do together is judged at the end of that day, so that units can be regrouped.
    Raises one ``InputError`` with the findings of every operation that cannot be done.
    """
    first = max((entry.number for entry in tree.journal), default=0) + 1
    added = [Entry(number, operation) for number, operation in enumerate(operations, start=first)]
    ordered = sorted(added, key=_order)
    if not ordered:
        return tree
    if not tree.journal or _order(tree.journal[-1]) < _order(ordered[0]):
        return _write(Draft(tree), ordered, first)
    replayed = sorted((*tree.journal, *added), key=_order)
    return _write(Draft(Tree(tree.strengths, tree.minimum)), replayed, first)


def preview(tree: Tree, operations: Sequence[Operation]) -> tuple[Change, ...]:
    """What these operations would change, day by day; nothing is done."""
    after = apply_all(tree, operations)
    days = sorted({operation.on or date.min for operation in operations})
    if not days:
        return ()
    return difference(tree.on(days[-1]), after.on(days[-1]))


def changes_on(tree: Tree, day: date) -> tuple[Change, ...]:
    """What changed on ``day`` against the day before."""
    return difference(tree.on(eve(day)), tree.on(day))


def _order(entry: Entry) -> tuple[date, int]:
    return entry.operation.on or date.min, entry.number


def _write(draft: Draft, entries: Sequence[Entry], first_new: int) -> Tree:
    findings: list[Finding] = []
    for position, entry in enumerate(entries):
        refused = [(entry, finding) for finding in perform(draft, entry)]
        if position + 1 == len(entries) or entries[position + 1].operation.on != entry.operation.on:
            refused += draft.close_day()
        findings += [_explained(finding, cause, first_new) for cause, finding in refused]
    if findings:
        raise InputError(findings)
    return draft.tree()


def _explained(finding: Finding, entry: Entry, first_new: int) -> Finding:
    """A refusal of an operation that was already in the journal names it: the new one, dated earlier, is in its way."""
    day = entry.operation.on.isoformat() if entry.operation.on is not None else "—"
    said = Text("“{what}”（{day}）不能办理：{why}", "“{what}” ({day}) cannot be done: {why}")
    if entry.number < first_new:
        said = Text(
            "这样补记以后，已记的“{what}”（{day}）就不成立了：{why}",
            "with this entered, “{what}” ({day}), already recorded, no longer holds: {why}",
        )
    message = said.fill(what=entry.operation.label(), day=day, why=join([finding.message]))
    return Finding(finding.code, message, finding.place, finding.found, finding.accepted)
