from django.apps import AppConfig


class HoldersConfig(AppConfig):
    name = "liangxin.web.holders"
    label = "holders"
