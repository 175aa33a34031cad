from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "bakhong.documents"
    label = "documents"
