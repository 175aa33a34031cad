from django.urls import path

from bakhong.field.views import assisting, doors, entrance, home, lists

app_name = "field"
urlpatterns = [
    path("", home.home, name="home"),
    path("vao/", entrance.enter, name="enter"),
    path("vao/<str:code>/", entrance.card, name="card"),
    path("thon/<uuid:village>/", home.village, name="village"),
    path("tim/", lists.search, name="search"),
    path("vang/", lists.absent, name="absent"),
    path("da-lam/", lists.log, name="log"),
    path("luot/<uuid:visit>/", doors.receipt, name="receipt"),
    path("luot/<uuid:visit>/xoa/", doors.undo, name="undo"),
    path("<slug:kind>/<uuid:uuid>/", doors.door, name="door"),
    path("<slug:kind>/<uuid:uuid>/giup/<uuid:person>/", assisting.assist, name="assist"),
    path("<slug:kind>/<uuid:uuid>/ghi/", doors.visit, name="visit"),
]
