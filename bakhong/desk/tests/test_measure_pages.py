"""What was asked again and who had to come, as numbers that open their lists."""

import io
import re
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bakhong.audit.models import Event as AuditEvent
from bakhong.core.actor import OPERATOR
from bakhong.desk.tests.casework import UNKNOWN, opened, stored, text
from bakhong.desk.tests.test_exchange_pages import words
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.queries.queue import newest
from bakhong.dossiers.tests.conftest import bare, event_of
from bakhong.people import scope
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


def test_what_came_online_is_taken_in_in_time(
    officer: Client, received: Dossier, thuong_xuan: Unit, at: datetime
) -> None:
    """Of three that came online one was taken in late and one never; one that still has time is not counted, nor is the counter's."""
    came = at - timedelta(hours=5)
    with scope.seeing(OPERATOR):
        for hours, taken in ((1, 2), (1, None), (100, None), (1, 0)):
            made = bare(
                thuong_xuan,
                at,
                channel="online",
                submitted_at=came,
                receive_by=came + timedelta(hours=hours),
                received_at=None if taken is None else came + timedelta(hours=taken),
                code=None if taken is None else f"H56.22-{taken}",
            )
            made.save(force_insert=True)
            event_of(made, "file", "submitted", came).save(force_insert=True)
    page = words(officer.get(here(thuong_xuan)))
    assert "Tiếp nhận trong 8 giờ làm việc 33,3% (1/3 hồ sơ nộp trực tuyến" in page
    assert "chưa đối chiếu văn bản" in page
    late = text(officer.get(here(thuong_xuan, "?behind=untaken"))).partition('id="behind"')[2]
    assert late.count("data-row") == 2
    assert "H56.22-2" in late


def test_a_long_list_comes_in_pages_and_as_a_workbook(
    officer: Client, thuong_xuan: Unit, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newest, "__defaults__", ("", 2))  # rows of a page
    with scope.seeing(OPERATOR):
        for number in range(5):
            made = bare(
                thuong_xuan,
                at,
                channel="online",
                submitted_at=at - timedelta(minutes=number),
                receive_by=at - timedelta(seconds=1),
                applicant_name=f"Người {number}",
            )
            made.save(force_insert=True)
            event_of(made, "file", "submitted", at).save(force_insert=True)
    seen, address = [], here(thuong_xuan, "?behind=untaken")
    while address:
        listed = text(officer.get(address)).partition('id="behind"')[2]
        seen += re.findall(r"Người \d", listed)
        following = re.search(r'href="([^"]*after=[^"]*)" data-key="N"', listed)
        address = here(thuong_xuan, following[1].replace("&amp;", "&")) if following else ""
    assert seen == [f"Người {number}" for number in range(5)]
    answer: Any = officer.post(here(thuong_xuan, "?behind=untaken"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.active is not None
    assert [row[1].value for row in book.active.iter_rows() if str(row[1].value).startswith("Người ")][
        -5:
    ] == seen
    with scope.seeing(OPERATOR):
        (told,) = AuditEvent.objects.filter(deed="desk.export")
    assert told.details["what"] == "dossier_measures.untaken"
    assert officer.post(here(thuong_xuan)).status_code == 404
