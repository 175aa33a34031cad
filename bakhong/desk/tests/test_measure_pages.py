"""What was asked again and who had to come, as numbers that open their lists."""

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.desk.tests.casework import UNKNOWN, opened, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.people.models import Person
from bakhong.places.models import Unit


def here(unit: Unit, asked: str = "") -> str:
    return reverse("desk:dossier_measures", args=[unit.uuid]) + asked


def test_nothing_is_no_number(officer: Client, thuong_xuan: Unit) -> None:
    page = text(officer.get(here(thuong_xuan)))
    assert "chưa có số liệu" in page
    assert "0%" not in page


def test_what_was_known_was_not_asked(officer: Client, received: Dossier, thuong_xuan: Unit) -> None:
    page = text(officer.get(here(thuong_xuan)))
    assert page.count("100%") >= 2  # of the commune, and of the procedure
    assert "không câu nào hỏi lại" in page


def test_what_was_asked_again_opens_its_dossiers(
    shipped_forms: None, lady: Person, officer: Client, thuong_xuan: Unit
) -> None:
    """Negative control of the above: she came without being known, so everything was typed."""
    address = opened(officer, thuong_xuan, arrival="other", scan="le hoa")["Location"]
    said = {
        **UNKNOWN,
        "full_name": "Lê Thị Hoá",
        "birth": "15/03/1990",
        "sex": "female",
        "national_id": "038190001234",
        "address": "Thôn 1",
        "phone": "0912345678",
        "for_whom": "self",
    }
    answer = officer.post(address, {**said, "deed": "receive", "result_mode": "desk"})
    assert answer.status_code == 302, text(answer)
    page = text(officer.get(here(thuong_xuan)))
    assert "Câu hỏi bắt khai lại" in page
    assert "Cả xã" in page
    assert "Tính trên 1/1 hồ sơ mà xã biết người nộp là ai" in page
    opened_list = text(officer.get(here(thuong_xuan, "?behind=question&question=marriage_status/full_name")))
    assert stored(Dossier)[0].code in opened_list


@pytest.mark.parametrize(
    "asked", ["?first=31/02/2026", "?first=01/01/2026&last=01/01/2025", "?first=1/1/1900"]
)
def test_days_that_cannot_be(asked: str, officer: Client, thuong_xuan: Unit) -> None:
    assert officer.get(here(thuong_xuan, asked)).status_code == 400


@pytest.mark.parametrize("asked", ["?behind=zzz", "?behind=question&question=%00", "?behind=came"])
def test_unknown_lists_are_left_out(
    asked: str, officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    assert officer.get(here(thuong_xuan, asked)).status_code == 200
