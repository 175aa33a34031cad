"""Addresses below a unit of the pages about markets, stalls and the codes that hang there."""

from django.urls import URLPattern, URLResolver, path

from bakhong.desk.views.stalls import accounts, checks, lists, markets, owners, stalls

urlpatterns: list[URLPattern | URLResolver] = [
    path("tien/cho/", markets.index, name="markets"),
    path("tien/cho/moi/", markets.new, name="market_new"),
    path("tien/cho/<uuid:market>/", markets.market, name="market"),
    path("tien/cho/<uuid:market>/sua/", markets.change, name="market_change"),
    path("tien/cho/<uuid:market>/thu-thang/", markets.raise_fees, name="market_raise"),
    path("tien/cho/<uuid:market>/cap-the/", markets.issue, name="market_issue"),
    path("tien/cho/<uuid:market>/the.pdf", markets.cards, name="market_cards"),
    path("tien/cho/<uuid:market>/danh-sach/", markets.sheet, name="market_sheet"),
    path("tien/cho/<uuid:market>/nhap/", lists.stall_list, name="market_list"),
    path("tien/diem-ban/mau.csv", lists.template, name="stall_template"),
    path("tien/diem-ban/", stalls.index, name="stalls"),
    path("tien/diem-ban/moi/", stalls.new, name="stall_new"),
    path("tien/diem-ban/<uuid:stall>/", stalls.stall, name="stall"),
    path("tien/diem-ban/<uuid:stall>/sua/", stalls.change, name="stall_change"),
    path("tien/diem-ban/<uuid:stall>/ho-kinh-doanh/", owners.tie, name="stall_tie"),
    path("tien/diem-ban/<uuid:stall>/nghi/", stalls.close, name="stall_close"),
    path("tien/diem-ban/<uuid:stall>/cap-the/", stalls.issue, name="stall_issue"),
    path("tien/diem-ban/<uuid:stall>/the.pdf", stalls.card, name="stall_card"),
    path("tien/diem-ban/<uuid:stall>/tai-khoan/", accounts.account, name="stall_account"),
    path("tien/diem-ban/<uuid:stall>/tai-khoan/<uuid:change>/", accounts.decide, name="stall_account_decide"),
    path("tien/kiem-tra-ma/", checks.check, name="sticker_check"),
    path("tien/kiem-tra-ma/lan/<uuid:check>/", checks.found, name="sticker_found"),
    path("tien/kiem-tra-ma/lan/<uuid:check>/xong/", checks.settle, name="sticker_settle"),
    path("tien/kiem-tra-ma/danh-sach/", checks.index, name="sticker_checks"),
]
