"""What residents asked for about themselves, and who may act for them."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import corrections, mandates

urlpatterns: list[URLPattern | URLResolver] = [
    path("corrections/", corrections.index, name="corrections"),
    path("corrections/<uuid:correction>/", corrections.answer, name="correction"),
    path("people/<uuid:person>/mandates/", mandates.index, name="person_mandates"),
    path("people/<uuid:person>/mandates/<uuid:mandate>/end/", mandates.end, name="person_mandate_end"),
]
