from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "bakhong.accounts"

    def ready(self) -> None:
        from bakhong.accounts import receivers  # noqa: F401
