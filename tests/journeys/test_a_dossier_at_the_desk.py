"""J5 and J6: an officer takes in a walk-in dossier by scanner and keyboard alone; the chair opens, approves and signs it.

Budgets (reliability-ux D.1): J5 no mouse, at most 15 keys and one scan, at most 12 letters typed; J6 at most 6 keys to open and approve.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import Dossier
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.actions.detailing import record_details
from bakhong.places.models import Membership, Unit

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# As a scanner under another keyboard layout types it.
SCAN = "038190001234|172345678|Lee Thij Hoas|15031990|Nuwx|Thoon 1|01052021"


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
def lady(commune: Unit) -> None:
    """On the roll, and known from an earlier dossier as far as a commune knows people."""
    at = datetime.now(UTC)
    said = {
        "name": "Lê Thị Hoá",
        "birth": "1990-03-15",
        "sex": "female",
        "national_id": "038190001234",
        "phone": "0912345678",
        "address": "Thôn 1, Xã Thử Nghiệm",
    }
    known = {
        "person.ethnicity": "Kinh",
        "person.nationality": "Việt Nam",
        "marriage.status": "unmarried",
    }
    with scope.seeing(OPERATOR):
        publish_shipped(at)
        person = add_person(village=commune, values=said, source="list", by=OPERATOR, at=at)
        record_details(
            person=person, values=known, source="officer", origin=None, true_on=at.date(), by=OPERATOR, at=at
        )


class Hand:
    """The officer's hand: every key counts; a scan is one."""

    def __init__(self, page: Any) -> None:
        self.page, self.keys, self.letters, self.scans = page, 0, 0, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(120)  # slower than a scanner
            self.keys += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=90)
        self.keys += len(text)
        self.letters += len(text)

    def scan(self, text: str) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.type(text, delay=1)
            self.page.keyboard.press("Enter")
        self.scans += 1


@pytest.mark.parametrize("width", [360, 1366])
def test_a_walk_in_dossier(
    width: int,
    commune: Unit,
    lady: None,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=width)
    sign_in(page, commune, "one_stop_officer")

    def look(name: str) -> None:
        page.wait_for_load_state()
        axe(page)
        screenshot(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"/desk/u/{commune.uuid}/tiep-nhan/")
    look("intake")
    hand = Hand(page)
    page.locator("#procedure").focus()  # wherever the cursor stands
    hand.scan(SCAN)
    look("intake-known")
    assert page.locator("#procedure").input_value() == ""
    hand.type("tthn")
    with page.expect_navigation():
        hand.press("Enter")
    look("filling")
    answer(page, hand)
    with page.expect_navigation():
        hand.press("F9")
    assert "/phieu/" in page.url, page.inner_text("main")[:800]
    look("slip")
    assert (hand.keys <= 15, hand.letters <= 12, hand.scans) == (True, True, 1), vars(hand)
    assert page.evaluate("document.activeElement.hasAttribute('data-print')")
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.get()
    assert dossier.state == "received"
    page.goto(f"/desk/u/{commune.uuid}/ho-so/")
    look("queue-officer")

    page.context.clear_cookies()
    sign_in(page, commune, "chair")
    page.goto(f"/desk/u/{commune.uuid}/ho-so/")
    look("queue")
    hand = Hand(page)
    hand.press("j")
    with page.expect_navigation():
        hand.press("Enter")
    look("dossier")
    with page.expect_navigation():
        hand.press("F9")
    look("approve")
    with page.expect_navigation():
        hand.press("F9")
    look("sign")
    assert hand.keys <= 6
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get().state == "approved"
    page.get_by_label("Ký tay").check()
    page.keyboard.press("F9")
    page.wait_for_url("**/ho-so/*/")
    look("done")
    assert page.complaints == []


def answer(page: Any, hand: Hand) -> None:
    """What nobody knows yet: who fills it in, and what it is for."""
    for _step in range(6):
        group = page.evaluate("document.activeElement.name || ''")
        if group in ("for_whom", "purpose"):
            if not page.evaluate(f"!!document.querySelector('[name={group}]:checked')"):
                hand.press("Space" if group == "for_whom" else "ArrowDown")
        if page.evaluate("!document.querySelector('input[type=radio][required][name=purpose]:not(:checked)')"):
            return
        if page.evaluate("!!document.querySelector('[name=for_whom]:checked') && !!document.querySelector('[name=purpose]:checked')"):
            return
        hand.press("Tab")


def test_the_desk_without_a_script(
    commune: Unit, lady: None, no_js: Any, screenshot: Callable[[Any, str], None]
) -> None:
    page = no_js
    sign_in(page, commune, "one_stop_officer")
    page.goto(f"/desk/u/{commune.uuid}/tiep-nhan/")
    page.locator("#scan").fill("038190001234")
    page.get_by_role("button", name="Tìm người nộp").click()
    page.locator("#procedure").fill("tthn")
    page.get_by_role("button", name="Mở tờ khai").click()
    page.locator("[name=for_whom]").first.check()
    page.locator("[name=purpose][value=work]").check()
    page.get_by_role("button", name="Nhận hồ sơ, in phiếu").click()
    assert "Đã tiếp nhận" in page.inner_text("main")
    screenshot(page, "slip-no-js")


def sign_in(page: Any, commune: Unit, role: str) -> None:
    user = User.objects.create(email=f"{role}@example.com", name=f"Cán bộ {role[:5]}")
    Assignment.objects.create(user=user, role=role, place=commune, valid_from=date(2025, 7, 1))
    from bakhong.accounts.tests.conftest import enrol

    enrol(user)
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
