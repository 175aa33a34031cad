"""Addresses below a unit about what is owed: who collects, charges, lists of them."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.charges import accounts, billers, listing, lists, next_month, one

urlpatterns: list[URLPattern | URLResolver] = [
    path("tien/don-vi-thu/", billers.index, name="billers"),
    path("tien/don-vi-thu/<uuid:biller>/", billers.biller, name="biller"),
    path("tien/tai-khoan/<uuid:account>/", accounts.account, name="bank_account"),
    path("tien/khoan-thu/", listing.index, name="charges"),
    path("tien/khoan-thu/<uuid:charge>/", one.charge, name="charge"),
    path("tien/khoan-thu/<uuid:charge>/giay-bao.pdf", one.bill, name="charge_bill"),
    path("tien/<uuid:biller>/khoan-thu/", listing.index, name="charges"),
    path("tien/<uuid:biller>/khoan-thu/moi/", one.new, name="charge_new"),
    path("tien/<uuid:biller>/khoan-thu/tai-ve/", listing.xlsx, name="charges_xlsx"),
    path("tien/<uuid:biller>/khoan-thu/giay-bao/", listing.bills, name="charge_bills"),
    path("tien/danh-sach/", lists.new, name="charge_list_new"),
    path("tien/danh-sach/<uuid:batch>/", lists.one, name="charge_list"),
    path("tien/danh-sach/<uuid:batch>/thang-sau/", next_month.next_month, name="charge_list_next"),
    path("tien/<uuid:biller>/danh-sach/", lists.new, name="charge_list_new"),
    path("tien/<uuid:biller>/danh-sach/xem/<uuid:upload>/", lists.check, name="charge_list_check"),
]
