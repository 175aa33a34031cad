"""The site as it is where the demo is."""

from django.urls import include, path

from config.urls import handler400
from config.urls import urlpatterns as of_the_site

urlpatterns = [path("", include("bakhong.demo.urls")), *of_the_site]

__all__ = ["handler400", "urlpatterns"]
