from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    name = "liangxin.web.organizations"
    label = "organizations"
