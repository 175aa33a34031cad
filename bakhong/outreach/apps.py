from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "bakhong.outreach"
    label = "outreach"

    def ready(self) -> None:
        from bakhong.outreach import receivers  # noqa: F401 (it begins to listen)
