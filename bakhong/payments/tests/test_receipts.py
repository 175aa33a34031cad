"""What we give for money that came: numbered without a gap, on paper, checkable, and cancelled with the payment."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import Error, connection, transaction
from pypdf import PdfReader

from bakhong.accounts.permissions import StaffActor
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.documents.actions.storing import open_file
from bakhong.documents.queries.files import by_code
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.receipts import note_official, receipt_pdf
from bakhong.payments.actions.settling import settle_by_lines, settle_matched
from bakhong.payments.actions.taking_back import take_back
from bakhong.payments.models import Receipt, ReceiptYear
from bakhong.payments.rules.in_words import in_words
from bakhong.payments.tasks import write_receipt
from bakhong.payments.tests.ledger_world import (
    MakeCharge,
    MakeLine,
    accountant,
    bank,
    biller,
    chair,
    check_deferred,
    collector,
    everybody,
    make_charge,
    make_line,
    staff,
    village,
    villages,
)

__all__ = [
    "accountant", "bank", "biller", "chair", "collector", "everybody", "make_charge", "make_line", "staff", "village", "villages",
]  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (1, "Một"), (5, "Năm"), (10, "Mười"), (11, "Mười một"), (15, "Mười lăm"), (21, "Hai mươi mốt"), (24, "Hai mươi tư"),
        (55, "Năm mươi lăm"), (100, "Một trăm"), (101, "Một trăm linh một"), (110, "Một trăm mười"), (115, "Một trăm mười lăm"),
        (1_000, "Một nghìn"), (1_001, "Một nghìn không trăm linh một"), (10_500, "Mười nghìn năm trăm"),
        (199_800, "Một trăm chín mươi chín nghìn tám trăm"), (1_000_000, "Một triệu"), (1_000_005, "Một triệu không trăm linh năm"),
        (2_030_000, "Hai triệu không trăm ba mươi nghìn"), (1_000_000_000, "Một tỷ"),
        (1_000_000_001, "Một tỷ không trăm linh một"), (15_000_001_000, "Mười lăm tỷ không trăm linh một nghìn"),
        (9_999_000_000_000, "Chín nghìn chín trăm chín mươi chín tỷ"),
    ],
)  # fmt: skip
def test_amounts_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == f"{words} đồng"


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_the_paper_says_what_it_is(
    make_charge: MakeCharge, accountant: StaffActor, actor: Actor, at: datetime
) -> None:
    charge = make_charge(
        1_234_000, payer_name="Lê Thị #Hoá", title="Tiền nước *tháng 10*", period=date(2026, 10, 1)
    )
    take_cash(
        charge=charge, key=new_uuid(), by=accountant, at=at, helper_name="Trần B", helper_relation="hàng xóm"
    )
    receipt = Receipt.objects.get()
    file = receipt_pdf(receipt=receipt, by=actor, at=at)
    assert receipt_pdf(receipt=Receipt.objects.get(), by=actor, at=at) == file  # once
    said = text_of(open_file(file))
    for words in (
        "XÁC NHẬN ĐÃ NHẬN TIỀN", "1/2026/XNTT", "Lê Thị #Hoá", "Trần B (hàng xóm)", "Tiền nước *tháng 10*", "Tháng 10/2026",
        "1.234.000", "Một triệu hai trăm ba mươi tư nghìn đồng", "Tiền mặt", accountant.label, charge.reference,
        "không phải biên lai", "/kiem-tra/",
    ):  # fmt: skip
        assert words in said, words
    found = by_code(file.verify_code)
    assert found is not None
    assert found.revoked_at is None
    take_back(settlement=charge.settlements.get(), why="Nhầm người", by=accountant, at=at)
    cancelled = by_code(file.verify_code)
    assert cancelled is not None
    assert cancelled.revoked_why == "Nhầm người"


def test_the_task_writes_it_once_and_none_for_one_that_was_cancelled(
    make_charge: MakeCharge, make_line: MakeLine, accountant: StaffActor, actor: Actor, at: datetime
) -> None:
    charges = [make_charge(), make_charge()]
    for charge in charges:
        settle_by_lines(charge=charge, lines=[make_line()], by=actor, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'receipt' FROM procrastinate_jobs WHERE task_name = 'payments.write_receipt' ORDER BY id"
        )
        asked = [row[0] for row in cursor.fetchall()]
    assert len(asked) == 2
    take_back(settlement=charges[1].settlements.get(), why="Nhầm", by=accountant, at=at)
    for uuid in [*asked, asked[0]]:
        write_receipt(receipt=uuid)
    assert [bool(row.file) for row in Receipt.objects.order_by("number")] == [True, False]
    with pytest.raises(Conflict, match="đã huỷ"):
        receipt_pdf(receipt=Receipt.objects.get(number=2), by=actor, at=at)


def test_numbers_follow_each_other_within_a_year(
    make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    settle_matched([(make_charge(), make_line()) for _ in range(3)], by=actor, at=at)
    settle_matched([(make_charge(), make_line())], by=actor, at=at + timedelta(days=60))
    with transaction.atomic():
        settle_matched([(make_charge(), make_line())], by=actor, at=at)
        transaction.set_rollback(True)
    settle_matched([(make_charge(), make_line())], by=actor, at=at)
    check_deferred()
    assert list(Receipt.objects.order_by("year", "number").values_list("year", "number")) == [
        (2026, 1), (2026, 2), (2026, 3), (2026, 4), (2027, 1),
    ]  # fmt: skip


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
    check_deferred()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_receipt SET number = 9",
        "UPDATE payments_receipt SET amount = 1",
        "DELETE FROM payments_receipt",
        "UPDATE payments_receiptyear SET last = last + 1",
        "UPDATE payments_receiptyear SET last = 0",
        "UPDATE payments_receiptyear SET year = 2030",
        "DELETE FROM payments_receiptyear",
        "INSERT INTO payments_receiptyear (biller_id, year, last) SELECT biller_id, 2030, 1 FROM payments_receiptyear",
    ],
)
def test_the_database_keeps_the_numbers(
    sql: str, make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    check_deferred()
    with pytest.raises(Error), transaction.atomic():
        _run(sql)
    assert list(ReceiptYear.objects.values_list("year", "last")) == [(2026, 1)]


def test_a_receipt_has_a_number_somebody_gave(
    make_charge: MakeCharge, make_line: MakeLine, actor: Actor, at: datetime
) -> None:
    settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    row = {
        field: value for field, value in Receipt.objects.values()[0].items() if field not in ("id", "uuid")
    }
    with pytest.raises(Error, match="nobody gave"), transaction.atomic():
        Receipt.objects.create(**(row | {"number": 2, "charge_id": make_charge().pk}))


def test_the_official_number_stands_beside_it(
    make_charge: MakeCharge,
    make_line: MakeLine,
    accountant: StaffActor,
    collector: StaffActor,
    actor: Actor,
    at: datetime,
) -> None:
    settle_by_lines(charge=make_charge(), lines=[make_line()], by=actor, at=at)
    receipt = Receipt.objects.get()
    told = {"series": " BL01/26E ", "number": "0000123", "on": date(2026, 11, 21)}
    with pytest.raises(NotAllowed):
        note_official(receipt=receipt, by=collector, at=at, **told)
    with pytest.raises(Refusal):
        note_official(receipt=receipt, by=accountant, at=at, **(told | {"number": ""}))
    with pytest.raises(Refusal, match="hôm nay"):
        note_official(receipt=receipt, by=accountant, at=at, **(told | {"on": date(2026, 11, 23)}))
    noted = note_official(receipt=receipt, by=accountant, at=at, **told)
    assert (noted.official_series, noted.official_number) == ("BL01/26E", "0000123")
    assert "BL01/26E số 0000123 ngày 21/11/2026" in text_of(
        open_file(receipt_pdf(receipt=noted, by=actor, at=at))
    )
