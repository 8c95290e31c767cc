"""Many programs write at once, on SQLite and on PostgreSQL: the chain has no gap and no fork."""

from __future__ import annotations

import pytest
from tests.web.sites import Make, _full, cluster, make_site  # noqa: F401

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
WRITER = """
    from django.db import transaction
    from liangxin.web.areas.models import Town
    from liangxin.web.audit.services import record
    town = Town.objects.get()
    for number in range(40):
        try:
            with transaction.atomic():
                record(None, town, "units.visit", "change_set", f"{name}-{{number}}")
                if number % 4 == 3:
                    raise RuntimeError  # a transaction that ends badly takes its event along
        except RuntimeError:
            pass
"""


@pytest.mark.parametrize("engine", ENGINES)
def test_one_writer_after_the_other(engine: str, make_site: Make) -> None:  # noqa: F811
    """Four programs, a quarter of their transactions rolled back: every other event is there, in one chain."""
    site = make_site(engine)
    before = site.state()["events"]
    programs = [site.start(WRITER.format(name=name)) for name in "ABCD"]
    for program in programs:
        _, err = program.communicate(timeout=120)
        assert 0 == program.returncode, err
    assert before + 4 * 30 == site.state()["events"]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_database_itself_refuses(engine: str, make_site: Make) -> None:  # noqa: F811
    """Without our program, with the database's own means: no change, no removal, no insert out of turn."""
    site = make_site(engine)
    tried = site.run("""
        from django.db import DatabaseError, connection, transaction
        statements = [
            "UPDATE audit_event SET actor = 'x' WHERE seq = 1", "DELETE FROM audit_event",
            "INSERT INTO audit_event SELECT seq + 100, at, actor, town, action, object_kind, object_id, reason, detail, previous, hash"
            " FROM audit_event WHERE seq = 1",
            "TRUNCATE audit_event" if connection.vendor == "postgresql" else "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event",
        ]
        for statement in statements:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement)
            except DatabaseError as refused:
                print("审计记录只能增加" in str(refused))
    """)
    assert ["True"] * 4 == tried.splitlines()
    site.state()
