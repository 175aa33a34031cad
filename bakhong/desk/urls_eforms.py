"""Addresses below a unit of forms: their versions, a preview, publishing."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views import eforms

urlpatterns: list[URLPattern | URLResolver] = [
    path("bieu-mau/", eforms.index, name="forms"),
    path("bieu-mau/moi/", eforms.new, name="form_new"),
    path("bieu-mau/<uuid:version>/", eforms.version, name="form_version"),
    path("bieu-mau/<uuid:version>/xem-thu/", eforms.preview, name="form_preview"),
    path("bieu-mau/<uuid:version>/dung-lai/", eforms.use_again, name="form_again"),
    path("bieu-mau/<uuid:version>/thoi-dung/", eforms.end, name="form_end"),
    path("bieu-mau/<uuid:version>/spec.json", eforms.spec, name="form_spec"),
    path("bieu-mau/<uuid:version>/schema.json", eforms.schema, name="form_schema"),
]
