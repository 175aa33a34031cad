"""The secretary of a commune pastes a report, mends the figure that does not fit, confirms the rest, and finds them on the dashboard."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import OPERATOR
from bakhong.indicators.models import Figure
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
REPORT = """UBND XÃ THƯỜNG XUÂN
BÁO CÁO NHANH
Kết quả thực hiện mô hình “3 không” trên địa bàn xã Thường Xuân

1. Tài khoản định danh điện tử đã kích hoạt: 4.795/5.205 người trưởng thành, đạt 92,1%.
2. Phần mềm an toàn thông tin mạng cơ bản: 2.660/3.798 thuê bao điện thoại thông minh, đạt 70,2%.
3. Tài khoản thanh toán đã kích hoạt: 4.575/5.648 người từ 15 tuổi trở lên, đạt 81%.
4. Khoảng 53,7% người dân được cấp chữ ký số cá nhân.

Thôn\tĐã kích hoạt tài khoản định danh\tNgười trưởng thành\tTỷ lệ
Xuân Thành\t1.205\t1.300\t92,7%
Xuân Lợi\t890\t1.010\t88,1%
Vịn\t410\t505\t81,2%
Tổng\t2.505\t2.815\t89,0%
"""


@pytest.fixture
def enter(live_server: Any) -> Callable[[Any, Unit], None]:
    """`enter(page, unit)`: the browser of the commune's secretary."""

    def sign_in(page: Any, unit: Unit) -> None:
        user = User.objects.create(email="thuky@example.vn", name="Nguyễn Thị Thư")
        Assignment.objects.create(user=user, role="dx_secretary", place=unit, valid_from=date(2025, 7, 1))
        client = Client()
        client.force_login(user, backend=BACKEND)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )

    return sign_in


@pytest.fixture
def villages(thuong_xuan: Unit) -> list[Unit]:
    return create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi"), ("ban", "Vịn")],
        valid_from=date(2025, 7, 1),
        by=OPERATOR,
        at=datetime.now(UTC),
    )


def address(name: str, unit: Unit) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid])


