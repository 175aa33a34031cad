"""Forms 01 to 06 from the desk: those there is something to say on, and no others."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from bakhong.audit.models import Event
from bakhong.core.days import VIET_NAM, parse_day
from bakhong.core.numbers import format_day
from bakhong.desk.tests.casework import at, press, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.places.models import Unit
from bakhong.procedures.queries.calendar import calendar_for


@pytest.mark.parametrize("form", ["01", "01-80mm", "05"])
def test_a_received_dossier_has_its_slips(form: str, officer: Client, received: Dossier) -> None:
    answer = officer.get(at("dossier_print", received, form))
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("form", ["02", "03", "04", "06", "khac"])
def test_what_never_happened_has_no_form(form: str, officer: Client, received: Dossier) -> None:
    assert officer.get(at("dossier_print", received, form)).status_code == 404


def test_an_apology_has_its_form(officer: Client, received: Dossier) -> None:
    press(officer, received, "apologise", due_on="30/11/2026", reason="overload")
    assert officer.get(at("dossier_print", received, "04")).content.startswith(b"%PDF")


def test_an_apology_proposes_a_day_and_hands_its_form(
    officer: Client, received: Dossier, thuong_xuan: Unit
) -> None:
    page = text(officer.get(at("dossier", received)))
    proposed = re.search(r'name="due_on"[^>]*value="([0-9/]+)"|value="([0-9/]+)"[^>]*name="due_on"', page)
    assert proposed is not None
    assert received.due_at is not None
    day = parse_day(proposed[1] or proposed[2])
    assert day is not None
    assert day > received.due_at.date()
    answer = press(officer, received, "apologise", due_on=format_day(day), reason="overload")
    assert answer.status_code == 302, text(answer)
    after = text(officer.get(at("dossier", received)))
    assert f'<a href="{at("dossier_print", received, "04")}">' in after.split("<h1>")[0]
    promised = stored(Dossier)[0].due_at.astimezone(VIET_NAM)
    closes = calendar_for(thuong_xuan, day).closing(day)
    assert (promised.date(), promised.time()) == (day, closes.time())


def test_a_refusal_has_its_form(officer: Client, received: Dossier) -> None:
    press(officer, received, "refuse", reason="already_settled")
    assert officer.get(at("dossier_print", received, "03")).content.startswith(b"%PDF")


def test_the_register_is_taken_out_on_record(officer: Client, received: Dossier, thuong_xuan: Unit) -> None:
    address = reverse("desk:dossier_register", args=[thuong_xuan.uuid])
    assert "Tạo sổ PDF" in text(officer.get(address))
    days = {"first": "01/11/2026", "last": "22/11/2026"}
    assert officer.post(address, days).content.startswith(b"%PDF")
    taken: Any = officer.post(address, {**days, "form": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(taken.streaming_content)))
    assert book.active is not None
    line = [cell.value for cell in list(book.active.iter_rows())[-1]]
    assert (line[0], line[1], line[3]) == (1, received.code, received.applicant_name)
    told = [each.details["form"] for each in stored(Event) if each.deed == "desk.export"]
    assert told == ["pdf", "xlsx"]


def test_a_register_is_whole_or_none(
    officer: Client, received: Dossier, thuong_xuan: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("desk:dossier_register", args=[thuong_xuan.uuid])
    period = {"first": "01/11/2026", "last": "22/11/2026"}
    monkeypatch.setattr("bakhong.desk.views.dossiers.prints.MOST_ROWS", 0)
    answer = officer.post(address, period)
    assert answer.status_code == 422
    assert "Có 1 hồ sơ, một sổ nhiều nhất 0. Lấy đến ngày" in text(answer)
    assert not [each for each in stored(Event) if each.deed == "desk.export"]
    monkeypatch.setattr("bakhong.desk.views.dossiers.prints.MOST_ROWS", 1)
    assert officer.post(address, period).content.startswith(b"%PDF")


@pytest.mark.parametrize("last", ["", "31/02/2026", "01/01/2020", "01/01/2030"])
def test_a_period_that_is_none_is_told(last: str, officer: Client, thuong_xuan: Unit) -> None:
    address = reverse("desk:dossier_register", args=[thuong_xuan.uuid])
    assert officer.post(address, {"first": "31/12/9999", "last": "31/12/9999"}).status_code == 422
    assert officer.post(address, {"first": "01/11/2026", "last": last}).status_code == 422
