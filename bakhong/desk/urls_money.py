"""Addresses below a unit of the accountant's pages: money that came, what nobody knows of, days, refunds, the ledger."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.money import first

urlpatterns: list[URLPattern | URLResolver] = [
    path("tien/", first.first, name="money"),
    path("tien/<uuid:biller>/", first.first, name="money"),
]
