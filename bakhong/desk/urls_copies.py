"""Addresses below a unit of the lane for certified copies."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.dossiers import copies, copies_book

urlpatterns: list[URLPattern | URLResolver] = [
    path("chung-thuc/", copies.copies, name="copies"),
    path("chung-thuc/hoan-tat/", copies.finish, name="copies_finish"),
    path("chung-thuc/so/", copies_book.book, name="copies_book"),
    path("chung-thuc/<uuid:dossier>/loi-chung/", copies.stamps, name="copies_stamps"),
]
