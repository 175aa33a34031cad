from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "bakhong.indicators"

    def ready(self) -> None:
        from bakhong.indicators import receivers  # noqa: F401 (it begins to listen)
