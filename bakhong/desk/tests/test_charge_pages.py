"""Setting up who collects, raising charges by hand and from Excel, finding, printing and withdrawing them, on screen."""

import re
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from bakhong.accounts.models import User
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.bank_accounts import approve_account
from bakhong.payments.actions.billers import close_biller, commune_biller, open_biller
from bakhong.payments.actions.charging import Owed, raise_charge, withdraw_charge
from bakhong.payments.models import BankAccount, Biller, BillerMember, Charge, ChargeList, ChargeState
from bakhong.payments.queries.charges import payload_of
from bakhong.payments.rules.vietqr import encode
from bakhong.payments.sealed import unseal
from bakhong.payments.tests.accounts import opened_account
from bakhong.people import scope
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
LIST = (
    "STT;Họ và tên;Thôn;Mã hộ;Số tiền\n"
    "1;Lê Văn An;Xuân Thành;H01;25.000\n"
    "2;Lê Thị Bình;Xuân Lợi;H02;30.000\n"
    "3;Vi Văn Cao;Xuân Xa;H03;không\n"
    ";Tổng cộng;;;55.000\n"
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
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return commune_biller(thuong_xuan, at=at)


@pytest.fixture
def account(biller: Biller, at: datetime) -> BankAccount:
    return opened_account(
        biller=biller, bank_bin="970405", number="1500201012345", holder="UBND", by=OPERATOR, at=at
    )


@pytest.fixture
def accountant(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("accountant", thuong_xuan)


def url(name: str, *args: Any) -> str:
    return reverse(f"desk:{name}", args=[getattr(each, "uuid", each) for each in args])


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\xa0", " ")


def charges() -> list[Charge]:
    with scope.seeing(OPERATOR):
        return list(Charge.objects.select_related("account", "biller", "village").order_by("pk"))


def by_hand(accountant: Client, unit: Unit, biller: Biller, **more: str) -> Any:
    told = {
        "payer_name": "Lê Thị Hoá",
        "amount": "86.000",
        "service": "water",
        "title": "Tiền nước",
        "form_key": str(new_uuid()),
        **more,
    }
    return accountant.post(url("charge_new", unit, biller), told)


def raised(accountant: Client, unit: Unit, biller: Biller) -> Charge:
    by_hand(accountant, unit, biller)
    return charges()[-1]


def test_the_first_step_is_said_where_nothing_is(accountant: Client, thuong_xuan: Unit) -> None:
    for name in ("billers", "charges", "charge_list_new"):
        assert "Bước đầu" in text(accountant.get(url(name, thuong_xuan)))
    accountant.post(url("billers", thuong_xuan), {"deed": "commune"})
    assert Biller.objects.get().kind == "commune"


def test_a_biller_is_opened_with_what_such_ones_collect(accountant: Client, thuong_xuan: Unit) -> None:
    told = {"deed": "open", "name": "Ban quản lý chợ Mẫu", "kind": "market"}
    answer = accountant.post(url("billers", thuong_xuan), told)
    assert Biller.objects.get().services == ["market"]
    assert answer.url == url("biller", thuong_xuan, Biller.objects.get())
    again = accountant.post(url("billers", thuong_xuan), told)
    assert again.status_code == 422
    assert "Ban quản lý chợ Mẫu" in text(again)


def test_an_account_is_opened_and_its_code_tried(
    accountant: Client, thuong_xuan: Unit, biller: Biller, at: datetime
) -> None:
    page = url("biller", thuong_xuan, biller)
    told = {"account-bank_bin": "970405", "account-number": "15002 01012345", "account-holder": "UBND xa"}
    wrong = accountant.post(page, {"deed": "account_open", **told, "account-number": "12"})
    assert wrong.status_code == 422
    accountant.post(page, {"deed": "account_open", **told})
    made = BankAccount.objects.get()
    assert (made.number, made.holder) == ("1500201012345", "UBND XA")
    assert b'bk-qr"><svg' not in accountant.get(page).content  # nobody is shown a code that leads there
    approve_account(account=made, note="Quét thử đúng tên", by=OPERATOR, at=at)
    shown = accountant.get(page)
    assert b'bk-qr"><svg' in shown.content
    assert 'style="' not in shown.content.decode()
    right = encode(bank_bin="970405", account="1500201012345")
    other = encode(bank_bin="970405", account="9999999999")
    test = {"deed": "account_test", "account": str(made.uuid)}
    assert "Mã đúng" in text(accountant.post(page, {**test, "scanned": right}))
    assert "tài khoản khác" in text(accountant.post(page, {**test, "scanned": other}))
    assert "Mã không đúng" in text(accountant.post(page, {**test, "scanned": right[:-1] + "0"}))
    accountant.post(page, {"deed": "account_close", "account": str(made.uuid)})
    made.refresh_from_db()
    assert made.closed_on is not None


def test_a_key_is_shown_once_and_never_again(
    accountant: Client, thuong_xuan: Unit, biller: Biller, account: BankAccount
) -> None:
    page = url("biller", thuong_xuan, biller)
    answer = accountant.post(page, {"deed": "feed", "account": str(account.uuid), "feed": "sepay"})
    account.refresh_from_db()
    assert account.feed_secret is not None
    secret = unseal(account.feed_secret, f"payments_bankaccount.feed:{account.uuid}")
    assert secret in answer.content.decode()
    assert len(secret) >= 32
    again = accountant.get(page)
    assert secret not in again.content.decode()
    assert reverse("payments:webhook", args=["sepay", account.uuid]) in text(again)
    assert (
        accountant.post(page, {"deed": "feed", "account": str(account.uuid), "feed": "payos"}).status_code
        == 422
    )
    assert secret.encode() not in b"".join(str(each.details).encode() for each in Event.objects.all())


def test_somebody_works_for_a_biller(
    accountant: Client, thuong_xuan: Unit, villages: list[Unit], staff: Callable[..., User], at: datetime
) -> None:
    board = open_biller(
        unit=thuong_xuan, kind="market", name="Chợ Mẫu", services=["market"], by=OPERATOR, at=at
    )
    page = url("biller", thuong_xuan, board)
    collector = staff("collector", thuong_xuan)
    staff("chair", thuong_xuan)
    shown = text(accountant.get(page))
    assert "collector" in shown
    assert "chair" not in shown
    told = {
        "member-staff": str(collector.uuid),
        "member-duty": "collector",
        "member-villages": [villages[0].pk],
    }
    accountant.post(page, {"deed": "member_add", **told})
    member = BillerMember.objects.get()
    assert member.villages == [villages[0].pk]
    assert accountant.post(page, {"deed": "member_add", **told}).status_code == 422
    accountant.post(page, {"deed": "member_end", "member": str(member.uuid)})
    member.refresh_from_db()
    assert member.valid_to is not None


def test_the_money_of_a_biller_of_its_own_is_for_its_members(
    accountant: Client, thuong_xuan: Unit, at: datetime
) -> None:
    board = open_biller(
        unit=thuong_xuan, kind="market", name="Chợ Mẫu", services=["market"], by=OPERATOR, at=at
    )
    assert accountant.get(url("biller", thuong_xuan, board)).status_code == 200
    for name in ("charges", "charge_new", "charge_list_new"):
        assert accountant.get(url(name, thuong_xuan, board)).status_code == 404


def test_a_charge_is_raised_by_hand_once_for_a_form(
    accountant: Client, thuong_xuan: Unit, biller: Biller, account: BankAccount, villages: list[Unit]
) -> None:
    key = str(new_uuid())
    for _ in range(2):
        by_hand(accountant, thuong_xuan, biller, form_key=key, village=str(villages[1].uuid))
    (made,) = charges()
    assert (made.amount, made.payer_name, made.village) == (86_000, "Lê Thị Hoá", villages[1])
    shown = accountant.get(url("charge", thuong_xuan, made))
    assert made.reference in text(shown)
    assert b"<svg" in shown.content
    wrong = by_hand(accountant, thuong_xuan, biller, amount="0", payer_name="Giữ Lại Tên")
    assert wrong.status_code == 422
    assert "Giữ Lại Tên" in wrong.content.decode()


def test_a_charge_is_withdrawn_with_a_reason(accountant: Client, thuong_xuan: Unit, biller: Biller) -> None:
    made = raised(accountant, thuong_xuan, biller)
    page = url("charge", thuong_xuan, made)
    assert accountant.post(page, {"deed": "withdraw", "why": " "}).status_code == 422
    accountant.post(page, {"deed": "withdraw", "why": "Lập nhầm"})
    assert charges()[0].state == ChargeState.WITHDRAWN
    shown = accountant.get(page)
    assert "Đã huỷ: Lập nhầm" in text(shown)
    again = re.search(r'href="([^"]+again=[^"]+)"', shown.content.decode())
    assert again is not None
    assert "Lê Thị Hoá" in accountant.get(again[1]).content.decode()


def test_who_may_only_look_changes_nothing(
    accountant: Client, enter: Enter, thuong_xuan: Unit, biller: Biller
) -> None:
    made = raised(accountant, thuong_xuan, biller)
    chair = enter("chair", thuong_xuan)
    shown = chair.get(url("charge", thuong_xuan, made))
    assert shown.status_code == 200
    assert "Huỷ khoản thu" not in text(shown)
    assert chair.post(url("charge", thuong_xuan, made), {"deed": "withdraw", "why": "x"}).status_code == 403
    assert charges()[0].state == ChargeState.OPEN


def test_the_list_is_filtered_summed_and_taken_along(
    accountant: Client, thuong_xuan: Unit, biller: Biller, account: BankAccount
) -> None:
    by_hand(
        accountant, thuong_xuan, biller, payer_name="Lê Văn Một", due_on="30/11/2026", period="2026-11-01"
    )
    by_hand(accountant, thuong_xuan, biller, payer_name="=Lê Văn Hai", service="environment", amount="20.000")
    page = url("charges", thuong_xuan, biller)
    assert "2 khoản, 106.000 đ" in text(accountant.get(page))
    assert "Lê Văn Hai" not in text(accountant.get(page + "?service=water"))
    assert "Lê Văn Một" in text(accountant.get(page + "?period=2026-11-01&state=open"))
    assert "Không có khoản nào như vậy" in text(accountant.get(page + "?state=overdue"))
    one = charges()[0]
    assert "Lê Văn Hai" not in text(accountant.get(page + f"?q={one.reference.lower()}"))
    assert accountant.get(page + "?period=x").status_code == 400
    assert "Lê Văn Hai" in text(accountant.get(page + "?print=1"))
    answer = accountant.post(url("charges_xlsx", thuong_xuan, biller))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value]
    assert "=Lê Văn Hai" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells if cell.value == "=Lê Văn Hai"} == {"s"}
    assert Event.objects.filter(deed="desk.export", details__what="charges").count() == 1


