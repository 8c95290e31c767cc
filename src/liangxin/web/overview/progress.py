"""The overview as a Word document: the rates, the parts, what is blocked; the same numbers as on the page."""

from __future__ import annotations

from datetime import date

from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.overview import queries, telling
from liangxin.web.policies.queries import load
from liangxin.wording import Lang, Text


def document(permit: Permit, part: str, day: date, lang: Lang) -> bytes:
    """docx. ``part``: a key of ``telling.PARTS``."""
    from liangxin.files.overview_document import overview_document

    targets, _ = queries.rows(load(permit.town, day), queries.readable_rates(permit, day), day)
    return overview_document(
        permit.town.name,
        day,
        [(row.label, row.rate, row.target, row.due) for row in targets],
        telling.PARTS[part],
        [
            (label if isinstance(label, Text) else Text(label, label), [row.rate for row in rows])
            for _, label, rows in queries.by_part(permit, part, day)
        ],
        [(each.label, each.units) for each in queries.blocked(permit, day)],
        lang,
    )


def name_of(town: Town, day: date, lang: Lang) -> str:
    return Text(f"{town.name}进度表{day}.docx", f"{town.name}-progress-{day}.docx").in_language(lang)
