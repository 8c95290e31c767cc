from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "liangxin.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from liangxin.web.accounts.idle import begin

        user_logged_in.connect(begin, dispatch_uid="idle")
