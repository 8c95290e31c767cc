from django.urls import path

from liangxin.web.api.endpoints import api

urlpatterns = [path("", api.urls)]
