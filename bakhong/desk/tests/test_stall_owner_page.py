"""A stall is tied to the business it belongs to, by name, tax code or card; whoever was asked before hears of an account change too."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.core.errors import Refusal
from bakhong.desk.tests.test_charge_pages import text, url
from bakhong.messaging.models import Message
from bakhong.payments.actions.stall_accounts import ask_account_change
from bakhong.payments.actions.stall_owners import tie_stall
from bakhong.payments.models import Stall
from bakhong.payments.tests.stalls import BIN, OTHER, a_market, a_stall
from bakhong.people import scope
from bakhong.people.actions import add_organisation, add_person
from bakhong.people.models import Organisation
from bakhong.people.tests.conftest import everybody, village, villages  # noqa: F401
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
NUMBER, TAX = "038190012345", "2801234567"
CARD = f"{NUMBER}||Lê Thị Hoá|15031990|Nữ|Xuân Thành|01052021"


@pytest.fixture
def stall(village: Unit, thuong_xuan: Unit, at: datetime) -> Stall:  # noqa: F811
    return a_stall(village, at, market=a_market(thuong_xuan, at))


def shop(where: Unit, at: datetime, **more: object) -> Organisation:
    told = {"kind": "household_business", "name": "Quán Hoá"} | more
    return add_organisation(village=where, by=OPERATOR, at=at, **told)  # type: ignore[arg-type]


def now_of(stall: Stall) -> Stall:
    with scope.seeing(OPERATOR):
        found: Stall = Stall.objects.select_related("organisation__owner").get(pk=stall.pk)
    return found


def test_a_card_finds_its_owner_s_business_and_what_was_made_for_it_ends(
    enter: Enter,
    thuong_xuan: Unit,
    village: Unit,  # noqa: F811
    stall: Stall,
    at: datetime,
) -> None:
    made = stall.organisation
    clerk, page = enter("dx_secretary", thuong_xuan), url("stall_tie", thuong_xuan, stall)
    with scope.seeing(OPERATOR):
        values = {"name": "Lê Thị Hoá", "national_id": NUMBER}
        owner = add_person(village=village, values=values, source="list", by=OPERATOR, at=at)
    assert "Chưa gắn chủ trong danh sách dân: 1/1" in text(clerk.get(url("stalls", thuong_xuan)))
    found = text(clerk.post(page, {"tim": CARD}))
    assert "Thêm hộ mới và gắn" in found  # on the roll, without a business
    with scope.seeing(OPERATOR):
        business = shop(village, at, owner=owner, tax_code=TAX)
    for told in (CARD, TAX, "quán hoá"):
        shown = clerk.post(page, {"tim": told}).content.decode()
        assert str(business.uuid) in shown
    assert NUMBER not in text(clerk.post(page, {"tim": "quán hoá"}))
    answer = clerk.post(page, {"deed": "tie", "business": str(business.uuid)})
    assert answer.url == url("stall", thuong_xuan, stall)  # type: ignore[attr-defined]
    assert now_of(stall).organisation == business
    with scope.seeing(OPERATOR):
        made.refresh_from_db()
    assert made.valid_to is not None  # nobody is counted twice
    assert Event.objects.filter(deed="payments.tie_stall", object_id=str(stall.uuid)).count() == 1
    assert "Chưa gắn chủ trong danh sách dân: 0/1" in text(clerk.get(url("stalls", thuong_xuan)))
    assert clerk.post(page, {"deed": "tie", "business": "x"}).status_code == 422
    assert clerk.post(page, {"tim": "a\0b"}).status_code == 200
    assert clerk.post(page, {"deed": "new", "owner": str(stall.uuid)}).status_code == 404


def test_who_has_no_business_yet_gets_one(
    enter: Enter,
    thuong_xuan: Unit,
    village: Unit,  # noqa: F811
    stall: Stall,
    at: datetime,
) -> None:
    with scope.seeing(OPERATOR):
        values = {"name": "Lê Thị Hoá", "national_id": NUMBER}
        owner = add_person(village=village, values=values, source="list", by=OPERATOR, at=at)
    clerk = enter("dx_secretary", thuong_xuan)
    clerk.post(url("stall_tie", thuong_xuan, stall), {"deed": "new", "owner": str(owner.uuid)})
    assert now_of(stall).organisation.owner == owner


def test_tying_it_to_an_accomplice_hides_nothing_from_the_number_there_was(
    village: Unit,  # noqa: F811
    stall: Stall,
    at: datetime,
) -> None:
    values = {"name": "Kẻ Gian"}
    gian = add_person(village=village, values=values, source="list", by=OPERATOR, at=at)
    tied = tie_stall(stall=stall, organisation=shop(village, at, owner=gian), by=OPERATOR, at=at)
    ask_account_change(
        stall=tied, bank_bin=BIN, account=OTHER, holder="KE GIAN", why="nhờ", by=OPERATOR, at=at
    )
    told = Message.objects.filter(template="stall_account_asked", phone="0912345678")
    assert told.filter(person=None, holder=stall.uuid).exists()


def test_it_refuses_what_is_elsewhere_or_no_more(
    new_units: Callable[[str], Unit], stall: Stall, actor: Actor, at: datetime
) -> None:
    (there,) = create_villages(
        commune=new_units("14758"), villages=[("thon", "Nơi Khác")], valid_from=at.date(), by=actor, at=at
    )
    with pytest.raises(Refusal):
        tie_stall(stall=stall, organisation=shop(there, at), by=OPERATOR, at=at)
    tied = tie_stall(stall=stall, organisation=stall.organisation, by=OPERATOR, at=at)
    assert tied.contact_changed_at is None  # the same again is nothing


def test_a_new_stall_is_tied_at_once_to_the_business_that_is_chosen(
    enter: Enter,
    thuong_xuan: Unit,
    village: Unit,  # noqa: F811
    at: datetime,
) -> None:
    with scope.seeing(OPERATOR):
        shop(village, at, tax_code=TAX)
        shop(village, at, name="Quán Hoá Mai")
    clerk, page = enter("dx_secretary", thuong_xuan), url("stall_new", thuong_xuan)
    told = {"village": village.uuid, "code": "B7", "owner_name": "Lê Thị Hoá"}
    nobody = clerk.post(page, told | {"whose": "Không ai cả"})
    assert nobody.status_code == 422
    assert 'value="Không ai cả"' in nobody.content.decode()
    found = clerk.post(page, told | {"whose": TAX})
    assert found.status_code == 422  # a name or a number finds, somebody chooses
    assert "Hãy chọn một hộ kinh doanh" in text(found)
    with scope.seeing(OPERATOR):
        business = Organisation.objects.get(tax_code=TAX)
        other = Organisation.objects.get(name="Quán Hoá Mai")
        assert not Stall.objects.exists()
    wrong = clerk.post(page, told | {"whose": TAX, "business": other.uuid})  # not among those found
    assert wrong.status_code == 422
    assert clerk.post(page, told | {"whose": TAX, "business": business.uuid}).status_code == 302
    with scope.seeing(OPERATOR):
        assert Stall.objects.get().organisation_id == business.pk
        assert Organisation.objects.count() == 2  # none was made beside it
    assert "chưa rõ chủ" in text(clerk.get(url("stalls", thuong_xuan)))  # the business names no owner yet
