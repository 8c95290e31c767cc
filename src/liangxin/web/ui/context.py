"""What every page's frame needs: the town, the person's permit, the language, where we are."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import Permit
from liangxin.web.audit.services import last_event
from liangxin.web.health.checks import worker_runs
from liangxin.web.policies.queries import today
from liangxin.web.procedures.queries import waiting_count
from liangxin.web.ui.language import current
from liangxin.web.ui.memory import MEMORY
from liangxin.wording import Text

# (url name, words, the action that opens it)
NAVIGATION = (
    ("overview", Text("总览", "Overview"), Action.SEE_FIGURES),
    ("units", Text("单位", "Units"), Action.READ_UNITS),
    ("imports", Text("导入", "Import"), Action.IMPORT),
    ("organizations", Text("党组织", "Organizations"), Action.SEE_FIGURES),
    ("map", Text("地图", "Map"), Action.READ_UNITS),
    ("plans", Text("方案", "Plans"), Action.READ_UNITS),
    ("procedures", Text("办理", "Procedures"), Action.SEE_FIGURES),
    ("documents", Text("名册文书", "Documents"), Action.EXPORT),
    ("policy", Text("政策", "Policy"), Action.SEE_FIGURES),
    ("settings", Text("设置", "Settings"), Action.SETTINGS),
    ("audit", Text("审计", "Audit"), Action.READ_AUDIT),
)


def site(request: HttpRequest) -> dict[str, object]:
    permit = getattr(request, "permit", None)
    existing = _existing()
    lang = current()
    matched = request.resolver_match
    return {
        "lang": lang,
        "town": getattr(request, "town", None),
        "permit": permit,
        "section": (matched.url_name or "").split("-")[0] if matched else "",
        "navigation": [
            (name, words)
            for name, words, action in NAVIGATION
            if permit and name in existing and permit.may(action)
        ],
        "cases_waiting": _waiting(permit) if permit else 0,
        "jobs_stopped": permit is not None and not worker_runs(),
    }


def _waiting(permit: Permit) -> int:
    """How many cases wait for the person, for the navigation of every page.

    Whatever could change it (a case, a role, a standing in, an account) is an event of the audit chain, so it is counted once
    between two events.
    """
    if not permit.may(Action.READ_UNITS):
        return 0
    key = ("cases waiting", permit.user.pk, permit.town.pk, permit.grants, today(permit.town), last_event())
    return MEMORY.get(key, lambda: waiting_count(permit))


@lru_cache(maxsize=1)
def _existing() -> frozenset[str]:
    """The sections that this site has: a section without pages has no place in the navigation."""
    from django.urls import get_resolver

    return frozenset(str(name) for name in get_resolver().reverse_dict if isinstance(name, str))
