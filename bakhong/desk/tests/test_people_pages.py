"""The roll of residents in the browser: found without accents, masked, shown for a reason, never overwritten."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bakhong.accounts.models import User
from bakhong.accounts.permissions import StaffActor
from bakhong.audit.models import Event
from bakhong.core.actor import OPERATOR, Actor
from bakhong.people import scope
from bakhong.people.actions import add_person, record_details
from bakhong.people.models import Fact, Look, Person
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit

Enter = Callable[..., Client]
ID, PHONE = "038190001234", "0912345678"


def address(name: str, unit: Unit, *more: Any) -> str:
    return reverse(f"desk:{name}", args=[unit.uuid, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


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
    with scope.seeing(OPERATOR):
        return add_person(
            village=villages[0],
            values={
                "name": "Lê Thị Hoá",
                "birth": "1941",
                "national_id": ID,
                "phone": PHONE,
                "device": "basic",
                "presence": "present",
            },
            source="list",
            by=actor,
            at=at,
        )


@pytest.fixture
def be(villages: list[Unit], actor: Actor, at: datetime) -> Person:
    with scope.seeing(OPERATOR):
        return add_person(village=villages[1], values={"name": "Trần Văn Bé"}, source="list", by=actor, at=at)


def shown(client: Client, here: str) -> str:
    """What the form carries of what it showed."""
    return str(client.get(here).context["form"]["was"].value())


def stored(model: Any = Person) -> list[Any]:
    with scope.seeing(OPERATOR):
        return list(model.objects.order_by("pk"))


@pytest.mark.parametrize("typed", ["hoa", "Hóa", "Hoá", "le thi hoa", "HOA LE"])
def test_a_name_is_found_however_it_is_typed(
    typed: str, enter: Enter, thuong_xuan: Unit, hoa: Person, be: Person
) -> None:
    page = text(enter("dx_secretary", thuong_xuan).get(address("residents", thuong_xuan), {"q": typed}))
    assert "Lê Thị Hoá" in page
    assert "Trần Văn Bé" not in page


def test_the_frame_is_left_alone(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    """One page of the bar is the current one, and the search for another unit is empty."""
    page = text(enter("dx_secretary", thuong_xuan).get(address("residents", thuong_xuan), {"q": "hoa"}))
    assert page.count('aria-current="page"') == 1
    assert re.search(r'id="switch-unit" name="q" type="search" value=""', page)


def test_filters(enter: Enter, thuong_xuan: Unit, villages: list[Unit], hoa: Person, be: Person) -> None:
    client, here = enter("dx_secretary", thuong_xuan), address("residents", thuong_xuan)
    assert "Trần Văn Bé" not in text(client.get(here, {"device": "basic"}))
    assert "Lê Thị Hoá" not in text(client.get(here, {"presence": "none_said"}))
    assert "Lê Thị Hoá" not in text(client.get(here, {"village": str(villages[1].uuid)}))
    assert client.get(here, {"village": "x"}).status_code == 400
    assert client.get(here, {"device": "x"}).status_code == 200


def test_the_former_commune_is_kept(
    enter: Enter, thuong_xuan: Unit, hoa: Person, actor: Actor, at: datetime
) -> None:
    from bakhong.places.queries import unit_on

    former = unit_on("15655", date(2025, 6, 30))
    assert former is not None
    made = create_villages(
        commune=former, villages=[("thon", "Xuân Minh")], valid_from=date(2020, 1, 1), by=actor, at=at
    )
    with scope.seeing(OPERATOR):
        add_person(village=made[0], values={"name": "Người Xã Cũ"}, source="list", by=actor, at=at)
    client, here = enter("dx_secretary", thuong_xuan), address("residents", thuong_xuan)
    page = text(client.get(here))
    assert "Xã Ngọc Phụng" in page
    assert "Người Xã Cũ" in page
    filtered = text(client.get(here, {"former": str(former.uuid)}))
    assert "Người Xã Cũ" in filtered
    assert "Lê Thị Hoá" not in filtered


def test_numbers_are_masked_everywhere(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client = enter("dx_secretary", thuong_xuan)
    for name, more in (("residents", ()), ("person", (hoa.uuid,)), ("person_change", (hoa.uuid,))):
        page = text(client.get(address(name, thuong_xuan, *more)))
        assert ID not in page
        assert PHONE not in page
    assert "•••••••••234" in text(client.get(address("person", thuong_xuan, hoa.uuid)))


def test_a_number_is_shown_for_a_reason_and_noted(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client, here = enter("dx_secretary", thuong_xuan), address("person_reveal", thuong_xuan, hoa.uuid)
    for without in ({"what": "national_id"}, {"what": "national_id", "reason": "duty"}):
        refused = client.post(here, without)
        assert refused.status_code == 422
        assert ID not in text(refused)
    assert not Event.objects.filter(deed="people.reveal").exists()
    answer = client.post(here, {"what": "national_id", "reason": "at_desk", "note": "đăng ký khai sinh"})
    assert ID in text(answer)
    assert "no-store" in answer["Cache-Control"]
    event = Event.objects.get(deed="people.reveal")
    assert (event.object_id, event.details) == (str(hoa.uuid), {"what": "national_id", "reason": "at_desk"})
    page = text(client.get(address("person", thuong_xuan, hoa.uuid)))
    assert "đăng ký khai sinh" in page
    assert ID not in page


def test_opening_a_record_is_noted(enter: Enter, thuong_xuan: Unit, hoa: Person, at: datetime) -> None:
    client = enter("chair", thuong_xuan)
    assert client.get(address("person", thuong_xuan, hoa.uuid)).status_code == 200
    (look,) = stored(Look)
    assert (look.person_id, look.what, look.reason) == (hoa.pk, "record", "duty")
    assert Event.objects.get(deed="people.open_record").actor_id == look.actor_id
    assert "chair" in text(client.get(address("person", thuong_xuan, hoa.uuid)))


def test_a_resident_can_be_shown_every_look(
    enter: Enter, thuong_xuan: Unit, hoa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bakhong.desk.views.person.SHOWN_LOOKS", 2)
    client, page = enter("chair", thuong_xuan), address("person", thuong_xuan, hoa.uuid)
    for _time in range(3):
        client.get(page)
    shown = client.get(page)
    assert (len(shown.context["looks"]), shown.context["looks_left"]) == (2, 1)
    assert "Còn 1 lần xem trước đó" in text(shown)
    everything = client.get(page, {"looks": "all"})
    assert (len(everything.context["looks"]), everything.context["looks_left"]) == (4, 0)


def test_without_the_note_nobody_gets_the_page(
    enter: Enter, thuong_xuan: Unit, hoa: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: the note is not best effort."""

    def fails(**_more: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("bakhong.people.middleware.record_looks", fails)
    client = enter("chair", thuong_xuan)
    client.raise_request_exception = False
    answer = client.get(address("person", thuong_xuan, hoa.uuid))
    assert answer.status_code == 500
    assert "Lê Thị Hoá" not in text(answer)


def test_the_list_of_elsewhere_stays_closed(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], hoa: Person, be: Person
) -> None:
    head = enter("village_head", villages[1])
    page = text(head.get(address("residents", villages[1])))
    assert "Trần Văn Bé" in page
    assert "Lê Thị Hoá" not in page
    assert head.get(address("residents", thuong_xuan)).status_code == 404
    assert head.get(address("person", villages[1], hoa.uuid)).status_code == 404
    assert enter("accountant", thuong_xuan).get(address("residents", thuong_xuan)).status_code == 403


