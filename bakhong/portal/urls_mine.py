"""What is a resident's own: signing in, and the pages that show nobody else."""

from django.urls import path
from django.views.decorators.gzip import gzip_page

from bakhong.portal.views import mine, mine_sign_in

urlpatterns = [
    path("toi/dang-nhap/", gzip_page(mine_sign_in.sign_in), name="mine_sign_in"),
    path("toi/dang-nhap/di/", mine_sign_in.set_out, name="mine_set_out"),
    path("toi/dang-nhap/ve/", mine_sign_in.come_back, name="mine_come_back"),
    path("toi/thoat/", mine_sign_in.sign_out, name="mine_sign_out"),
    path("toi/", gzip_page(mine.home), name="mine"),
]
