"""The roster: who counts on a day, whose certificate works, lapses soon or has lapsed (criteria G1 and G2)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts import actions
from bakhong.accounts.models import Certificate, Official, User
from bakhong.accounts.permissions import StaffActor
from bakhong.accounts.queries import roster_on
from bakhong.accounts.tests.conftest import MakeStaff, World
from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.days import day_of
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.places.models import Unit

pytestmark = pytest.mark.urls("bakhong.accounts.tests.urls")
TODAY = date(2026, 11, 22)
Enter = Callable[[User], Client]


@pytest.fixture
def add(actor: Actor, at: datetime) -> Callable[..., Official]:
    def make(unit: Unit, name: str, days: int | None = None, serial: str = "") -> Official:
        """`days`: how long the certificate still works from today; None: there is none."""
        official = actions.add_official(
            unit=unit, name=name, position="Công chức", valid_from=date(2025, 7, 1), by=actor, at=at
        )
        if days is not None:
            actions.record_certificate(
                official=official,
                kind="organisation",
                store="usb_token",
                issuer="Ban Cơ yếu Chính phủ",
                serial=serial or f"AB{official.pk}",
                valid_from=date(2025, 7, 1),
                valid_to=TODAY + timedelta(days=days),
                by=actor,
                at=at,
            )
        return official

    return make


def test_it_counts_numerator_and_denominator(world: World, add: Callable[..., Official]) -> None:
    add(world.own, "Một", 400)
    add(world.own, "Hai", 60)
    add(world.own, "Ba", 0)
    add(world.village, "Bốn")
    add(world.sibling, "Năm", 400)
    roster = roster_on(world.own, TODAY)
    names = lambda entries: [each.official.name for each in entries]  # noqa: E731
    assert roster.headcount == 4
    assert set(names(roster.certified)) == {"Một", "Hai"}
    assert names(roster.expiring) == ["Hai"]
    assert {each.official.name: each.has_lapsed for each in roster.uncertified} == {"Ba": True, "Bốn": False}
    assert roster_on(world.province, TODAY).headcount == 5
    assert roster_on(world.own, date(2025, 6, 30)).headcount == 0


def test_a_later_certificate_stops_the_warning(
    world: World, add: Callable[..., Official], actor: Actor, at: datetime
) -> None:
    official = add(world.own, "Một", 10)
    assert len(roster_on(world.own, TODAY).expiring) == 1
    actions.record_certificate(
        official=official, kind="personal", store="remote", issuer="CA", serial="x 1",
        valid_from=TODAY, valid_to=TODAY + timedelta(days=700), by=actor, at=at,
    )  # fmt: skip
    assert not roster_on(world.own, TODAY).expiring


def test_a_revoked_certificate_does_not_count_from_that_day(
    world: World, add: Callable[..., Official], actor: Actor, at: datetime
) -> None:
    certificate = add(world.own, "Một", 400).certificates.get()
    actions.revoke_certificate(certificate=certificate, on=TODAY, by=actor, at=at)
    assert not roster_on(world.own, TODAY).certified
    assert roster_on(world.own, TODAY - timedelta(days=1)).certified
    with pytest.raises(Conflict):
        actions.revoke_certificate(certificate=certificate, on=TODAY, by=actor, at=at)


def test_somebody_who_left_no_longer_counts(
    world: World, add: Callable[..., Official], actor: Actor, at: datetime
) -> None:
    official = add(world.own, "Một", 400)
    with pytest.raises(Refusal, match="sau ngày bắt đầu"):
        actions.end_official(official=official, on=date(2025, 7, 1), by=actor, at=at)
    actions.end_official(official=official, on=TODAY, by=actor, at=at)
    assert roster_on(world.own, TODAY).headcount == 0
    assert roster_on(world.own, TODAY - timedelta(days=1)).headcount == 1
    with pytest.raises(Conflict):
        actions.end_official(official=official, on=TODAY, by=actor, at=at)


def test_it_refuses_twice_and_nonsense(
    world: World, add: Callable[..., Official], actor: Actor, at: datetime
) -> None:
    official = add(world.own, "Một", 400, serial="ab 12")
    with pytest.raises(Conflict):
        add(world.own, "  Một ")
    with pytest.raises(Refusal):
        add(world.own, " ")
    with pytest.raises(Conflict, match="Số chứng thư"):
        add(world.own, "Hai", 10, serial="AB12")
    more = {"official": official, "issuer": "CA", "serial": "9", "by": actor, "at": at}
    with pytest.raises(Refusal, match="hết hạn phải sau"):
        actions.record_certificate(kind="personal", store="sim", valid_from=TODAY, valid_to=TODAY, **more)
    with pytest.raises(Refusal, match="loại chứng thư"):
        actions.record_certificate(
            kind="paper", store="sim", valid_from=TODAY, valid_to=date(2028, 1, 1), **more
        )


def test_only_who_keeps_the_roster_may(world: World, staff: MakeStaff, at: datetime) -> None:
    more = {"unit": world.own, "name": "Một", "position": "Công chức", "valid_from": TODAY, "at": at}
    for user in (staff("chair", world.own), staff("dx_secretary", world.sibling)):
        with pytest.raises(NotAllowed):
            actions.add_official(by=StaffActor(user, day_of(at)), **more)
    actions.add_official(by=StaffActor(staff("dx_secretary", world.own), day_of(at)), **more)
    event = Event.objects.get(deed="accounts.add_official")
    assert "Một" not in str(event.__dict__)


def test_the_pages_do_the_same(world: World, staff: MakeStaff, signed_in: Enter) -> None:
    client = signed_in(staff("dx_secretary", world.own))
    address = reverse("accounts:roster", args=[world.own.uuid])
    assert "mẫu số" in client.get(address).content.decode()
    form = {"name": "Lê Thị Hoa", "position": "Văn thư", "valid_from": "1/7/2025"}
    assert client.post(address, form | {"valid_from": "31/02/2025"}).status_code == 422
    assert client.post(address, form | {"valid_from": "01/01/0001"}).status_code == 422
    assert client.post(address, form).status_code == 302
    assert client.post(address, form).status_code == 422
    official = Official.objects.get()
    page = reverse("accounts:official", args=[official.uuid])
    certificate = {
        "kind": "personal", "store": "remote", "issuer": "CA", "serial": "7F", "valid_from": "01/07/2025", "valid_to": "01/07/2027",
    }  # fmt: skip
    assert client.get(page).status_code == 200
    assert client.post(page, certificate).status_code == 302
    assert client.post(page, certificate).status_code == 422
    assert "<strong>1/1</strong>" in client.get(address).content.decode()
    revoke = reverse("accounts:revoke_certificate", args=[Certificate.objects.get().uuid])
    assert client.post(revoke).status_code == 302
    assert client.post(revoke).status_code == 409
    assert "<strong>0/1</strong>" in client.get(address).content.decode()
    end = reverse("accounts:end_official", args=[official.uuid])
    assert client.post(end, {"on": ""}).status_code == 422
    assert client.post(end, {"on": "22/11/2026"}).status_code == 302


def test_a_reader_sees_and_a_stranger_does_not(
    world: World, staff: MakeStaff, signed_in: Enter, add: Callable[..., Official]
) -> None:
    official = add(world.own, "Canh Chim Sẻ", 10)
    client = signed_in(staff("supervising_leader", world.own))
    page = reverse("accounts:official", args=[official.uuid])
    assert client.get(page).status_code == 200
    assert client.post(page, {}).status_code == 403
    other = signed_in(staff("dx_secretary", world.sibling))
    for address in (page, reverse("accounts:roster", args=[world.own.uuid])):
        response = other.get(address)
        assert response.status_code == 404
        assert "Canh Chim" not in response.content.decode()