def test_bills_are_printed_four_on_a_sheet(
    accountant: Client, thuong_xuan: Unit, biller: Biller, account: BankAccount
) -> None:
    for number in range(5):
        by_hand(accountant, thuong_xuan, biller, payer_name=f"Người Thứ {number}")
    read = PdfReader(BytesIO(accountant.post(url("charge_bills", thuong_xuan, biller)).content))
    assert len(read.pages) == 2
    words = "".join(each.extract_text() for each in read.pages)
    assert all(f"Người Thứ {number}" in words for number in range(5))
    one = PdfReader(BytesIO(accountant.get(url("charge_bill", thuong_xuan, charges()[0])).content))
    assert len(one.pages) == 1
    assert "86.000" in one.pages[0].extract_text()
    assert charges()[0].purpose in one.pages[0].extract_text()
    assert accountant.post(url("charge_bills", thuong_xuan, biller), {"part": "9"}).status_code == 422


def sent(accountant: Client, unit: Unit, biller: Biller, content: str = LIST, **more: str) -> Any:
    file = SimpleUploadedFile("thu.csv", content.encode())
    told = {"service": "environment", "title": "Vệ sinh tháng 11/2026", "period": "2026-11-01", **more}
    return accountant.post(url("charge_list_new", unit, biller), {**told, "file": file})


