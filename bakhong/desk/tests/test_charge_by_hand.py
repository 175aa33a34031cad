"""A charge by hand belongs to somebody of the roll where a number, a card or a customer's code says whose it is."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR
from bakhong.core.ids import new_uuid
from bakhong.desk.tests.test_charge_pages import charges, text, url
from bakhong.payments.actions.billers import commune_biller
from bakhong.payments.actions.charging import Owed, raise_charge, withdraw_charge
from bakhong.payments.models import Biller
from bakhong.people import scope
from bakhong.people.actions import add_organisation, add_person
from bakhong.people.tests.conftest import village, villages  # noqa: F401
from bakhong.places.models import Unit

Enter = Callable[..., Client]
NUMBER = "038190012345"
CARD = f"{NUMBER}||Lê Thị Hoá|15031990|Nữ|Xuân Thành|01052021"


@pytest.fixture
def everybody(db: None) -> None:
    """Villages are made as the operator; a page sees whom it may."""


@pytest.fixture
def biller(thuong_xuan: Unit, at: datetime) -> Biller:
    return commune_biller(thuong_xuan, at=at)


@pytest.fixture
def accountant(enter: Enter, thuong_xuan: Unit) -> Client:
    return enter("accountant", thuong_xuan)


def test_a_number_or_card_says_whose_it_is_and_shows_nobody(
    accountant: Client,
    thuong_xuan: Unit,
    biller: Biller,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    with scope.seeing(OPERATOR):
        values = {"name": "Lê Thị Hoá", "national_id": NUMBER}
        person = add_person(village=village, values=values, source="list", by=OPERATOR, at=at)
    page = url("charge_new", thuong_xuan, biller)
    told = {"service": "other", "title": "Quỹ", "amount": "6.000"}

    def sent(**more: str) -> str:
        return text(accountant.post(page, {**told, "form_key": str(new_uuid()), **more}, follow=True))

    assert "Đã lập khoản thu" in sent(payer=CARD)  # the card says the name
    assert "Đã lập khoản thu" in sent(payer="038 190 012 345", payer_name="LÊ THỊ HOÁ")
    assert "không hiện ở trang của người trả" in sent(payer="038190099999", payer_name="Vi Văn Cao")
    assert "Đã lập khoản thu" in sent(payer_name="Lê Thị Hoá")  # a name identifies nobody
    assert [each.person_id for each in charges()] == [person.pk, person.pk, None, None]
    first = charges()[0]
    assert (first.payer_name, first.village_id) == ("Lê Thị Hoá", village.pk)
    wrong = sent(payer=NUMBER, payer_name="Kẻ Gian")
    assert "không khớp danh sách dân" in wrong
    assert "Lê Thị Hoá" not in wrong
    assert "12 chữ số" in sent(payer="123", payer_name="A")
    assert "Ai trả" in sent()
    assert len(charges()) == 4


def test_what_is_raised_anew_is_the_same_payers(
    accountant: Client,
    thuong_xuan: Unit,
    biller: Biller,
    villages: list[Unit],  # noqa: F811
    at: datetime,
) -> None:
    with scope.seeing(OPERATOR):
        board = add_organisation(
            village=villages[0], kind="household_business", name="Quán Bình", by=OPERATOR, at=at
        )
        owed = Owed(biller, "other", "Quỹ", 5_000, "Lê Thị Bình", villages[0], organisation=board)
        made = raise_charge(owed=owed, key=new_uuid(), by=OPERATOR, at=at)
        withdraw_charge(charge=made, why="Sai số tiền", by=OPERATOR, at=at)
    told = {"payer_name": "Lê Thị Bình", "service": "other", "title": "Quỹ", "amount": "6.000"}
    where = f"{url('charge_new', thuong_xuan, biller)}?again={made.uuid}"
    accountant.post(where, {**told, "form_key": str(new_uuid())})
    accountant.post(where, {**told, "payer_name": "Người khác", "form_key": str(new_uuid())})
    assert [each.organisation_id for each in charges()] == [board.pk, board.pk, None]
