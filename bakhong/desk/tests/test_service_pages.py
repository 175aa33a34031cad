"""Digital services on the desk: seen, recorded, taken back, counted; each number opens its people."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.core.actor import OPERATOR, Actor
from bakhong.people import scope
from bakhong.people.actions import add_organisation, add_person, make_household
from bakhong.people.models import Adoption, Holding, Household, Look, Organisation, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]


def address(name: str, unit: Unit, *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def stored(model: Any = Adoption) -> list[Any]:
    with scope.seeing(OPERATOR):
        return list(model.objects.order_by("pk"))


@pytest.fixture
def villages(thuong_xuan: Unit, actor: Actor, at: datetime) -> list[Unit]:
    return create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành"), ("thon", "Xuân Lợi")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )


@pytest.fixture
def hoa(villages: list[Unit], actor: Actor, at: datetime) -> Person:
    values = {"name": "Lê Thị Hoá", "birth": "1971", "device": "smartphone", "presence": "present"}
    with scope.seeing(OPERATOR):
        return add_person(village=villages[0], values=values, source="list", by=actor, at=at)


def said(state: str = "activated", **more: Any) -> dict[str, Any]:
    return {"state": state, "source": "visit", "client_key": str(uuid4()), **more}


def test_it_is_recorded_shown_and_taken_back(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    browser = enter("dx_secretary", thuong_xuan)
    where = address("service_record", thuong_xuan, "digital_signature", hoa.uuid)
    form = text(browser.get(where))
    assert "Viettel MySign" in form
    assert re.search(
        r'<optgroup label="Giấy tờ">(<option[^>]*>[^<]*</option>\s*)*<option value="card_expired"', form
    )
    sent = said(
        happened_on="06/05/2026", provider="Viettel MySign", expires_on="06/05/2027", evidence="mở cho xem"
    )
    answer = browser.post(where, sent)
    assert answer.status_code == 302
    assert answer["Location"].endswith("#services")
    person = text(browser.get(answer["Location"]))
    assert "06/05/2026" in person
    assert "Viettel MySign" in person
    (fact,) = stored()
    back = address("service_retract", thuong_xuan, "digital_signature", hoa.uuid, fact.uuid)
    assert back in person
    assert browser.get(back).status_code == 302  # looking changes nothing
    assert len(stored(Holding)) == 2  # activated, and its lapse to come
    assert browser.post(back).status_code == 302
    assert stored(Holding) == []


def test_the_same_page_sent_twice_counts_once(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    browser, sent = enter("dx_secretary", thuong_xuan), said()
    where = address("service_record", thuong_xuan, "e_wallet", hoa.uuid)
    assert [browser.post(where, sent).status_code for _time in range(2)] == [302, 302]
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        (said(""), "Tình trạng"),
        (said("activated", happened_on="31/02/2026"), "không đọc được"),
        (said("activated", happened_on="06/05/2027"), "tương lai"),
        (said("nonsense"), "Tình trạng"),
    ],
)
def test_what_was_typed_is_kept_and_the_error_is_plain(
    sent: dict[str, Any], problem: str, enter: Enter, thuong_xuan: Unit, hoa: Person
) -> None:
    browser = enter("dx_secretary", thuong_xuan)
    answer = browser.post(
        address("service_record", thuong_xuan, "e_wallet", hoa.uuid),
        {**sent, "evidence": "tin nhắn ngân hàng"},
    )
    assert answer.status_code == 422
    assert problem in text(answer)
    assert "tin nhắn ngân hàng" in text(answer)
    assert stored() == []


def test_a_reason_stands_on_the_persons_page(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    browser = enter("dx_secretary", thuong_xuan)
    browser.post(
        address("service_record", thuong_xuan, "payment_account", hoa.uuid),
        said("none", reason="afraid_of_fraud"),
    )
    assert "Sợ bị lừa đảo" in text(browser.get(address("person", thuong_xuan, hoa.uuid)))


def test_each_number_opens_its_people(
    enter: Enter, thuong_xuan: Unit, hoa: Person, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        add_person(
            village=villages[1],
            values={"name": "Trần Văn Bé", "birth": "1980"},
            source="list",
            by=actor,
            at=at,
        )
        add_person(
            village=villages[1],
            values={"name": "Lê Văn Con", "birth": "2020"},
            source="list",
            by=actor,
            at=at,
        )
    browser = enter("dx_secretary", thuong_xuan)
    browser.post(address("service_record", thuong_xuan, "eid_level2", hoa.uuid), said())
    counts = text(browser.get(address("services", thuong_xuan)))
    missing = address("residents", thuong_xuan) + "?service=eid_level2&amp;has=no"
    assert missing in counts
    assert "(1/2 người từ 14 tuổi" in counts
    listed = text(browser.get(missing.replace("&amp;", "&")))
    assert "Trần Văn Bé" in listed
    assert "Lê Thị Hoá" not in listed
    assert "Lê Văn Con" not in listed  # it is not for children
    having = text(browser.get(address("residents", thuong_xuan), {"service": "eid_level1", "has": "yes"}))
    assert "Lê Thị Hoá" in having
    assert "Trần Văn Bé" not in having


def test_an_unknown_filter_is_ignored(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    browser = enter("dx_secretary", thuong_xuan)
    assert "Lê Thị Hoá" in text(browser.get(address("residents", thuong_xuan), {"service": "nothing"}))


def test_nobody_yet_says_the_first_step(enter: Enter, thuong_xuan: Unit) -> None:
    assert "Bước đầu" in text(enter("dx_secretary", thuong_xuan).get(address("services", thuong_xuan)))


def test_a_household_sees_its_members_and_its_bills(
    enter: Enter, thuong_xuan: Unit, hoa: Person, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        home: Household = make_household(village=villages[0], members={hoa: "head"}, by=actor, at=at)
    browser = enter("dx_secretary", thuong_xuan)
    browser.post(address("service_record", thuong_xuan, "eid_level2", hoa.uuid), said())
    where = address("service_record", thuong_xuan, "cashless_bills", home.uuid)
    assert browser.get(where).status_code == 200
    assert browser.post(where, said("in_use")).status_code == 302
    shown = text(browser.get(address("household", thuong_xuan, home.uuid)))
    assert "VNeID mức 2" in shown
    assert "Trả tiền điện" in shown
    assert "Đang dùng" in shown


def test_a_shop_gets_its_code(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], actor: Actor, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        shop: Organisation = add_organisation(
            village=villages[0], kind="household_business", name="Quán Hoa", by=actor, at=at
        )
    browser = enter("dx_secretary", thuong_xuan)
    answer = browser.post(address("service_record", thuong_xuan, "merchant_qr", shop.uuid), said())
    assert answer.status_code == 302
    assert "Đã có mã" in text(browser.get(answer["Location"]))


def test_somebody_elses_is_not_there(
    enter: Enter, thuong_xuan: Unit, hoa: Person, villages: list[Unit]
) -> None:
    head = enter("village_head", villages[1])
    where = address("service_record", villages[1], "e_wallet", hoa.uuid)
    assert head.get(where).status_code == 404
    assert head.post(where, said()).status_code == 404
    assert (
        enter("village_head", villages[0])
        .get(address("service_record", villages[0], "e_wallet", hoa.uuid))
        .status_code
        == 200
    )  # negative control
    # A service that is not counted for persons finds no person.
    mine = enter("dx_secretary", thuong_xuan)
    assert mine.get(address("service_record", thuong_xuan, "merchant_qr", hoa.uuid)).status_code == 404
    assert mine.get(address("service_record", thuong_xuan, "nothing", hoa.uuid)).status_code == 404


def test_who_looked_is_written_down(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    enter("dx_secretary", thuong_xuan).get(address("service_record", thuong_xuan, "e_wallet", hoa.uuid))
    assert [each.person_id for each in stored(Look)] == [hoa.pk]


def test_who_only_reads_sees_no_form(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    chair = enter("chair", thuong_xuan)
    where = address("service_record", thuong_xuan, "e_wallet", hoa.uuid)
    assert "client_key" not in text(chair.get(where))
    assert chair.post(where, said()).status_code == 403