def test_a_list_is_looked_through_then_raised_then_withdrawn(
    accountant: Client, thuong_xuan: Unit, biller: Biller, account: BankAccount, villages: list[Unit]
) -> None:
    answer = sent(accountant, thuong_xuan, biller, due_on="10/12/2026")
    page = accountant.get(answer.url)
    assert "Sẽ lập 2/3 khoản, cộng 55.000 đ" in text(page)
    assert "thu!E4" in text(page)
    assert charges() == []
    fields = _fields(page)
    accountant.post(answer.url, {**fields, "deed": "raise"})
    again = accountant.post(answer.url, {**fields, "deed": "raise"})
    batch = ChargeList.objects.get()
    assert again.url == url("charge_list", thuong_xuan, batch)
    made = charges()
    assert [(each.payer_name, each.village, each.due_on) for each in made] == [
        ("Lê Văn An", villages[0], date(2026, 12, 10)),
        ("Lê Thị Bình", villages[1], date(2026, 12, 10)),
    ]
    assert payload_of(made[0])
    shown = text(accountant.get(url("charge_list", thuong_xuan, batch)))
    assert "2 khoản, cộng 55.000 đ" in shown
    twice = accountant.get(sent(accountant, thuong_xuan, biller).url)
    assert "đã có khoản thu như vậy" in text(twice)
    accountant.post(url("charge_list", thuong_xuan, batch), {"why": "Sai mức thu"})
    assert {each.state for each in charges()} == {ChargeState.WITHDRAWN}


