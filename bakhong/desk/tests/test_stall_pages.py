"""From an empty market to cards on a sheet; a photo of a forged code; a second pair of eyes; a month's fee."""

from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO

import pytest
import segno
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.billers import add_member, open_biller
from bakhong.payments.actions.stickers import issue_sticker
from bakhong.payments.models import Charge, Market, Stall, StickerCheck
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.tests.stalls import ACCOUNT, BIN, OTHER, a_market, a_stall
from bakhong.people import scope
from bakhong.people.tests.conftest import village, villages  # noqa: F401
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def everybody() -> Iterator[None]:
    """What the tests look at themselves; pages open their own connection's view."""
    scope.open_to(None)
    yield
    scope.close()


@pytest.fixture
def stall(village: Unit, thuong_xuan: Unit, at: datetime) -> Stall:  # noqa: F811
    made = a_stall(village, at, market=a_market(thuong_xuan, at))
    issue_sticker(stall=made, by=OPERATOR, at=at)
    return made


def address(name: str, unit: Unit, *rest: object) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *rest])


def text_of(client: Client, where: str, status: int = 200) -> str:
    response = client.get(where)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def photo(payload: str) -> SimpleUploadedFile:
    held = BytesIO()
    segno.make(payload, error="m").save(held, kind="png", scale=8)
    return SimpleUploadedFile("ma.png", held.getvalue(), "image/png")


def seen(check: type[StickerCheck] = StickerCheck) -> StickerCheck:
    with scope.seeing(OPERATOR):
        return check.objects.latest("pk")


def test_a_stall_is_kept_from_nothing_to_its_card(
    enter: Enter,
    thuong_xuan: Unit,
    village: Unit,  # noqa: F811
) -> None:
    clerk = enter("dx_secretary", thuong_xuan)
    assert "Bước đầu" in text_of(clerk, address("markets", thuong_xuan))
    clerk.post(address("market_new", thuong_xuan), {"name": "Chợ Bái Thượng"})
    market = Market.objects.get()
    told = {
        "village": village.uuid,
        "market": market.uuid,
        "code": "A12",
        "owner_name": "Lê Thị Hoá",
        "phone": "0912345678",
        "monthly_fee": "60.000 đ",
        "form_key": new_uuid(),
    }
    for _ in range(2):  # sent twice
        clerk.post(address("stall_new", thuong_xuan), told)
    with scope.seeing(OPERATOR):
        stall = Stall.objects.get()
    assert stall.monthly_fee == 60_000
    clerk.post(
        address("stall_account", thuong_xuan, stall.uuid),
        {"bank_bin": BIN, "account": "1500 2010 12345", "holder": "LE THI HOA"},
    )
    clerk.post(address("stall_issue", thuong_xuan, stall.uuid))
    page = text_of(clerk, address("stall", thuong_xuan, stall.uuid))
    assert "Agribank …2345" in page
    assert ACCOUNT not in page  # only its tail is shown
    for where in (
        address("stall_card", thuong_xuan, stall.uuid),
        address("market_cards", thuong_xuan, market.uuid),
    ):
        assert clerk.get(where).content.startswith(b"%PDF-")
    assert "2345" in text_of(clerk, address("market_sheet", thuong_xuan, market.uuid))


