from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "liangxin.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        from allauth.mfa.signals import authenticator_added
        from django.contrib.auth.signals import user_logged_in

        from liangxin.web.accounts.codes import spend_first
        from liangxin.web.accounts.idle import begin
        from liangxin.web.accounts.sessions import keep_no_keys

        keep_no_keys()
        user_logged_in.connect(begin, dispatch_uid="idle")
        authenticator_added.connect(spend_first, dispatch_uid="codes")
