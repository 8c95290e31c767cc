"""The office's journeys on PostgreSQL: the same tests as on SQLite, on a cluster of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.web.cluster import Cluster
from tests.web.sites import cluster  # noqa: F401

ROOT = Path(__file__).resolve().parents[2]
JOURNEYS = [
    "test_imports.py",
    "test_units.py",
    "test_plans.py::test_publishing_makes_it_the_proposal_and_leaves_the_ledger",
    "test_procedures.py",
    "test_audit_chain.py",
    "test_audit_verify.py",
]
# Left out: queries are counted on SQLite; whom the core refuses at which step is decided before a database is asked.
ALIKE = "not fixed_number and not refused_to_everybody and not begins_nothing"


@pytest.mark.postgres
@pytest.mark.slow
def test_journeys_on_postgresql(cluster: Cluster) -> None:  # noqa: F811
    """Import, edit, tree, plan, cases, audit: whatever passes on SQLite passes here."""
    address = cluster.make("journeys")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *(f"tests/web/{each}" for each in JOURNEYS), "-q", "-k", ALIKE, "-p", "no:cacheprovider"],
        cwd=ROOT, env=kept | {"LIANGXIN_TEST_DATABASE_URL": address}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert 0 == done.returncode, done.stdout[-6000:] + done.stderr[-2000:]
