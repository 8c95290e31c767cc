from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "liangxin.web.administration"
    label = "administration"
