"""A second person looks at a new account and confirms it; until then nobody pays into it."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client

from bakhong.desk.tests.test_charge_pages import text, url
from bakhong.payments.actions.billers import commune_biller
from bakhong.payments.models import BankAccount
from bakhong.places.models import Unit

Enter = Callable[..., Client]


def test_a_second_person_confirms_the_account(enter: Enter, thuong_xuan: Unit, at: datetime) -> None:
    biller, accountant = commune_biller(thuong_xuan, at=at), enter("accountant", thuong_xuan)
    chair = enter("chair", thuong_xuan)
    told = {"account-bank_bin": "970405", "account-number": "1500201012345", "account-holder": "UBND xa"}
    accountant.post(url("biller", thuong_xuan, biller), {"deed": "account_open", **told})
    made = BankAccount.objects.get()
    page = url("bank_account", thuong_xuan, made)
    assert "người khác phải xác nhận" in text(accountant.get(page))
    assert accountant.post(page, {"deed": "approve", "note": "tự mình"}).status_code == 403
    assert "chờ người thứ hai xác nhận" in text(accountant.get(url("billers", thuong_xuan)))
    inbox = chair.get(url("my_messages", thuong_xuan)).content.decode()
    assert page in inbox  # the message leads to it
    for name in ("money", "money_summary"):
        assert page in chair.get(url(name, thuong_xuan)).content.decode()
    assert chair.post(page, {"deed": "approve", "note": ""}).status_code == 422
    assert chair.post(page, {"deed": "approve", "note": "Gọi kho bạc"}).status_code == 302
    made.refresh_from_db()
    assert made.is_in_use
    assert "Gọi kho bạc" in text(accountant.get(page))
    assert page not in chair.get(url("money_summary", thuong_xuan)).content.decode()
    assert enter("biller_accountant", thuong_xuan).get(page).status_code == 404
