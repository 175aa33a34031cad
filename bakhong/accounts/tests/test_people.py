"""Inviting, giving and ending roles, closing accounts: who may, and what it leaves behind."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts import actions
from bakhong.accounts.models import Assignment, Invitation, User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.queries import actor_by_email, open_invitation
from bakhong.accounts.rules.roles import ROLES
from bakhong.accounts.tests.conftest import MakeStaff, World
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, NotFound, Refusal
from bakhong.places.models import Unit

pytestmark = pytest.mark.urls("bakhong.accounts.tests.urls")
Enter = Callable[[User], Client]
NEW = "mưa thuận gió hòa quanh năm"


def of(user: User, at: datetime) -> StaffActor:
    return StaffActor(user, day_of(at))


def accept(token: str, at: datetime, name: str = "Lê Văn Cả") -> User:
    return actions.accept_invitation(token=token, name=name, passphrase=NEW, at=at)


def test_it_makes_the_first_administrator(world: World, at: datetime) -> None:
    invited = actions.invite(
        email=" Quan.Tri@Example.com ", role="system_admin", unit=world.province, by=OPERATOR, at=at
    )
    assert invited.user.email == "quan.tri@example.com"
    user = accept(invited.token, at)
    assert user.check_password(NEW)
    assert of(user, at).may("accounts.invite", world.own.pk)


def test_it_keeps_only_the_hash_of_the_link(world: World, at: datetime) -> None:
    invited = actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=at)
    assert len(invited.token) >= 43
    assert invited.token not in str(Invitation.objects.values())
    assert "a@example.com" not in str(list(Event.objects.values()))
    assert invited.token not in str(list(Event.objects.values()))


def test_a_link_works_once(world: World, at: datetime) -> None:
    invited = actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=at)
    accept(invited.token, at)
    with pytest.raises(NotFound, match="hết hạn"):
        accept(invited.token, at)


def test_a_link_works_for_seven_days(world: World, at: datetime) -> None:
    invited = actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=at)
    assert open_invitation(invited.token, at + timedelta(days=7, seconds=-1))
    with pytest.raises(NotFound):
        accept(invited.token, at + timedelta(days=7))


def test_a_new_link_ends_the_one_before(world: World, at: datetime) -> None:
    first = actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=at)
    second = actions.reset_user(user=first.user, by=OPERATOR, at=at)
    assert open_invitation(first.token, at) is None
    assert open_invitation(second, at)


def test_inviting_somebody_who_has_an_account_makes_no_link(
    world: World, staff: MakeStaff, at: datetime
) -> None:
    """Else a chair could take over the province administrator's account."""
    admin = staff("province_admin", world.province, email="tinh@example.com")
    chair = staff("chair", world.own)
    invited = actions.invite(
        email="tinh@example.com", role="specialist", unit=world.own, by=of(chair, at), at=at
    )
    assert (invited.user, invited.token) == (admin, "")
    assert not Invitation.objects.exists()


def test_nor_does_inviting_somebody_whose_first_link_still_waits(
    world: World, staff: MakeStaff, at: datetime
) -> None:
    first = actions.invite(
        email="tinh@example.com", role="province_admin", unit=world.province, by=OPERATOR, at=at
    )
    invited = actions.invite(
        email="tinh@example.com",
        role="specialist",
        unit=world.own,
        by=of(staff("chair", world.own), at),
        at=at,
    )
    assert invited.token == ""
    assert open_invitation(first.token, at)


@pytest.mark.parametrize(
    ("giver", "role", "place", "is_allowed"),
    [
        ("chair", "specialist", "own", True),
        ("chair", "village_head", "village", True),
        ("chair", "chair", "own", False),
        ("chair", "specialist", "sibling", False),
        ("chair", "province_viewer", "province", False),
        ("province_admin", "chair", "own", True),
        ("province_admin", "province_admin", "province", True),
        ("province_admin", "system_admin", "province", False),
        ("province_admin", "chair", "elsewhere_commune", False),
        ("system_admin", "system_admin", "province", True),
        ("dx_secretary", "specialist", "own", False),
        ("province_viewer", "chair", "own", False),
    ],
)
def test_who_may_give_what_where(
    giver: str, role: str, place: str, is_allowed: bool, world: World, staff: MakeStaff, at: datetime
) -> None:
    home = world.province if "province" in ROLES[giver].levels else world.own
    by, unit = of(staff(giver, home), at), getattr(world, place)
    if is_allowed:
        assert actions.invite(email="moi@example.com", role=role, unit=unit, by=by, at=at).token
        assert (
            Event.objects.filter(deed="accounts.assign_role", actor_id=by.id, place_id=unit.pk).count() == 1
        )
    else:
        with pytest.raises(NotAllowed):
            actions.invite(email="moi@example.com", role=role, unit=unit, by=by, at=at)
        assert not User.objects.filter(email="moi@example.com").exists()


