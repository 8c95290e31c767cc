"""Every address of the site. A town's pages are under ``/t/<code>/``."""

from __future__ import annotations

from django.urls import include, path, re_path

from liangxin.web.ui import views as ui

handler500 = "liangxin.web.health.failing.server_error"
urlpatterns = [
    path("", ui.start, name="start"),
    path("language/", ui.language, name="language"),
    path("accounts/tokens/", include("liangxin.web.api.token_urls")),
    # The site sends no mail: what the sign-in library would do by mail is not there. An administrator gives a new password.
    re_path(r"^accounts/(?:signup|email|confirm-email|password/reset|login/code)(?:/.*)?$", ui.nothing_here),
    path("accounts/", include("allauth.urls")),
    path("towns/", include("liangxin.web.areas.urls")),
    path("health/", include("liangxin.web.health.urls")),
    path("api/v1/", include("liangxin.web.api.urls")),
]

_TOWN = {
    "overview": "liangxin.web.overview.urls",
    "units": "liangxin.web.units.urls",
    "imports": "liangxin.web.imports.urls",
    "settings": "liangxin.web.administration.urls",
    "plans": "liangxin.web.plans.urls",
    "documents": "liangxin.web.documents.urls",
    "policy": "liangxin.web.policies.urls",
    "audit": "liangxin.web.audit.urls",
    "jobs": "liangxin.web.jobs.urls",
    "organizations": "liangxin.web.organizations.urls",
    "procedures": "liangxin.web.procedures.urls",
    "holders": "liangxin.web.holders.urls",
    "closing": "liangxin.web.closing.urls",
    "map": "liangxin.web.map.urls",
}
urlpatterns += [path(f"t/<str:town>/{name}/", include(module)) for name, module in _TOWN.items()]
