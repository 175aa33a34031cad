"""What is a figure, what is not, and what it is about."""

from datetime import date
from decimal import Decimal

import pytest

from bakhong.indicators.rules.reader import read
from bakhong.indicators.rules.reading import Figure


def one(text: str) -> Figure:
    (figure,) = read(text).figures
    return figure


@pytest.mark.parametrize(
    ("text", "numerator", "denominator", "percent"),
    [
        ("đã cấp 3.273/5.311 tài khoản định danh đạt tỷ lệ 61,62%", 3273, 5311, "61.62"),
        ("cấp chữ ký số cho 1601 người/3986 người đạt tỷ lệ 40,16%", 1601, 3986, "40.16"),
        ("có 2.990/3986 tài khoản ngân hàng", 2990, 3986, None),
        ("có 1 674/2 002 người được cấp chữ ký số", 1674, 2002, None),
        ("có 1.674 /\n2002 người được cấp chữ ký số", 1674, 2002, None),
        ("có 1. 674/2. 002 người được cấp chữ ký số", 1674, 2002, None),
        ("có 1,674/2,002 người được cấp chữ ký số", 1674, 2002, None),
        ("có 1\u00a0674/2\u202f002 người (83,6\u00a0%)", 1674, 2002, "83.6"),
        ("có 300 người trong tổng số 400 người được khảo sát", 300, 400, None),
        ("trong tổng số 2.002 người có 1.674 người được cấp chữ ký số", 1674, 2002, None),
        ("Tỷ lệ người có VNeID là 92,1% (4.795/5.205)", 4795, 5205, "92.1"),
        ("VNeID đạt 92,1 % (4795 trên 5205 người)", 4795, 5205, "92.1"),
        ("4.795 người/5.205 người (92,1%)", 4795, 5205, "92.1"),
        ("chữ ký số đạt 61, 62 %", None, None, "61.62"),
        ("chữ ký số đạt 61.62 phần trăm", None, None, "61.62"),
        ("chữ ký số đạt １００％", None, None, "100"),
    ],
)
def test_it_reads_numbers_as_people_type_them(
    text: str, numerator: int | None, denominator: int | None, percent: str | None
) -> None:
    figure = one(text)
    assert (figure.numerator, figure.denominator) == (numerator, denominator)
    assert figure.percent == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 14/7/2025 và ngày 22/8, theo Quyết định số 766/QĐ-TTg.",
        "Nghị quyết số 06-NQ/TU ngày 10/11/2021; Báo cáo số 12/BC-UBND; Nghị định 30/2020/NĐ-CP; Thông tư 01/2018/TT-VPCP.",
        "Liên hệ 0912 345 678 hoặc tổng đài 1900 1234.",
        "Hỗ trợ 1.250.000 đồng, tổng 8,75 triệu đồng, vốn 2 tỷ.",
        "Xã xếp thứ 3/16, năm trước xếp 5/27.",
        "Trực 24/7, từ 7h30 đến 17 giờ 30.",
        "Điều 5, khoản 2, Điều 10 của Luật.",
        "Mô hình “3 không” cho người từ 15 tuổi, từ 18 đến 60 tuổi.",
        "Giai đoạn 2021-2025, tầm nhìn 2030, cách mạng công nghiệp 4.0.",
        "Công an xã có 5 đồng chí, tổ có 4 thành viên, thôn có trên 400 nhân khẩu cần phải cài đặt tài khoản định danh.",
        "Hội nghị có hơn 640 người tham gia; 8 trạm phát sóng; 7 tổ công nghệ số cộng đồng.",
        "Tuần 25 (16/6-22/6) và dịp 30/4, 1/5.",
        "Số định danh 038095001234, tài khoản số 19031234567890.",
        "Kế hoạch năm 2025, quý II/2025, 6 tháng đầu năm.",
    ],
)
def test_it_leaves_other_numbers_alone(text: str) -> None:
    assert [figure.text for figure in read(text).figures] == []


def test_it_reads_a_rise_as_two_figures() -> None:
    before, after = read("Thanh toán không dùng tiền mặt tăng từ 22,7% lên hơn 96,5%.").figures
    assert (before.percent, before.role, before.qualifier) == (Decimal("22.7"), "before", None)
    assert (after.percent, after.role, after.qualifier) == (Decimal("96.5"), "value", "more_than")
    assert before.indicator == after.indicator == "cashless_essential_services"


@pytest.mark.parametrize(
    ("words", "qualifier"),
    [
        ("khoảng 60%", "about"), ("khoảng trên 60%", "more_than"), ("hơn 60%", "more_than"), ("60% trở lên", "at_least"),
        ("ít nhất 60%", "at_least"), ("gần 60%", "less_than"), ("dưới 60%", "less_than"), ("60%", None),
    ],
)  # fmt: skip
def test_it_keeps_how_exact_a_number_is(words: str, qualifier: str | None) -> None:
    assert one(f"Tỷ lệ người dân có chữ ký số đạt {words}.").qualifier == qualifier


