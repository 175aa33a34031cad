"""A provider's list as a file: columns, rows, doubts, totals. No database."""

from datetime import date

import pytest

from bakhong.payments.rules.provider_lists import Line, amount_of, layout_of, read_rows
from bakhong.payments.rules.providers import ProviderError, load, providers
from bakhong.people.rules.headings import Layout

UNTIL = date(2026, 11, 22)
HEAD: list[object] = ["STT", "Mã KH", "Tên khách hàng", "Thôn", "Số tiền (đồng)", "Tình trạng", "Hình thức trả", "Ngày nộp"]  # fmt: skip


def lines(*rows: list[object], head: list[object] = HEAD) -> list[Line]:
    cells: list[list[object]] = [["ĐIỆN LỰC THƯỜNG XUÂN"], ["Danh sách tháng 10/2026"], head, *rows]
    layout = layout_of("T10", cells)
    assert layout is not None
    return list(read_rows(layout, cells, seen=set(), until=UNTIL).lines)


def layout() -> Layout:
    found = layout_of("T10", [HEAD])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("paid", "how", "day", "state", "problem"),
    [
        ("Đã nộp", "CK ngân hàng", "05/11/2026", "transfer", ""),
        ("x", "Tiền mặt", "", "cash", ""),
        ("x", "", "", "unsaid", ""),
        ("", "App VNPT Money", "", "transfer", ""),
        ("", "thu tại nhà", "", "cash", ""),
        ("", "", "05/11/2026", "unsaid", ""),
        ("Chưa nộp", "", "", "unpaid", ""),
        ("", "", "", "unpaid", ""),
        ("x", "qua cháu ngoại", "", "unsaid", "how_unclear"),
        ("???", "", "", "unpaid", "paid_unclear"),
        ("Chưa nộp", "CK", "", "unpaid", "paid_contradicts"),
        ("chưa", "", "05/11/2026", "unpaid", "paid_contradicts"),
        ("x", "CK", "05/12/2026", "transfer", "day_ahead"),
        ("x", "CK", "hôm kia", "transfer", "day_unclear"),
        ("đã trả", "không dùng tiền mặt", "", "transfer", ""),
    ],
)
def test_it_takes_a_bill_for_paid_only_where_the_list_says_so(
    paid: str, how: str, day: str, state: str, problem: str
) -> None:
    (line,) = lines([1, "PA01020304050", "Lê Văn An", "Xuân Thành", 125000, paid, how, day])

    assert (line.state, [each.code for each in line.problems]) == (state, [problem] if problem else [])
    assert not line.is_rejected


@pytest.mark.parametrize(
    ("code", "amount", "problem"),
    [
        ("", 125000, "code_missing"),
        ("PA01", None, "amount_missing"),
        ("PA01", -5000, "amount_unclear"),
        ("PA01", 1234.5, "amount_unclear"),
        ("PA01", "mười nghìn", "amount_unclear"),
        ("PA01", 0, "amount_zero"),
        ("PA01", 10**15, "amount_unclear"),
        ("PA01", float("nan"), "amount_unclear"),
    ],
)
def test_it_leaves_out_rows_without_a_code_or_an_amount(code: str, amount: object, problem: str) -> None:
    (line,) = lines([1, code, "Lê Văn An", "", amount, "x", "", ""])

    assert line.is_rejected
    assert [each.code for each in line.problems] == [problem]


def test_a_code_twice_is_taken_once() -> None:
    first, second = lines([1, "PA01", "An", "", 5000, "x", "", ""], [2, "pa 01", "An", "", 5000, "x", "", ""])
    assert not first.is_rejected
    assert [each.code for each in second.problems] == ["code_twice"]


def test_a_row_of_totals_is_no_bill_and_is_checked() -> None:
    rows: list[list[object]] = [
        ["1", "PA01", "An", "", 5000, "x", "", ""],
        ["2", "PA02", "Bình", "", "7.000 đ", "", "", ""],
    ]
    right = read_rows(layout(), [HEAD, *rows, ["Tổng cộng", "", "", "", 12000]], seen=set(), until=UNTIL)
    wrong = read_rows(layout(), [HEAD, *rows, ["Cộng", "", "", "", 13000]], seen=set(), until=UNTIL)

    assert [each.code for each in right.lines] == ["PA01", "PA02"]
    assert right.total == 12000
    assert right.total_at is None
    assert wrong.total_at is not None
    assert wrong.total_at.code == "total_differs"


def test_sections_blanks_and_signatures_are_no_bills() -> None:
    found = lines(
        ["", "", "", "", "", "", "", ""],
        ["Thôn Xuân Thành", "", "", "", "", "", "", ""],
        [1, "PA01", "An", "", 5000, "x", "", date(2026, 11, 5)],
        ["", "", "Người lập biểu", "", "", "", "", ""],
    )
    assert [each.code for each in found] == ["PA01"]
    assert found[0].paid_on == date(2026, 11, 5)


def test_a_sheet_that_is_no_list_is_none() -> None:
    assert layout_of("Bìa", [["Điện lực Thường Xuân"], ["Kính gửi UBND xã"]]) is None


@pytest.mark.parametrize("cell", ["-5", "5,5", "1.23", "", True, "1.234.56", "٣٤٥", "1e5", float("inf")])
def test_an_amount_is_whole_dong_or_nothing(cell: object) -> None:
    with pytest.raises((ValueError, OverflowError)):
        amount_of(cell)


def test_the_shipped_providers_say_how_sure_we_are() -> None:
    assert providers()["evn"].mark == "unverified"
    assert {each for provider in providers().values() for each in provider.services} >= {
        "electricity",
        "water",
    }


@pytest.mark.parametrize(
    "text",
    [
        '[[provider]]\nkey = "a"\n',
        '[[provider]]\nkey="a"\nname="A"\nshort="A"\nservices=["water"]\ncode="[0-9]{3}"\nexample="12"\nmark="known"\n',
        '[[provider]]\nkey="a"\nname="A"\nshort="A"\nservices=["water"]\ncode=""\nexample=""\nmark="perhaps"\n',
    ],
)
def test_a_wrong_file_of_providers_is_refused(text: str) -> None:
    with pytest.raises(ProviderError):
        load(text)
