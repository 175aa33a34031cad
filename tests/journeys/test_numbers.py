"""The chair asks where the commune stands, which village is late and why, and has somebody do something about it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import Assignment, User
from bakhong.accounts.tests.conftest import enrol
from bakhong.core.days import day_of
from bakhong.desk.frame import now
from bakhong.desk.tests.figures import put, villages
from bakhong.indicators.models import Figure, FollowUp
from bakhong.places.models import Unit
from bakhong.places.queries import unit_on

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Enter = Callable[[Any, str, Unit], None]


@pytest.fixture
def enter(live_server: Any) -> Enter:
    """`enter(page, "chair", unit)`: the browser of somebody who holds the role there."""

    def sign_in(page: Any, role: str, unit: Unit) -> None:
        user, is_new = User.objects.get_or_create(email=f"{role}@example.vn", name="Lê Thị Hoà")
        if is_new:
            Assignment.objects.create(user=user, role=role, place=unit, valid_from=date(2025, 7, 1))
            enrol(user)
        client = Client()
        client.force_login(user, backend=BACKEND)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )

    return sign_in


@pytest.fixture
def told(thuong_xuan: Unit) -> dict[str, Unit]:
    """The commune and three villages with figures of the last months; the one in the west is behind."""
    today = day_of(now())
    east, west, _silent = villages(thuong_xuan, "Đông", "Tây", "Bắc")
    for months, more in ((3, 0), (2, 4), (1, 9)):
        on = today - timedelta(days=30 * months)
        put(thuong_xuan, 6000 + more * 100, 10000, on)
        put(east, 240 + more, 300, on)
        put(west, 120 + more, 240, on)
    ngoc_phung = unit_on("15655", date(2025, 5, 6))
    assert ngoc_phung is not None
    text = "Đã cài phần mềm an toàn cho 2.660/3.798 thuê bao, đạt 70,2%."
    put(
        ngoc_phung,
        2660,
        3798,
        None,
        published_on=date(2025, 5, 6),
        indicator="basic_security_software",
        stage="",
        population="smartphone_subscriptions",
        percent=None,
        text=text,
        start=28,
        end=39,
    )
    return {"commune": thuong_xuan, "east": east, "west": west}


def address(name: str, unit: Unit, *args: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *args])


@pytest.mark.parametrize("width", [360, 1366])
def test_from_late_village_to_task_in_five_taps(
    width: int,
    told: dict[str, Unit],
    enter: Enter,
    browse: Callable[..., Any],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    taps = 0

    def tap(what: Any) -> None:
        nonlocal taps
        taps += 1
        what.click()

    specialist = User.objects.create(email="chuyenmon@example.vn", name="Trần Văn Bình")
    Assignment.objects.create(
        user=specialist, role="specialist", place=told["commune"], valid_from=date(2025, 7, 1)
    )
    enter(page, "chair", told["commune"])
    page.goto("/desk/")  # signing in leads here, and on to the dashboard

    # Which village is late: told before anything is pressed. Why: one press further.
    assert "chậm nhất: Thôn Tây" in page.inner_text("main")
    tap(page.get_by_role("link", name="2. Nơi nào chậm, vì sao"))
    row = page.locator("section[aria-labelledby=late] tbody tr").first
    assert "còn thiếu 26,2 điểm %, là 63 nữa" in row.inner_text()
    screenshot(page, f"numbers-late-{width}")

    tap(row.get_by_role("link", name="Giao việc"))
    page.wait_for_url("**/followups/new/**")
    page.get_by_label("Giao cho").select_option(label=_choice(page, "Trần Văn Bình"))
    taps += 2  # open the list, choose
    tap(page.get_by_role("button", name="Giao việc"))
    page.wait_for_url("**/followups/*-*/")

    task = FollowUp.objects.get()
    assert (task.unit, task.assigned_to, task.indicator) == (told["west"], specialist, "eid_accounts")
    assert taps <= 5
    page.goto(address("dashboard", told["commune"]))
    assert "Trần Văn Bình làm, hạn" in page.inner_text("section[aria-labelledby=late]")
    assert page.complaints == []


def _choice(page: Any, name: str) -> str:
    labels = page.get_by_label("Giao cho").locator("option").all_inner_texts()
    return str(next(label for label in labels if name in label))


@pytest.mark.parametrize("width", [360, 1366])
def test_every_page_about_numbers_is_accessible(
    width: int,
    told: dict[str, Unit],
    thanh_hoa: Unit,
    enter: Enter,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    commune = told["commune"]
    empty = unit_on("14758", day_of(now()))
    assert empty is not None
    figure = Figure.objects.filter(unit=commune).latest("id")
    page = browse(width=width)

    def look(name: str, where: str) -> None:
        assert page.goto(where).status == 200, name
        axe(page)
        screenshot(page, f"numbers-{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    enter(page, "province_admin", thanh_hoa)
    look("board", address("dashboard", commune))
    look("board-before", address("dashboard", commune) + "?boundaries=30/06/2025")
    look("board-late", address("dashboard", commune) + "?show=late")
    look("board-empty", address("dashboard", empty))
    look("board-province", address("dashboard", thanh_hoa))
    look("sheet", address("dashboard_sheet", commune))
    look("indicator", address("indicator", commune, "eid_accounts"))
    look("indicator-former", address("indicator", commune, "basic_security_software"))
    look("indicator-empty", address("indicator", commune, "smartphone"))
    look("league", address("league", commune))
    look("league-province", address("league", thanh_hoa))
    look("league-empty", address("league", empty))
    look("history", address("history", commune, "eid_accounts"))
    look("correct", address("figure_correct", commune, figure.uuid))
    look("retract", address("figure_retract", commune, figure.uuid))
    look("export", address("export", commune))
    assert page.complaints == []


def test_open_details_are_accessible_too(
    told: dict[str, Unit], thanh_hoa: Unit, enter: Enter, phone: Any, axe: Callable[[Any], None]
) -> None:
    enter(phone, "province_admin", thanh_hoa)
    phone.goto(address("dashboard", told["commune"]))
    phone.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_the_numbers_are_read_and_corrected(
    told: dict[str, Unit], thanh_hoa: Unit, enter: Enter, no_js: Any
) -> None:
    commune = told["commune"]
    enter(no_js, "province_admin", thanh_hoa)
    no_js.goto(address("dashboard", commune))
    no_js.get_by_role("link", name="Chưa đạt", exact=True).click()
    assert no_js.locator(".bk-board__line").count() == 1
    no_js.locator(".bk-board h4 a").click()
    assert "Số này lấy từ đâu" in no_js.inner_text("main")
    no_js.get_by_role("link", name="Lịch sử số liệu").click()
    no_js.get_by_role("link", name="Sửa").first.click()
    no_js.get_by_label("Số đạt được").fill("7.000")
    no_js.get_by_label("Vì sao sửa").fill("Đếm lại")
    no_js.get_by_role("button", name="Lưu số đã sửa").click()
    assert "7.000/10.000" in no_js.inner_text("main")
    no_js.goto(address("export", commune))
    with no_js.expect_download() as download:
        no_js.get_by_role("button", name="Tải văn bản Word (.docx)").click()
    assert download.value.suggested_filename.endswith(".docx")
