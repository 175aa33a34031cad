"""Paying what is owed: the address with the charge's code is on papers, in its QR code for browsers, and on the dossier's page."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from bakhong.portal.views import paying

urlpatterns = [
    path("tra-tien/", gzip_page(paying.pay_find), name="pay_find"),
    path("tra-tien/<slug:reference>/", gzip_page(paying.pay), name="pay"),
    path("tra-tien/<slug:reference>/trang-thai/", paying.status, name="pay_status"),
    path("tra-tien/<slug:reference>/ma-qr.png", paying.code_png, name="pay_code_png"),
    path("tra-tien/<slug:reference>/tra-giup/", gzip_page(paying.help_pay), name="pay_help"),
    path("tra-tien/<slug:reference>/xac-nhan.pdf", paying.confirmation, name="pay_confirmation"),
]
