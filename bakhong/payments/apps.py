from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "bakhong.payments"
    label = "payments"

    def ready(self) -> None:
        from bakhong.payments import receivers  # noqa: F401 (it begins to listen)
