from django.urls import path

from bakhong.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("desk/", views.desk_gallery, name="desk_gallery"),
    path("print/", views.print_gallery, name="print_gallery"),
    path("errors/<int:status>/", views.error_gallery, name="error_gallery"),
]
