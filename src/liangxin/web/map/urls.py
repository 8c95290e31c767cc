from django.urls import path

from liangxin.web.map import views

urlpatterns = [
    path("", views.index, name="map"),
    path("units.geojson", views.units, name="map-units"),
    path("areas.geojson", views.areas, name="map-areas"),
    path("tiles/<int:z>/<int:x>/<int:y>/", views.tile, name="map-tile"),
]
