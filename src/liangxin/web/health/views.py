"""For machines: is the process alive, can the site work. No names, no counts, no paths; nobody signs in for it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from liangxin.web.health.checks import check_all


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """200 as long as this process answers; asks neither database nor disk. Where it fails, start the site anew."""
    return JsonResponse({"alive": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 where everything the site needs is there, else 503; each check with how it is, in both languages."""
    checks = check_all()
    good = all(check.good for check in checks)
    listed = [{"name": check.name, "ok": check.good, **check.text.as_dict()} for check in checks]
    return JsonResponse({"ready": good, "checks": listed}, status=200 if good else 503)
