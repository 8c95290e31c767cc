from django.urls import path

from liangxin.web.administration import section_views, views

urlpatterns = [
    path("", views.index, name="settings"),
    path("areas/", views.boundaries, name="settings-boundaries"),
    path("town-file/", views.town_file, name="settings-town-file"),
    path("work-areas/", section_views.work_areas, name="settings-work-areas"),
    path("names/", section_views.names, name="settings-names"),
    path("part/<slug:part>/", section_views.section, name="settings-section"),
    path("people/", views.people, name="settings-people"),
    path("people/grant/", views.grant, name="settings-grant"),
    path("people/<int:pk>/password/", views.new_password, name="settings-password"),
    path("people/<int:pk>/second-step/", views.second_step, name="settings-second-step"),
    path("people/pending/<int:pk>/confirm/", views.confirm, name="settings-confirm"),
    path("people/pending/<int:pk>/refuse/", views.refuse, name="settings-refuse"),
    path("tokens/", views.tokens, name="settings-tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="settings-token-revoke"),
    path("people/<int:pk>/unlock/", views.unlock, name="settings-unlock"),
    path("people/<int:pk>/revoke/", views.revoke, name="settings-revoke"),
    path("people/<int:pk>/close/", views.close, name="settings-close"),
]
