"""How often a person may do what takes much out of the site, or guesses: counted in the cache, for a fixed stretch of time."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.core.cache import cache

from liangxin.wording import Text


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` times in ``seconds``."""

    most: int
    seconds: int
    what: Text


EXPORTS: Final = Limit(60, 3600, Text("导出", "exports"))
UNMASKED: Final = Limit(30, 3600, Text("查看联系人全部信息", "full views of office holders"))
TOKENS: Final = Limit(10, 3600, Text("新建令牌", "new tokens"))
WRONG_TOKENS: Final = Limit(30, 900, Text("无效的令牌", "tokens that are not in force"))
UPLOADS: Final = Limit(60, 3600, Text("上传", "uploads"))

# By the name of the address; the methods that count.
BY_ADDRESS: Final = MappingProxyType(
    {
        **dict.fromkeys(
            ("documents-file", "documents-all", "documents-stored", "overview-document", "organizations-network",
             "imports-workbook", "audit-export", "overview-monthly", "overview-summary", "ledger_csv", "ledger_parquet", "units_geojson", "holders-export",
             "closing-package", "document_file", "all_documents", "export_file", "overview_document", "monthly_report",
             "summary_report", "organizations_network", "import_workbook", "audit_csv", "export_holders", "hand_over"),
            ("*", EXPORTS),
        ),
        **dict.fromkeys(("holders-show", "show_holder"), ("POST", UNMASKED)),
        "tokens": ("POST", TOKENS),
        **dict.fromkeys(("imports", "settings-boundaries", "import_boundaries"), ("POST", UPLOADS)),
    }
)  # fmt: skip


def within(limit: Limit, who: str) -> bool:
    """Counts one more, and says whether it is still within the limit.

    Each of the ``most`` times is an entry of its own that only one request can add: however many come at once, no two
    count as one. The stretches of time are those of the clock."""
    stretch = int(time.time() // limit.seconds)
    words = f"{limit.what.en}/{who}/{stretch}"
    key = f"limit:{hashlib.sha256(words.encode('utf-8', 'surrogatepass')).hexdigest()}"
    count: int = cache.get(key, 0)  # where to look first; it may lag behind
    while count < limit.most and not cache.add(f"{key}:{count}", True, limit.seconds):
        count += 1
    allowed = count < limit.most
    cache.set(key, min(count + 1, limit.most), limit.seconds)
    return allowed
