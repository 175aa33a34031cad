"""Addresses of procedures, filing, going on, following, and checking a paper."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from bakhong.portal.views import filing, tracking
from bakhong.portal.views.procedures import procedure, procedures
from bakhong.portal.views.resuming import resume
from bakhong.portal.views.verifying import verify, verify_code, verify_copy

# A form's page may be called anything but "xem-lai" and "da-nop": the steps around it stand one level deeper.
_DRAFT = "nop/ho-so/<uuid:draft>/"
urlpatterns = [
    path("thu-tuc/", gzip_page(procedures), name="procedures"),
    path("thu-tuc/<str:code>/", gzip_page(procedure), name="procedure"),
    path("nop/roi-may/", gzip_page(filing.leave), name="leave"),
    path(f"{_DRAFT}buoc/ma/", gzip_page(filing.file_code), name="file_code"),
    path(f"{_DRAFT}buoc/dien-san/", gzip_page(filing.file_known), name="file_known"),
    path(f"{_DRAFT}buoc/giay-to/", gzip_page(filing.file_papers), name="file_papers"),
    path(f"{_DRAFT}buoc/ket-qua/", gzip_page(filing.file_result), name="file_result"),
    path(f"{_DRAFT}buoc/xong/", gzip_page(filing.file_ready), name="file_ready"),
    path(f"{_DRAFT}buoc/goi/", filing.file_package, name="file_package"),
    path(f"{_DRAFT}buoc/sai/<str:path>/", gzip_page(filing.file_correct), name="file_correct"),
    path(f"{_DRAFT}xem-lai/", gzip_page(filing.file_review), name="file_review"),
    path(f"{_DRAFT}da-nop/", gzip_page(filing.file_receipt), name="file_receipt"),
    path(f"{_DRAFT}<slug:page>/", gzip_page(filing.file_page), name="file_page"),
    path("nop/<str:code>/", gzip_page(filing.file_start), name="file_start"),
    path("tiep-tuc/", gzip_page(resume), name="resume"),
    path("tra-cuu/", gzip_page(tracking.track), name="track"),
    path("tra-cuu/ho-so/<uuid:dossier>/bo-sung/", gzip_page(tracking.supplement), name="supplement"),
    path("tra-cuu/ho-so/<uuid:dossier>/rut/", gzip_page(tracking.withdraw), name="withdraw"),
    path("tra-cuu/ho-so/<uuid:dossier>/giay-hen/", tracking.slip, name="slip"),
    path("tra-cuu/ho-so/<uuid:dossier>/ket-qua/", tracking.take_result, name="take_result"),
    path("tra-cuu/ho-so/<uuid:dossier>/don/", gzip_page(tracking.application), name="application"),
    path("tra-cuu/ho-so/<uuid:dossier>/don/tep/", tracking.application_file, name="application_file"),
    path(
        "tra-cuu/ho-so/<uuid:dossier>/don/ky/<uuid:job>/",
        gzip_page(tracking.application_signing),
        name="application_signing",
    ),
    path("tra-cuu/<str:code>/", gzip_page(tracking.tracked), name="tracked"),
    path("kiem-tra/", gzip_page(verify), name="verify"),
    path("kiem-tra/<str:code>/", gzip_page(verify_code), name="verify_code"),
    path("kiem-tra/<str:code>/ban-dien-tu/", verify_copy, name="verify_copy"),
]
