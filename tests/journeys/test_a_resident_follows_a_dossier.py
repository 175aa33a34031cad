"""J4: from the QR code on the slip to the result, with the last four digits of the card. 2 screens, 3 taps, 4 characters, 15 kB."""

import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.documents.actions.storing import store_made
from bakhong.dossiers.actions.receiving import receive
from bakhong.dossiers.models import Dossier, Event
from bakhong.dossiers.tracking import tracking_code_of
from bakhong.people import scope
from bakhong.places.actions import set_contact
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import NUMBER, WHO, begin, fill, send
from tests.journeys.budget import Hand
from tests.journeys.gates import ON_A_PHONE, checked


@pytest.fixture
def dossier(thuong_xuan: Unit, settings: Any, transactional_db: None) -> Dossier:
    from bakhong.eforms.actions.publishing import publish_shipped

    now = datetime.now(UTC)
    settings.UNIT = "15646"
    publish_shipped(now)
    set_contact(unit=thuong_xuan, phone="0237 111 2222", by=OPERATOR, at=now)
    client = Client()
    draft = begin(client)
    fill(client, draft)
    assert send(client, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        found = Dossier.objects.select_related("village", "person").get(uuid=draft)
        receive(dossier=found, by=OPERATOR, at=now)
        return Dossier.objects.select_related("village", "person").get(uuid=draft)


def settle(dossier: Dossier) -> None:
    """The officers' part, done by their own actions; the paper itself is not what this journey looks at."""
    from bakhong.dossiers.actions.duties import pass_duty
    from bakhong.dossiers.actions.processing import forward
    from bakhong.dossiers.actions.results import approve, sign

    now = datetime.now(UTC)
    with scope.seeing(OPERATOR):
        forward(dossier=dossier, by=OPERATOR, at=now)
        pass_duty(dossier=dossier, by=OPERATOR, at=now)
        approve(dossier=dossier, answers={"note": "Trả lại sạch sẽ"}, by=OPERATOR, at=now)
        fresh = Dossier.objects.select_related("village", "person").get(pk=dossier.pk)
        store_made(
            key=new_uuid(),
            content=b"%PDF-1.7 signed",
            name="ket-qua.pdf",
            owner=("dossier", dossier.uuid),
            unit=dossier.village,
            purpose="result",
            by=OPERATOR,
            at=now,
            replaces=_result(fresh),
            is_signed=True,
        )
        sign(dossier=fresh, how="digital", by=OPERATOR, at=now)


def _result(dossier: Dossier) -> Any:
    from bakhong.documents.models import File

    return File.objects.filter(owner=dossier.uuid, purpose="result").order_by("-id").first()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_slip_says_how_far_it_is(
    has_script: bool,
    dossier: Dossier,
    browse: Callable[..., Any],
    axe: Callable[[Any], None],
    screenshot: Callable[[Any, str], None],
) -> None:
    page = browse(width=360, height=640, java_script_enabled=has_script)
    hand = Hand(page)
    hand.open(f"/tra-cuu/{tracking_code_of(dossier)}/")
    for said in ("Ai đang giữ", "Việc tiếp theo", "Hẹn trả"):
        assert said in page.inner_text("main")
    assert WHO["full_name"] not in page.inner_text("body")
    assert len(gzip.compress(page.content().encode(), 6)) <= 15_000
    screenshot(page, f"j4-slip-{has_script}")
    hand.type(page.get_by_label("4 số cuối"), NUMBER[-4:])
    hand.tap(page.get_by_role("button", name="Mở hồ sơ"))
    assert "Đã qua những bước nào?" in page.inner_text("main")
    screenshot(page, f"j4-open-{has_script}")
    if has_script:
        assert checked(page, axe, ON_A_PHONE) == []
    assert hand.screens <= 2, hand.spent
    assert hand.taps <= 3, hand.spent
    assert hand.typed <= 4, hand.spent
    assert hand.seconds <= 20, hand.spent
    assert page.complaints == []


@pytest.mark.parametrize("has_script", [True, False])
def test_the_result_is_taken_without_coming(
    has_script: bool, dossier: Dossier, browse: Callable[..., Any]
) -> None:
    settle(dossier)
    page = browse(width=360, height=640, java_script_enabled=has_script, accept_downloads=True)
    hand = Hand(page)
    hand.open(f"/tra-cuu/{tracking_code_of(dossier)}/")
    hand.type(page.get_by_label("4 số cuối"), NUMBER[-4:])
    hand.tap(page.get_by_role("button", name="Mở hồ sơ"))
    with page.expect_download() as saved:
        hand.taps += 1
        page.get_by_role("button", name="Tải kết quả về").click()
    assert re.search(r"\.pdf$", saved.value.suggested_filename)
    assert hand.screens <= 2, hand.spent
    assert hand.taps <= 3, hand.spent
    assert hand.typed <= 4, hand.spent
    assert hand.seconds <= 20, hand.spent
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get(pk=dossier.pk).state == "returned"
        assert not Event.objects.filter(dossier=dossier, came_in_person=True).exists()
