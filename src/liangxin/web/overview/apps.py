from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "liangxin.web.overview"
    label = "overview"
