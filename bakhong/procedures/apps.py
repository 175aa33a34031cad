from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "bakhong.procedures"
    label = "procedures"

    def ready(self) -> None:
        from bakhong.procedures import receivers  # noqa: F401
