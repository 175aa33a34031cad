"""Addresses below a unit of dossiers: taking one in, the queue, one dossier and what is done with it."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.dossiers import filling, intake, slip

urlpatterns: list[URLPattern | URLResolver] = [
    path("tiep-nhan/", intake.intake, name="intake"),
    path("tiep-nhan/<str:procedure>/<uuid:draft>/", filling.filling, name="filling"),
    path("ho-so/<uuid:dossier>/phieu/", slip.slip, name="slip"),
]
