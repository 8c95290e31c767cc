from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "liangxin.web.policies"
    label = "policies"
