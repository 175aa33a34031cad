from django.apps import AppConfig


class EformsConfig(AppConfig):
    name = "bakhong.eforms"
    label = "eforms"
