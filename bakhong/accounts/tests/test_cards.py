"""Cards of members without an e-mail address: what opens one, once, and for how long."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from bakhong.accounts import actions, pins
from bakhong.accounts.actions import Card, open_with_card
from bakhong.accounts.models import Invitation, PhoneDevice, User
from bakhong.accounts.queries import open_card, open_invitation
from bakhong.accounts.tests.conftest import World
from bakhong.accounts.tests.phones import (
    ENTRANCE,
    PHONE,
    PIN,
    Clock,
    card,
    clock,
    is_in,
    leave,
    scan,
    sign_in,
)
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.core.errors import NotFound

__all__ = ["card", "clock"]


def test_it_opens_a_card_and_then_signs_in_with_the_pin(card: Card, clock: Clock) -> None:
    phone = Client()
    page = phone.get(f"{ENTRANCE}{card.code}/")
    assert page.status_code == 200
    assert "Lê Thị Hoá" in page.content.decode()
    assert scan(phone, card) == 302
    assert is_in(phone)
    leave(phone)
    assert PHONE in phone.get(ENTRANCE).content.decode()
    answer = sign_in(phone, phone="+84 912 345 678")
    assert (answer.status_code, answer.url) == (302, "/to/")
    assert is_in(phone)
    deeds = set(Event.objects.values_list("deed", flat=True))
    assert {"accounts.create_user", "accounts.print_card", "accounts.set_pin", "accounts.sign_in"} <= deeds


def test_it_keeps_neither_code_nor_pin_nor_the_name_of_the_phone(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    kept = str([list(model.objects.values()) for model in (User, Invitation, PhoneDevice, Event)])
    assert card.code not in kept
    assert PIN not in kept
    assert phone.cookies[pins.COOKIE].value not in kept
    assert PHONE not in str(list(Event.objects.values()))
    cookie = phone.cookies[pins.COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_looking_at_a_card_does_not_use_it_up(card: Card, clock: Clock) -> None:
    for _ in range(3):
        assert Client().get(f"{ENTRANCE}{card.code}/").status_code == 200
    assert scan(Client(), card) == 302


def test_a_card_works_once(card: Card, clock: Clock) -> None:
    assert scan(Client(), card) == 302
    thief = Client()
    assert thief.get(f"{ENTRANCE}{card.code}/").status_code == 404
    assert scan(thief, card, "906284") == 404
    assert not is_in(thief)


def test_two_who_scan_together_do_not_both_get_in(
    card: Card, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both saw the card open; the condition of the update lets one through. Without it this is red."""
    seen = open_card(card.code, clock.now)
    monkeypatch.setattr("bakhong.accounts.actions.phones.open_card", lambda code, at: seen)
    open_with_card(code=card.code, pin=PIN, device="a", at=clock.now)
    with pytest.raises(NotFound):
        open_with_card(code=card.code, pin="906284", device="b", at=clock.now)
    assert PhoneDevice.objects.get().digest == "a"


def test_a_card_works_for_seven_days(card: Card, clock: Clock) -> None:
    assert open_card(card.code, clock.now + timedelta(days=7, seconds=-1))
    clock.pass_(days=7)
    assert Client().get(f"{ENTRANCE}{card.code}/").status_code == 404
    assert scan(Client(), card) == 404


def test_the_code_can_be_typed(card: Card, clock: Clock) -> None:
    typed = " ".join(re.findall("....", card.code.lower())).replace("0", "o")
    answer = Client().post(ENTRANCE, {"code": typed})
    assert (answer.status_code, answer.url) == (302, f"{ENTRANCE}{card.code}/")
    short = Client().post(ENTRANCE, {"code": "abcd"})
    assert short.status_code == 422
    assert "16 ký tự" in short.content.decode()


@pytest.mark.parametrize("pin", ["000000", "123456", "150390", "196203", "12345", "912345", "121212"])
def test_it_refuses_digits_a_neighbour_would_try(pin: str, card: Card, clock: Clock) -> None:
    phone = Client()
    assert scan(phone, card, pin) == 422
    assert not is_in(phone)
    assert open_card(card.code, clock.now)


def test_it_asks_for_the_pin_twice(card: Card, clock: Clock) -> None:
    assert scan(Client(), card, PIN, "906284") == 422


def test_a_card_and_a_link_are_not_each_other(card: Card, world: World, clock: Clock) -> None:
    """Else a card would set a passphrase, and an administrator's link six digits."""
    assert open_invitation(card.code, clock.now) is None
    invited = actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=clock.now)
    assert open_card(invited.token, clock.now) is None
    with pytest.raises(NotFound):
        open_with_card(code=invited.token, pin=PIN, device="x", at=clock.now)
