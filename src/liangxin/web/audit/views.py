from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from liangxin.files.formulas import as_text
from liangxin.registry.access import Action
from liangxin.web.accounts.permission import in_town
from liangxin.web.audit import anchors, queries, services
from liangxin.web.audit.chain import moment
from liangxin.web.audit.models import Event
from liangxin.web.audit.queries import Search
from liangxin.web.audit.words import ACTIONS, OBJECTS
from liangxin.web.ui.language import current
from liangxin.wording import Text


@in_town(Action.READ_AUDIT)
def index(request: HttpRequest) -> HttpResponse:
    """Somebody asks who did, read or took something, when and why; or wants the record to show to others."""
    wanted = Search.read(request.GET)
    page = Paginator(queries.found(request.permit, wanted), queries.PAGE).get_page(request.GET.get("page"))
    parameters = request.GET.copy()
    parameters.pop("page", None)
    context = {
        "wanted": wanted,
        "rows": queries.rows(request.permit, list(page.object_list)),
        "page": page,
        "people": queries.people_of(request.town),
        "actions": ACTIONS.items(),
        "anchored": anchors.newest(),
        "parameters": parameters.urlencode(),
    }
    return render(request, "audit/index.html", context)


HEADERS = (
    Text("序号", "number"), Text("时间（UTC）", "time (UTC)"), Text("用户名", "user name"), Text("操作", "action"), Text("操作代码", "action code"),
    Text("对象", "object"), Text("对象编号", "object id"), Text("事由", "reason"), Text("详情", "detail"), Text("前一指纹", "previous hash"), Text("指纹", "hash"),
)  # fmt: skip


class _Echo:
    """The csv module writes; the response takes each line as it comes."""

    def write(self, line: str) -> bytes:
        return line.encode("utf-8", "replace")


@in_town(Action.READ_AUDIT)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """What the search found, as CSV that Excel opens; taking it is an event itself, and is not in the file."""
    wanted, lang = Search.read(request.GET), current()
    rows = queries.found(request.permit, wanted)
    last = services.exported(request.permit, rows.count(), wanted.words())
    writer = csv.writer(_Echo())

    def lines() -> Iterator[bytes]:
        yield b"\xef\xbb\xbf"
        yield writer.writerow([header.in_language(lang) for header in HEADERS])
        for event in rows.filter(seq__lt=last).iterator(chunk_size=1000):
            yield writer.writerow([_cell(value) for value in _values(event, lang)])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    label = Text("审计记录", "audit").in_language(lang)
    name = f"{request.town.name}{label}{timezone.localdate()}.csv"
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response


def _values(event: Event, lang: Any) -> list[Any]:
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


def _cell(value: Any) -> Any:
    return as_text(value) if isinstance(value, str) else value


@require_POST
@in_town(Action.READ_AUDIT)
def anchor(request: HttpRequest) -> HttpResponse:
    """The chain's end of now, signed, as a file to be kept elsewhere."""
    made = services.anchored_for(request.permit)
    response = HttpResponse(anchors.as_text(made), content_type="application/json")
    name = f"liangxin-anchor-{made.day}-{made.seq}.json"
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "no-store"
    return response
