from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "liangxin.web.ui"
    label = "ui"
