"""What a reply does to the dated tree, and what its annulment takes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from liangxin.findings import InputError
from liangxin.procedure.case import Case
from liangxin.procedure.serial import Serial
from liangxin.structure import Annul, Basis, Operation, Tree
from liangxin.wording import Text


def effects(case: Case, serial: Serial, day: date) -> tuple[Operation, ...]:
    """The matter's operations, in force from ``day``, with the reply's number behind each."""
    return tuple(
        replace(operation, on=day, basis=replace(operation.basis, document=serial.text))
        for operation in case.matter.operations
    )


def performed(case: Case) -> tuple[Operation, ...]:
    """The operations that the reply has done; empty before it."""
    replied = case.reply
    if replied is None:
        return ()
    event, act = replied
    assert act.serial is not None, "a reply without its number is never written"
    return effects(case, act.serial, case.day_of(event))


def annulments(case: Case, tree: Tree, serial: Serial, day: date, reason: str) -> tuple[Annul, ...]:
    """撤回 of every entry that the reply wrote, the last one first, by a later document. Nothing is taken out of the journal.

    ``InputError`` where the tree does not have them all: then the journal was not written with the reply.
    """
    wanted = list(performed(case))
    entries = [entry for entry in tree.journal if entry.operation in wanted]
    if len(entries) < len(wanted):
        raise InputError.of(
            "procedure.not_in_the_tree",
            f"批复的{len(wanted)}笔变动，组织树里只有{len(entries)}笔",
            f"of the {len(wanted)} operations of the reply the tree has {len(entries)}",
        )
    basis = Basis(document=serial.text, reason=Text("{reason}", "{reason}").fill(reason=reason))
    return tuple(
        Annul(on=day, entry=entry.number, basis=basis)
        for entry in sorted(entries, key=lambda each: each.number, reverse=True)
    )
