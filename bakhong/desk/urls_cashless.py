"""Addresses below a unit of paying without cash: the rate, the rows behind it, and what providers say."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import cashless, cashless_list, provider_customers, providers

urlpatterns: list[URLPattern | URLResolver] = [
    path("khong-tien-mat/", cashless.index, name="cashless"),
    path("khong-tien-mat/in/", cashless.sheet, name="cashless_sheet"),
    path("khong-tien-mat/tai-ve/", cashless.export, name="cashless_export"),
    path("khong-tien-mat/danh-sach/", cashless_list.index, name="cashless_list"),
    path("nha-cung-cap/", providers.index, name="providers"),
    path("nha-cung-cap/<uuid:biller>/", providers.provider, name="provider"),
    path("nha-cung-cap/<uuid:biller>/khach-hang/", provider_customers.customers, name="provider_customers"),
    path(
        "nha-cung-cap/<uuid:biller>/khach-hang/<uuid:customer>/",
        provider_customers.customer,
        name="provider_customer",
    ),
    path(
        "nha-cung-cap/<uuid:biller>/xem-truoc/<slug:service>/<uuid:upload>/",
        providers.check,
        name="provider_list_check",
    ),
    path("nha-cung-cap/<uuid:biller>/danh-sach/<uuid:taken>/", providers.taken, name="provider_list"),
    path(
        "nha-cung-cap/<uuid:biller>/danh-sach/<uuid:taken>/thu-hoi/",
        providers.undo,
        name="provider_list_undo",
    ),
]
