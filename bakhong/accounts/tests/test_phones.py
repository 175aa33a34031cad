"""Who gives cards to whom, and which roles six digits may hold."""

import re
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bakhong.accounts import actions
from bakhong.accounts.actions import Card, enrol_by_phone, issue_cards
from bakhong.accounts.models import Assignment, Familiar, User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.queries import open_card
from bakhong.accounts.tests.conftest import MakeStaff, World
from bakhong.accounts.tests.phones import PHONE, Clock, card, clock, enrolled, is_in
from bakhong.core.actor import OPERATOR
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal

__all__ = ["card", "clock"]
Enter = Callable[[User], Client]


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
