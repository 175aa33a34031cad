"""An empty commune in one sitting: its Excel, the percentage it gives, a campaign, a sheet, a visit on a phone, the day's report."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from xlsxwriter import Workbook

from bakhong.core.days import day_of
from bakhong.places.models import Unit
from tests.journeys.test_a_team_goes_from_house_to_house import PIN, commune, join_team, print_card, village

__all__ = ["commune", "village"]  # fixtures

CAMPAIGN = "30 ngày vào từng nhà"
# A mark nobody explained, a telephone that is a remark, a day that is not in the calendar, a sum at the end.
ROWS = (
    ("1", "Lò Văn Ân", "1958", "", "Chủ hộ", "hỏi trưởng thôn", "Thông minh", ""),
    ("2", "Lê Thị Hoá", "", "12/03/1961", "Vợ", "", "Thường", "x"),
    ("3", "Lò Văn Bình", "01/02/1990", "", "Con", "", "Thông minh", "Đã KH"),
    ("4", "Hà Văn Cảnh", "1985", "", "Chủ hộ", "", "Thông minh", "Đã KH"),
    ("5", "Hà Thị Dung", "", "31/02/1990", "Vợ", "", "Thông minh", "x"),
    ("", "Tổng cộng", "3", "2", "", "", "", ""),
)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_commune_goes_from_excel_to_report(
    has_script: bool,
    commune: Unit,
    village: Unit,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
    tmp_path: Path,
    settings: Any,
) -> None:
    settings.DATA = tmp_path
    desk = browse(java_script_enabled=has_script)
    desk.set_default_timeout(60_000)  # a busy machine is no mistake of the page
    card = print_card(desk, commune, village)
    join_team(commune, village)
    home = f"/desk/u/{commune.uuid}/"

    def look(page: Any, name: str) -> None:
        screenshot(page, f"excel-to-report-{name}{'' if has_script else '-plain'}")
        if has_script:
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    takes_the_list_in(desk, home, look)
    finds_who_is_missing(desk, home, "75% (3/4", ["Lò Văn Ân"], look)
    opens_a_campaign(desk, home)
    prints_a_sheet(desk, home, look)
    phone = browse(width=360, height=640, has_touch=True, is_mobile=True, java_script_enabled=has_script)
    goes_to_the_house(phone, card, look)
    finds_who_is_missing(desk, home, "100% (4/4", [], look)
    reports_the_day(desk, home, look)
    assert desk.complaints + phone.complaints == []


def messy_list() -> bytes:
    """Title rows, a header in two rows with births under Nam and Nữ, and the rows above."""
    made = io.BytesIO()
    book = Workbook(made, {"in_memory": True})
    page = book.add_worksheet("Thôn Xuân Thành")
    page.write(0, 0, "ỦY BAN NHÂN DÂN XÃ THỬ NGHIỆM")
    page.merge_range(1, 0, 1, 7, "DANH SÁCH NHÂN KHẨU VÀ TÀI KHOẢN ĐỊNH DANH")
    page.write(2, 0, f"(Tính đến ngày {day_of(datetime.now(UTC)) - timedelta(30):%d/%m/%Y})")
    page.merge_range(4, 2, 4, 3, "Ngày, tháng, năm sinh")
    for column, title in enumerate(
        ("STT", "Họ và tên", "", "", "Quan hệ với chủ hộ", "Số điện thoại", "Loại điện thoại", "VNeID mức 2")
    ):
        if title:
            page.merge_range(4, column, 5, column, title)
    page.write(5, 2, "Nam")
    page.write(5, 3, "Nữ")
    for number, row in enumerate(ROWS, start=6):
        for column, text in enumerate(row):
            page.write_string(number, column, text)
    book.close()
    return made.getvalue()


def takes_the_list_in(desk: Any, home: str, look: Callable[[Any, str], None]) -> None:
    desk.goto(f"{home}people/")
    desk.get_by_role("link", name="Nhập từ tệp Excel").click()
    desk.get_by_label("Tệp danh sách").set_input_files(
        {"name": "xuan-thanh.xlsx", "mimeType": "application/octet-stream", "buffer": messy_list()}
    )
    desk.get_by_role("button", name="Xem trước danh sách").click()
    look(desk, "preview")
    assert "“31/02/1990” không có trong lịch" in desk.inner_text("main")
    desk.get_by_role("group", name=re.compile("Đã KH")).get_by_label("Có", exact=True).check()
    desk.get_by_role("button", name="Thử xem kết quả").click()
    assert "Nếu nhập: 4 người mới" in desk.inner_text("main")
    desk.get_by_role("button", name="Nhập danh sách").click()
    look(desk, "imported")
    assert "4 người mới" in desk.inner_text("main")
    assert "1 dòng bị loại" in desk.inner_text("main")


def finds_who_is_missing(
    desk: Any, home: str, percent: str, names: list[str], look: Callable[[Any, str], None]
) -> None:
    """The percentage on the dashboard, and the people behind it."""
    desk.goto(home)
    row = desk.locator("tr", has_text="tài khoản định danh điện tử (mức 1 và mức 2)").first
    assert percent in row.inner_text().replace("\xa0", " ")
    row.locator("a[href*='/counted/']").first.click()
    look(desk, f"missing-{len(names)}")
    assert [each.inner_text() for each in desk.locator("tbody a[data-row]").all()] == names


def opens_a_campaign(desk: Any, home: str) -> None:
    today = day_of(datetime.now(UTC))
    desk.goto(f"{home}outreach/campaigns/new/")
    desk.get_by_label("Tên đợt").fill(CAMPAIGN)
    desk.get_by_label("Định danh điện tử mức 2 (VNeID)").check()
    desk.get_by_label("Thôn Xuân Thành").check()
    desk.get_by_label("Từ ngày").fill(f"{today:%d/%m/%Y}")
    desk.get_by_label("Đến hết ngày").fill(f"{today + timedelta(30):%d/%m/%Y}")
    desk.get_by_role("button", name="Mở đợt").click()
    assert CAMPAIGN in desk.inner_text("h1")


def prints_a_sheet(desk: Any, home: str, look: Callable[[Any, str], None]) -> None:
    desk.goto(f"{home}outreach/plans/")
    desk.get_by_label("Cho đợt ra quân").select_option(label=CAMPAIGN)
    desk.get_by_role("button", name="Lập kế hoạch").click()
    look(desk, "plan")
    desk.get_by_role("link", name="1. Thôn Xuân Thành").click()
    look(desk, "households")
    desk.get_by_role("button", name="Lập phiếu để in").click()
    look(desk, "sheet")
    assert "Lò Văn Ân 1958: ☐ VNeID mức 2" in " ".join(desk.inner_text("table").split())


def goes_to_the_house(phone: Any, card: str, look: Callable[[Any, str], None]) -> None:
    phone.goto(card)
    phone.get_by_label("Tự đặt mã PIN 6 chữ số").fill(PIN)
    phone.get_by_label("Gõ lại mã PIN").fill(PIN)
    phone.get_by_role("button", name="Đặt mã PIN").click()
    look(phone, "today-360")
    phone.get_by_role("link", name="Lò Văn Ân").first.click()
    phone.get_by_role("link", name="Ghi lượt đến nhà này").click()
    phone.get_by_label("Có gặp", exact=True).check()
    person = phone.locator("details", has_text="Lò Văn Ân: còn")
    if person.get_attribute("open") is None:
        person.locator("summary").click()
    person.get_by_role("group", name="Định danh điện tử mức 2 (VNeID)").get_by_label("Đã xong").check()
    person.get_by_label("Điện thoại của chính người này").check()
    look(phone, "visit-360")
    phone.get_by_role("button", name="Ghi lượt này").click()
    look(phone, "receipt-360")
    assert "Gặp, đã làm xong" in phone.inner_text("main")


def reports_the_day(desk: Any, home: str, look: Callable[[Any, str], None]) -> None:
    desk.goto(f"{home}daily/")
    desk.get_by_role("button", name="Xem trước").click()
    desk.get_by_role("button", name="Lập báo cáo").click()
    look(desk, "daily")
    text = desk.locator("textarea[readonly]").input_value()
    assert "100% (4/4" in text
    assert "Trong ngày: 1 lượt đến 1 hộ, gặp được 1. Đã giúp: Định danh điện tử mức 2 (VNeID) 1" in text