@pytest.mark.parametrize("width", [360, 1366])
def test_from_the_paste_to_the_dashboard(
    width: int,
    thuong_xuan: Unit,
    villages: list[Unit],
    enter: Callable[[Any, Unit], None],
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    enter(page, thuong_xuan)

    def look(name: str) -> None:
        axe(page)
        screenshot(page, f"reading-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # A browser notes every answer 4xx; that of a form with mistakes is meant.
        assert [each for each in page.complaints if "422" not in each] == []

    page.goto(address("read", thuong_xuan))
    look("empty")
    page.get_by_label("Hoặc dán nội dung báo cáo").fill(REPORT)
    page.get_by_label("Ngày đăng hoặc ngày ký").fill("06/10/2025")
    page.get_by_role("button", name="Đọc báo cáo").click()
    page.get_by_role("heading", name="Số liệu 1/").wait_for()
    look("first")

    page.get_by_role("link", name="2. ").first.click()
    assert "2.660/3.798 là 70,04%, ở đây ghi 70,2%" in page.inner_text("#f")
    look("finding")
    page.get_by_role("link", name="Dùng 3.789").click()
    assert page.get_by_label("Tổng số", exact=True).input_value() == "3.789"
    page.get_by_label("Lý do sửa").fill("Đối chiếu sổ theo dõi của nhà mạng")
    look("mended")
    page.get_by_role("button", name="Xác nhận", exact=False).last.click()
    page.get_by_text("Đã xác nhận số liệu 2.").wait_for()
    page.get_by_role("button", name="số liệu không có cảnh báo").click()
    page.get_by_text("Đã xác nhận", exact=False).first.wait_for()
    look("confirmed")
    assert Figure.objects.current().filter(denominator=3789).count() == 1

    page.get_by_role("heading", name="Đã xem hết").wait_for()
    assert Figure.objects.current().count() == 8
    page.goto(address("read", thuong_xuan))
    look("list")
    page.goto(address("dashboard", thuong_xuan))
    assert "4.795/5.205" in page.inner_text("main")
    page.goto(address("findings", thuong_xuan))
    look("findings")


def test_by_the_keyboard_alone(
    thuong_xuan: Unit, villages: list[Unit], enter: Callable[[Any, Unit], None], page: Any
) -> None:
    enter(page, thuong_xuan)
    page.goto(address("read", thuong_xuan))
    page.get_by_label("Hoặc dán nội dung báo cáo").fill(REPORT)
    page.keyboard.press("Escape")
    page.keyboard.press("F9")
    page.get_by_role("heading", name="Số liệu 1/").wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("Đã xác nhận số liệu 1.").wait_for()
    page.get_by_role("heading", name="Số liệu 2/").wait_for()
    page.keyboard.press("j")
    page.get_by_role("heading", name="Số liệu 3/").wait_for()
    page.keyboard.press("k")
    page.get_by_role("heading", name="Số liệu 2/").wait_for()
    page.keyboard.press("x")
    page.get_by_text("Đã bỏ qua số liệu 2.").wait_for()
    assert Figure.objects.count() == 1


def test_without_javascript(
    thuong_xuan: Unit, villages: list[Unit], enter: Callable[[Any, Unit], None], no_js: Any
) -> None:
    enter(no_js, thuong_xuan)
    no_js.goto(address("read", thuong_xuan))
    no_js.get_by_label("Hoặc dán nội dung báo cáo").fill(REPORT)
    no_js.get_by_role("button", name="Đọc báo cáo").click()
    no_js.get_by_role("button", name="Xác nhận", exact=False).last.click()
    assert "Đã xác nhận số liệu 1." in no_js.inner_text("main")
    assert Figure.objects.get().numerator == 4795


@pytest.mark.parametrize("width", [360, 1366])
def test_a_grid_is_filled(
    width: int,
    thuong_xuan: Unit,
    villages: list[Unit],
    enter: Callable[[Any, Unit], None],
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    enter(page, thuong_xuan)

    def look(name: str) -> None:
        axe(page)
        screenshot(page, f"grid-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        # A browser notes every answer 4xx; that of a form with mistakes is meant.
        assert [each for each in page.complaints if "422" not in each] == []

    page.goto(address("grid", thuong_xuan))
    look("empty")
    page.locator("[data-grid] input").first.click()
    for number, key in [("140", "ArrowRight"), ("130", "Enter"), ("240", "Enter"), ("60", "ArrowUp")]:
        page.keyboard.type(number)
        page.keyboard.press(key)
    page.get_by_role("button", name="Lưu số liệu").click()
    page.get_by_text("Cần xem lại").wait_for()
    assert page.locator(f"#d-{villages[1].uuid}-0").input_value() == "240"
    look("errors")
    assert not Figure.objects.exists()
    values = {"n": ["120", "230", "50"], "d": ["130", "240", "60"]}
    for half, numbers in values.items():
        for village, number in zip(villages, numbers, strict=True):
            page.locator(f"#{half}-{village.uuid}-0").fill(number)
    page.get_by_role("button", name="Lưu số liệu").click()
    page.get_by_text("Đã lưu 3 số liệu.").wait_for()
    look("saved")
    assert "400/430" in page.inner_text("tfoot")


@pytest.mark.parametrize("width", [360, 1366])
def test_what_disagrees_is_answered(
    width: int,
    thuong_xuan: Unit,
    enter: Callable[[Any, Unit], None],
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    enter(page, thuong_xuan)

    def look(name: str) -> None:
        axe(page)
        screenshot(page, f"findings-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(address("read", thuong_xuan))
    page.get_by_label("Hoặc dán nội dung báo cáo").fill(REPORT)
    page.get_by_role("button", name="Đọc báo cáo").click()
    page.get_by_role("link", name="2. ").first.click()
    page.get_by_role("button", name="Xác nhận", exact=False).last.click()
    page.goto(address("findings", thuong_xuan))
    look("open")
    page.get_by_text("Trả lời", exact=False).locator("visible=true").last.click()
    page.get_by_role("button", name="Ghi câu trả lời").click()
    page.get_by_text("Hãy chọn một cách trả lời.").wait_for()
    look("refused")
    page.get_by_label("Nguồn in đúng như vậy, giữ nguyên").check()
    page.get_by_label("Giải thích").fill("Bản giấy có dấu cũng ghi 70,2%")
    page.get_by_role("button", name="Ghi câu trả lời").click()
    page.get_by_role("link", name="Đã trả lời 1").click()
    look("answered")
    page.get_by_role("button", name="Rút lại câu trả lời").click()
    page.get_by_text("Đã mở lại").wait_for()


@pytest.mark.parametrize("width", [360, 1366])
def test_several_files_at_once(
    width: int,
    thuong_xuan: Unit,
    enter: Callable[[Any, Unit], None],
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    enter(page, thuong_xuan)
    page.goto(address("read", thuong_xuan))
    sent = [
        ("bao-cao.txt", REPORT.encode()),
        ("trong.txt", b""),
        ("anh.docx", b"\x89PNG\r\n\x1a\n" + bytes(99)),
    ]
    page.get_by_label("Tệp báo cáo").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": content} for name, content in sent]
    )
    page.get_by_role("button", name="Đọc báo cáo").click()
    page.get_by_role("heading", name="Kết quả đọc các tệp").wait_for()
    axe(page)
    screenshot(page, f"reading-outcomes-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="bao-cao.txt").click()
    page.get_by_role("heading", name="Số liệu 1/8").wait_for()
