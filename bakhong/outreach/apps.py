from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "bakhong.outreach"
    label = "outreach"
