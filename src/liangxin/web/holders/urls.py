from django.urls import path

from liangxin.web.holders import views

urlpatterns = [
    path("", views.index, name="holders"),
    path("export/", views.export, name="holders-export"),
    path("of/<slug:kind>/<str:of>/", views.panel, name="holders-of"),
    path("of/<slug:kind>/<str:of>/add/", views.add, name="holders-add"),
    path("<int:pk>/show/", views.show, name="holders-show"),
    path("<int:pk>/end/", views.end, name="holders-end"),
]
