"""Addresses below a unit of exchanging dossiers with other systems."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import exchange, exchange_codes, exchange_copy, exchange_lists, exchange_measures

urlpatterns: list[URLPattern | URLResolver] = [
    path("lien-thong/", exchange.index, name="exchange"),
    path("lien-thong/gui-lai/<uuid:sending>/", exchange.again, name="exchange_again"),
    path("lien-thong/nhan-lai/<uuid:pulled>/", exchange.take_again, name="exchange_take_again"),
    path("lien-thong/da-xem/<uuid:pulled>/", exchange.looked, name="exchange_looked"),
    path("lien-thong/danh-sach/", exchange_lists.index, name="exchange_lists"),
    path("lien-thong/danh-sach/<uuid:upload>/", exchange_lists.check, name="exchange_list_check"),
    path("lien-thong/danh-sach/<uuid:done>/thu-hoi/", exchange_lists.undo, name="exchange_list_undo"),
    path("lien-thong/so-lieu/", exchange_measures.measures, name="exchange_measures"),
    path("lien-thong/go-hai-lan/", exchange_copy.copied, name="exchange_copied"),
    path("ho-so/<uuid:dossier>/ma-noi-khac/", exchange_codes.note, name="dossier_codes"),
    path("ho-so/<uuid:dossier>/chep-sang/<slug:target>/", exchange_copy.copying, name="dossier_copy"),
]
