from django.apps import AppConfig


class MapConfig(AppConfig):
    name = "liangxin.web.map"
    label = "map"