def test_the_connection_is_closed_after_each_answer(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client = enter("dx_secretary", thuong_xuan)
    assert "Lê Thị Hoá" in text(client.get(address("residents", thuong_xuan)))
    assert Person.objects.count() == 0
    client.post(address("people_find", thuong_xuan), {"number": ID})
    assert Person.objects.count() == 0


def test_a_number_is_not_looked_for_in_the_address(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client = enter("dx_secretary", thuong_xuan)
    refused = client.get(address("residents", thuong_xuan), {"q": ID})
    assert refused.status_code == 400
    assert "Tìm theo số" in text(refused)
    for number in ("038 190 001 234", "0912.345.678"):
        found = client.post(address("people_find", thuong_xuan), {"number": number})
        assert found["Location"] == address("person", thuong_xuan, hoa.uuid)
    assert "Không có ai" in text(client.post(address("people_find", thuong_xuan), {"number": "123"}))


def test_somebody_is_added(enter: Enter, thuong_xuan: Unit, villages: list[Unit]) -> None:
    client, here = enter("dx_secretary", thuong_xuan), address("person_new", thuong_xuan)
    typed = {
        "village": str(villages[0].uuid),
        "name": "Vi Văn Ba",
        "birth": "3/1950",
        "source": "resident",
        "national_id": ID,
    }
    assert client.post(here, typed).status_code == 302
    (made,) = stored()
    assert (made.name, made.birth_year, made.birth_month, made.village_id) == (
        "Vi Văn Ba",
        1950,
        3,
        villages[0].pk,
    )
    again = client.post(here, typed)
    assert again.status_code == 422
    assert "đã ghi cho Vi Văn Ba" in text(again)
    assert len(stored()) == 1


def test_the_same_form_sent_twice_is_one_person(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client, here = enter("dx_secretary", thuong_xuan), address("person_new", thuong_xuan)
    found = re.search(r'name="form_key" value="([0-9a-f-]{36})"', text(client.get(here)))
    assert found
    typed = {"village": str(villages[0].uuid), "name": "Vi Văn Ba", "source": "officer", "form_key": found[1]}
    first, again = client.post(here, typed), client.post(here, typed)
    assert first["Location"] == again["Location"]
    assert len(stored()) == len(stored(Fact)) == 1
    # Negative control: typed over after going back, or on a page opened anew, it is somebody else.
    client.post(here, {**typed, "name": "Vi Văn Tư"})
    client.post(here, {**typed, "form_key": "00000000-0000-4000-8000-000000000001"})
    assert [each.name for each in stored()] == ["Vi Văn Ba", "Vi Văn Tư", "Vi Văn Ba"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Họ và tên"),
        ({"birth": "31/02/1990"}, "Ngày sinh"),
        ({"birth": "2030"}, "tương lai"),
        ({"national_id": "0381900012345"}, "12 chữ số"),
        ({"phone": "con trai"}, "điện thoại"),
        ({"device_year": "1800"}, "1990"),
        ({"village": "00000000-0000-0000-0000-000000000000"}, "Thôn"),
        ({"sex": "x"}, "Giới tính"),
    ],
)
def test_bad_input_is_told_plainly(
    changes: dict[str, str], said: str, enter: Enter, thuong_xuan: Unit, villages: list[Unit]
) -> None:
    typed = {"village": str(villages[0].uuid), "name": "Vi Văn Ba", "source": "officer", **changes}
    answer = enter("dx_secretary", thuong_xuan).post(address("person_new", thuong_xuan), typed)
    assert answer.status_code == 422
    assert said in text(answer)
    assert not stored()


def test_a_card_fills_the_boxes_and_is_not_kept(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit]
) -> None:
    client, here = enter("dx_secretary", thuong_xuan), address("person_new", thuong_xuan)
    card = f"{ID}|172345678|Vi Thị Ba|15031990|Nữ|Thôn 1, Ngọc Phụng|01052021"
    page = text(client.post(here, {"step": "card", "card": card}))
    assert 'value="Vi Thị Ba"' in page
    assert 'value="15/03/1990"' in page
    assert re.search(r'value="card"\s+selected', page)
    assert not stored()
    bad = client.post(here, {"step": "card", "card": "xin chào"})
    assert bad.status_code == 422
    assert "không phải nội dung mã QR" in text(bad)


def test_a_change_adds_and_a_correction_voids(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client, here = enter("dx_secretary", thuong_xuan), address("person_change", thuong_xuan, hoa.uuid)
    same = {
        "name": "Lê Thị Hoá",
        "birth": "1941",
        "presence": "present",
        "device": "basic",
        "source": "visit",
        "how": "change",
        "was": shown(client, here),
    }
    assert client.post(here, same).status_code == 302
    assert len(stored(Fact)) == 1
    away = {**same, "presence": "away", "whereabouts": "Bình Dương", "true_from": "01/03/2026"}
    assert client.post(here, away).status_code == 302
    last = stored(Fact)[-1]
    assert last.values == {"presence": "away", "whereabouts": "Bình Dương"}
    assert last.true_from == date(2026, 3, 1)
    wrong = {**away, "was": shown(client, here), "birth": "05/02/1940", "how": "correct", "true_from": ""}
    assert client.post(here, wrong).status_code == 302
    (now,) = stored()
    assert (now.birth_year, now.birth_day, now.presence) == (1940, 5, "away")
    assert stored(Fact)[-1].voids == ["birth"]
    page = text(client.get(address("person", thuong_xuan, hoa.uuid)))
    assert "sửa điều ghi sai" in page
    assert "đúng từ ngày 01/03/2026" in page


def test_what_was_recorded_is_taken_back(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client = enter("dx_secretary", thuong_xuan)
    (fact,) = stored(Fact)
    here = address("person_retract", thuong_xuan, hoa.uuid, fact.uuid)
    client.get(here)
    assert len(stored(Fact)) == 1
    assert client.post(here)["Location"] == address("residents", thuong_xuan)
    assert not stored()[0].is_known
    assert "Danh sách người dân sẽ hiện ở đây" in text(client.get(address("residents", thuong_xuan)))


def test_a_household_is_made(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], hoa: Person, actor: Actor, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        son = add_person(village=villages[0], values={"name": "Lê Văn Con"}, source="list", by=actor, at=at)
    client, here = enter("dx_secretary", thuong_xuan), address("person_household", thuong_xuan, hoa.uuid)
    assert "Lê Văn Con" in text(client.get(here))
    made = client.post(here, {"code": "12", f"m-{son.uuid}": "child"})
    page = text(client.get(made["Location"]))
    assert "Hộ của Lê Thị Hoá" in page
    assert page.index("Lê Thị Hoá") < page.index("Lê Văn Con")
    assert [(each.relation, bool(each.household_id)) for each in stored()] == [
        ("head", True),
        ("child", True),
    ]


def test_consent_is_given_and_withdrawn(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client = enter("dx_secretary", thuong_xuan)
    given = {"purpose": "campaign", "given_on": "20/11/2026", "evidence": "ký phiếu"}
    here = address("person_consent", thuong_xuan, hoa.uuid)
    assert client.post(here, given).status_code == 302
    again = client.post(here, given)
    assert again.status_code == 422
    assert "đã đồng ý" in text(again)
    assert client.post(here, {**given, "purpose": "prefill", "given_on": "20/11/2027"}).status_code == 422
    with scope.seeing(OPERATOR):
        consent = hoa.consents.get()
    client.post(address("person_withdraw", thuong_xuan, hoa.uuid, consent.uuid))
    assert "Đã rút lại ngày 22/11/2026" in text(client.get(address("person", thuong_xuan, hoa.uuid)))


def test_a_double_leads_to_who_it_is(
    enter: Enter, thuong_xuan: Unit, hoa: Person, be: Person, staff: Callable[..., User], at: datetime
) -> None:
    from bakhong.people.actions import merge_people, unmerge_people

    keeper = StaffActor(staff("commune_police", thuong_xuan), date(2026, 11, 22))
    with scope.seeing(keeper):
        merge_people(keep=hoa, double=be, by=keeper, at=at)
    client = enter("dx_secretary", thuong_xuan)
    assert "Lê Thị Hoá" in text(client.get(address("person", thuong_xuan, be.uuid)))
    assert "Trần Văn Bé" not in text(client.get(address("residents", thuong_xuan)))
    with scope.seeing(keeper):
        unmerge_people(double=be, by=keeper, at=at)
    assert "Trần Văn Bé" in text(client.get(address("residents", thuong_xuan)))


def test_the_pages_work_as_the_restricted_role(
    enter: Enter, thuong_xuan: Unit, villages: list[Unit], hoa: Person, be: Person, app_role: str
) -> None:
    """With the rights the site really has: it reads its villages, adds, changes and notes who looked."""
    client = enter("village_head", villages[0])
    assert "Lê Thị Hoá" in text(client.get(address("residents", villages[0])))
    assert client.get(address("person", villages[0], hoa.uuid)).status_code == 200
    typed = {"village": str(villages[0].uuid), "name": "Vi Văn Ba", "source": "visit", "phone": PHONE}
    made = client.post(address("person_new", villages[0]), typed)
    assert made.status_code == 302
    here = f"{made['Location']}change/"
    change = {
        "name": "Vi Văn Ba",
        "device": "none",
        "source": "visit",
        "how": "change",
        "was": shown(client, here),
    }
    assert client.post(here, change).status_code == 302
    assert "Không dùng điện thoại" in text(client.get(made["Location"]))
    assert len(stored(Look)) == 2


def test_no_key_opens_two_things_on_these_pages(enter: Enter, thuong_xuan: Unit, hoa: Person) -> None:
    client = enter("dx_secretary", thuong_xuan)
    for name, more in (("residents", ()), ("person", (hoa.uuid,)), ("person_new", ())):
        keys = re.findall(r'data-key="([^"]+)"', text(client.get(address(name, thuong_xuan, *more))))
        assert len(keys) == len(set(keys)), (name, keys)


def test_results_of_procedures_are_shown_and_what_is_sensitive_is_not_read(
    enter: Enter, thuong_xuan: Unit, hoa: Person, actor: Actor, at: datetime
) -> None:
    with scope.seeing(OPERATOR):
        for day, values in (
            (date(2026, 2, 1), {"marriage.confirmation_no": "12/XN"}),
            (date(2026, 11, 1), {"marriage.status": "widowed", "bank.account": "0123456789"}),
        ):
            record_details(
                person=hoa, values=values, source="result", origin=None, true_on=day, by=actor, at=at
            )
    page = text(enter("dx_secretary", thuong_xuan).get(address("person", thuong_xuan, hoa.uuid)))
    assert "Vợ, chồng đã mất" in page
    assert "Dùng được trước ngày 03/05/2027" in page
    assert "Không còn dùng được từ ngày 03/08/2026" in page
    assert "0123456789" not in page
    assert "•••••••789" in page
