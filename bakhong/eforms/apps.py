from django.apps import AppConfig


class EformsConfig(AppConfig):
    name = "bakhong.eforms"
    label = "eforms"

    def ready(self) -> None:
        from bakhong.eforms import receivers  # noqa: F401 (it begins to listen)
