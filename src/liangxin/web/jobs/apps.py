from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "liangxin.web.jobs"
    label = "jobs"
