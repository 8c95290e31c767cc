from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "liangxin.web.procedures"
    label = "procedures"