def test_it_keeps_targets_and_changes_apart_from_results() -> None:
    text = "Tỷ lệ hồ sơ trực tuyến đạt 91,3%, tăng 5,2% so với cùng kỳ; phấn đấu năm sau đạt 95%."
    assert [(str(figure.percent), figure.role) for figure in read(text).figures] == [
        ("91.3", "value"), ("5.2", "change"), ("95", "target"),
    ]  # fmt: skip


def test_it_ties_a_list_in_turn() -> None:
    text = "Tỷ lệ người dân có điện thoại thông minh và tài khoản thanh toán lần lượt đạt 80% và 75%."
    assert [(figure.indicator, int(figure.percent or 0)) for figure in read(text).figures] == [
        ("smartphone", 80), ("payment_account", 75),
    ]  # fmt: skip


def test_it_ties_one_number_to_all_its_subjects() -> None:
    text = "Tỷ lệ người dân có tài khoản định danh điện tử, chữ ký số cá nhân đều đạt 80%."
    figures = read(text).figures
    assert [figure.indicator for figure in figures] == ["eid_accounts", "personal_signature"]
    assert len({(figure.start, figure.end) for figure in figures}) == 1


def test_it_reads_a_plan_as_a_plan() -> None:
    figure = one("Xã Thiệu Trung đã cài đặt 2.293/2.438 tài khoản VNeID, đạt 94% theo kế hoạch huyện giao.")
    assert (figure.population, figure.stage, figure.unit_name) == (
        "assigned_target",
        "installed",
        "xã Thiệu Trung",
    )


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Xã Ngọc Phụng báo cáo. Toàn xã có 80% người dân có chữ ký số.", "xã Ngọc Phụng"),
        ("UBND XÃ NGỌC PHỤNG\nTỷ lệ chữ ký số đạt 80%.", "xã Ngọc Phụng"),
        ("Xã Bình Nhân có 5 thôn. Thôn Đồng Tâm có 80% người dân có chữ ký số.", "thôn Đồng Tâm"),
        ("Xã Bình Nhân làm tốt. Đến nay, Bình Nhân đạt 80% chữ ký số.", "xã Bình Nhân"),
        ("Thôn 3 đạt 80% chữ ký số.", "thôn 3"),
        ("Tỷ lệ chữ ký số đạt 80%.", None),
    ],
)
def test_it_knows_whose_figure_it_is(text: str, unit: str | None) -> None:
    assert one(text).unit_name == unit


def test_it_takes_the_place_it_is_told_where_the_text_names_none() -> None:
    (figure,) = read("Tỷ lệ chữ ký số đạt 80%.", unit_name="xã Ngọc Phụng").figures
    assert figure.unit_name == "xã Ngọc Phụng"


@pytest.mark.parametrize(
    ("text", "as_of", "first", "last"),
    [
        ("Đến ngày 14/7/2023, cấp 80% chữ ký số.", "2023-07-14", date(2023, 7, 14), date(2023, 7, 14)),
        ("Năm 2024, hồ sơ trực tuyến đạt 90%.", "2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("Quý II/2025, hồ sơ trực tuyến đạt 90%.", "2025-06", date(2025, 4, 1), date(2025, 6, 30)),
        ("7 tháng đầu năm 2024, hồ sơ trực tuyến đạt 90%.", "2024-07", date(2024, 1, 1), date(2024, 7, 31)),
        ("Hồ sơ trực tuyến đạt 90%.", None, None, None),
    ],
)
def test_it_dates_a_figure_where_the_text_does(
    text: str, as_of: str | None, first: date | None, last: date | None
) -> None:
    figure = one(text)
    assert (figure.as_of, figure.counted_from, figure.counted_to) == (as_of, first, last)


def test_it_dates_a_day_without_a_year_by_the_day_of_publication() -> None:
    (figure,) = read("Đến 14/7, cấp 80% chữ ký số.", on=date(2024, 3, 1)).figures
    assert figure.as_of == "2023-07-14"


def test_it_speaks_the_contract() -> None:
    document = read("Xã A Lưới cấp 1.601/3.986 chữ ký số, đạt 40,16%.").as_json("19810", date(2025, 5, 6))
    assert (document["unit"], document["on"]) == ("19810", "2025-05-06")
    assert {
        "id",
        "start",
        "end",
        "text",
        "numerator",
        "denominator",
        "percent",
        "qualifier",
        "indicator",
        "unit_name",
    } <= set(document["figures"][0])
    assert {"code", "severity", "figures", "expected", "found", "message"} <= set(document["findings"][0])
    assert document["findings"][0]["severity"] == "warning"


def test_it_reads_over_the_line_breaks_of_copied_text() -> None:
    figure = one(
        "Đến nay toàn xã đã cấp chữ ký\nsố cho 1.189/1.424\nngười dùng điện thoại thông minh, đạt tỷ\nlệ 83,5%."
    )
    assert (figure.numerator, figure.percent, figure.indicator) == (
        1189,
        Decimal("83.5"),
        "personal_signature",
    )
