from django.urls import path

from liangxin.web.overview import views

urlpatterns = [
    path("", views.index, name="overview"),
]
