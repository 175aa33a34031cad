"""Addresses below a unit of the accountant's pages: money that came, what nobody knows of, statements, days, refunds, the ledger.

The same name stands for the page of the first biller and, with `<uuid:biller>`, of the one named.
"""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.money import (
    days,
    first,
    item,
    ledger,
    lines,
    official,
    refunds,
    statements,
    summary,
    suspense,
    taken,
    unread,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("tien/", first.first, name="money"),
    path("tien/tom-tat/", summary.summary, name="money_summary"),
    path("tien/canh-bao/<uuid:alarm>/", first.alarm, name="money_alarm"),
    path("tien/cho-xu-ly/", suspense.index, name="suspense"),
    path("tien/cho-xu-ly/<uuid:item>/", item.item, name="suspense_item"),
    path("tien/cho-xu-ly/<uuid:item>/tra-lai/", refunds.of_item, name="refund_of_item"),
    path("tien/sao-ke/", statements.index, name="statement"),
    path("tien/sao-ke/<uuid:statement>/", statements.taken, name="statement_taken"),
    path("tien/sao-ke/<uuid:account>/<uuid:upload>/", statements.check, name="statement_check"),
    path("tien/ngay/", days.index, name="days"),
    path("tien/tra-lai/", refunds.index, name="refunds"),
    path("tien/tra-lai/<uuid:refund>/", refunds.refund, name="refund"),
    path("tien/khoan-thu/<uuid:charge>/tra-lai/", refunds.of_charge, name="refund_of_charge"),
    path("tien/so-cai/", ledger.index, name="ledger"),
    path("tien/<uuid:biller>/", first.first, name="money"),
    path("tien/<uuid:biller>/dong-tien/", lines.index, name="bank_lines"),
    path("tien/<uuid:biller>/tin-hong/", unread.index, name="unread"),
    path("tien/<uuid:biller>/da-thu/", taken.index, name="taken"),
    path("tien/<uuid:biller>/so-bien-lai/", official.index, name="official"),
    path("tien/<uuid:biller>/so-bien-lai/tai-ve/", official.xlsx, name="official_xlsx"),
    path("tien/<uuid:biller>/ngay/", days.index, name="days"),
    path("tien/<uuid:biller>/ngay/<str:on>/", days.day, name="day"),
    path("tien/<uuid:biller>/ngay/<str:on>/bien-ban/", days.sheet, name="day_sheet"),
    path("tien/<uuid:biller>/so-cai/", ledger.index, name="ledger"),
    path("tien/<uuid:biller>/so-cai/tai-ve/", ledger.xlsx, name="ledger_xlsx"),
    path("tien/<uuid:biller>/so-cai/tai-khoan/<str:code>/", ledger.account, name="ledger_account"),
    path("tien/<uuid:biller>/so-cai/but-toan/<str:key>/", ledger.entry, name="ledger_entry"),
]
