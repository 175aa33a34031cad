"""How somebody signs. Included under a unit's address."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("ky-so/", signing.index, name="signing"),
]
