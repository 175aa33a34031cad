"""A commune's list of who owes how much: every acceptable row becomes a charge, the others are told by their cell."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.core.ids import new_uuid
from bakhong.payments.actions.billers import commune_biller
from bakhong.payments.actions.charge_lists import Asked, Raised, judge_list, raise_list, withdraw_list
from bakhong.payments.actions.charging import Owed, raise_charge
from bakhong.payments.charge_files import ChargeFile, NotAList, read_charge_file, sentence
from bakhong.payments.models import Biller, Charge, ChargeList, ChargeState
from bakhong.people.tests.conftest import MakePerson, everybody, person, staff, village, villages
from bakhong.places.models import Unit

__all__ = ["everybody", "person", "staff", "village", "villages"]
ASKED = Asked("water", "Tiền nước tháng 11/2026", date(2026, 11, 1), date(2026, 12, 10))
NUMBER = "038190012345"


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


MESSY = workbook(
    (
        "T11",
        [
            ["UBND XÃ THƯỜNG XUÂN"],
            ["DANH SÁCH THU TIỀN NƯỚC THÁNG 11 NĂM 2026"],
            [],
            ["STT", "Họ và tên chủ hộ", "Thôn", "Mã KH", "Số CCCD", "SĐT", "Số khối", "Đơn giá", "Thành tiền (đồng)", "Ký nhận"],
            ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)"],
            [1, "Lê Thị Hoá", "Xuân Thành", "kh 001", NUMBER, "0912 345 678", 10, 8600, "86.000", None],
            [2, "Trần Văn Bốn", "Thôn Xuân Lợi", "KH002", None, None, 5, 8600, 43000, None],
            [3, "Phạm Văn Năm", "Xuân Đâu", "KH003", None, "không có", 2, 8600, "17.200đ", None],
            [4, None, "Xuân Lợi", "KH004", None, None, 2, 8600, 17200, None],
            [5, "Vũ Thị Sáu", "Xuân Lợi", "KH005", "12345", None, 0, 8600, 0, None],
            [6, "Đỗ Văn Bảy", "Xuân Lợi", "KH006", None, None, 1, 8600, -8600, None],
            [7, "Trần Văn Bốn", "Thôn Xuân Lợi", "KH002", None, None, 5, 8600, 43000, None],
            [None, "Tổng cộng", None, None, None, None, None, None, 146200, None],
            [None, "NGƯỜI LẬP BIỂU", None, None, None, None, None, "KẾ TOÁN", None, None],
        ],
    )
)  # fmt: skip


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime, villages: list[Unit]) -> Biller:
    return commune_biller(thuong_xuan, at=at)


def read(content: bytes = MESSY, **how: Any) -> ChargeFile:
    return read_charge_file(content, filename="thu.xlsx", **how)


def raised(
    biller: Biller,
    actor: Actor,
    at: datetime,
    content: bytes = MESSY,
    key: UUID | None = None,
    asked: Asked = ASKED,
) -> Raised:
    file = read_charge_file(content, filename="thu.xlsx")
    return raise_list(
        biller=biller,
        asked=asked,
        file=file,
        content=content,
        name="thu.xlsx",
        key=key or new_uuid(),
        by=actor,
        at=at,
    )


def test_it_reads_a_messy_list() -> None:
    file = read()
    assert [(each.field, each.title) for each in file.layouts[0].columns if each.field != "ignore"] == [
        ("number", "STT"),
        ("name", "Họ và tên chủ hộ"),
        ("village", "Thôn"),
        ("code", "Mã KH"),
        ("national_id", "Số CCCD"),
        ("phone", "SĐT"),
        ("amount", "Thành tiền (đồng)"),
    ]
    assert [(each.name, each.code, each.amount) for each in file.good] == [
        ("Lê Thị Hoá", "KH001", 86_000),
        ("Trần Văn Bốn", "KH002", 43_000),
        ("Phạm Văn Năm", "KH003", 17_200),
    ]
    assert {(each.cell, each.code) for each in file.problems} >= {
        ("B9", "name_missing"),
        ("I10", "amount_zero"),
        ("I11", "amount_unclear"),
        ("A12", "row_twice"),
        ("E10", "id_odd"),
        ("I13", "total_differs"),
    }
    assert all(sentence(each) for each in file.problems)


def test_every_acceptable_row_becomes_a_charge(
    biller: Biller, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    done = raised(biller, actor, at)
    assert (done.batch.rows, done.batch.amount) == (3, 146_200)
    found = {each.payer_name: each for each in Charge.objects.select_related("village")}
    assert found["Lê Thị Hoá"].village == villages[0]
    assert found["Trần Văn Bốn"].village == villages[1]
    assert found["Phạm Văn Năm"].village == biller.unit
    one = found["Lê Thị Hoá"]
    assert (one.amount, one.customer_code, one.payer_phone, one.title, one.period, one.due_on, one.batch) == (
        86_000,
        "KH001",
        "0912345678",
        "Tiền nước tháng 11/2026",
        date(2026, 11, 1),
        date(2026, 12, 10),
        done.batch,
    )
    assert ("C8", "village_unknown") in {(each.cell, each.code) for each in done.problems}


def test_the_person_is_known_by_number_only_where_the_name_agrees(
    biller: Biller, person: MakePerson, actor: Actor, at: datetime
) -> None:
    hoa = person("Lê Thị Hoá", national_id=NUMBER)
    raised(biller, actor, at)
    assert Charge.objects.get(payer_name="Lê Thị Hoá").person == hoa
    other = workbook(("A", [["Họ tên", "CCCD", "Số tiền"], ["Người Khác Hẳn", NUMBER, 5000]]))
    done = raised(biller, actor, at, other, asked=Asked("other", "Quỹ"))
    assert done.charges[0].person is None
    assert [each.code for each in done.problems] == ["id_of_other"]


def test_the_person_is_known_by_the_code_they_were_charged_with_before(
    biller: Biller, person: MakePerson, village: Unit, actor: Actor, at: datetime
) -> None:
    bon = person("Trần Văn Bốn")
    owed = Owed(
        biller=biller,
        service="water",
        title="Tháng 10",
        amount=5,
        payer_name="Trần Văn Bốn",
        village=village,
        person=bon,
        customer_code="KH002",
    )
    raise_charge(owed=owed, key=new_uuid(), by=actor, at=at)
    done = raised(biller, actor, at)
    assert {each.customer_code: each.person for each in done.charges}["KH002"] == bon


def test_the_same_file_makes_one_list(biller: Biller, actor: Actor, at: datetime) -> None:
    key = new_uuid()
    first = raised(biller, actor, at, key=key)
    again = raised(biller, actor, at, key=key)
    assert again.batch == first.batch
    assert [each.pk for each in again.charges] == [each.pk for each in first.charges]
    with pytest.raises((Conflict, Refusal)):
        raised(biller, actor, at)
    assert Charge.objects.count() == 3


def test_the_same_file_is_the_next_months_list(biller: Biller, actor: Actor, at: datetime) -> None:
    raised(biller, actor, at)
    later = replace(ASKED, title="Tiền nước tháng 12/2026", period=date(2026, 12, 1))
    assert raised(biller, actor, at, asked=later).batch.rows == 3
    assert raised(biller, actor, at, asked=Asked("other", "Quỹ khác")).batch.rows == 3
    with pytest.raises(Conflict, match="Quỹ khác") as refused:
        raised(biller, actor, at, asked=Asked("other", "Quỹ khác nữa"))
    assert "huỷ" not in str(refused.value).lower()  # its papers are in people's hands
    with pytest.raises(Conflict, match="Tiền nước tháng 12/2026"):
        raised(biller, actor, at, asked=replace(later, title="Nợ cũ"))
    assert Charge.objects.count() == 9


def test_the_same_key_with_other_words_or_columns_is_a_conflict(
    biller: Biller, actor: Actor, at: datetime
) -> None:
    key, content = new_uuid(), workbook(("A", [["Họ tên", "Mức thu", "Số tiền"], ["Lê Văn An", 7000, 9000]]))
    asked = Asked("other", "Quỹ")
    raised(biller, actor, at, content, key, asked)
    for other in (replace(asked, title="Quỹ khác"), replace(asked, service="water")):
        with pytest.raises(Conflict, match="nội dung khác"):
            raised(biller, actor, at, content, key, other)
    file = read(content, chosen={("A", 1): "amount", ("A", 2): "ignore"})
    with pytest.raises(Conflict, match="nội dung khác"):
        raise_list(
            biller=biller, asked=asked, file=file, content=content, name="thu.xlsx", key=key, by=actor, at=at
        )
    assert [each.amount for each in Charge.objects.all()] == [9000]


def test_a_second_list_of_the_month_charges_the_same_customers(
    biller: Biller, actor: Actor, at: datetime
) -> None:
    raised(biller, actor, at)
    old = replace(ASKED, title="Nợ cũ tháng trước")
    content = workbook(("A", [["Tên khách hàng", "Mã KH", "Tiền nước"], ["Trần Văn Bốn", "KH002", 43000]]))
    done = raised(biller, actor, at, content, asked=old)
    assert [each.title for each in done.charges] == ["Nợ cũ tháng trước"]
    assert [(each.code, each.value) for each in done.problems] == [
        ("charged_other", "Tiền nước tháng 11/2026")
    ]


def test_a_list_that_overlaps_charges_nobody_twice(biller: Biller, actor: Actor, at: datetime) -> None:
    raised(biller, actor, at)
    more = workbook(
        (
            "A",
            [
                ["Tên khách hàng", "Mã KH", "Tiền nước"],
                ["Trần Văn Bốn", "KH002", 43000],
                ["Hồ Thị Tám", "KH008", 9000],
            ],
        )
    )
    done = raised(biller, actor, at, more)
    assert [each.payer_name for each in done.charges] == ["Hồ Thị Tám"]
    assert [each.code for each in done.problems] == ["charged_already"]
    later = Asked("water", "Tiền nước tháng 12/2026", date(2026, 12, 1))
    content = workbook(("A", [["Tên khách hàng", "Mã KH", "Tiền nước"], ["Trần Văn Bốn", "KH002", 43000]]))
    assert len(raised(biller, actor, at, content, asked=later).charges) == 1


def test_equal_rows_of_two_people_are_both_charged_when_somebody_says_so() -> None:
    content = workbook(("A", [["Họ tên", "Số tiền"], ["Nguyễn Văn An", 20000], ["Nguyễn Văn An", 20000]]))
    assert len(read(content).good) == 1
    assert len(read(content, with_doubles=True).good) == 2


def test_sections_name_the_village(biller: Biller, villages: list[Unit], actor: Actor, at: datetime) -> None:
    content = workbook(
        (
            "Môi trường",
            [
                ["TT", "Họ và tên", "Số tiền"],
                ["I", "Thôn Xuân Thành", None],
                [1, "Lê Văn An", 20000],
                ["II", "Thôn Xuân Lợi", None],
                [1, "Lê Văn Bé", "20,000"],
                [None, "Cộng", 40000],
            ],
        )
    )
    done = raised(biller, actor, at, content, asked=Asked("environment", "Vệ sinh quý IV"))
    assert [(each.payer_name, each.village) for each in done.charges] == [
        ("Lê Văn An", villages[0]),
        ("Lê Văn Bé", villages[1]),
    ]
    assert done.problems == []


def test_a_csv_is_a_list_too() -> None:
    text = "Họ tên;Thôn;Số tiền;Hạn nộp\nLê Văn An;Xuân Thành;20.000;30/11/2026\n"
    file = read_charge_file(text.encode(), filename="thu.csv")
    assert [(each.name, each.amount, each.due_on) for each in file.good] == [
        ("Lê Văn An", 20_000, date(2026, 11, 30))
    ]


def test_columns_may_be_chosen_and_are_remembered(biller: Biller, actor: Actor, at: datetime) -> None:
    content = workbook(("A", [["Họ tên", "Mức thu", "Số tiền"], ["Lê Văn An", 7000, 9000]]))
    file = read(content, chosen={("A", 1): "amount", ("A", 2): "ignore"})
    assert file.good[0].amount == 7_000
    remembered = {file.layouts[0].shape: {"muc thu": "amount", "so tien": "ignore"}}
    assert read(content, remembered=remembered).good[0].amount == 7_000


def test_what_is_no_list_is_told() -> None:
    with pytest.raises(NotAList):
        read(workbook(("A", [["chỉ là", "một bảng"], [1, 2]])))


def test_it_refuses_what_cannot_be_raised(
    biller: Biller, staff: Any, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    with pytest.raises(Refusal):
        raised(biller, actor, at, asked=Asked("water", " "))
    with pytest.raises(Refusal):
        raised(biller, actor, at, asked=Asked("electricity", "Tiền điện"))
    with pytest.raises(NotAllowed):
        judge_list(biller=biller, asked=ASKED, file=read(), by=staff("collector", thuong_xuan), at=at)
    assert not ChargeList.objects.exists()


def test_it_is_withdrawn_as_a_whole_and_may_be_raised_anew(
    biller: Biller, actor: Actor, at: datetime
) -> None:
    first = raised(biller, actor, at)
    with pytest.raises(Refusal):
        withdraw_list(batch=first.batch, why="", by=actor, at=at)
    assert withdraw_list(batch=first.batch, why="Sai đơn giá", by=actor, at=at) == 3
    assert set(Charge.objects.values_list("state", flat=True)) == {ChargeState.WITHDRAWN}
    with pytest.raises(Conflict):
        withdraw_list(batch=first.batch, why="Sai đơn giá", by=actor, at=at)
    assert len(raised(biller, actor, at).charges) == 3
