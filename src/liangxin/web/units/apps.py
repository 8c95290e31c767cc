from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "liangxin.web.units"
    label = "units"