@pytest.mark.parametrize(
    ("email", "role", "place", "sentence"),
    [
        ("không phải", "chair", "own", "không phải địa chỉ e-mail"),
        ("a@example.com", "emperor", "own", "Không có vai trò này"),
        ("a@example.com", "chair", "village", "không giao ở cấp này"),
    ],
)
def test_it_refuses_in_a_plain_sentence(
    email: str, role: str, place: str, sentence: str, world: World, at: datetime
) -> None:
    with pytest.raises(Refusal, match=sentence):
        actions.invite(email=email, role=role, unit=getattr(world, place), by=OPERATOR, at=at)


def test_it_refuses_a_role_held_already(world: World, at: datetime) -> None:
    actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=at)
    with pytest.raises(Conflict, match="đang giữ"):
        actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=at)


def test_it_refuses_a_role_at_a_unit_that_is_gone(world: World, at: datetime) -> None:
    Unit.objects.filter(pk=world.own.pk).update(valid_to=day_of(at))
    world.own.refresh_from_db()
    with pytest.raises(Refusal, match="không còn"):
        actions.invite(email="a@example.com", role="chair", unit=world.own, by=OPERATOR, at=at)


def test_ending_a_role_ends_its_power_and_the_session(
    world: World, staff: MakeStaff, at: datetime, signed_in: Enter, actor: Actor
) -> None:
    user = staff("specialist", world.own)
    client = signed_in(user)
    assert client.get(f"/unit/{world.own.uuid}/").status_code == 200
    assignment = user.assignments.get()
    actions.end_assignment(assignment=assignment, by=actor, at=at)
    assert client.get(f"/unit/{world.own.uuid}/").status_code == 302
    assert not of(user, at).may("figures.view", world.own.pk)
    with pytest.raises(Conflict, match="đã kết thúc"):
        actions.end_assignment(assignment=assignment, by=actor, at=at)


def test_a_chair_ends_only_roles_a_chair_may_give(world: World, staff: MakeStaff, at: datetime) -> None:
    chair, colleague = staff("chair", world.own), staff("chair", world.own, email="pho@example.com")
    by = of(chair, at)
    with pytest.raises(NotAllowed):
        actions.end_assignment(assignment=colleague.assignments.get(), by=by, at=at)
    with pytest.raises(NotAllowed):
        actions.end_assignment(assignment=staff("specialist", world.sibling).assignments.get(), by=by, at=at)
    actions.end_assignment(assignment=staff("specialist", world.own).assignments.get(), by=by, at=at)


def test_nobody_closes_an_account_they_could_not_have_made(
    world: World, staff: MakeStaff, at: datetime
) -> None:
    """The clerk of our commune also works for the province: our chair may not lock them out of that."""
    clerk = staff("specialist", world.own)
    Assignment.objects.create(user=clerk, role="province_viewer", place=world.province, valid_from=day_of(at))
    by = of(staff("chair", world.own), at)
    for deed in (actions.disable_user, actions.reset_user):
        with pytest.raises(NotAllowed):
            deed(user=clerk, by=by, at=at)
    actions.disable_user(user=clerk, by=of(staff("province_admin", world.province), at), at=at)
    clerk.refresh_from_db()
    assert not clerk.is_active


def test_nobody_closes_their_own_account(world: World, staff: MakeStaff, at: datetime) -> None:
    admin = staff("province_admin", world.province)
    with pytest.raises(Conflict, match="chính mình"):
        actions.disable_user(user=admin, by=of(admin, at), at=at)


def test_closing_and_reopening(
    world: World, staff: MakeStaff, at: datetime, actor: Actor, signed_in: Enter
) -> None:
    user = staff("specialist", world.own)
    client = signed_in(user)
    actions.disable_user(user=user, by=actor, at=at)
    assert client.get("/staff/").status_code == 302
    with pytest.raises(Conflict):
        actions.disable_user(user=user, by=actor, at=at)
    actions.enable_user(user=user, by=actor, at=at)
    # The old session stays dead: it belongs to a former generation.
    assert client.get("/staff/").status_code == 302
    assert [
        event.deed
        for event in Event.objects.filter(object_id=str(user.uuid), actor_id=actor.id).order_by("id")
    ] == [
        "accounts.disable_user",
        "accounts.enable_user",
    ]


def test_a_reset_takes_passphrase_and_second_factor_away(
    world: World, staff: MakeStaff, at: datetime, actor: Actor
) -> None:
    from bakhong.accounts.queries import has_second_factor

    user = staff("chair", world.own, factor=True)
    token = actions.reset_user(user=user, by=actor, at=at)
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert not has_second_factor(user)
    accept(token, at)