def test_the_list_is_raised_for_the_next_month_without_the_file(
    accountant: Client, thuong_xuan: Unit, biller: Biller, villages: list[Unit]
) -> None:
    answer = sent(accountant, thuong_xuan, biller, due_on="10/12/2026")
    accountant.post(answer.url, {**_fields(accountant.get(answer.url)), "deed": "raise"})
    batch = ChargeList.objects.get()
    assert "Lập cho tháng sau" in text(accountant.get(url("charge_list", thuong_xuan, batch)))
    where = url("charge_list_next", thuong_xuan, batch)
    page = accountant.get(where)
    assert 'value="Vệ sinh tháng 12/2026"' in page.content.decode()
    assert 'value="10/01/2027"' in page.content.decode()
    assert "Sẽ lập 2/2 khoản, cộng 55.000 đ" in text(page)
    told = {**_fields(page), "title": "Vệ sinh tháng 12/2026", "period": "2026-12-01", "due_on": "10/01/2027"}
    assert len(charges()) == 2
    accountant.post(where, {**told, "deed": "check"})
    assert len(charges()) == 2
    for _ in range(2):
        accountant.post(where, {**told, "deed": "raise"})
    assert {(each.title, each.due_on) for each in charges()[2:]} == {
        ("Vệ sinh tháng 12/2026", date(2027, 1, 10))
    }
    assert len(charges()) == 4
    wrong = accountant.post(where, {**told, "period": "2026-11-01", "deed": "raise"})
    assert wrong.status_code == 422
    assert "tháng khác" in text(wrong)


def _fields(page: HttpResponse) -> dict[str, str]:
    html = page.content.decode()
    key = re.search(r'name="form_key" value="([^"]+)"', html)
    assert key is not None
    columns = re.findall(
        r'<select class="govuk-select" name="(field-[\d-]+)".*?<option value="(\w+)" selected', html, re.S
    )
    return {"form_key": key[1], **dict(columns)}


def test_columns_are_chosen_on_the_page_and_remembered(
    accountant: Client, thuong_xuan: Unit, biller: Biller, villages: list[Unit]
) -> None:
    content = "Họ và tên;Mức thu;Số tiền\nLê Văn An;7.000;9.000\n"
    where = sent(accountant, thuong_xuan, biller, content).url
    fields = _fields(accountant.get(where))
    assert fields["field-0-1"] == "ignore"
    fields |= {"field-0-1": "amount", "field-0-2": "ignore"}
    assert "cộng 7.000 đ" in text(accountant.post(where, {**fields, "deed": "check"}))
    accountant.post(where, {**fields, "deed": "raise"})
    other = sent(accountant, thuong_xuan, biller, content.replace("An", "Bé"), title="Khác")
    assert "cộng 7.000 đ" in text(accountant.get(other.url))
    both = {**fields, "field-0-2": "amount", "deed": "check"}
    assert accountant.post(where, both).status_code == 422


@pytest.mark.parametrize("content", ["", "chỉ có chữ", "a;b\n1;2\n"])
def test_what_is_no_list_is_refused_before_anything_is_kept(
    accountant: Client, thuong_xuan: Unit, biller: Biller, content: str
) -> None:
    answer = sent(accountant, thuong_xuan, biller, content)
    assert answer.status_code == 422
    assert "Vệ sinh tháng 11/2026" in answer.content.decode()


def test_the_books_of_a_closed_biller_are_read_on(
    accountant: Client, thuong_xuan: Unit, biller: Biller, account: BankAccount, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        owed = Owed(biller, "other", "Quỹ khuyến học", 5_000, "Lê Văn An", thuong_xuan)
        made = raise_charge(owed=owed, key=new_uuid(), by=OPERATOR, at=at)
        withdraw_charge(charge=made, why="Thôi thu", by=OPERATOR, at=at)
        close_biller(biller=biller, by=OPERATOR, at=at)
    assert "Quỹ khuyến học" in text(accountant.get(url("charge", thuong_xuan, made)))
    for name in ("charges", "money", "ledger", "bank_lines", "taken"):
        assert accountant.get(url(name, thuong_xuan, biller)).status_code == 200, name
    assert accountant.get(url("charge_new", thuong_xuan, biller)).status_code == 404


def test_a_village_has_its_own_list_and_bills(
    accountant: Client, thuong_xuan: Unit, biller: Biller, account: BankAccount, villages: list[Unit]
) -> None:
    answer = sent(accountant, thuong_xuan, biller)
    accountant.post(answer.url, {**_fields(accountant.get(answer.url)), "deed": "raise"})
    where = url("charges", thuong_xuan, biller)
    page = text(accountant.get(where, {"village": villages[1].uuid}))
    assert "Lê Thị Bình" in page
    assert "Lê Văn An" not in page
    assert accountant.get(where, {"village": "x"}).status_code == 400
    batch = ChargeList.objects.get()
    assert "Phần thứ mấy trên 1 (2 tờ)" in text(accountant.get(url("charge_list", thuong_xuan, batch)))
    bills = accountant.post(
        f"{url('charge_bills', thuong_xuan, biller)}?village={villages[1].uuid}", {"part": "1"}
    )
    assert "Lê Thị Bình" in "".join(each.extract_text() for each in PdfReader(BytesIO(bills.content)).pages)
