"""How somebody signs, and the commune itself. Included under a unit's address."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import seal, signing

urlpatterns: list[URLPattern | URLResolver] = [
    path("ky-so/", signing.index, name="signing"),
    path("con-dau-so/", seal.index, name="seal"),
]
