from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liangxin.findings import InputError
from liangxin.web.accounts.permission import require_user
from liangxin.web.api import tokens
from liangxin.web.api.models import ApiToken
from liangxin.web.ui.language import told


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Somebody wants a program to read the site in their name: make a token, see which there are, revoke one."""
    given = {name: request.POST.get(name, "") for name in ("name", "scope", "until")}
    context: dict[str, object] = {"given": given}
    status = 200
    if request.method == "POST":
        try:
            _, context["token"] = tokens.make(
                require_user(request), given["name"], given["scope"] or tokens.READ, given["until"]
            )
            context["given"] = {}
        except InputError as refused:
            context["errors"] = told(refused.findings)
            status = 422
    context["tokens"] = ApiToken.objects.filter(user=require_user(request))
    return render(request, "api/tokens.html", context, status=status)


@require_POST
@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    tokens.revoke(require_user(request), pk)
    return redirect("tokens")
