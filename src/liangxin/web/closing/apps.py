from django.apps import AppConfig


class ClosingConfig(AppConfig):
    name = "liangxin.web.closing"
    label = "closing"
