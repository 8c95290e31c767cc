from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "liangxin.web.imports"
    label = "imports"
