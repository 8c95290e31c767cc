"""Killed (SIGKILL) at random moments of replying: of each reply there is all or nothing, and the site goes on from there."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROUNDS = 8
ENOUGH = 40  # of 60 cases: from here on nothing is killed any more
SCRIPT = [sys.executable, "-m", "tests.web.replying"]


def _environment(folder: Path) -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return kept | {"LIANGXIN_DATA": str(folder), "PYTHONPATH": root}


def _rows(folder: Path, query: str) -> list[Any]:
    with sqlite3.connect(folder / "site.sqlite3") as database:
        return database.execute(query).fetchall()


def whole(folder: Path) -> int:
    """Of each case either event, number, journal entry, ledger, documents and audit event, or none. How many have them."""
    replied = {
        case for case, document in _rows(folder, "SELECT case_id, document FROM procedures_caseevent WHERE number = 3")
        if json.loads(document)["act"]["transition"] == "reply_elect"
    }  # fmt: skip
    organization = dict(_rows(folder, "SELECT id, organization FROM procedures_case"))
    stepped = {case for (case,) in _rows(folder, "SELECT id FROM procedures_case WHERE step = 'election'")}
    numbers = _rows(folder, "SELECT number, case_id, state FROM procedures_serialnumber ORDER BY number")
    papers = {case for (case,) in _rows(folder, "SELECT case_id FROM procedures_paper WHERE kind = 'reply'")}
    journal = [
        json.loads(document)["id"]
        for (document,) in _rows(folder, "SELECT document FROM organizations_storedoperation ORDER BY number")
        if str(json.loads(document).get("id", "")).startswith("K")
    ]
    ledger = {
        id
        for (id,) in _rows(folder, "SELECT organization_id FROM units_unit WHERE organization_id LIKE 'K%'")
    }
    told = {
        int(id) for id, detail in _rows(folder, "SELECT object_id, detail FROM audit_event WHERE action = 'case.act'")
        if json.loads(detail)["act"] == "reply_elect"
    }  # fmt: skip
    also = _rows(folder, "SELECT serialnumber_id, case_id FROM procedures_serialnumber_also")
    assert (
        replied == stepped == papers == told == {case for _, case, _ in numbers} | {case for _, case in also}
    )
    assert len(replied) == len(numbers) + len(also), "a case is under one number"
    assert list(range(1, len(numbers) + 1)) == [number for number, _, _ in numbers]
    assert {"issued"} >= {state for *_, state in numbers}
    assert len(journal) == len(set(journal))
    assert {organization[case] for case in replied} == set(journal) == ledger
    assert [("ok",)] == _rows(folder, "PRAGMA integrity_check")
    return len(replied)


@pytest.mark.slow
@pytest.mark.clause("5.2", "A3")
def test_a_kill_leaves_a_reply_whole_or_not_at_all(tmp_path: Path) -> None:
    """Eight kills between the first and the last statement of a reply; then one run to the end, with no gap and no double."""
    environment = _environment(tmp_path)
    subprocess.run([*SCRIPT, "prepare"], env=environment, check=True, timeout=300)
    chance = random.Random(20110815)
    killed = done = 0
    for _ in range(ROUNDS):
        process = subprocess.Popen([*SCRIPT, "run"], env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        lines = chance.randint(1, 4)
        if not all(process.stdout.readline() for _ in range(lines)):
            process.wait()
            break
        time.sleep(chance.uniform(0, 0.25))  # somewhere inside the reply just announced
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        process.stdout.close()
        killed += process.returncode == -signal.SIGKILL
        done = whole(tmp_path)
        if done >= ENOUGH:
            break  # a quick machine: some must be left
    assert killed >= 2
    assert 0 < done < 60, "some were replied to before a kill, some are left"
    subprocess.run([*SCRIPT, "run"], env=environment, check=True, timeout=300, stdout=subprocess.DEVNULL)
    assert 60 == whole(tmp_path)


@pytest.mark.clause("5.2", "A3")
def test_a_kill_leaves_one_reply_for_six_whole_or_not_at_all(tmp_path: Path) -> None:
    """Killed while one document decides six cases: either all six have event, number, tree, ledger and papers, or none."""
    environment = _environment(tmp_path)
    subprocess.run([*SCRIPT, "prepare"], env=environment, check=True, timeout=300)
    together = [*SCRIPT[:-1], "tests.web.replying", "together"]
    chance = random.Random(20110816)
    done: list[int] = []
    killed = 0
    for _ in range(ROUNDS):
        process = subprocess.Popen(together, env=environment, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        if not all(process.stdout.readline() for _ in range(chance.randint(1, 2))):
            process.wait()
            break
        time.sleep(chance.uniform(0, 0.2))  # somewhere inside the reply just announced
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
        process.stdout.close()
        killed += process.returncode == -signal.SIGKILL
        done.append(whole(tmp_path))
        if done[-1] >= ENOUGH:
            break  # a quick machine: some must be left
        documents = _rows(tmp_path, "SELECT document FROM procedures_caseevent WHERE number = 3")
        decided = {tuple(json.loads(document)["act"]["jointly"]["cases"]) for (document,) in documents}
        assert done[-1] == sum(map(len, decided)), "every case that a reply names has it"
    assert killed >= 2
    assert 0 < done[-1] < 60, "some were decided before a kill, some are left"
    subprocess.run(together, env=environment, check=True, timeout=300, stdout=subprocess.DEVNULL)
    left = 60 - whole(tmp_path)
    assert left <= len(_rows(tmp_path, "SELECT DISTINCT task_group FROM procedures_case"))


@pytest.mark.clause("5.2", "A3")
def test_three_at_once_reply_to_each_once(tmp_path: Path) -> None:
    """Three processes reply to the same sixty requests at once: each is replied to once, the others are told who was first."""
    environment = _environment(tmp_path)
    subprocess.run([*SCRIPT, "prepare"], env=environment, check=True, timeout=300)
    at_once = [
        subprocess.Popen([*SCRIPT, "run"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]  # fmt: skip
    said = [process.communicate(timeout=300)[1].split() for process in at_once]
    assert [0, 0, 0] == [process.returncode for process in at_once]
    assert 60 == whole(tmp_path)
    assert {"procedure.overtaken"} == {code for each in said for code in each}


@pytest.mark.clause("5.2")
def test_the_tree_of_what_was_replied_is_valid(tmp_path: Path) -> None:
    """After kills the stored journal is read by the core without a refusal, and the audit chain verifies."""
    environment = _environment(tmp_path)
    subprocess.run([*SCRIPT, "prepare"], env=environment, check=True, timeout=300)
    process = subprocess.Popen([*SCRIPT, "run"], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(6):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    process.stdout.close()
    seen = subprocess.run([sys.executable, "-c", _READ], env=environment, check=True, timeout=300, capture_output=True, text=True)  # fmt: skip
    entries, organizations, verified = seen.stdout.split()
    assert int(entries) >= int(organizations) > 5
    assert "True" == verified


_READ = """
import os
os.environ["LIANGXIN_SECRET_KEY"] = "only for tests"
os.environ["DJANGO_SETTINGS_MODULE"] = "liangxin.web.settings"
import django
django.setup()
from datetime import date
from liangxin.web.areas.models import Town
from liangxin.web.audit.chain import digest
from liangxin.web.audit.models import Event
from liangxin.web.organizations.queries import tree_of
tree = tree_of(Town.objects.get())
events = list(Event.objects.order_by("seq"))
chained = all(digest(each) == each.hash for each in events) and all(
    after.previous == before.hash for before, after in zip(events, events[1:]))
print(len(tree.journal), len(tree.on(date(2011, 8, 15)).organizations), chained)
"""
