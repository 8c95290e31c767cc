from django.urls import path

from liangxin.web.overview import views

urlpatterns = [
    path("", views.index, name="overview"),
    path("trend.json", views.trend, name="overview-trend"),
    path("document.docx", views.document, name="overview-document"),
    path("monthly.<ending>", views.monthly, name="overview-monthly"),
    path("summary.<ending>", views.summary, name="overview-summary"),
]
