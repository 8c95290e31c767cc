from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "liangxin.web.accounts"
    label = "accounts"
