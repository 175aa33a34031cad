"""Calling people, and what they were told. Included under a unit's address."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import calls

urlpatterns: list[URLPattern | URLResolver] = [
    path("goi-dien/", calls.index, name="calls"),
    path("goi-dien/khong-goi-duoc/", calls.unreached, name="calls_unreached"),
    path("goi-dien/<uuid:call>/so/", calls.number, name="call_number"),
    path("goi-dien/<uuid:call>/ghi/", calls.record, name="call_record"),
    path("goi-dien/<uuid:call>/mo-lai/", calls.reopen, name="call_reopen"),
    path("loi-nhan/", calls.inbox, name="my_messages"),
    path("loi-nhan/<uuid:about>/", calls.told, name="told"),
]
