from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "bakhong.payments"
    label = "payments"