def test_what_was_typed_wrong_is_kept_and_explained(enter: Enter, thuong_xuan: Unit, stall: Stall) -> None:
    clerk = enter("dx_secretary", thuong_xuan)
    response = clerk.post(
        address("stall_new", thuong_xuan), {"code": "B7", "owner_name": "An", "monthly_fee": "nhiều"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="B7"' in page
    assert 'value="nhiều"' in page
    assert "Số tiền này không đọc được" in page


def test_a_photo_of_a_forged_code_is_caught_and_seen_to(
    enter: Enter,
    thuong_xuan: Unit,
    village: Unit,  # noqa: F811
    stall: Stall,
) -> None:
    volunteer, clerk = enter("digital_team_member", village), enter("dx_secretary", thuong_xuan)
    where = address("sticker_check", village)
    response = volunteer.post(
        where, {"anh": photo(encode(bank_bin=BIN, account=OTHER)), "diem-ban": stall.uuid}, follow=True
    )
    page = response.content.decode()
    assert "ĐÃ BỊ THAY" in page
    assert "Chủ hàng và cán bộ xã đã được báo" in page
    assert OTHER not in page
    check = seen()
    waiting = text_of(clerk, address("sticker_checks", thuong_xuan))
    assert "A12, Chợ Bái Thượng" in waiting
    assert "có mã QR sai" in text_of(clerk, address("stalls", thuong_xuan))
    assert "Mã QR ở A12, Chợ Bái Thượng" in text_of(clerk, address("my_messages", thuong_xuan))
    assert "Mã QR ở A12" in text_of(clerk, address("calls", thuong_xuan))
    settle = address("sticker_settle", thuong_xuan, check.uuid)
    assert clerk.post(settle, {f"{check.pk}-note": ""}).status_code == 422
    clerk.post(settle, {f"{check.pk}-note": "đã gỡ mã lạ"})
    assert seen().settled_note == "đã gỡ mã lạ"
    assert "không có cảnh báo nào" in text_of(clerk, address("sticker_checks", thuong_xuan))


def test_the_right_code_is_found_without_naming_the_stall(
    enter: Enter,
    thuong_xuan: Unit,
    village: Unit,  # noqa: F811
    stall: Stall,
) -> None:
    volunteer = enter("digital_team_member", village)
    reprint = encode(bank_bin=BIN, account=ACCOUNT, name="LE THI HOA")
    page = volunteer.post(
        address("sticker_check", village), {"anh": photo(reprint)}, follow=True
    ).content.decode()
    assert "Mã đúng" in page
    assert "A12, Chợ Bái Thượng: Lê Thị Hoá" in page


def test_a_photo_without_a_code_asks_for_another(enter: Enter, thuong_xuan: Unit, stall: Stall) -> None:
    clerk = enter("dx_secretary", thuong_xuan)
    for sent in ({}, {"anh": SimpleUploadedFile("x.jpg", b"no picture")}, {"ma": " "}):
        assert clerk.post(address("sticker_check", thuong_xuan), sent).status_code == 422
    with scope.seeing(OPERATOR):
        assert not StickerCheck.objects.exists()


def test_another_village_s_stall_is_not_there(
    enter: Enter,
    thuong_xuan: Unit,
    villages: list[Unit],  # noqa: F811
    stall: Stall,
) -> None:
    stranger = enter("digital_team_member", villages[1])
    assert "A12, " not in text_of(stranger, address("sticker_check", villages[1]))
    assert stranger.get(address("sticker_check", villages[1]) + f"?diem-ban={stall.uuid}").status_code == 404


def test_a_second_person_confirms_another_account(enter: Enter, thuong_xuan: Unit, stall: Stall) -> None:
    clerk, chair = enter("dx_secretary", thuong_xuan), enter("chair", thuong_xuan)
    clerk.post(
        address("stall_account", thuong_xuan, stall.uuid),
        {"bank_bin": BIN, "account": OTHER, "holder": "LE THI HOA", "why": "chủ hàng đến nhờ"},
    )
    here = address("stall", thuong_xuan, stall.uuid)
    assert "Phải có người thứ hai" in text_of(clerk, here)
    assert "Gọi số đã ghi trong sổ" in text_of(chair, here)
    with scope.seeing(OPERATOR):
        decide = address("stall_account_decide", thuong_xuan, stall.uuid, stall.account_changes.get().uuid)
    sent = {"deed": "approve", "note": "đã gọi"}
    assert clerk.post(decide, sent).status_code == 403
    assert chair.post(decide, {"deed": "approve", "note": ""}).status_code == 422
    assert chair.post(decide, sent).status_code == 302
    with scope.seeing(OPERATOR):
        stall.refresh_from_db()
        assert stall.account == OTHER
        assert not stall.stickers.filter(ended_at=None).exists()


def test_the_board_s_accountant_raises_a_month_once(
    enter: Enter,
    staff: Callable[..., User],
    thuong_xuan: Unit,
    stall: Stall,
    at: datetime,
) -> None:
    board = open_biller(
        unit=thuong_xuan, kind="market", name="Ban quản lý chợ", services=["market"], by=OPERATOR, at=at
    )
    market = stall.market
    assert market is not None
    Market.objects.filter(pk=market.pk).update(biller=board)
    accountant = enter("biller_accountant", thuong_xuan)
    here, sends = (
        address("market", thuong_xuan, market.uuid),
        address("market_raise", thuong_xuan, market.uuid),
    )
    assert "Lập khoản thu của tháng" not in text_of(accountant, here)  # works for nobody yet
    user = User.objects.get(email__startswith="biller_accountant")
    add_member(biller=board, staff=user, duty="accountant", villages=(), by=OPERATOR, at=at)
    assert "Lập khoản thu của tháng" in text_of(accountant, here + "?thang=2026-12")
    for _ in range(2):
        assert accountant.post(sends, {"month": "2026-12", "due_on": "20/12/2026"}).status_code == 302
    with scope.seeing(OPERATOR):
        charge = Charge.objects.get(about=stall.uuid)
    page = text_of(accountant, here + "?thang=2026-12")
    assert "60.000" in page
    assert "chưa trả" in page
    opened = address("charge", thuong_xuan, charge.uuid)
    assert opened in page
    assert opened in text_of(accountant, address("stall", thuong_xuan, stall.uuid))
    assert accountant.get(opened).status_code == 200
    assert opened not in text_of(enter("dx_secretary", thuong_xuan), here + "?thang=2026-12")
    assert accountant.post(sends, {"month": "2026-12", "due_on": "31/02/2026"}).status_code == 422
    assert accountant.get(here + "?thang=xx").status_code == 400


def test_a_list_is_looked_through_and_then_stored(
    enter: Enter,
    thuong_xuan: Unit,
    village: Unit,  # noqa: F811
    stall: Stall,
) -> None:
    clerk = enter("dx_secretary", thuong_xuan)
    assert stall.market is not None
    where = address("market_list", thuong_xuan, stall.market.uuid)
    content = "Số sạp,Người bán,Phí\nA12,Đã Có,60000\nB1,Hà Văn Bé,70.000\nB2,,5\n"
    upload = SimpleUploadedFile("cho.csv", ("\ufeff" + content).encode(), "text/csv")
    response = clerk.post(where, {"village": village.uuid, "file": upload, "deed": "check"})
    page = response.content.decode()
    assert "Sẽ thêm 1/3 dòng" in page
    assert "đã có từ trước" in page
    assert "thiếu tên người bán" in page
    assert "B1\tHà Văn Bé\t70.000" in page  # kept in the page: nothing must be chosen again
    sent = {"village": village.uuid, "text": content.replace(",", "\t"), "deed": "store"}
    assert clerk.post(where, sent).status_code == 302
    with scope.seeing(OPERATOR):
        assert sorted(Stall.objects.values_list("code", flat=True)) == ["A12", "B1"]
    assert clerk.post(where, {"village": village.uuid, "text": " ", "deed": "check"}).status_code == 422
    bad = SimpleUploadedFile("x.xlsx", b"PK\x03\x04 no workbook", "application/x")
    assert clerk.post(where, {"village": village.uuid, "file": bad}).status_code == 422
    assert "Số tài khoản" in text_of(clerk, address("stall_template", thuong_xuan))
