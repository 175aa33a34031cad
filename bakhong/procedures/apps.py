from django.apps import AppConfig


class ProceduresConfig(AppConfig):
    name = "bakhong.procedures"
    label = "procedures"
