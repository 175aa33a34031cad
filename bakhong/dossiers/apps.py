from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "bakhong.dossiers"
    label = "dossiers"
