from django.urls import path

from bakhong.field.views import entrance, home

app_name = "field"
urlpatterns = [
    path("", home.home, name="home"),
    path("vao/", entrance.enter, name="enter"),
    path("vao/<str:code>/", entrance.card, name="card"),
]
