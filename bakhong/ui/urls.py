from django.urls import path

from bakhong.ui import views

app_name = "ui"
# One name for the whole gallery: it is one page in several dresses, open to everybody.
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("<slug:dress>/", views.gallery, name="gallery"),
    path("errors/<int:status>/", views.errors, name="gallery"),
]
