"""Every page residents meet when they file and follow, empty, wrong and full, on a telephone and on a desk: axe silent, all fits."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.models import Dossier
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import NUMBER, begin, fill, send
from bakhong.portal.tests.signed_in import as_resident
from tests.journeys.gates import ON_A_PHONE, checked, leaving
from tests.journeys.gates import send as press
from tests.journeys.office import make_lady, seat

WIDTHS = pytest.mark.parametrize("width", [360, 1366])
LOCAL, MARRIAGE, ALLOWANCE = "local.nha-van-hoa", "1.004873", "1.001776"


@pytest.fixture
def lady(thuong_xuan: Unit, settings: Any, transactional_db: None) -> Person:
    settings.UNIT = "15646"
    set_contact(unit=thuong_xuan, phone="0237 111 2222", by=OPERATOR, at=datetime.now(UTC))
    return make_lady(thuong_xuan)


class Walker:
    def __init__(self, page: Any, look: Callable[[Any, str], list[Any]]) -> None:
        self.page, self.look, self.found = page, look, {}

    def at(self, name: str, address: str = "", *, tap: str | None = None, status: int = 200) -> None:
        """Look at a page; or, with `tap`, at what its button leads to."""
        if address:
            answer = self.page.goto(address)
            assert answer.status == status, (name, answer.status)
        if tap is not None:
            press(self.page, tap)
        if faults := self.look(self.page, name):
            self.found[name] = faults


@pytest.fixture
def walker(
    width: int,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> Walker:
    def look(page: Any, name: str) -> list[Any]:
        screenshot(page, f"portal-{name}-{width}")
        return checked(page, axe, ON_A_PHONE)

    return Walker(browse(width=width), look)


@WIDTHS
def test_before_and_while_filing(walker: Walker, lady: Person) -> None:
    walker.at("procedures", "/thu-tuc/")
    walker.at("procedures-none", "/thu-tuc/?tim=zzzz")
    walker.at("resume", "/tiep-tuc/")
    walker.at("resume-wrong", tap="")
    walker.at("track", "/tra-cuu/")
    walker.at("track-wrong", tap="")
    walker.at("track-unknown", "/tra-cuu/AAAA-BBBB-CCCC/", status=404)
    walker.at("verify", "/kiem-tra/")
    walker.at("verify-wrong", tap="")
    walker.at("verify-unknown", "/kiem-tra/AAAA-BBBB-CCCC/", status=404)
    for name, code in (
        ("here", LOCAL),
        ("marriage", MARRIAGE),
        ("allowance", ALLOWANCE),
        ("copies", "2.000815"),
    ):
        walker.at(f"procedure-{name}", f"/thu-tuc/{code}/")
    for name, code in (("here", LOCAL), ("marriage", MARRIAGE), ("allowance", ALLOWANCE)):
        walker.page.goto(f"/thu-tuc/{code}/")
        with leaving(walker.page):
            walker.page.locator("form[action^='/nop/'] button").first.click()
        walker.at(f"code-{name}")
        if name == "here":
            walker.at("code-wrong", tap="Lưu mã và khai tiếp")
        with leaving(walker.page):
            walker.page.get_by_role("link", name="Khai luôn", exact=True).click()
        walker.at(f"first-{name}")
        walker.at(f"first-{name}-wrong", tap="Lưu và khai tiếp")
        found = re.search(r"/nop/ho-so/([0-9a-f-]{36})/", walker.page.url)
        assert found
        for step in ("buoc/giay-to", "buoc/ket-qua", "xem-lai", "buoc/xong"):
            walker.page.goto(f"/nop/ho-so/{found[1]}/{step}/")
            walker.at(f"{step.split('/')[-1]}-{name}")
    assert walker.found == {}


@WIDTHS
def test_after_filing(walker: Walker, lady: Person, live_server: Any) -> None:
    client = as_resident(lady, number=NUMBER)
    seat(walker.page, client, live_server.url)
    mine = ("", "ho-so/", "giay-to/", "xa-biet-gi/", "ai-da-xem/", "dong-y/", "sua-thong-tin/", "lam-thay/")
    for step in mine:
        walker.at(f"mine-empty-{step.strip('/')}", f"/toi/{step}")
    walker.at("mine-mandate-wrong", tap="")
    walker.at("mine-correct", "/toi/sua-thong-tin/person.birth/")
    walker.at("mine-correct-wrong", tap="")
    draft = begin(client, LOCAL)
    fill(client, draft)
    assert send(client, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        filed = Dossier.objects.select_related("village", "person").get(uuid=draft)
        receive(dossier=filed, by=OPERATOR, at=datetime.now(UTC))
    seat(walker.page, client, live_server.url)  # filing renewed the session
    for step in mine:
        walker.at(f"mine-full-{step.strip('/')}", f"/toi/{step}")
    walker.at("mine-dossier", f"/toi/ho-so/{draft}/")
    assert "nhà văn hoá" in walker.page.inner_text("h1")
    walker.at("receipt", f"/nop/ho-so/{draft}/da-nop/")
    assert walker.page.locator("svg").count() >= 1
    walker.at("mine-sign-in", "/toi/dang-nhap/")
    assert walker.found == {}
