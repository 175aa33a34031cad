from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "bakhong.dossiers"
    label = "dossiers"

    def ready(self) -> None:
        from bakhong.dossiers import receivers  # noqa: F401 (it begins to listen)
