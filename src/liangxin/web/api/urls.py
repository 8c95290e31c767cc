from importlib import import_module

from django.urls import path

from liangxin.web.api import case_endpoints
from liangxin.web.api.service import api

ROOMS = (
    "towns", "overview", "units", "many", "imports", "organizations", "plans", "documents", "holders", "policy", "settings",
    "people", "audit", "closing",
)  # fmt: skip

for room in ROOMS:
    api.add_router("", import_module(f"liangxin.web.api.rooms.{room}").router)
api.add_router("", case_endpoints.router)

urlpatterns = [path("", api.urls)]
