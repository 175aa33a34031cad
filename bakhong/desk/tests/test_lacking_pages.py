"""Something is missing at the desk: the slip says all of it, nothing typed is lost, and what is there is not asked for again."""

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.desk.tests.casework import MARRIAGE, UNKNOWN, opened, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.eforms.models import Draft
from bakhong.people.models import Person
from bakhong.places.models import Unit

pytestmark = pytest.mark.usefixtures("shipped_forms")


def slip_of(page: str) -> str:
    return page.split('<section class="bk-slip"')[1]


def test_all_that_is_missing_is_on_one_slip(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    said = {"ethnicity": "Mường", "marital_status": "divorced"}
    answer = officer.post(f"{address}con-thieu/", said)
    assert answer.status_code == 200, text(answer)
    slip = slip_of(text(answer))
    assert "Lê Thị Hoá" in slip
    assert "Bản án hoặc quyết định ly hôn" in slip
    assert "<li>Quốc tịch</li>" in slip
    assert "<li>Dân tộc</li>" not in slip  # typed just now
    assert f"{stored(Draft)[0].expires_on:%d/%m/%Y}" in slip
    seen = slip_of(text(officer.post(f"{address}con-thieu/", {**said, "paper-divorce-seen": "on"})))
    assert "Bản án hoặc quyết định ly hôn" not in seen
    assert "Mường" in text(officer.get(address))  # kept
    assert stored(Dossier) == []


def test_nothing_is_missing(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    """Negative control: the same press, everything there."""
    address = opened(officer, thuong_xuan)["Location"]
    page = text(officer.post(f"{address}con-thieu/", UNKNOWN))
    assert "Không còn thiếu gì" in page
    assert 'class="bk-slip"' not in page


def test_a_mere_visit_leads_back(officer: Client, lady: Person, thuong_xuan: Unit) -> None:
    address = opened(officer, thuong_xuan)["Location"]
    assert officer.get(f"{address}con-thieu/")["Location"] == address


def test_another_commune_s_is_not_there(
    officer: Client, lady: Person, thuong_xuan: Unit, other_commune: Unit
) -> None:
    opened(officer, thuong_xuan)
    there = reverse("desk:lacking", args=[other_commune.uuid, MARRIAGE, stored(Draft)[0].uuid])
    assert officer.post(there, {}).status_code in {403, 404}
