from django.urls import path

from liangxin.web.units import views

urlpatterns = [
    path("", views.index, name="units"),
]
