"""Numbers of tax receipts: who has none, taken along, filled in and taken in again; nothing that stands is written over."""

from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import NotAllowed
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.money import a_biller, a_charge
from bakhong.desk.tests.test_charge_pages import text, url
from bakhong.payments import scope
from bakhong.payments.actions.cash import take_cash
from bakhong.payments.actions.official import note_numbers
from bakhong.payments.models import Biller, Charge, Receipt
from bakhong.payments.rules.official import Numbered
from bakhong.people import scope as people_scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return a_biller(thuong_xuan, at)


@pytest.fixture
def paid(biller: Biller, at: datetime) -> list[Charge]:
    with people_scope.seeing(OPERATOR), scope.seeing([biller.pk]):
        made = [a_charge(biller, at, 10_000 * turn) for turn in (1, 2, 3)]
        for each in made:
            take_cash(charge=each, key=new_uuid(), by=OPERATOR, at=at)
    return made


def official(biller: Biller) -> list[str]:
    with scope.seeing([biller.pk]):
        return list(Receipt.objects.order_by("pk").values_list("official_number", flat=True))


def file(*rows: tuple[Any, ...]) -> SimpleUploadedFile:
    book, held = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (("Ký hiệu", "Số hoá đơn", "Nội dung", "Ngày lập", "Tổng tiền"), *rows):
        sheet.append(row)
    book.save(held)
    return SimpleUploadedFile("so.xlsx", held.getvalue())


def test_the_missing_numbers_go_out_and_come_back(
    enter: Enter, thuong_xuan: Unit, biller: Biller, paid: list[Charge], at: datetime
) -> None:
    accountant = enter("accountant", thuong_xuan)
    year = f"?first=01/01/{at.year}&last=31/12/{at.year}"
    page = url("official", thuong_xuan, biller) + year
    assert "0/3 khoản đã có" in text(accountant.get(page))
    answer = accountant.post(url("official_xlsx", thuong_xuan, biller) + year)
    book = load_workbook(BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    sheet = book.active
    assert sheet is not None
    rows = [row for row in sheet.iter_rows() if str(row[1].value or "").startswith("BK")]
    assert [row[1].value for row in rows] == [each.reference for each in paid]
    for number, row in enumerate(rows[:2], 101):
        row[6].value, row[7].value, row[8].value = "AA/26E", number, date(2026, 1, 2)
    held = BytesIO()
    book.save(held)
    sent = accountant.post(page, {"file": SimpleUploadedFile("so.xlsx", held.getvalue())}, follow=True)
    assert "Đã ghi 2 số biên lai" in text(sent)
    assert official(biller) == ["101", "102", ""]
    assert "2/3 khoản đã có" in text(accountant.get(page))
    assert "AA/26E 101, 02/01/2026" in text(accountant.get(f"{page}&co=1"))
    assert Event.objects.get(deed="payments.note_numbers").details["count"] == 2


def test_what_does_not_fit_is_said_and_nothing_is_written_over(
    enter: Enter, thuong_xuan: Unit, biller: Biller, paid: list[Charge]
) -> None:
    accountant = enter("accountant", thuong_xuan)
    page = url("official", thuong_xuan, biller)
    one, two, three = (f"phi {each.reference}" for each in paid)
    accountant.post(page, {"file": file(("AA", 1, one.lower(), None, 10_000))})
    shown = text(
        accountant.post(
            page,
            {
                "file": file(
                    ("AA", 1, one, None, 10_000),  # known
                    ("AA", 9, one, None, None),
                    ("AA", 1, two, None, None),
                    ("AA", 3, three, None, 29_000),
                    ("AA", 4, "không mã", None, None),
                    ("AA", 5, f"{one} {two}", None, None),
                    ("AA", 6, three, "31/02/2026", None),
                    ("A" * 21, 7, three, None, None),
                )
            },
        )
    )
    for words in (
        "ghi một số khác",
        "ghi cho khoản khác",
        "số tiền khác",
        "không có mã",
        "nhiều mã",
        "ngày biên lai",
        "20 ký tự",
    ):
        assert words in shown
    assert official(biller) == ["1", "", ""]
    for wrong in (SimpleUploadedFile("x.csv", "Họ tên;Tiền\nA;1\n".encode()), ""):
        assert accountant.post(page, {"file": wrong}).status_code == 422
    assert enter("chair", thuong_xuan).post(page, {"file": file()}).status_code == 403


def test_of_another_biller_nothing_is_known(
    thuong_xuan: Unit, biller: Biller, paid: list[Charge], actor: Actor, at: datetime
) -> None:
    other = a_biller(thuong_xuan, at, kind="market", name="Chợ")
    row = Numbered(2, paid[0].reference, "AA", "1", None, None)
    done = note_numbers(biller=other, rows=[row], by=actor, at=at)
    assert [each.problem for each in done.problems] == ["not_paid"]
    with pytest.raises(NotAllowed):
        note_numbers(biller=biller, rows=[row], by=Nobody(), at=at)
    again = [note_numbers(biller=biller, rows=[row, row], by=actor, at=at) for _turn in range(2)]
    assert [(each.noted, each.known) for each in again] == [(1, 1), (0, 2)]


class Nobody:
    id, label = "staff:nobody", "Ai đó"

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return False
