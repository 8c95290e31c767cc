from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "liangxin.web.areas"
    label = "areas"
