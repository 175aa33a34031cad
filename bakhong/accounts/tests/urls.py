"""The rooms' pages without the doors, and views that show what each policy does."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bakhong.accounts.access import StaffRequest, public, requires, signed_in
from bakhong.accounts.models import User
from bakhong.places.models import Unit


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.actor.id)  # type: ignore[attr-defined]


@signed_in
def staff_only(request: StaffRequest) -> HttpResponse:
    return HttpResponse(request.actor.label)


@requires("figures.view", post="figures.enter")
def of_unit(request: StaffRequest, unit: Unit) -> HttpResponse:
    return HttpResponse(unit.full_name)


@requires("accounts.invite", anywhere=True)
def of_inviters(request: StaffRequest) -> HttpResponse:
    return HttpResponse("inviter")


@public
def writes_on_get(request: HttpRequest) -> HttpResponse:
    User.objects.create(email="ghi@example.com")
    return HttpResponse("written")


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


urlpatterns = [
    path("accounts/", include("bakhong.accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("open/", open_to_all, name="open"),
    path("staff/", staff_only, name="staff"),
    path("unit/<uuid:unit>/", of_unit, name="unit"),
    path("inviters/", of_inviters, name="inviters"),
    path("writes/", writes_on_get, name="writes"),
    path("undeclared/", undeclared, name="undeclared"),
]
