from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "liangxin.web.plans"
    label = "plans"
