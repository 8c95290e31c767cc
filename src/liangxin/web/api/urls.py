from importlib import import_module

from django.urls import path

from liangxin.web.api import case_endpoints
from liangxin.web.api.service import api

ROOMS = (
    "towns", "overview", "units", "many", "imports", "organizations", "plans", "documents", "holders", "settings",
    "people", "audit", "closing",
)  # fmt: skip
APPS = ("policies",)  # whose addresses live with them

for room in ROOMS:
    api.add_router("", import_module(f"liangxin.web.api.rooms.{room}").router)
for app in APPS:
    api.add_router("", import_module(f"liangxin.web.{app}.api").router)
api.add_router("", case_endpoints.router)

urlpatterns = [path("", api.urls)]
