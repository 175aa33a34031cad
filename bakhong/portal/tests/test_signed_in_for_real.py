"""Filing after a real sign-in at a real provider: what its token says reaches the form, and is read again when it is sent."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR
from bakhong.dossiers.models import Dossier
from bakhong.eforms.actions.publishing import publish_shipped
from bakhong.eforms.models import Answer
from bakhong.people import scope
from bakhong.people.models import Person
from bakhong.portal.tests.filing import WHAT, begin, send
from bakhong.portal.tests.provider import Running, running_provider
from bakhong.portal.tests.test_e_identity import come_back, hoa, provider

__all__ = ["hoa", "provider", "running_provider"]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _commune(settings: Any, hoa: Person, at: datetime) -> None:
    settings.UNIT = "15646"
    publish_shipped(at)


@pytest.mark.parametrize(
    ("login", "name", "is_in_roll"), [("hoa", "Lê Thị Hoá", True), ("la", "Không Ở Đây", False)]
)
def test_the_token_fills_in_and_is_read_again(
    provider: Running, hoa: Person, client: Client, login: str, name: str, is_in_roll: bool
) -> None:
    come_back(client, provider, login)
    draft = begin(client)
    assert send(client, draft, "nguoi", {"phone": "0912345678", "address": "Thôn Mẫu 1"}) == 302
    assert send(client, draft, "viec", WHAT) == 302
    assert send(client, draft, "buoc/ket-qua", {"cach": "electronic"}) == 302
    with scope.seeing(OPERATOR):
        before = Answer.objects.get(draft_uuid=draft, path="full_name")
    assert before.origin in ("e_identity", "roll")
    assert send(client, draft, "xem-lai", {}) == 302
    with scope.seeing(OPERATOR):
        dossier = Dossier.objects.get(uuid=draft)
        after = Answer.objects.get(draft_uuid=draft, path="full_name")
    assert (dossier.applicant_name, dossier.person_id) == (name, hoa.pk if is_in_roll else None)
    assert dossier.filed_by.startswith("resident:")
    assert before.verified_at is not None
    assert after.verified_at > before.verified_at