def test_a_command_runs_in_somebodys_name(world: World, staff: MakeStaff, at: datetime) -> None:
    user = staff("chair", world.own)
    assert actor_by_email(user.email.upper(), at=at).id == f"staff:{user.uuid}"
    with pytest.raises(NotFound, match="Không có tài khoản"):
        actor_by_email("khong@example.com", at=at)


class TestPages:
    def test_from_invitation_to_work(self, world: World, staff: MakeStaff, signed_in: Enter) -> None:
        chair = signed_in(staff("chair", world.own, factor=True))
        address = reverse("accounts:people", args=[world.own.uuid])
        assert "Giao vai trò ở Xã Một" in chair.get(address).content.decode()
        response = chair.post(address, {"email": "moi@example.com", "role": "specialist"})
        link = re.search(r"http://testserver(/accounts/invitation/[^<]+)", response.content.decode())
        assert link
        newcomer = Client()
        page = newcomer.get(link[1])
        assert page.status_code == 200
        assert "moi@example.com" in page.content.decode()
        assert "no-store" in page["Cache-Control"]
        answer = {"name": "Trần Thị Mới", "password1": "ngắn", "password2": "ngắn"}
        assert "ít nhất 12 ký tự" in newcomer.post(link[1], answer).content.decode()
        answer = {"name": "Trần Thị Mới", "password1": NEW, "password2": NEW + "."}
        assert "không giống nhau" in newcomer.post(link[1], answer).content.decode()
        answer["password2"] = NEW
        assert newcomer.post(link[1], answer).url == "/accounts/login/"
        assert newcomer.get(link[1]).status_code == 404
        assert (
            newcomer.post("/accounts/login/", {"login": "moi@example.com", "password": NEW}).status_code
            == 302
        )
        assert newcomer.get(f"/unit/{world.own.uuid}/").status_code == 200
        assert "Công chức chuyên môn" in newcomer.get("/accounts/me/").content.decode()
        assert "Trần Thị Mới" in chair.get(address).content.decode()

    def test_a_link_nobody_made_looks_like_one_used_up(self, client: Client, db: None) -> None:
        response = client.get("/accounts/invitation/abc/")
        assert response.status_code == 404
        assert "không còn dùng được" in response.content.decode()

    def test_it_offers_only_roles_one_may_give(
        self, world: World, staff: MakeStaff, signed_in: Enter
    ) -> None:
        client = signed_in(staff("chair", world.own, factor=True))
        address = reverse("accounts:people", args=[world.own.uuid])
        text = client.get(address).content.decode()
        assert 'value="specialist"' in text
        assert 'value="chair"' not in text
        response = client.post(address, {"email": "moi@example.com", "role": "chair"})
        assert response.status_code == 422
        assert not User.objects.filter(email="moi@example.com").exists()

    def test_buttons_close_reopen_reset_and_end(
        self, world: World, staff: MakeStaff, signed_in: Enter
    ) -> None:
        clerk = staff("specialist", world.own)
        client = signed_in(staff("chair", world.own, factor=True))
        for deed, is_active in (("disable", False), ("enable", True)):
            assert (
                client.post(
                    reverse("accounts:change_user", args=[world.own.uuid, clerk.uuid, deed])
                ).status_code
                == 302
            )
            clerk.refresh_from_db()
            assert clerk.is_active is is_active
        response = client.post(reverse("accounts:change_user", args=[world.own.uuid, clerk.uuid, "reset"]))
        assert "/accounts/invitation/" in response.content.decode()
        assert (
            client.post(
                reverse("accounts:change_user", args=[world.own.uuid, clerk.uuid, "marry"])
            ).status_code
            == 404
        )
        end = reverse("accounts:end_assignment", args=[world.own.uuid, clerk.assignments.get().uuid])
        assert client.post(end).status_code == 302
        assert client.post(end).status_code == 409

    def test_a_foreign_person_does_not_exist(self, world: World, staff: MakeStaff, signed_in: Enter) -> None:
        foreign = staff("specialist", world.sibling)
        client = signed_in(staff("chair", world.own, factor=True))
        addresses = [
            reverse("accounts:change_user", args=[world.own.uuid, foreign.uuid, "disable"]),
            reverse("accounts:change_user", args=[world.own.uuid, uuid4(), "disable"]),
            reverse("accounts:end_assignment", args=[world.own.uuid, foreign.assignments.get().uuid]),
            reverse("accounts:end_assignment", args=[world.own.uuid, uuid4()]),
        ]
        answers = [client.post(address) for address in addresses]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1
        foreign.refresh_from_db()
        assert foreign.is_active

    def test_signing_out_everywhere(self, world: World, staff: MakeStaff) -> None:
        user = staff("specialist", world.own)
        here, there = Client(), Client()
        for client in (here, there):
            client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert here.post("/accounts/me/sign-out-everywhere/").url == "/accounts/login/"
        assert there.get("/staff/").status_code == here.get("/staff/").status_code == 302
