"""Forms 01 to 06 from the desk: those there is something to say on, and no others."""

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.audit.models import Event
from bakhong.desk.tests.casework import at, press, stored, text
from bakhong.dossiers.models import Dossier
from bakhong.places.models import Unit


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


def test_a_refusal_has_its_form(officer: Client, received: Dossier) -> None:
    press(officer, received, "refuse", reason="already_settled")
    assert officer.get(at("dossier_print", received, "03")).content.startswith(b"%PDF")


def test_the_register_is_taken_out_on_record(officer: Client, received: Dossier, thuong_xuan: Unit) -> None:
    address = reverse("desk:dossier_register", args=[thuong_xuan.uuid])
    assert "Tạo sổ PDF" in text(officer.get(address))
    answer = officer.post(address, {"first": "01/11/2026", "last": "22/11/2026"})
    assert answer.content.startswith(b"%PDF")
    assert "desk.export" in {each.deed for each in stored(Event)}


@pytest.mark.parametrize("last", ["", "31/02/2026", "01/01/2020", "01/01/2030"])
def test_a_period_that_is_none_is_told(last: str, officer: Client, thuong_xuan: Unit) -> None:
    address = reverse("desk:dossier_register", args=[thuong_xuan.uuid])
    assert officer.post(address, {"first": "31/12/9999", "last": "31/12/9999"}).status_code == 422
    assert officer.post(address, {"first": "01/11/2026", "last": last}).status_code == 422
