"""Hung into the site only where the demo is (config/urls.py)."""

from django.urls import path

from bakhong.demo.e_identity import e_identity

app_name = "demo"
urlpatterns = [path("toi/dang-nhap/thu-nghiem/", e_identity, name="e_identity")]
