from django.urls import path

from liangxin.web.api.case_endpoints import router
from liangxin.web.api.endpoints import api

api.add_router("", router)

urlpatterns = [path("", api.urls)]
