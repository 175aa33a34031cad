"""The fee of a dossier that ended without a result: brought up to the accountant, said to the desk and to the applicant."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import Assignment, User
from bakhong.core.actor import OPERATOR
from bakhong.dossiers.actions.charging import ask_for_fee
from bakhong.dossiers.actions.ending import refuse
from bakhong.dossiers.models import Dossier
from bakhong.dossiers.tests.conftest import bare, event_of
from bakhong.dossiers.tracking import tracking_code_of, tracking_columns
from bakhong.payments.actions.settling import settle_by_lines
from bakhong.payments.models import Charge
from bakhong.payments.tests.ledger_world import account_of, line_of
from bakhong.people import scope
from bakhong.places.models import Unit

Enter = Callable[..., Client]
NOW = datetime.now(UTC)
CONSIDER = "Xem có phải trả lại 20.000 đ phí hồ sơ không"


@pytest.fixture
def dossier(thuong_xuan: Unit) -> Dossier:
    """Handed in, its fee paid by transfer."""
    with scope.seeing(OPERATOR):
        made = bare(thuong_xuan, NOW, fee_amount=20_000)
        for name, value in tracking_columns("7K2M9PQR4T6VX", made.uuid).items():
            setattr(made, name, value)
        made.save(force_insert=True)
        event_of(made, "file", "submitted", NOW).save(force_insert=True)
        made.refresh_from_db()
        charge = ask_for_fee(dossier=made, by=OPERATOR, at=NOW)
        assert charge is not None
        line = line_of(account_of(charge.biller, NOW), NOW, charge.amount)
        line.save(force_insert=True)
        settle_by_lines(charge=charge, lines=[line], by=OPERATOR, at=NOW)
    return made


@pytest.fixture
def charge(dossier: Dossier) -> Charge:
    with scope.seeing(OPERATOR):
        return Charge.objects.get(about=dossier.uuid)


@pytest.fixture
def ended(dossier: Dossier) -> Dossier:
    with scope.seeing(OPERATOR):
        return refuse(dossier=dossier, reason="other", note="Không thuộc thẩm quyền.", by=OPERATOR, at=NOW)


def shown(client: Client, name: str, unit: Unit, *args: Any) -> str:
    answer = client.get(reverse(name, args=[unit.uuid, *args]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode().replace("\xa0", " "))


def refund_url(unit: Unit, charge: Charge) -> str:
    return reverse("desk:refund_of_charge", args=[unit.uuid, charge.uuid])


def test_the_accountant_finds_it_on_the_first_screen_and_at_the_charge(
    enter: Enter, thuong_xuan: Unit, ended: Dossier, charge: Charge
) -> None:
    client = enter("accountant", thuong_xuan)
    first = shown(client, "desk:money", thuong_xuan)
    assert CONSIDER in first
    assert reverse("desk:charge", args=[thuong_xuan.uuid, charge.uuid]) in first
    page = shown(client, "desk:charge", thuong_xuan, charge.uuid)
    assert "Hồ sơ đã dừng, phí đã trả" in page
    assert refund_url(thuong_xuan, charge) in page


def test_while_it_goes_on_nothing_is_said(
    enter: Enter, thuong_xuan: Unit, dossier: Dossier, charge: Charge
) -> None:
    client = enter("accountant", thuong_xuan)
    assert CONSIDER not in shown(client, "desk:money", thuong_xuan)
    assert "Hồ sơ đã dừng" not in shown(client, "desk:charge", thuong_xuan, charge.uuid)
    officer = enter("one_stop_officer", thuong_xuan)
    assert "Hồ sơ đã dừng" not in shown(officer, "desk:dossier", thuong_xuan, dossier.uuid)


def test_the_desk_is_told_and_only_who_may_is_led_to_the_refund(
    enter: Enter, thuong_xuan: Unit, ended: Dossier, charge: Charge
) -> None:
    officer = enter("one_stop_officer", thuong_xuan)
    page = shown(officer, "desk:dossier", thuong_xuan, ended.uuid)
    assert "Kế toán đã được báo" in page
    assert refund_url(thuong_xuan, charge) not in page
    keeps_books = {"role": "accountant", "place": thuong_xuan, "valid_from": date(2025, 7, 1)}
    Assignment.objects.create(user=User.objects.get(), **keeps_books)
    page = shown(officer, "desk:dossier", thuong_xuan, ended.uuid)
    assert refund_url(thuong_xuan, charge) in page


def test_the_applicant_is_told_that_the_commune_will_be_in_touch(client: Client, ended: Dossier) -> None:
    answer = client.get(f"/tra-cuu/{tracking_code_of(ended)}/")
    page = answer.content.decode()
    assert "sẽ liên hệ với ông/bà về khoản này" in page
    assert "chưa trả" not in page
