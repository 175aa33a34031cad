"""A clerk adds a resident from the card, finds them without accents, mends the year of birth, sees the number, and sees who looked."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import OPERATOR
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.places.actions import create_villages
from bakhong.places.models import Membership, Unit

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
CARD = "038190001234|172345678|Vi Thị Bảy|15031990|Nữ|Thôn Xuân Thành|01052021"


@pytest.fixture
def commune(transactional_db: None) -> Unit:
    def unit(level: str, kind: str, code: str, name: str) -> Unit:
        return Unit.objects.create(
            code=code,
            level=level,
            kind=kind,
            name=name,
            full_name=name,
            name_key=name.lower(),
            sort_key=name.lower(),
            valid_from=date(2025, 7, 1),
        )

    province = unit("province", "tinh", "J1", "Tỉnh Thử")
    made = unit("commune", "xa", "J2", "Xã Thử Nghiệm")
    Membership.objects.create(child=made, parent=province, valid_from=date(2025, 7, 1))
    return made


@pytest.fixture
def residents(commune: Unit) -> None:
    now = datetime.now(UTC)
    village, _other = create_villages(
        commune=commune,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi")],
        valid_from=date(2025, 7, 1),
        by=OPERATOR,
        at=now,
    )
    with scope.seeing(OPERATOR):
        for name, more in (
            ("Lê Thị Hoá", {"birth": "1941", "phone": "0912345678", "device": "basic"}),
            ("Lê Văn Ân", {"presence": "abroad", "whereabouts": "Hàn Quốc"}),
        ):
            add_person(village=village, values={"name": name, **more}, source="list", by=OPERATOR, at=now)


@pytest.mark.parametrize("width", [360, 1366])
def test_a_clerk_keeps_the_roll(
    width: int,
    commune: Unit,
    residents: None,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    sign_in(page, commune)

    def look(name: str) -> None:
        axe(page)
        screenshot(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"/desk/u/{commune.uuid}/people/")
    look("people")
    page.get_by_label("Họ tên, có dấu hay không dấu").fill("hoa")
    page.get_by_role("button", name="Lọc danh sách").click()
    assert page.locator("tbody tr").count() == 1

    page.get_by_role("link", name="Thêm một người").click()
    page.get_by_label("Quét mã QR").fill(CARD)
    with page.expect_navigation():
        page.keyboard.press("Enter")  # as a scanner does
    assert page.get_by_label("Họ và tên, như trên thẻ").input_value() == "Vi Thị Bảy"
    look("person-new")
    page.get_by_label("Thôn", exact=True).select_option(label="Thôn Xuân Thành")
    page.get_by_role("button", name="Thêm vào danh sách").click()
    look("person")
    assert "038190001234" not in page.content()

    page.get_by_role("link", name="Sửa thông tin").click()
    look("person-change")
    page.get_by_label("Trước đây ghi sai").check()
    page.get_by_label("Ngày sinh").fill("1991")
    page.get_by_role("button", name="Lưu thay đổi").click()
    assert "sửa điều ghi sai" in page.content()

    page.get_by_label("Vì sao cần xem").select_option("check")
    page.get_by_role("button", name="Xem số định danh").click()
    assert page.get_by_text("038190001234").is_visible()
    look("person-revealed")
    page.goto(page.url.replace("reveal/", ""))
    assert "038190001234" not in page.content()
    assert page.locator("li", has_text="Xem số định danh. Đối chiếu").is_visible()

    page.get_by_role("link", name="Lập hộ").click()
    look("household-new")
    page.get_by_role("button", name="Lập hộ này").click()
    look("household")
    assert page.complaints == []


def sign_in(page: Any, commune: Unit) -> None:
    user = User.objects.create(email="thuky@example.com", name="Thư ký Thử")
    Assignment.objects.create(user=user, role="dx_secretary", place=commune, valid_from=date(2025, 7, 1))
    client = Client()
    client.force_login(user, backend=BACKEND)
    page.goto("/accounts/login/")
    page.context.add_cookies(
        [
            {
                "name": "session",
                "value": client.cookies["session"].value,
                "url": page.url.removesuffix("accounts/login/"),
            }
        ]
    )
