from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "bakhong.messaging"
    label = "messaging"
