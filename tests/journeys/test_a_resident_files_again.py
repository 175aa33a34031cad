"""J1: a resident who is known signs in and files: nothing that is known is typed again.

Budget (reliability goals, D.1): 6 screens, 12 taps, 10 typed characters, none of them known; here nothing is typed at all.
Signing in happens at the e-identity; the way there, and what is pressed there, are counted apart.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Draft
from bakhong.eforms.queries.once_only import once_only_of
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Person
from bakhong.places.actions import create_villages, set_contact
from bakhong.places.models import Unit
from bakhong.portal.tests.provider import Running, serving
from bakhong.portal.tests.signed_in import as_resident
from tests.journeys.budget import Hand
from tests.journeys.gates import ON_A_PHONE, checked

NUMBER = "038190001234"
_OUTSIDE = re.compile(r"^https?://(?!127\.0\.0\.1[:/]|localhost[:/])")
SOON = (datetime.now(UTC).date() + timedelta(days=30)).strftime("%d/%m/%Y")


@pytest.fixture
def hoa(thuong_xuan: Unit, settings: Any, transactional_db: None) -> Iterator[Person]:
    from bakhong.eforms.actions.publishing import publish_shipped

    now = datetime.now(UTC)
    settings.UNIT = "15646"
    publish_shipped(now)
    set_contact(unit=thuong_xuan, phone="0237 111 2222", by=OPERATOR, at=now)
    with scope.seeing(OPERATOR):
        (village,) = create_villages(
            commune=thuong_xuan,
            villages=[("thon", "Mẫu 1")],
            valid_from=date(2025, 7, 1),
            by=OPERATOR,
            at=now,
        )
        said = {
            "name": "Lê Thị Hoá",
            "birth": "1990-05-06",
            "sex": "female",
            "national_id": NUMBER,
            "phone": "0912345678",
            "address": "Thôn Mẫu 1",
        }
        made = add_person(village=village, values=said, source="list", by=OPERATOR, at=now)
    yield made
    scope.close()


def file_it(page: Any, hand: Hand, look: Callable[[str], None]) -> None:
    """From the procedure's page to the receipt."""
    hand.tap(page.get_by_role("button", name="Nộp hồ sơ"))
    look("who")
    assert "Lê Thị Hoá" in page.content()
    hand.tap(page.get_by_role("button", name="Lưu và khai tiếp"))
    look("what")
    for choice in ("Đám cưới", "Sáng", "Dưới 50"):
        hand.choose(page.get_by_label(choice, exact=True))
    hand.pick(page.get_by_label("Ngày dùng"), SOON)
    hand.tap(page.get_by_role("button", name="Lưu và khai tiếp"))
    hand.tap(page.get_by_role("button", name="Xem lại tờ khai"))
    look("review")
    hand.tap(page.get_by_role("button", name="Nộp hồ sơ"))
    look("receipt")
    assert "Xã đã nhận đủ hồ sơ của bạn" in page.inner_text("main")


@pytest.mark.parametrize("has_script", [True, False])
def test_a_resident_files_again(
    hoa: Person,
    has_script: bool,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    session = as_resident(hoa, number=NUMBER).cookies["session"].value
    page = browse(width=360, height=640, java_script_enabled=has_script)
    page.goto("/toi/dang-nhap/")
    root = page.url.removesuffix("toi/dang-nhap/")
    page.context.add_cookies([{"name": "session", "value": session, "url": root}])

    def look(name: str) -> None:
        if has_script:
            assert checked(page, axe, ON_A_PHONE) == [], name
        screenshot(page, f"j1-{name}-{'js' if has_script else 'nojs'}")

    page.goto("/toi/")
    look("mine")
    hand = Hand(page)
    hand.open("/thu-tuc/local.nha-van-hoa/")
    file_it(page, hand, look)
    print(hand.spent)
    assert hand.screens <= 6, hand.spent
    assert hand.taps <= 12, hand.spent
    assert hand.typed == 0, hand.spent
    assert hand.seconds <= 90, hand.spent
    assert hand.bytes <= 120_000, hand.spent
    with scope.seeing(OPERATOR):
        counted = once_only_of(Draft.objects.get())
    assert (counted.re_asked, counted.known) == (0, 4), counted
    assert page.complaints == []
    page.goto("/toi/ho-so/")
    look("dossiers")
    page.goto("/toi/xa-biet-gi/")
    look("known")
    for name in ("ai-da-xem", "dong-y", "sua-thong-tin", "sua-thong-tin/person.birth", "lam-thay", "giay-to"):
        page.goto(f"/toi/{name}/")
        look(name.replace("/", "-"))


@pytest.fixture(scope="module")
def provider(live_server: Any) -> Iterator[Running]:
    """The e-identity, to which this site is known."""
    with contextmanager(serving)([f"{live_server.url}/toi/dang-nhap/ve/"]) as running:
        yield running


@pytest.mark.parametrize("has_script", [True, False])
def test_a_resident_signs_in_on_the_way(
    hoa: Person,
    provider: Running,
    settings: Any,
    has_script: bool,
    live_server: Any,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    settings.E_IDENTITY = provider.settings
    page = browse(width=360, height=640, java_script_enabled=has_script)
    page.context.route(
        _OUTSIDE, lambda route: route.fulfill(body="")
    )  # letters the provider's pages would like
    hand, there = Hand(page, live_server.url), Hand(page, provider.issuer)

    def look(name: str) -> None:
        if has_script:
            assert checked(page, axe, ON_A_PHONE) == [], name
        screenshot(page, f"j1-on-the-way-{name}-{'js' if has_script else 'nojs'}")

    hand.open("/")
    hand.tap(page.get_by_role("button", name="Tìm thủ tục"))
    hand.tap(page.locator("main a[href*='local.nha-van-hoa']"))
    look("procedure")
    hand.tap(page.get_by_role("link", name="Đăng nhập để điền sẵn"))
    look("sign-in")
    hand.tap(page.get_by_role("button", name="Đăng nhập bằng định danh thử nghiệm"))
    page.wait_for_url(f"{provider.issuer}/**")
    way_in = hand.spent
    assert (hand.screens, hand.taps, hand.typed) == (5, 4, 0), way_in
    there.type(page.locator("[name=login]"), "hoa")
    there.type(page.locator("[name=password]"), "x")
    there.tap(page.locator("[type=submit]"))
    there.tap(page.locator("[type=submit]"))
    page.wait_for_url(f"{live_server.url}/thu-tuc/**")
    look("back")
    file_it(page, hand, look)
    print("ours", hand.spent, "| until the provider", way_in, "| there", there.spent)
    assert hand.screens - 5 <= 6, hand.spent
    assert hand.taps - 4 <= 12, hand.spent
    assert hand.typed == 0, hand.spent
    with scope.seeing(OPERATOR):
        filed = Dossier.objects.get()
        counted = once_only_of(Draft.objects.get())
    assert filed.person_id == hoa.pk
    assert filed.filed_by.startswith("resident:")
    assert (counted.re_asked, counted.known) == (0, 4), counted
    assert page.complaints == []
