"""A newly elected chair opens the link, chooses a passphrase, enrols the phone, invites the clerk and looks at the trail."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bakhong.accounts import actions
from bakhong.accounts.models import Official
from bakhong.core.actor import OPERATOR
from bakhong.places.models import Membership, Unit

PASSPHRASE = "con trâu đi cày ruộng"


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
    commune = unit("commune", "xa", "J2", "Xã Thử Nghiệm")
    Membership.objects.create(child=commune, parent=province, valid_from=date(2025, 7, 1))
    return commune


def code_for(secret: str) -> str:
    """What an authenticator app would show now."""
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.mark.parametrize("width", [360, 1366])
def test_a_chair_starts_work(
    width: int,
    commune: Unit,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    now = datetime.now(UTC)
    invited = actions.invite(email="chutich@example.com", role="chair", unit=commune, by=OPERATOR, at=now)
    page = browse(width=width)

    def look(name: str) -> None:
        axe(page)
        screenshot(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"/accounts/invitation/{invited.token}/")
    page.get_by_label("Họ và tên").fill("Lê Thị Hoa")
    page.get_by_label("Cụm mật khẩu mới", exact=True).fill("123456789012")
    page.get_by_role("button", name="Đặt cụm mật khẩu").click()
    look("invitation-refused")
    page.get_by_label("Cụm mật khẩu mới", exact=True).fill(PASSPHRASE)
    page.get_by_label("Nhập lại cụm mật khẩu mới").fill(PASSPHRASE)
    page.get_by_role("button", name="Đặt cụm mật khẩu").click()

    page.get_by_label("E-mail").fill("chutich@example.com")
    page.get_by_label("Cụm mật khẩu").fill("không nhớ nữa rồi")
    page.get_by_role("button", name="Đăng nhập").click()
    look("sign-in-refused")
    page.wait_for_timeout(1100)
    page.get_by_label("Cụm mật khẩu").fill(PASSPHRASE)
    page.get_by_role("button", name="Đăng nhập").click()

    page.goto("/accounts/me/")
    assert "/second-factor/enrol/" in page.url
    look("enrol")
    page.get_by_label("Mã xác thực").fill(code_for(page.locator("code").first.inner_text()))
    page.get_by_role("button", name="Bật xác thực hai lớp").click()
    assert page.locator("code").count() == 10
    look("recovery-codes")

    page.goto("/accounts/me/")
    look("me")
    page.goto("/accounts/second-factor/")
    look("second-factor")
    page.goto("/accounts/passphrase/")
    look("passphrase")

    page.goto(f"/accounts/u/{commune.uuid}/people/")
    look("people-first")
    page.get_by_label("E-mail công vụ").fill("vanthu@example.com")
    page.get_by_role("combobox", name="Vai trò").select_option(label="Thư ký Ban Chỉ đạo chuyển đổi số")
    page.get_by_role("button", name="Giao vai trò").click()
    look("link")
    page.get_by_role("link", name="Về danh sách người và vai trò").click()
    page.get_by_text("chờ nhận lời mời").wait_for()
    look("people")

    page.goto(f"/accounts/u/{commune.uuid}/roster/")
    look("roster-empty")
    official = Official.objects.create(
        unit=commune, name="Phạm Văn Đức", position="Công chức văn phòng", valid_from=date(2025, 7, 1)
    )
    page.goto(f"/accounts/u/{commune.uuid}/roster/")
    look("roster")
    page.goto(f"/accounts/officials/{official.uuid}/")
    look("official")
    page.goto(f"/accounts/u/{commune.uuid}/trail/")
    page.get_by_role("cell", name="Giao vai trò").first.wait_for()
    look("trail")
    assert page.complaints == []
