"""Two groups' copies come back in any order, between edits of the page, undoing and deciding: the ledger against a plain
model of its values. Nothing is lost, and nothing is turned back without a word."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from liangxin.files.ledger_writing import write_ledger
from liangxin.web.accounts.permission import permit
from liangxin.web.imports import actions, services, waiting
from liangxin.web.imports.models import Import
from liangxin.web.jobs.models import Job
from liangxin.web.ui.memory import MEMORY
from liangxin.web.units.copies import stamps_for
from liangxin.web.units.live import live
from liangxin.web.units.models import ChangeSet, Unit
from liangxin.web.units.services import Edit, write
from liangxin.web.units.undoing import undo
from liangxin.wording import Text

FIELDS = {"staff": "从业人数", "remark": "备注"}
VALUES = {
    "staff": st.sampled_from([5, 6, 7]),
    "remark": st.sampled_from(["去过", "没去", "再去"]),
}
UNITS = ("CL1", "CL2")
Cell = tuple[str, str]  # unit, field


@dataclass
class Copy:
    """A file in somebody's hands: its header and rows as they stand there; ``taken``: the ledger when it was taken."""

    header: list[str]
    rows: list[list[str]]
    taken: dict[Cell, Any]
    typed: dict[Cell, Any] = field(default_factory=dict)

    def cell(self, unit: str, name: str) -> tuple[int, int] | None:
        at = self.header.index("编号")
        row = next((number for number, row in enumerate(self.rows) if row[at] == unit), None)
        return None if row is None else (row, self.header.index(FIELDS[name]))

    def bytes(self) -> bytes:
        lines = [",".join(row) for row in (self.header, *self.rows)]
        return ("\n".join(lines) + "\n").encode("utf-8-sig")


