"""The API does everything that a page does: each page with the addresses that do it, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pytest
from tests.web.test_permission_cells import API, DOORS

PIECE: Final = "a piece of another page, fetched when it is opened"
PICTURE: Final = "pictures of a map server, for a browser"
CHANGE: Final = ("PATCH units/{unit_id}",)
OPERATION: Final = (
    "GET organization-operations",
    "POST organization-operations/preview",
    "POST organization-operations",
)
ACT: Final = ("GET cases/{pk}/options", "POST cases/{pk}/acts")

PAGES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "overview": ("GET indicators", "GET overview/by/{part}", "GET overview/blocked", "GET overview/since-yesterday"),
        "overview-trend": ("GET overview/trend",),
        "overview-document": ("GET overview/progress.docx",),
        "overview-monthly": ("GET overview/monthly.{ending}",),
        "overview-summary": ("GET overview/summary.{ending}",),
        "units": ("GET units", "GET units-places", "GET indicators/{indicator}/{part}", "GET saved-lists"),
        "units-bulk": ("POST units-bulk",),
        "units-paste": ("POST units-paste",),
        "units-changes": ("GET changes",),
        "units-change-set": ("GET changes/{pk}",),
        "units-undo": ("POST changes/{pk}/undo",),
        "units-keep": ("POST saved-lists",),
        "units-forget": ("DELETE saved-lists/{pk}",),
        "units-visit": CHANGE,
        "units-unit": ("GET units/{unit_id}", "GET units/{unit_id}/explanation", "GET units/{unit_id}/history"),
        "units-save": CHANGE,
        "units-cell": CHANGE,
        "imports": ("GET imports", "POST imports"),
        "imports-waiting": ("GET waiting-values",),
        "imports-decide-value": ("POST waiting-values/{pk}",),
        "imports-duplicates": ("GET duplicates",),
        "imports-decide": ("POST duplicates",),
        "imports-one": ("GET imports/{pk}",),
        "imports-columns": ("POST imports/{pk}/columns",),
        "imports-start": ("POST imports/{pk}/start",),
        "imports-workbook": ("GET imports/{pk}/workbook.xlsx",),
        "settings": ("GET settings", "GET areas"),
        "settings-boundaries": ("POST settings/boundaries",),
        "settings-town-file": ("GET settings/town-file", "PUT settings/town-file"),
        "settings-names": ("PUT settings/names",),
        "settings-work-areas": ("GET settings/sections/{section}", "PUT settings/sections/{section}"),
        "settings-section": ("GET settings/sections/{section}", "PUT settings/sections/{section}"),
        "settings-people": ("GET people", "POST people", "GET pending-roles"),
        "settings-grant": ("POST people/{pk}/roles",),
        "settings-password": ("POST people/{pk}/password",),
        "settings-second-step": ("DELETE people/{pk}/second-step",),
        "settings-confirm": ("POST pending-roles/{pk}/confirm",),
        "settings-refuse": ("POST pending-roles/{pk}/refuse",),
        "settings-unlock": ("POST people/{pk}/unlock",),
        "settings-tokens": ("GET tokens",),
        "settings-token-revoke": ("DELETE tokens/{pk}",),
        "settings-revoke": ("DELETE roles/{pk}",),
        "settings-close": ("POST people/{pk}/close", "POST people/{pk}/reopen"),
        "plans": ("GET plans", "GET plans/published"),
        "plans-start": ("POST plans",),
        "plans-compare": ("GET plans-compared",),
        "plans-what-if": ("POST what-if",),
        "plans-plan": ("GET plans/{number}/figures",),
        "plans-list": ("GET plans/{number}", "GET plans/{number}/pins"),
        "plans-map": ("GET plans/{number}", "GET units"),
        "plans-places": ("GET plans/{number}", "GET units"),
        "plans-choices": ("GET plans/{number}/units/{unit_id}/places",),
        "plans-try": ("POST plans/{number}/trial",),
        "plans-pins": ("POST plans/{number}/pins",),
        "plans-pin-remove": ("DELETE plans/{number}/pins/{pk}",),
        "plans-progress": ("GET plans/{number}/job",),
        "plans-cancel": ("POST plans/{number}/cancel",),
        "plans-publish": ("POST plans/{number}/publish",),
        "documents": ("GET documents", "GET documents/exports"),
        "documents-all": ("POST documents/all",),
        "documents-stored": ("GET documents/exports/{pk}",),
        "documents-file": ("GET documents/files/{document}.{kind}", "GET feeds/ledger.csv", "GET feeds/ledger.parquet"),
        "policy": ("GET policy",),
        "policy-texts": ("GET policy-texts", "POST policy-texts"),
        "policy-text": ("GET policy-texts/{policy}/{number}.yaml",),
        "policy-adopt": ("PUT settings/policy",),
        "audit": ("GET audit",),
        "audit-export": ("GET audit.csv",),
        "audit-anchor": ("POST audit/anchor",),
        "jobs": ("GET jobs",),
        "jobs-progress": ("GET jobs/{pk}",),
        "jobs-cancel": ("POST jobs/{pk}/cancel",),
        "organizations": ("GET organizations", "GET organizations-changed", "GET organizations-undecided"),
        "organizations-chart": ("GET organizations",),
        "organizations-network": ("GET organizations-network.pdf",),
        "organizations-one": ("GET organizations/{organization}", "GET cases"),
        "organizations-act": OPERATION,
        "organizations-framework": ("GET organization-framework", "POST organization-framework"),
        "organizations-existing": ("POST organizations-existing",),
        "organizations-undecided": ("GET organizations-undecided", "POST organizations-undecided"),
        "procedures": ("GET cases",),
        "procedures-together": ("POST cases-together",),
        "procedures-case": ("GET cases/{pk}", "GET cases/{pk}/options"),
        "procedures-act": ACT,
        "procedures-revise": ("POST cases/{pk}/revise",),
        "procedures-foundings": ("GET cases/{pk}/foundings", "POST cases/{pk}/foundings"),
        "procedures-evidence": ("GET cases/{pk}/evidence/{file}",),
        "procedures-paper": ("GET cases/{pk}/papers/{file}.{ending}",),
        "procedures-plan": ("GET plan-cases", "POST plan-cases"),
        "procedures-request": ("POST cases",),
        "procedures-standing-in": ("GET stand-ins", "POST stand-ins"),
        "procedures-standing-in-end": ("POST stand-ins/{pk}/end",),
        "procedures-numbers": ("GET numbers",),
        "procedures-numbers-open": ("POST numbers/open",),
        "procedures-numbers-reserve": ("POST numbers/reserve",),
        "procedures-numbers-void": ("POST numbers/{pk}/void",),
        "holders": ("GET holders",),
        "holders-of": ("GET holders-of/{kind}/{of}",),
        "holders-add": ("POST holders-of/{kind}/{of}",),
        "holders-show": ("POST holders/{pk}/show",),
        "holders-end": ("POST holders/{pk}/end",),
        "holders-export": ("POST holders-export",),
        "closing": ("GET closing",),
        "closing-term": ("POST closing/term",),
        "closing-end": ("POST closing/end",),
        "closing-package": ("POST closing/package",),
        "closing-ask": ("POST closing/ask",),
        "closing-withdraw": ("POST closing/withdraw",),
        "closing-purge": ("POST closing/purge",),
        "closing-proof": ("GET closing/proof",),
        "map": ("GET units", "GET organizations"),
        "map-units": ("GET units", "GET feeds/units.geojson"),
        "map-areas": ("GET feeds/areas.geojson",),
    }
)  # fmt: skip
WITHOUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "organizations-branch": PIECE,
        "procedures-vote": PIECE,
        "map-tile": PICTURE,
    }
)


def test_every_page_has_its_addresses() -> None:
    """A new page cannot be forgotten, and a page that is gone does not stay here."""
    assert {door.name for door in DOORS} == set(PAGES) | set(WITHOUT)


@pytest.mark.parametrize("name", PAGES)
def test_the_addresses_exist_and_open_to_who_may_open_the_page(name: str) -> None:
    """The page's action opens at least the first of its addresses: nobody has to use a page for what a program may do."""
    door = next(each for each in DOORS if each.name == name)
    listed = [tuple(each.split(" ", 1)) for each in PAGES[name]]
    assert set(listed) <= set(API)
    assert door.action is API[listed[0]]


def test_no_address_is_without_a_page() -> None:
    """What only the API does would be tried by no person."""
    named = {tuple(each.split(" ", 1)) for listed in PAGES.values() for each in listed}
    assert set() == set(API) - named
