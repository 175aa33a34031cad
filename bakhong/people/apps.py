from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "bakhong.people"
    label = "people"
