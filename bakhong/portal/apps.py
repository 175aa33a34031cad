from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "bakhong.portal"

    def ready(self) -> None:
        from bakhong.portal import receivers  # noqa: F401 (it begins to listen)
