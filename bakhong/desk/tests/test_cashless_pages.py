"""“Không tiền mặt” on screen: the numbers, who sees the names behind them, and providers' lists from file to rate."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.money import a_biller
from bakhong.desk.views.cashless import _change_words
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.models import Biller, Charge, ProviderBill, ProviderList
from bakhong.payments.queries.cashless import Rate
from bakhong.payments.tests.ledger_world import charge_of
from bakhong.people import scope
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
LIST = (
    "Mã khách hàng;Tên khách hàng;Thôn;Số tiền;Đã thanh toán;Hình thức thanh toán;Ngày nộp\n"
    "PA01000000001;Lê Văn An;Xuân Thành;125.000;x;CK;05/11/2026\n"
    "PA01000000002;Lê Thị Bình;Xuân Lợi;80.000;x;tiền mặt;06/11/2026\n"
    "PA01000000003;Vi Văn Cao;Xuân Lợi;60.000;x;;\n"
    ";Không Mã;Xuân Lợi;60.000;x;;\n"
    "Tổng cộng;;;325.000;;;\n"
)


@pytest.fixture
def villages(thuong_xuan: Unit, at: datetime) -> list[Unit]:
    return create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi")],
        valid_from=date(2025, 7, 1),
        by=OPERATOR,
        at=at,
    )


@pytest.fixture
def month(thuong_xuan: Unit, villages: list[Unit], at: datetime) -> list[Charge]:
    """Two charges of October in the first village, one paid in cash; of the second one open."""
    biller = a_biller(thuong_xuan, at)
    with scope.seeing(OPERATOR):
        made = [
            charge_of(biller, village, at, amount, service="water", period=date(2026, 10, 1), payer_name=name)
            for village, amount, name in (
                (villages[0], 70_000, "CANARY MỘT"),
                (villages[0], 50_000, "CANARY HAI"),
                (villages[1], 40_000, "CANARY BA"),
            )
        ]
        for each in made:
            each.save(force_insert=True)
        take_cash(charge=made[0], key=new_uuid(), by=OPERATOR, at=at)
    return made


@pytest.fixture
def power(thuong_xuan: Unit, at: datetime) -> Biller:
    made = a_biller(thuong_xuan, at, "utility", "Điện lực (EVN)")
    Biller.objects.filter(pk=made.pk).update(keeps_ledger=False, services=["electricity"])
    made.refresh_from_db()
    return made


def address(unit: Unit, name: str = "cashless", more: str = "") -> str:
    return reverse(f"desk:{name}", args=[unit.uuid]) + "?thang=10/2026" + more


def text(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode())).replace("\xa0", " ")


def send(client: Client, unit: Unit, power: Biller, content: str = LIST) -> str:
    """The list is sent; where it can be looked through."""
    answer = client.post(
        reverse("desk:provider", args=[unit.uuid, power.uuid]),
        {
            "service": "electricity",
            "month": "2026-10-01",
            "file": SimpleUploadedFile("dien.csv", content.encode()),
        },
    )
    assert answer.status_code == 302, text(answer.content)
    return str(answer["Location"])


def test_an_empty_month_says_the_first_step(enter: Enter, thuong_xuan: Unit) -> None:
    page = text(enter("accountant", thuong_xuan).get(address(thuong_xuan)).content)
    assert "Bước đầu" in page
    assert "Nhập danh sách của đơn vị cung cấp" in page
    assert "0%" not in page


def test_it_shows_what_was_paid_and_how(enter: Enter, thuong_xuan: Unit, month: list[Charge]) -> None:
    page = text(enter("chair", thuong_xuan).get(address(thuong_xuan)).content)
    assert "0% (0/1 khoản đã trả; khoản của tháng 10/2026)" in page
    assert "Phải trả" in page
    assert "160.000 đ" in page
    assert "Thôn Xuân Lợi chưa ai trả" in page


def test_every_number_opens_as_many_rows(enter: Enter, thuong_xuan: Unit, month: list[Charge]) -> None:
    client = enter("chair", thuong_xuan)
    for kind, names in (
        ("due", ["CANARY MỘT", "CANARY HAI", "CANARY BA"]),
        ("cash", ["CANARY MỘT"]),
        ("paid", ["CANARY MỘT"]),
        ("unpaid", ["CANARY HAI", "CANARY BA"]),
        ("transfer", []),
    ):
        html = client.get(address(thuong_xuan, "cashless_list", f"&cach={kind}")).content
        assert html.decode().count("<tr>") - bool(names) == len(names)
        assert all(name in text(html) for name in names)
    assert client.get(address(thuong_xuan, "cashless_list", "&cach=perhaps")).status_code == 400


def test_who_sees_no_people_gets_numbers_without_names(
    enter: Enter, thuong_xuan: Unit, thanh_hoa: Unit, month: list[Charge], villages: list[Unit]
) -> None:
    client = enter("province_viewer", thanh_hoa)
    whole = text(client.get(address(thuong_xuan)).content)
    listed = text(client.get(address(thuong_xuan, "cashless_list", "&cach=due")).content)
    assert "0/1 khoản đã trả" in whole
    assert "CANARY" not in whole + listed
    assert "Còn 3 khoản không hiện tên" in listed


def test_a_village_head_sees_the_names_of_the_village_alone(
    enter: Enter, thuong_xuan: Unit, month: list[Charge], villages: list[Unit]
) -> None:
    client = enter("village_head", villages[0])
    listed = text(client.get(address(villages[0], "cashless_list", "&cach=due")).content)
    assert "CANARY MỘT" in listed
    assert "CANARY BA" not in listed
    assert client.get(address(thuong_xuan, "cashless_list")).status_code == 404


@pytest.mark.parametrize("month", ["13/2026", "10-2026", "2026", "1/26", "٣/2026", "10/2026/1"])
def test_a_month_that_is_none_is_said(enter: Enter, thuong_xuan: Unit, month: str) -> None:
    path = reverse("desk:cashless", args=[thuong_xuan.uuid])
    client = enter("chair", thuong_xuan)
    assert client.get(path, {"thang": month}).status_code == 400
    assert client.get(path, {"dich-vu": "gold"}).status_code == 400


def test_it_is_printed_and_taken_out(enter: Enter, thuong_xuan: Unit, month: list[Charge]) -> None:
    client = enter("chair", thuong_xuan)
    assert "Thôn Xuân Thành" in text(client.get(address(thuong_xuan, "cashless_sheet")).content)
    assert "CANARY HAI" in text(
        client.get(address(thuong_xuan, "cashless_list", "&cach=unpaid&in=1")).content
    )

    answer = client.post(address(thuong_xuan, "cashless_export"))
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    cells = [cell.value for row in book["Theo nơi"] for cell in row]
    assert "Thôn Xuân Thành" in cells
    assert 120_000 in cells
    assert not any("CANARY" in str(cell) for cell in cells)
    assert Event.objects.filter(deed="desk.export", details__what="cashless").count() == 1


def test_a_list_goes_from_file_to_rate_and_back(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], power: Biller
) -> None:
    client = enter("accountant", thuong_xuan)
    check = send(client, thuong_xuan, power)
    seen = text(client.get(check).content)
    assert "4 dòng, trong đó 1 dòng không nhập được" in seen
    assert "Trả bằng chuyển khoản 1 125.000 đ" in seen
    assert not ProviderList.objects.exists()

    done = client.post(check, {"deed": "import"}, follow=True)
    assert "Đã nhập 3 dòng, 3 khách hàng mới" in text(done.content)
    assert "33,3% (1/3 khoản đã trả" in text(client.get(address(thuong_xuan)).content)
    listed = text(client.get(address(thuong_xuan, "cashless_list", "&cach=due")).content)
    assert "Lê Văn An (PA01000000001)" in listed

    batch = ProviderList.objects.get()
    client.post(reverse("desk:provider_list_undo", args=[thuong_xuan.uuid, power.uuid, batch.uuid]))
    assert "Bước đầu" in text(client.get(address(thuong_xuan)).content)


def test_columns_are_chosen_and_kept(enter: Enter, thuong_xuan: Unit, power: Biller) -> None:
    client = enter("accountant", thuong_xuan)
    check = send(client, thuong_xuan, power, LIST.replace("Hình thức thanh toán", "Cột lạ"))
    assert "Trả bằng chuyển khoản 0" in text(client.get(check).content)

    again = client.post(check, {"deed": "check", "field-0-5": "how"})
    assert "Trả bằng chuyển khoản 1" in text(again.content)
    assert "Trả bằng chuyển khoản 1" in text(client.get(check).content)
    twice = client.post(check, {"deed": "check", "field-0-0": "code", "field-0-5": "code"})
    assert twice.status_code == 422


def test_a_list_without_codes_is_refused_at_once(enter: Enter, thuong_xuan: Unit, power: Biller) -> None:
    answer = enter("accountant", thuong_xuan).post(
        reverse("desk:provider", args=[thuong_xuan.uuid, power.uuid]),
        {"service": "electricity", "month": "2026-10-01", "file": SimpleUploadedFile("a.csv", b"xin chao")},
    )
    assert answer.status_code == 422
    assert "Không thấy dòng tiêu đề" in text(answer.content)


def test_a_provider_is_set_up_by_the_accountant(enter: Enter, thuong_xuan: Unit) -> None:
    path = reverse("desk:providers", args=[thuong_xuan.uuid])
    client = enter("accountant", thuong_xuan)
    assert client.post(path, {"known": "", "name": ""}).status_code == 422
    assert client.post(path, {"known": "evn"}).status_code == 302
    made = Biller.objects.get(name="Điện lực (EVN)")
    assert (made.keeps_ledger, made.services, made.kind) == (False, ["electricity"], "utility")
    assert client.post(path, {"known": "evn"}).status_code == 422  # it is there already
    assert enter("one_stop_officer", thuong_xuan).post(path, {"known": "water"}).status_code == 403


def test_another_commune_s_provider_and_a_market_board_s_accountant_find_nothing(
    enter: Enter, thuong_xuan: Unit, power: Biller
) -> None:
    other = Unit.objects.filter(level="commune", valid_to=None).exclude(pk=thuong_xuan.pk).first()
    assert other is not None
    path = reverse("desk:provider", args=[other.uuid, power.uuid])
    assert enter("accountant", other).get(path).status_code == 404
    own = reverse("desk:provider", args=[thuong_xuan.uuid, power.uuid])
    assert enter("accountant", thuong_xuan).get(own).status_code == 200
    assert enter("biller_accountant", thuong_xuan).get(own).status_code == 404


def test_customers_are_written_down_once(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], power: Biller
) -> None:
    client = enter("accountant", thuong_xuan)
    path = reverse("desk:provider_customers", args=[thuong_xuan.uuid, power.uuid])
    told = {
        "form_key": str(new_uuid()), "service": "electricity", "code": "pa01 000000009",
        "name": "Lê Văn An", "place": str(villages[0].uuid),
    }  # fmt: skip
    assert client.post(path, told).status_code == 302
    assert client.post(path, told).status_code == 302
    page = text(client.get(path).content)
    assert page.count("PA01000000009") == 1
    assert "1 mã khách hàng" in page
    assert client.post(path, told | {"form_key": str(new_uuid())}).status_code == 422
    assert "Không thấy mã" in text(client.get(path, {"q": "zzz"}).content)


def test_rows_of_a_list_are_shown_to_whoever_took_it_in(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], power: Biller
) -> None:
    client = enter("accountant", thuong_xuan)
    client.post(send(client, thuong_xuan, power), {"deed": "import"})
    batch = ProviderList.objects.get()
    page = text(
        client.get(reverse("desk:provider_list", args=[thuong_xuan.uuid, power.uuid, batch.uuid])).content
    )
    assert "PA01000000002 Lê Thị Bình Thôn Xuân Lợi 80.000 đ" in page
    with scope.seeing(OPERATOR):
        assert ProviderBill.objects.count() == 3


@pytest.mark.parametrize(("now", "before", "is_said"), [(10, 10, True), (9, 200, False), (200, 9, False)])
def test_a_change_of_a_few_charges_is_not_said(now: int, before: int, is_said: bool) -> None:
    month = date(2026, 10, 1)
    rates = Rate(Unit(), "", month, transfer_count=now), Rate(Unit(), "", month, cash_count=before)
    assert ("100" in _change_words(*rates)) is is_said
