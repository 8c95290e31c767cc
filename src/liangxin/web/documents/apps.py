from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "liangxin.web.documents"
    label = "documents"
