"""Addresses below a unit of cash: at the desk, from house to house, and handed over."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.cash import collecting, depositing, desk, handing

urlpatterns: list[URLPattern | URLResolver] = [
    path("tien-mat/", desk.cash, name="cash"),
    path("tien-mat/<uuid:charge>/", desk.charge, name="cash_charge"),
    path("di-thu/", collecting.collect, name="cash_collect"),
    path("di-thu/<uuid:charge>/", collecting.collect_charge, name="cash_collect_charge"),
    path("di-thu/go-lai/<uuid:cash>/", collecting.undo, name="cash_undo"),
    path("nop-quy/", handing.index, name="hand_over"),
    path("nop-quy/phieu/<uuid:hand_over>/", handing.done, name="hand_over_sheet"),
    path("nop-quy/<uuid:biller>/<str:collector>/", handing.count, name="hand_over_count"),
    path("nop-ngan-hang/", depositing.index, name="deposits"),
    path("nop-ngan-hang/<uuid:biller>/", depositing.new, name="deposit_new"),
    path("nop-ngan-hang/huy/<uuid:deposit>/", depositing.undo, name="deposit_undo"),
]
