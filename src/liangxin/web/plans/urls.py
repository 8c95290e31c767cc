from django.urls import path

from liangxin.web.plans import arranging_views, mapping, views, what_if_views

urlpatterns = [
    path("", views.index, name="plans"),
    path("start/", views.start, name="plans-start"),
    path("compare/", views.compare, name="plans-compare"),
    path("what-if/", what_if_views.what_if, name="plans-what-if"),
    path("<int:pk>/", views.plan, name="plans-plan"),
    path("<int:pk>/list/", arranging_views.arrange, name="plans-list"),
    path("<int:pk>/map/", mapping.index, name="plans-map"),
    path("<int:pk>/places.json", mapping.places, name="plans-places"),
    path("<int:pk>/choices/", arranging_views.choices, name="plans-choices"),
    path("<int:pk>/try/", arranging_views.try_move, name="plans-try"),
    path("<int:pk>/pins/", arranging_views.keep_pin, name="plans-pins"),
    path("<int:pk>/pins/<int:pin>/remove/", arranging_views.remove_pin, name="plans-pin-remove"),
    path("<int:pk>/progress/", views.progress, name="plans-progress"),
    path("<int:pk>/cancel/", views.cancel, name="plans-cancel"),
    path("<int:pk>/publish/", views.publish, name="plans-publish"),
]
