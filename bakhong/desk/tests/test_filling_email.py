"""At the desk, too, it is asked where news may be written to; the general form asks itself."""

import pytest
from django.test import Client

from bakhong.desk.tests.casework import UNKNOWN, opened, stored, text
from bakhong.dossiers.applicants import email_of
from bakhong.dossiers.models import Dossier
from bakhong.people.models import Person
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("shipped_forms")


def test_an_address_for_news_is_kept_with_the_dossier(
    officer: Client, thuong_xuan: Unit, lady: Person
) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    said = {**UNKNOWN, "deed": "receive", "result_mode": "desk"}
    wrong = officer.post(address, {**said, "news_email": "hoa@example"})
    assert wrong.status_code == 422
    assert "Địa chỉ thư điện tử chưa đúng" in text(wrong)
    assert 'value="hoa@example"' in text(wrong)
    assert stored(Dossier) == []
    saved = officer.post(address, {**said, "deed": "save", "news_email": "hoa@example.vn"})
    assert 'value="hoa@example.vn"' in text(saved)
    assert 'value="hoa@example.vn"' in text(officer.get(address))
    assert officer.post(address, {**said, "news_email": "hoa@example.vn"}).status_code == 302
    (dossier,) = stored(Dossier)
    assert email_of(dossier.applicant_email, dossier.uuid) == "hoa@example.vn"
