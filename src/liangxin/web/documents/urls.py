from django.urls import path

from liangxin.web.documents import views

urlpatterns = [
    path("", views.index, name="documents"),
    path("all/", views.everything, name="documents-all"),
    path("export/<int:pk>/", views.stored, name="documents-stored"),
    path("file/<str:document>.<str:kind>", views.download, name="documents-file"),
]
