from django.urls import path

from liangxin.web.imports import duplicate_views, views, waiting_views

urlpatterns = [
    path("", views.index, name="imports"),
    path("duplicates/", duplicate_views.duplicates, name="imports-duplicates"),
    path("duplicates/decide/", duplicate_views.decide, name="imports-decide"),
    path("waiting/", waiting_views.index, name="imports-waiting"),
    path("waiting/decide/", waiting_views.decide, name="imports-decide-value"),
    path("<int:pk>/", views.one, name="imports-one"),
    path("<int:pk>/columns/", views.columns, name="imports-columns"),
    path("<int:pk>/start/", views.start, name="imports-start"),
    path("<int:pk>/workbook/", views.workbook, name="imports-workbook"),
]
