"""The one table of fields: whatever lists fields elsewhere takes them from it."""

from __future__ import annotations

from liangxin.registry.fields import FIELDS, SECTIONS, Section


def test_every_section_has_a_title_and_fields() -> None:
    assert set(Section) == set(SECTIONS) == {field.section for field in FIELDS.values()}
