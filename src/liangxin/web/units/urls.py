from django.urls import path

from liangxin.web.units import list_views, views, visiting

urlpatterns = [
    path("", views.index, name="units"),
    path("bulk/", views.bulk, name="units-bulk"),
    path("paste/", views.paste, name="units-paste"),
    path("changes/", views.change_sets, name="units-changes"),
    path("changes/<int:pk>/", views.change_set, name="units-change-set"),
    path("changes/<int:pk>/undo/", views.undo, name="units-undo"),
    path("saved/", list_views.keep, name="units-keep"),
    path("saved/<int:pk>/forget/", list_views.forget, name="units-forget"),
    path("unit/<str:unit_id>/visit/", visiting.visit, name="units-visit"),
    path("unit/<str:unit_id>/", views.unit, name="units-unit"),
    path("unit/<str:unit_id>/save/", views.save, name="units-save"),
    path("unit/<str:unit_id>/cell/<str:field>/", views.cell, name="units-cell"),
]
