"""Members without an e-mail address: cards, PINs, the phone they work on, and what is refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bakhong.accounts import actions, pins
from bakhong.accounts.actions import Card, enrol_by_phone, issue_cards, open_with_card
from bakhong.accounts.models import Assignment, Familiar, Invitation, PhoneDevice, User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.queries import open_card, open_invitation
from bakhong.accounts.tests.conftest import MakeStaff, World
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal

PIN, PHONE, ENTRANCE = "485137", "0912345678", "/to/vao/"
Enter = Callable[[User], Client]


class Clock:
    """The time as every page sees it; `pass_` lets some go by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 11, 22, 3, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)
        monkeypatch.setattr("time.time", lambda: self.now.timestamp())

    def pass_(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def card(world: World, clock: Clock) -> Card:
    return enrolled(world, clock.now)


def enrolled(world: World, at: datetime, **more: Any) -> Card:
    given: dict[str, Any] = {
        "name": "Lê Thị Hoá",
        "phone": PHONE,
        "role": "digital_team_member",
        "unit": world.village,
        "by": OPERATOR,
        "at": at,
    }
    _assignment, card = enrol_by_phone(**given | more)
    assert card is not None
    return card


def scan(client: Client, card: Card, pin: str = PIN, again: str | None = None) -> int:
    answer = client.post(f"{ENTRANCE}{card.code}/", {"pin1": pin, "pin2": again or pin})
    return int(answer.status_code)


def sign_in(client: Client, pin: str = PIN, phone: str = PHONE, **extra: str) -> Any:
    return client.post(ENTRANCE, {"phone": phone, "pin": pin}, **extra)


def is_in(client: Client) -> bool:
    return client.get("/accounts/me/").status_code == 200


def leave(client: Client) -> None:
    client.post("/accounts/logout/")
    assert not is_in(client)


# --- cards -----------------------------------------------------------------------------------------------------------


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


# --- the PIN and its phone -------------------------------------------------------------------------------------------


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


# --- sessions --------------------------------------------------------------------------------------------------------


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


# --- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["chair", "dx_secretary", "specialist", "accountant", "commune_police"])
def test_six_digits_hold_no_role_that_asks_for_more(
    role: str, card: Card, world: World, clock: Clock
) -> None:
    with pytest.raises(Refusal, match="số điện thoại"):
        actions.assign_role(user=card.user, role=role, unit=world.own, by=OPERATOR, at=clock.now)
    with pytest.raises(Refusal):
        enrolled(world, clock.now, phone="0987654321", role=role, unit=world.own)
    assert not User.objects.filter(phone="0987654321").exists()


def test_nor_do_they_open_one_that_stands_in_the_table_all_the_same(
    card: Card, world: World, clock: Clock
) -> None:
    Assignment.objects.create(user=card.user, role="chair", place=world.own, valid_from=day_of(clock.now))
    held = StaffActor(card.user, day_of(clock.now)).held
    assert held == [("digital_team_member", world.village.pk)]


@pytest.mark.parametrize(
    ("giver", "role", "place", "is_allowed"),
    [
        ("chair", "digital_team_member", "village", True),
        ("dx_secretary", "digital_team_member", "village", True),
        ("dx_secretary", "village_head", "village", True),
        ("dx_secretary", "digital_team_member", "sibling", False),
        ("specialist", "digital_team_member", "village", False),
        ("village_head", "digital_team_member", "village", False),
    ],
)
def test_who_may_enrol(
    giver: str, role: str, place: str, is_allowed: bool, world: World, staff: MakeStaff, clock: Clock
) -> None:
    home = world.village if giver == "village_head" else world.own
    by = StaffActor(staff(giver, home), day_of(clock.now))
    if is_allowed:
        assert enrolled(world, clock.now, by=by, role=role, unit=getattr(world, place)).code
        return
    with pytest.raises(NotAllowed):
        enrolled(world, clock.now, by=by, role=role, unit=getattr(world, place))
    assert not User.objects.filter(phone=PHONE).exists()


def test_the_secretary_of_another_commune_prints_no_card(
    card: Card, world: World, staff: MakeStaff, clock: Clock
) -> None:
    by = StaffActor(staff("dx_secretary", world.sibling), day_of(clock.now))
    with pytest.raises(NotAllowed):
        issue_cards(users=[card.user], by=by, at=clock.now)
    assert open_card(card.code, clock.now)


def test_a_secretary_takes_over_nobody_who_signs_in_by_e_mail(
    world: World, staff: MakeStaff, clock: Clock
) -> None:
    by = StaffActor(staff("dx_secretary", world.own), day_of(clock.now))
    for role in ("digital_team_member", "chair"):
        user = staff(role, world.own)
        with pytest.raises((Conflict, NotAllowed)):
            issue_cards(users=[user], by=by, at=clock.now)
        assert user.check_password("con trâu đi cày ruộng")


def test_one_number_is_one_person(card: Card, world: World, clock: Clock) -> None:
    with pytest.raises(Conflict, match="tên khác"):
        enrol_by_phone(
            name="Lê Thị Hoa", phone=PHONE, role="village_head", unit=world.village, by=OPERATOR, at=clock.now
        )
    assignment, none = enrol_by_phone(
        name="lê thị  Hóa", phone=PHONE, role="village_head", unit=world.village, by=OPERATOR, at=clock.now
    )
    assert (assignment.user, none) == (card.user, None)


def test_a_user_has_an_address_or_a_number(db: None) -> None:
    for wrong in ({"email": None, "phone": None}, {"email": "a@example.com", "phone": PHONE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(name="Ai Đó", **wrong)


def test_signing_in_by_e_mail_is_as_before(world: World, staff: MakeStaff, clock: Clock) -> None:
    user, desk = staff("specialist", world.own), Client()
    answer = desk.post("/accounts/login/", {"login": user.email, "password": "con trâu đi cày ruộng"})
    assert answer.status_code == 302
    assert is_in(desk)
    assert Familiar.objects.filter(user=user).exists()
    clock.pass_(minutes=31)
    assert not is_in(desk)


# --- the secretary's page ----------------------------------------------------------------------------------------------


def test_the_secretary_enrols_and_prints(
    world: World, staff: MakeStaff, signed_in: Enter, clock: Clock
) -> None:
    desk = signed_in(staff("dx_secretary", world.own))
    address = f"/accounts/u/{world.own.uuid}/phones/"
    assert "Thêm và in thẻ" in desk.get(address).content.decode()
    typed = {"name": "Lê Thị Hoá", "phone": "0912 345 678", "role": "digital_team_member"}
    lacking = desk.post(address, typed)
    assert lacking.status_code == 422
    assert "Lê Thị Hoá" in lacking.content.decode()
    sheet = desk.post(address, typed | {"place": str(world.village.uuid)})
    code = re.search(r"[0-9A-Z]{4}(?: [0-9A-Z]{4}){3}", sheet.content.decode())
    assert code
    assert "<svg" in sheet.content.decode()
    assert "no-store" in sheet["Cache-Control"]
    assert open_card(code[0].replace(" ", ""), clock.now)
    assert code[0] not in desk.get(address).content.decode()
    assert "chờ mở thẻ" in desk.get(address).content.decode()

    members = [str(enrolled(world, clock.now, phone=f"098765432{each}").user.uuid) for each in range(3)]
    cards = desk.post(f"{address}cards/", {"user": members}).content.decode()
    assert cards.count('class="bk-card"') == 3
    assert desk.post(f"{address}cards/").status_code == 302


def test_no_card_is_printed_for_somebody_elses_member(
    card: Card, world: World, staff: MakeStaff, signed_in: Enter, clock: Clock
) -> None:
    desk = signed_in(staff("dx_secretary", world.sibling))
    posted = {"user": [str(card.user.uuid)]}
    assert desk.post(f"/accounts/u/{world.sibling.uuid}/phones/cards/", posted).status_code == 404
    assert desk.post(f"/accounts/u/{world.own.uuid}/phones/cards/", posted).status_code == 404
    assert open_card(card.code, clock.now)
