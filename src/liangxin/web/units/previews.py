"""What was previewed is what is done: a preview carries a token, and doing it gives the token back.

The token is the number of the ledger's last change and a fingerprint of everything that the preview would change. Under
the town's lock the preview is worked out anew; only where it is the very same is it done. Otherwise nothing is done, and
whoever asked is told which values somebody changed meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import timezone

from liangxin.findings import Finding, InputError
from liangxin.registry.fields import FIELDS
from liangxin.web.accounts.permission import Permit
from liangxin.web.areas.models import Town
from liangxin.web.units.models import Change, Unit
from liangxin.web.units.sheets import value_words
from liangxin.wording import Text

_TOKEN: Final = re.compile(r"(\d{1,18})-([0-9a-f]{32})", re.ASCII)
_IN_QUERY: Final = 900  # names in one query: SQLite's limit


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A value that somebody changed after it was previewed; ``field`` is empty where the unit came or went as a whole."""

    unit: Unit
    field: str
    before: Any
    after: Any
    by: str
    at: datetime
    change_set: int

    @property
    def came(self) -> bool:
        return not self.field and self.before is None


class StalePreviewError(Exception):
    """Something was done since the preview; nothing of what was asked for is done.

    ``now``: the token of a new preview. ``changed``: whose values it was, oldest first; empty where the difference is
    no unit's value (another meaning of a column, another town file, another entry in the journal of organizations).
    """

    def __init__(self, now: str | int, changed: Sequence[Meanwhile] = ()) -> None:
        self.now = now
        self.changed = tuple(changed)
        super().__init__(str(now))


def make_token(seq: int, content: Iterable[Any]) -> str:
    """The token of a preview made when the ledger's last change was ``seq``."""
    made = hashlib.sha256()
    for each in content:
        made.update(json.dumps(each, ensure_ascii=False, sort_keys=True, default=_as_text).encode())
        made.update(b"\n")
    return f"{seq}-{made.hexdigest()[:32]}"


def _as_text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def token_seq(token: str) -> int | None:
    """The number of the last change that a token was made on; None for anything that is no token."""
    found = _TOKEN.fullmatch(token)
    return int(found[1]) if found else None


def require_token(token: str) -> int:
    """Its number. InputError for anything that is no token: then nothing was previewed."""
    seq = token_seq(token)
    if seq is None:
        raise InputError.of(
            "not-previewed",
            "请先看改前改后，再执行",
            "Look at the preview first; what is done is what was previewed",
            found=token[:40],
            accepted=Text("预览给出的 seen", "the seen that the preview gave"),
        )
    return seq


def require_same(permit: Permit, seen: str, now: str, cells: Mapping[str, Collection[str]]) -> None:
    """Nothing where the preview of now is the one that was seen; for callers under the town's lock.

    Args:
        seen: the token that the preview gave; ``now``: that of the same preview worked out anew.
        cells: fields by unit number that the preview depends on, to name what changed.

    Raises:
        StalePreviewError: they differ; with the changes in fields that the person may read.
    """
    since = require_token(seen)
    if seen.partition("-")[2] == now.partition("-")[2]:
        return
    changed = changed_since(permit.town, since, cells)
    if not changed:
        changed = changed_since(permit.town, since, dict.fromkeys(cells, tuple(FIELDS)))
    readable = set(permit.fields)
    raise StalePreviewError(now, [each for each in changed if not each.field or each.field in readable])


def changed_since(town: Town, seq: int, cells: Mapping[str, Collection[str]]) -> list[Meanwhile]:
    """Which of these fields of these units were changed after ``seq``, each once, from what it was then to what it is.

    A value that is again what it was is left out. In the order of the last change.
    """
    found: dict[tuple[int, str], Meanwhile] = {}
    ids = list(cells)
    for start in range(0, len(ids), _IN_QUERY):
        rows = (
            Change.objects.filter(
                town=town, pk__gt=seq, unit__town=town, unit__unit_id__in=ids[start : start + _IN_QUERY]
            )
            .select_related("unit__town", "change_set__by")
            .order_by("pk")
        )
        for change in rows:
            for name, before, after in _parts(change, cells[change.unit.unit_id]):
                key = (change.unit_id, name)
                first = found.pop(key, None)
                made = change.change_set
                found[key] = Meanwhile(
                    change.unit,
                    name,
                    before if first is None else first.before,
                    after,
                    str(made.by) if made.by_id else "",
                    made.at,
                    made.pk,
                )
    return [each for each in found.values() if each.before != each.after]


def _parts(change: Change, names: Collection[str]) -> Iterable[tuple[str, Any, Any]]:
    """What a change did, by field; ("", None, True) where the unit came, ("", True, None) where it went."""
    if change.before is None or change.after is None:
        yield ("", change.before and True, change.after and True)
        return
    for name in names:
        if name in change.after:
            yield name, change.before.get(name), change.after[name]


def describe(each: Meanwhile) -> Text:
    """``N12 长乐电机厂 “从业人数”：小王 8月15日 10:32 从 51 改成 63``, in both languages."""
    when = timezone.localtime(each.at).strftime("%Y-%m-%d %H:%M")
    who = each.by or Text("系统", "the system")
    place = {"id": each.unit.unit_id, "name": each.unit.name, "who": who, "when": when}
    if not each.field:
        if each.came:
            return Text("{id} {name}：{who} {when} 新增", "{id} {name}: added by {who}, {when}").fill(**place)
        return Text(
            "{id} {name}：{who} {when} 移出名单", "{id} {name}: taken out of the list by {who}, {when}"
        ).fill(**place)
    return Text(
        "{id} {name} “{field}”：{who} {when} 从“{old}”改成“{new}”",
        '{id} {name}, {field}: {who}, {when}, from "{old}" to "{new}"',
    ).fill(
        **place,
        field=FIELDS[each.field].label,
        old=value_words(each.unit.town, each.field, each.before),
        new=value_words(each.unit.town, each.field, each.after),
    )


def findings(error: StalePreviewError) -> list[Finding]:
    """A refusal as findings: first that it is one, then whose values were changed."""
    lead = Text(
        "预览之后有人改动过，没有写入任何数据，请按最新情况再看一遍",
        "Somebody made changes since the preview; nothing was written. Look at it again",
    )
    listed = [Finding("preview-stale", describe(each), column_of=each.field) for each in error.changed]
    return [Finding("preview-stale", lead), *listed]
