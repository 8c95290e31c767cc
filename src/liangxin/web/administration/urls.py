from django.urls import path

from liangxin.web.administration import views

urlpatterns = [
    path("", views.index, name="settings"),
    path("areas/", views.boundaries, name="settings-boundaries"),
    path("town-file/", views.town_file, name="settings-town-file"),
    path("policy/", views.policy, name="settings-policy"),
    path("people/", views.people, name="settings-people"),
    path("people/<int:pk>/revoke/", views.revoke, name="settings-revoke"),
    path("people/<int:pk>/close/", views.close, name="settings-close"),
]