class Copies(RuleBasedStateMachine):
    """``ledger``: what each cell must say. ``asked``: cells and copies' values that must wait, unless the ledger says so."""

    town: Any
    office: Any
    member: Any
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.point = transaction.savepoint()
        MEMORY.forget()  # of an example that was rolled back
        self.ledger: dict[Cell, Any] = {
            (unit, name): value for unit in UNITS for name, value in (("staff", 5), ("remark", None))
        }
        rows = [{"unit_id": id, "name": f"长乐{id}试验厂", "kind": "enterprise", "staff": 5} for id in UNITS]
        write(self.town, None, "import", Text("台账", "ledger"), [Edit(None, row) for row in rows])
        self.copies: list[Copy] = []
        self.asked: dict[
            int, set[tuple[str, str, Any]]
        ] = {}  # by the import whose copy asks; one taken back asks no longer
        self.answered: set[tuple[str, str, Any, Any]] = set()
        self.done: list[tuple[ChangeSet, dict[Cell, tuple[Any, Any]]]] = []
        self.may = permit(self.office, self.town)
        for _ in range(2):  # two groups have theirs from the first
            self._hand_out(UNITS)

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.point)

    def units(self) -> dict[str, Unit]:
        return {unit.unit_id: unit for unit in Unit.objects.filter(town=self.town)}

    @rule(unit=st.sampled_from(UNITS), name=st.sampled_from(sorted(FIELDS)), data=st.data())
    def page_edit(self, unit: str, name: str, data: st.DataObject) -> None:
        value = data.draw(VALUES[name])
        done = write(
            self.town, self.member, "edit", Text("改", "edit"), [Edit(self.units()[unit], {name: value})]
        )
        self._wrote(done, {(unit, name): value})

    def _wrote(self, done: ChangeSet, values: dict[Cell, Any]) -> None:
        changed = {
            cell: (self.ledger[cell], value) for cell, value in values.items() if self.ledger[cell] != value
        }
        self.ledger |= values
        if changed:
            self.done.append((done, changed))

    @precondition(lambda self: len(self.copies) < 4)
    @rule(part=st.sampled_from([UNITS, UNITS[:1]]))
    def hand_out(self, part: tuple[str, ...]) -> None:
        """The ledger, or a part of it, as a file."""
        self._hand_out(part)

    def _hand_out(self, part: tuple[str, ...]) -> None:
        shown = live(self.town)
        frame = shown.frame.filter(pl.col("unit_id").is_in(part))
        path = self.folder / "copy.csv"
        write_ledger(path, frame, stamps=stamps_for(self.town, shown, frame["unit_id"].to_list()))
        with path.open(encoding="utf-8-sig", newline="") as opened:
            header, *rows = csv.reader(opened)
        self.copies.append(Copy(header, rows, dict(self.ledger)))

    def _fill_in(self, copy: Copy, data: st.DataObject) -> None:
        """A group types into its copy."""
        for name in data.draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=3)):
            unit = data.draw(st.sampled_from(UNITS))
            at = copy.cell(unit, name)
            if at is not None:
                value = data.draw(VALUES[name])
                copy.rows[at[0]][at[1]] = str(value)
                copy.typed[unit, name] = value

    def _rearrange(self, copy: Copy, seed: int) -> None:
        """Rows sorted, columns moved, a row deleted."""
        chance = random.Random(seed)
        chance.shuffle(copy.rows)
        order = list(range(len(copy.header)))
        chance.shuffle(order)
        copy.header = [copy.header[at] for at in order]
        copy.rows = [[row[at] for at in order] for row in copy.rows]
        if len(copy.rows) > 1 and seed % 5 == 0:
            copy.rows.pop()

    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        """A copy was filled in and comes back; it stays in the group's hands and may come again. All of it is one rule: the
        generator leaves some rules out of each example, and would seldom have both."""
        copy = data.draw(st.sampled_from(self.copies))
        self._fill_in(copy, data)
        if data.draw(st.booleans()):
            self._rearrange(copy, data.draw(st.integers(0, 99)))
        expected: dict[Cell, Any] = {}
        waits: set[tuple[str, str, Any]] = set()
        for cell, typed in copy.typed.items():
            now = self.ledger[cell]
            if copy.cell(*cell) is None or typed in (copy.taken[cell], now):
                continue
            if now == copy.taken[cell]:
                expected[cell] = typed
            elif (*cell, typed, now) not in self.answered:
                waits.add((*cell, typed))
        kept = services.receive(self.town, self.office, SimpleUploadedFile("副本.csv", copy.bytes()))
        run = services.dry_run(kept)
        assert len(copy.rows) == run.stamped
        assert len(waits) == run.waiting
        changed = {(row.unit_id, name): value for row in run.rows for name, value in row.changes.items()}
        assert expected == changed
        job = actions.start_import(self.may, kept, run.seen)
        services.run_import(job, SimpleProgress())
        Job.objects.filter(pk=job.pk).update(state=Job.DONE)
        done = Import.objects.get(pk=kept.pk).change_set
        assert done is not None
        self.asked[done.pk] = waits
        self._wrote(done, expected)

    @precondition(lambda self: self.done)
    @rule()
    def take_back_the_last(self) -> None:
        done, changed = self.done.pop()
        undo(done, self.office)
        self.asked.pop(done.pk, None)
        self.ledger |= {
            cell: before for cell, (before, after) in changed.items() if self.ledger[cell] == after
        }

    @precondition(lambda self: self._open())
    @rule(take=st.sampled_from(["copy", "ledger"]), data=st.data())
    def decide(self, take: str, data: st.DataObject) -> None:
        found = waiting.open_values(self.may)
        each = data.draw(st.sampled_from(found))
        question = (each.unit.unit_id, each.field.name, each.copy)
        done = actions.decide_values(self.may, [each.key], take, waiting.token(self.town, [each]))
        for waits in self.asked.values():
            waits.discard(question)
        if done is None:
            self.answered.add((*question, self.ledger[question[:2]]))
        else:
            self.ledger[question[:2]] = each.copy  # not taken back here: what was asked would be asked again

    def _open(self) -> set[tuple[str, str, Any]]:
        questions = set().union(*self.asked.values())
        return {each for each in questions if self.ledger[each[:2]] != each[2]}

    @invariant()
    def the_ledger_says_what_was_meant(self) -> None:
        stored = {(id, name): getattr(unit, name) for id, unit in self.units().items() for name in FIELDS}
        assert self.ledger == stored

    @invariant()
    def every_question_waits(self) -> None:
        found = {(each.unit.unit_id, each.field.name, each.copy) for each in waiting.open_values(self.may)}
        assert self._open() == found


class SimpleProgress(SimpleNamespace):
    def __call__(self, share: float, stage: Text | None = None) -> None: ...

    def cancelled(self) -> bool:
        return False


@pytest.fixture
def placed(empty_town: Any, tmp_path: Path, settings: Any) -> Iterator[Any]:
    from tests.web.conftest import person

    from liangxin.registry.access import Role

    settings.MEDIA_ROOT = tmp_path / "uploads"
    Copies.town, Copies.folder = empty_town, tmp_path
    Copies.office = person("alice", empty_town, Role.OFFICE)
    Copies.member = person("bob", empty_town, Role.GROUP_MEMBER, empty_town.as_core().task_groups[0].id)
    yield empty_town


@pytest.mark.slow
@pytest.mark.clause("4.1")
def test_copies_in_any_order(placed: Any) -> None:
    run_state_machine_as_test(
        Copies,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
