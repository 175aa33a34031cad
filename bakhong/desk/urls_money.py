"""Addresses below a unit of the accountant's pages: money that came, what nobody knows of, days, refunds, the ledger."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.money import first, ledger

urlpatterns: list[URLPattern | URLResolver] = [
    path("tien/", first.first, name="money"),
    path("tien/<uuid:biller>/", first.first, name="money"),
    path("tien/so-cai/", ledger.index, name="ledger"),
    path("tien/<uuid:biller>/so-cai/", ledger.index, name="ledger"),
    path("tien/<uuid:biller>/so-cai/tai-ve/", ledger.xlsx, name="ledger_xlsx"),
    path("tien/<uuid:biller>/so-cai/tai-khoan/<str:code>/", ledger.account, name="ledger_account"),
    path("tien/<uuid:biller>/so-cai/but-toan/<str:key>/", ledger.entry, name="ledger_entry"),
]
