"""The audit log as files to take along: what a search found as CSV, and the name of a signed anchor."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from liangxin.files.formulas import as_text
from liangxin.web.accounts.permission import Permit
from liangxin.web.audit import queries, services
from liangxin.web.audit.chain import moment
from liangxin.web.audit.models import Event
from liangxin.web.audit.queries import Search
from liangxin.web.audit.words import ACTIONS, OBJECTS
from liangxin.web.organizations.names import told_words
from liangxin.web.ui.attachment import CONTENT_TYPES
from liangxin.wording import Lang, Text

if TYPE_CHECKING:
    from liangxin.web.audit.anchors import Anchor

HEADERS = (
    Text("序号", "number"), Text("时间（UTC）", "time (UTC)"), Text("用户名", "user name"), Text("操作", "action"), Text("操作代码", "action code"),
    Text("对象", "object"), Text("对象编号", "object id"), Text("事由", "reason"), Text("详情", "detail"), Text("前一指纹", "previous hash"), Text("指纹", "hash"),
)  # fmt: skip


class _Echo:
    """The csv module writes; the response takes each line as it comes."""

    def write(self, line: str) -> bytes:
        return line.encode("utf-8", "replace")


def as_csv(permit: Permit, wanted: Search, lang: Lang) -> StreamingHttpResponse:
    """CSV that Excel opens. Taking it is an event itself, and is not in the file."""
    rows = queries.found(permit, wanted)
    last = services.exported(permit, rows.count(), wanted.words())
    writer = csv.writer(_Echo())

    def lines() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf"
        yield writer.writerow([header.in_language(lang) for header in HEADERS])
        for event in rows.filter(seq__lt=last).iterator(chunk_size=1000):
            yield writer.writerow([_cell(value) for value in _told(permit, _values(event, lang))])

    response = StreamingHttpResponse(lines(), content_type=CONTENT_TYPES["csv"])
    label = Text("审计记录", "audit").in_language(lang)
    name = f"{permit.town.name}{label}{timezone.localdate()}.csv"
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response


def name_of(made: Anchor) -> str:
    return f"liangxin-anchor-{made.day}-{made.seq}.json"


def _values(event: Event, lang: Lang) -> list[Any]:
    action, kind = ACTIONS.get(event.action), OBJECTS.get(event.object_kind)
    return [
        event.seq,
        moment(event.at),
        event.actor,
        action.in_language(lang) if action else event.action,
        event.action,
        kind.in_language(lang) if kind else event.object_kind,
        event.object_id,
        event.reason,
        event.detail,
        event.previous,
        event.hash,
    ]


def _told(permit: Permit, values: list[Any]) -> list[Any]:
    """Who may read no unit is told of none here either; the hashes are those of the event as it is."""
    return [told_words(permit, value) if isinstance(value, str) else value for value in values]


def _cell(value: Any) -> Any:
    return as_text(value) if isinstance(value, str) else value
