from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "liangxin.web.api"
    label = "api"

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_removed

        from liangxin.web.api.tokens import end_with

        for signal in (password_changed, password_reset, password_set, authenticator_removed):
            signal.connect(end_with, dispatch_uid="tokens")
