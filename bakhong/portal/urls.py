from django.urls import path
from django.views.decorators.gzip import gzip_page

from bakhong.portal import urls_filing, urls_mine, urls_paying, views
from bakhong.portal.views.sticker_check import sticker_check

app_name = "portal"
# Residents' pages leave compressed: a proxy in front may not do it, and nobody signs in here. Django pads each answer at random,
# so that its length tells nothing of the form's token.
urlpatterns = [
    path("", gzip_page(views.front), name="front"),
    path("giay-to/", gzip_page(views.papers), name="papers"),
    path("xa/", gzip_page(views.communes), name="communes"),
    path("xa/<uuid:unit>/", gzip_page(views.commune), name="commune"),
    path("lich-luu-dong/", gzip_page(views.schedule), name="schedule"),
    path("t/<slug:token>/", gzip_page(views.attend), name="attend"),
    path("so-lieu/", gzip_page(views.figures), name="figures"),
    path("kiem-tra-ma-qr/", gzip_page(sticker_check), name="sticker_check"),
    *urls_filing.urlpatterns,
    *urls_mine.urlpatterns,
    *urls_paying.urlpatterns,
]
