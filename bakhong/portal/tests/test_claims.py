"""What only the e-identity says: filled in, told as such, and read again from this visit's claims when the dossier is sent."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from bakhong.accounts import residents
from bakhong.accounts.actions import welcome_resident
from bakhong.accounts.residents import Claims
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Answer
from bakhong.people import scope
from bakhong.places.models import Unit
from bakhong.portal.tests.filing import WHAT, begin, send, text_of

pytestmark = pytest.mark.django_db
NEW = Claims("038190009999", "Phạm Thị Mới", "1985-04-03", "female", "Thôn Mẫu 2, Thường Xuân", 2)


@pytest.fixture(autouse=True)
def _commune(db: None, here: Unit) -> Iterator[None]:
    yield
    scope.close()


def signed_in(said: Claims, client: Client | None = None) -> Client:
    """Somebody whom the roll does not know, as the provider says who it is."""
    from django.conf import settings
    from django.contrib.auth.models import AnonymousUser

    client = client or Client()
    row = welcome_resident(
        issuer="https://eid.example",
        subject=said.national_id,
        level=said.level,
        person=None,
        at=timezone.now(),
    )
    request = HttpRequest()
    request.session, request.user = client.session, AnonymousUser()
    residents.start(request, row, said, timezone.now())
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client


def stored(draft: UUID) -> dict[str, Any]:
    with scope.seeing(OPERATOR):
        rows = Answer.objects.filter(draft_uuid=draft)
        return {row.path: (row.origin, row.value, row.verified_at) for row in rows}


def filled(client: Client) -> UUID:
    draft = begin(client)
    assert send(client, draft, "nguoi", {"phone": "0912345678"}) == 302
    assert send(client, draft, "viec", WHAT) == 302
    assert send(client, draft, "buoc/ket-qua", {"cach": "electronic"}) == 302
    return draft


def test_they_are_filled_in_and_read_again_when_sent(here: Unit) -> None:
    client = signed_in(NEW)
    draft = filled(client)
    before = stored(draft)
    assert before["full_name"][:2] == ("e_identity", "Phạm Thị Mới")
    assert "Định danh điện tử" in text_of(client, f"/nop/ho-so/{draft}/xem-lai/")
    assert send(client, draft, "xem-lai", {}) == 302
    after = stored(draft)
    assert after["full_name"][2] > before["full_name"][2]  # read again, at the moment of sending
    assert after["address"][2] > before["address"][2]
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get(uuid=draft).applicant_name == "Phạm Thị Mới"


def test_what_the_e_identity_says_now_takes_its_place_and_is_shown(here: Unit) -> None:
    """Fails where sending does not hand on the claims: the old name would be filed."""
    client = signed_in(NEW)
    draft = filled(client)
    signed_in(replace(NEW, address="Thôn Mẫu 7, Thường Xuân"), client)
    sent = client.post(f"/nop/ho-so/{draft}/xem-lai/")
    assert sent.status_code == 422
    assert "Thôn Mẫu 7" in sent.content.decode()
    assert stored(draft)["address"][1] == "Thôn Mẫu 7, Thường Xuân"
    assert send(client, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        assert Dossier.objects.get(uuid=draft).applicant_address == "Thôn Mẫu 7, Thường Xuân"


def test_another_ones_claims_never_speak_in_it(here: Unit) -> None:
    """Somebody else signed in, who holds the code: what they are called is nothing to this draft."""
    client = signed_in(NEW)
    draft = filled(client)
    other = signed_in(replace(NEW, national_id="038190008888", full_name="Người Khác", address="Nơi khác"))
    session = other.session
    session["portal.held"] = {str(draft): timezone.now().timestamp()}
    session.save()
    assert send(other, draft, "xem-lai", {}) == 302
    assert stored(draft)["full_name"][1] == "Phạm Thị Mới"


def test_a_locked_claim_is_not_typed_over(here: Unit) -> None:
    client = signed_in(NEW)
    draft = begin(client)
    send(client, draft, "nguoi", {"full_name": "Giả Mạo", "phone": "0912345678"})
    assert stored(draft)["full_name"][:2] == ("e_identity", "Phạm Thị Mới")
