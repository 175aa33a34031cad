"""The site as this room knows it: the tests here must not fail because of a room above."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def front(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", front),
    path("i18n/", include("django.conf.urls.i18n")),
    path("ui/", include("bakhong.ui.urls")),
]
