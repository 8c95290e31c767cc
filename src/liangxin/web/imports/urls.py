from django.urls import path

from liangxin.web.imports import views

urlpatterns = [
    path("", views.index, name="imports"),
    path("duplicates/", views.duplicates, name="imports-duplicates"),
    path("duplicates/decide/", views.decide, name="imports-decide"),
    path("<int:pk>/", views.one, name="imports-one"),
    path("<int:pk>/columns/", views.columns, name="imports-columns"),
    path("<int:pk>/start/", views.start, name="imports-start"),
    path("<int:pk>/workbook/", views.workbook, name="imports-workbook"),
]
