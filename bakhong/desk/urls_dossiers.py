"""Addresses below a unit of dossiers: taking one in, the queue, one dossier and what is done with it."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.dossiers import (
    applying,
    correcting,
    deciding,
    dossier,
    filling,
    form_here,
    intake,
    lacking,
    looking_up,
    measures,
    prints,
    queue,
    returning,
    slip,
    supplement,
    updates,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("tiep-nhan/", intake.intake, name="intake"),
    path("tiep-nhan/<str:procedure>/<uuid:draft>/", filling.filling, name="filling"),
    path("tiep-nhan/<str:procedure>/<uuid:draft>/con-thieu/", lacking.lacking, name="lacking"),
    path(
        "tiep-nhan/<str:procedure>/<uuid:draft>/sai/<str:path>/", correcting.correct, name="filling_correct"
    ),
    path("ho-so/", queue.index, name="queue"),
    path("ho-so/tim/", queue.search, name="dossier_find"),
    path("ho-so/do-luong/", measures.measures, name="dossier_measures"),
    path("ho-so/cap-nhat/", updates.index, name="dossier_updates"),
    path("ho-so/so-theo-doi/", prints.register, name="dossier_register"),
    path("ho-so/duyet/", deciding.batch, name="dossier_batch"),
    path("ho-so/ky/", deciding.sign_many, name="dossiers_sign"),
    path("ho-so/cho-ky/<uuid:job>/", deciding.signing, name="dossier_signing"),
    path("ho-so/<uuid:dossier>/", dossier.dossier, name="dossier"),
    path("ho-so/<uuid:dossier>/viec/<slug:event>/", dossier.deed, name="dossier_deed"),
    path("ho-so/<uuid:dossier>/tep/<uuid:file>/", dossier.attachment, name="dossier_file"),
    path("ho-so/<uuid:dossier>/tra-cuu/<slug:paper>/", looking_up.look_up, name="dossier_look_up"),
    path("ho-so/<uuid:dossier>/xem-so/", dossier.reveal, name="dossier_reveal"),
    path("ho-so/<uuid:dossier>/don/", applying.application, name="dossier_application"),
    path("ho-so/<uuid:dossier>/don/tep/", applying.application_file, name="dossier_application_file"),
    path("ho-so/<uuid:dossier>/to-khai/", form_here.form_here, name="dossier_form"),
    path("ho-so/<uuid:dossier>/phieu/", slip.slip, name="slip"),
    path("ho-so/<uuid:dossier>/in/<slug:form>/", prints.print_form, name="dossier_print"),
    path("ho-so/<uuid:dossier>/bo-sung/", supplement.supplement, name="dossier_supplement"),
    path("ho-so/<uuid:dossier>/nhan-bo-sung/", supplement.answer, name="dossier_answer"),
    path("ho-so/<uuid:dossier>/duyet/", deciding.approve, name="dossier_approve"),
    path("ho-so/<uuid:dossier>/ky/", deciding.sign, name="dossier_sign"),
    path("ho-so/<uuid:dossier>/bo-duyet/", deciding.reopen, name="dossier_reopen"),
    path("ho-so/<uuid:dossier>/tra/", returning.give, name="dossier_return"),
]
