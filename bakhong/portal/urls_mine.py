"""What is a resident's own: signing in, and the pages that show nobody else."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from bakhong.portal.views import mine, mine_charges, mine_data, mine_decide, mine_sign_in

urlpatterns = [
    path("toi/dang-nhap/", gzip_page(mine_sign_in.sign_in), name="mine_sign_in"),
    path("toi/dang-nhap/di/", mine_sign_in.set_out, name="mine_set_out"),
    path("toi/dang-nhap/ve/", mine_sign_in.come_back, name="mine_come_back"),
    path("toi/thoat/", mine_sign_in.sign_out, name="mine_sign_out"),
    path("toi/", gzip_page(mine.home), name="mine"),
    path("toi/ho-so/", gzip_page(mine.dossiers), name="mine_dossiers"),
    path("toi/ho-so/<uuid:dossier>/", gzip_page(mine.dossier), name="mine_dossier"),
    path("toi/ho-so/<uuid:dossier>/mo/", mine.open_dossier, name="mine_open_dossier"),
    path("toi/dang-lam/<uuid:draft>/", mine.go_on, name="mine_go_on"),
    path("toi/khoan-thu/", gzip_page(mine_charges.charges), name="mine_charges"),
    path("toi/giay-to/", gzip_page(mine.documents), name="mine_documents"),
    path("toi/giay-to/<uuid:file>/", mine.document, name="mine_document"),
    path("toi/xa-biet-gi/", gzip_page(mine.known), name="mine_known"),
    path("toi/ai-da-xem/", gzip_page(mine.looks), name="mine_looks"),
    path("toi/dong-y/", gzip_page(mine_decide.consents), name="mine_consents"),
    path("toi/dong-y/<slug:purpose>/", gzip_page(mine_decide.consent), name="mine_consent"),
    path("toi/sua-thong-tin/", gzip_page(mine_decide.corrections), name="mine_corrections"),
    path("toi/sua-thong-tin/rut/<uuid:correction>/", mine_decide.withdraw, name="mine_withdraw"),
    path("toi/sua-thong-tin/<str:key>/", gzip_page(mine_decide.correct), name="mine_correct"),
    path("toi/lam-thay/", gzip_page(mine_decide.mandates), name="mine_mandates"),
    path("toi/lam-thay/thoi/<uuid:mandate>/", mine_decide.end, name="mine_end_mandate"),
    path("toi/lam-thay/<uuid:mandate>/", gzip_page(mine_decide.principal), name="mine_principal"),
    path("toi/du-lieu/", mine_data.my_data, name="mine_data"),
]
