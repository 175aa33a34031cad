"""The README's walk: a messy Excel, the dashboard and the people behind a percentage, a sweep plan, a visit, the daily report."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.demo.accounts import make_people, read_or_make
from bakhong.demo.load import load_commune, make_places
from bakhong.demo.neighbours import NEIGHBOURS, messy_list
from bakhong.demo.rules.commune import Commune, Margins
from bakhong.demo.rules.making import make_commune
from bakhong.outreach.models import Visit
from bakhong.people import scope
from bakhong.people.models import Adoption
from bakhong.places.queries import unit_on

TOWN = NEIGHBOURS[1]  # two header rows, marks, bad cells


@pytest.fixture
def commune(reference_units: None, settings: Any, tmp_path: Path) -> Iterator[Commune]:
    settings.DATA = tmp_path
    at = datetime.now(UTC)
    found = make_commune(Margins().scaled(20))
    make_people(by=OPERATOR, at=at)
    make_places(by=OPERATOR, at=at)
    load_commune(found, by=OPERATOR, at=at)
    yield found
    scope.close()


def test_from_a_messy_excel_to_a_daily_report(
    commune: Commune,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    unit = unit_on("15646", datetime.now(UTC).date())
    assert unit is not None
    page = browse()
    page.set_default_timeout(60_000)  # a busy machine is no mistake of the page
    sign_in(page, "thuky@bakhong.example")
    home = f"/desk/u/{unit.uuid}/"

    def look(name: str) -> None:
        axe(page)
        screenshot(page, f"walk-{name}")

    takes_in_a_list(page, home, commune, look)
    opens_a_percentage(page, home, look)
    plans_and_visits(page, home, look)
    freezes_the_day(page, home, look)
    assert page.complaints == []


def sign_in(page: Any, email: str) -> None:
    secretary = next(one for one in read_or_make() if one.email == email)
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(secretary.passphrase)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/desk/**")


def takes_in_a_list(page: Any, home: str, commune: Commune, look: Callable[[str], None]) -> None:
    page.goto(f"{home}people/")
    page.get_by_role("link", name="Nhập từ tệp Excel").click()
    made = messy_list(TOWN, commune)
    page.get_by_label("Tệp danh sách").set_input_files(
        {"name": TOWN.file, "mimeType": "application/octet-stream", "buffer": made.data}
    )
    page.get_by_role("button", name="Xem trước danh sách").click()
    for group in page.get_by_role("group", name=re.compile("Đã KH")).all():
        group.get_by_label("Có", exact=True).check()
    look("import")
    page.get_by_role("button", name="Nhập danh sách").click()
    assert f"{TOWN.moved} người có thêm thông tin" in page.inner_text("main")
    assert "6 dòng bị loại" in page.inner_text("main")


def opens_a_percentage(page: Any, home: str, look: Callable[[str], None]) -> None:
    page.goto(home)
    page.locator("a[href*='/counted/eid_accounts']").first.click()
    look("people-behind")
    assert page.locator("tbody tr").count() > 3


def plans_and_visits(page: Any, home: str, look: Callable[[str], None]) -> None:
    page.goto(f"{home}outreach/plans/")
    page.locator("select[name=campaign]").select_option(
        label="Ra quân 30 ngày: VNeID, tài khoản thanh toán, chữ ký số"
    )
    page.get_by_role("button", name="Lập kế hoạch").click()
    look("plan")
    page.get_by_role("link", name="Thôn Mẫu 7").first.click()
    page.locator("main a[href*='/households/']").first.click()
    look("household")
    before = Visit.objects.count()
    page.locator("select[name=outcome]").select_option(label="Gặp, làm được một phần")
    page.locator("select[name=part_of_day]").first.select_option(label="Buổi tối")
    page.locator("[name=member]").first.check()
    page.locator("[name^=met-]").first.check()
    service = page.locator("select[name^='r-']").first
    service.select_option(label="Đã xong")
    page.locator("select[name^='ph-']").first.select_option(label="Điện thoại của chính người này")
    page.get_by_role("button", name="Lưu lượt đến nhà").click()
    look("visited")
    assert Visit.objects.count() == before + 1
    with scope.seeing(OPERATOR):
        assert Adoption.objects.order_by("-pk")[0].source == "visit"


def freezes_the_day(page: Any, home: str, look: Callable[[str], None]) -> None:
    page.goto(f"{home}daily/")
    page.get_by_role("button", name="Xem trước").click()
    look("daily-preview")
    page.get_by_role("button", name="Lập báo cáo").click()
    look("daily")
    assert "Trong ngày: 1 lượt đến 1 hộ" in page.content()
