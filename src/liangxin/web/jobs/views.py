from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from liangxin.registry.access import Action
from liangxin.web.accounts.permission import TownRequest, in_town
from liangxin.web.jobs import services
from liangxin.web.jobs.models import Job
from liangxin.web.ui.returning import go_back


@in_town(Action.SEE_FIGURES)
def index(request: TownRequest) -> HttpResponse:
    """What runs, what waits, what ended: the person's own jobs in this town."""
    jobs = Job.objects.filter(town=request.town, by=request.user)[:50]
    return render(request, "jobs/index.html", {"jobs": jobs})


@in_town(Action.SEE_FIGURES)
def progress(request: TownRequest, pk: int) -> HttpResponse:
    """The bar of one job, which asks again by itself; once it has ended the page is shown anew with what came of it."""
    job = get_object_or_404(Job, pk=pk, town=request.town, by=request.user)
    if job.ended and request.htmx:
        response = HttpResponse()
        response.headers["HX-Refresh"] = "true"
        return response
    return render(request, "jobs/_progress.html", {"job": job})


@require_POST
@in_town(Action.SEE_FIGURES)
def cancel(request: TownRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job, pk=pk, town=request.town, by=request.user)
    services.ask_to_cancel(job)
    jobs = reverse("jobs", kwargs={"town": request.town.code})
    return go_back(request, request.POST.get("next", ""), jobs)
