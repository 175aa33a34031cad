from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "bakhong.messaging"
    label = "messaging"

    def ready(self) -> None:
        from bakhong.messaging import receivers  # noqa: F401 (it begins to listen)
