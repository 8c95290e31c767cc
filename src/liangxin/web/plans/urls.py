from django.urls import path

from liangxin.web.plans import mapping, views

urlpatterns = [
    path("", views.index, name="plans"),
    path("start/", views.start, name="plans-start"),
    path("compare/", views.compare, name="plans-compare"),
    path("what-if/", views.what_if, name="plans-what-if"),
    path("<int:pk>/", views.plan, name="plans-plan"),
    path("<int:pk>/list/", views.arrange, name="plans-list"),
    path("<int:pk>/map/", mapping.index, name="plans-map"),
    path("<int:pk>/places.json", mapping.places, name="plans-places"),
    path("<int:pk>/choices/", views.choices, name="plans-choices"),
    path("<int:pk>/try/", views.try_move, name="plans-try"),
    path("<int:pk>/pins/", views.keep_pin, name="plans-pins"),
    path("<int:pk>/pins/<int:pin>/remove/", views.remove_pin, name="plans-pin-remove"),
    path("<int:pk>/progress/", views.progress, name="plans-progress"),
    path("<int:pk>/cancel/", views.cancel, name="plans-cancel"),
    path("<int:pk>/publish/", views.publish, name="plans-publish"),
]
