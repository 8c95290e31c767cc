from django.urls import path

from liangxin.web.jobs import views

urlpatterns = [
    path("", views.index, name="jobs"),
    path("<int:pk>/", views.progress, name="jobs-progress"),
    path("<int:pk>/cancel/", views.cancel, name="jobs-cancel"),
]
