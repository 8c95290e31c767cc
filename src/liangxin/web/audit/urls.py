from django.urls import path

from liangxin.web.audit import views

urlpatterns = [
    path("", views.index, name="audit"),
    path("export.csv", views.export, name="audit-export"),
    path("anchor/", views.anchor, name="audit-anchor"),
]
