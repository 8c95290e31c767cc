from django.urls import path

from liangxin.web.api import views

urlpatterns = [
    path("", views.index, name="tokens"),
    path("<int:pk>/revoke/", views.revoke, name="tokens-revoke"),
]
