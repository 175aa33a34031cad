"""Six digits and the phone they work on: guesses, sessions and what ends them."""

import re

import pytest
from django.test import Client

from bakhong.accounts import actions, pins
from bakhong.accounts.actions import Card, issue_cards
from bakhong.accounts.models import PhoneDevice
from bakhong.accounts.queries import open_card
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

__all__ = ["card", "clock"]


def test_the_pin_works_on_its_own_phone_only(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    leave(phone)
    other = Client()
    assert sign_in(other).status_code == 422
    assert not is_in(other)
    other.cookies[pins.COOKIE] = phone.cookies[pins.COOKIE].value  # the control: it is the cookie that counts
    clock.pass_(minutes=1)
    assert sign_in(other).status_code == 302


def test_a_forged_name_of_a_phone_is_no_name(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    leave(phone)
    value = phone.cookies[pins.COOKIE].value
    phone.cookies[pins.COOKIE] = value[:-2] + ("AA" if not value.endswith("AA") else "BB")
    assert sign_in(phone).status_code == 422
    assert PHONE not in phone.get(ENTRANCE).content.decode()


def test_ten_wrong_pins_kill_it_and_even_the_right_one_stays_out(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    leave(phone)
    for left in range(pins.TRIES - 1, 0, -1):
        answer = sign_in(phone, "906284")
        assert f"Còn {left} lần thử" in answer.content.decode()
        clock.pass_(minutes=15)
    assert "bị khóa" in sign_in(phone, "906284").content.decode()
    clock.pass_(days=30)
    assert sign_in(phone).status_code == 422
    assert not is_in(phone)
    assert Event.objects.filter(deed="accounts.lock_pin").exists()


def test_nine_wrong_ones_do_not(card: Card, clock: Clock) -> None:
    """The control of the test above; and the right one starts the count anew."""
    phone = Client()
    scan(phone, card)
    leave(phone)
    for _ in range(pins.TRIES - 1):
        sign_in(phone, "906284")
        clock.pass_(minutes=15)
    assert sign_in(phone).status_code == 302
    assert PhoneDevice.objects.get().failures == 0


def test_guesses_on_the_phone_wait_longer_and_longer(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    leave(phone)
    sign_in(phone, "906284")
    answer = sign_in(phone)
    assert answer.status_code == 429
    assert "Hãy đợi" in answer.content.decode()
    clock.pass_(seconds=2)
    assert sign_in(phone).status_code == 302


def test_guesses_from_elsewhere_lock_nobody_out(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    leave(phone)
    for attempt in range(30):
        sign_in(Client(), f"{attempt:06}", REMOTE_ADDR="198.51.100.7")
        clock.pass_(minutes=16)
    assert PhoneDevice.objects.get().failures == 0
    assert sign_in(phone, REMOTE_ADDR="198.51.100.7").status_code == 302


def test_a_network_that_guesses_at_many_members_waits(card: Card, clock: Clock) -> None:
    answers = [
        sign_in(Client(), phone=f"09123456{each:02}", REMOTE_ADDR="198.51.100.7").content.decode()
        for each in range(3)
    ]
    assert "Hãy đợi" not in answers[0]
    assert "Hãy đợi" in answers[1]
    assert "Hãy đợi" not in sign_in(Client(), REMOTE_ADDR="203.0.113.9").content.decode()


def test_an_unknown_number_is_answered_like_a_known_one(
    card: Card, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words and the same work: one hash is made in every case."""
    from django.contrib.auth.hashers import ScryptPasswordHasher

    phone, worked = Client(), []
    scan(phone, card)
    leave(phone)
    encode = ScryptPasswordHasher.encode
    monkeypatch.setattr(
        ScryptPasswordHasher, "encode", lambda *args, **more: worked.append(1) or encode(*args, **more)
    )

    def told(number: str) -> str:
        clock.pass_(hours=1)
        worked.clear()
        page = sign_in(Client(), phone=number).content.decode()
        assert len(worked) == 1
        main = page[page.index("<main") : page.index("</main>")].replace(number, "")
        return re.sub(r'value="[\w-]{20,}"', "", main)

    assert told(PHONE) == told("0987654321") == told("0977000111")
    clock.pass_(hours=1)
    worked.clear()
    sign_in(phone, "906284")
    assert len(worked) == 1


def test_a_session_rests_for_hours_and_ends_after_twelve(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    clock.pass_(hours=11)
    assert is_in(phone)
    clock.pass_(hours=12, seconds=1)
    assert not is_in(phone)


def test_a_session_ends_after_thirty_days_in_any_case(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    for _ in range(60):
        clock.pass_(hours=12, seconds=-1)
        assert is_in(phone)
    clock.pass_(hours=1)
    assert not is_in(phone)


def test_a_session_is_worth_nothing_on_another_phone(card: Card, clock: Clock) -> None:
    phone, thief = Client(), Client()
    scan(phone, card)
    thief.cookies["session"] = phone.cookies["session"].value
    assert not is_in(thief)
    thief.cookies["session"] = phone.cookies["session"].value
    assert not is_in(phone)  # the stolen session has ended for both


def test_a_new_card_ends_pin_and_sessions_of_before(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    (renewed,) = issue_cards(users=[card.user], by=OPERATOR, at=clock.now)
    assert not is_in(phone)
    assert sign_in(phone).status_code == 422
    assert scan(phone, renewed, "906284") == 302
    leave(phone)
    clock.pass_(minutes=1)
    assert sign_in(phone).status_code == 422
    clock.pass_(minutes=1)
    assert sign_in(phone, "906284").status_code == 302


def test_a_new_card_ends_the_one_before(card: Card, clock: Clock) -> None:
    issue_cards(users=[card.user], by=OPERATOR, at=clock.now)
    assert open_card(card.code, clock.now) is None


def test_closing_the_account_ends_everything(card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    actions.disable_user(user=card.user, by=OPERATOR, at=clock.now)
    assert not is_in(phone)
    clock.pass_(minutes=1)
    assert sign_in(phone).status_code == 422


@pytest.mark.parametrize(
    "address", ["/accounts/passphrase/", "/accounts/second-factor/", "/accounts/second-factor/enrol/"]
)
def test_a_pin_opens_no_page_of_passphrases(address: str, card: Card, clock: Clock) -> None:
    phone = Client()
    scan(phone, card)
    assert phone.get(address).status_code == 404
    posted = {"oldpassword": PIN, "password1": "mưa thuận gió hòa", "password2": "mưa thuận gió hòa"}
    assert phone.post("/accounts/passphrase/", posted).status_code == 404
