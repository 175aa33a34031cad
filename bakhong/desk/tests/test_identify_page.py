"""Whose dossier it is, said at the desk with the card in hand."""

from django.test import Client
from django.urls import reverse

from bakhong.desk.tests.casework import UNKNOWN, opened, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.people.models import Person
from bakhong.places.models import Unit

SAID = {
    **UNKNOWN,
    "full_name": "Lê Thị Hoá",
    "birth": "15/03/1990",
    "sex": "female",
    "national_id": "038190001234",
    "address": "Thôn 1",
    "phone": "0912345678",
    "for_whom": "self",
    "deed": "receive",
    "result_mode": "desk",
}


def test_the_card_makes_it_theirs(
    shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit
) -> None:
    address = opened(officer, thuong_xuan, scan="khong co ai", is_blank="1")["Location"]
    officer.post(address, SAID)
    dossier = stored(Dossier)[0]
    assert dossier.person_id is None
    page = reverse("desk:dossier", args=[thuong_xuan.uuid, dossier.uuid])
    deed = reverse("desk:dossier_deed", args=[thuong_xuan.uuid, dossier.uuid, "identify"])
    assert deed in text(officer.get(page))
    sent = {"version": str(dossier.version), "came_in_person": "on"}
    assert officer.post(deed, {**sent, "number": "0381"}).status_code == 422
    assert "khác số" in text(officer.post(deed, {**sent, "number": "038060001234"}))
    card = "038190001234||Lê Thị Hoá|15031990|Nữ|Thôn 1|01052021"
    assert officer.post(deed, {**sent, "number": card}).status_code == 302
    assert stored(Dossier)[0].person_id == lady.pk
    assert deed not in text(officer.get(page))  # it says whose it is already
