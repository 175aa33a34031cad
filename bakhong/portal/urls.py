from django.urls import path

from bakhong.portal import views

app_name = "portal"
urlpatterns = [
    path("", views.front, name="front"),
    path("tra-cuu/", views.track, name="track"),
    path("giay-to/", views.papers, name="papers"),
    path("xa/", views.communes, name="communes"),
    path("xa/<uuid:unit>/", views.commune, name="commune"),
    path("so-lieu/", views.figures, name="figures"),
]
