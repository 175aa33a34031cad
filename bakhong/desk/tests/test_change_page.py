"""What an officer says of a resident shows, or the page says why not; and nobody's words are written over unseen."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from bakhong.core.actor import OPERATOR, Actor
from bakhong.desk.tests.test_people_pages import ID, PHONE, Enter, address, shown, stored, text
from bakhong.people import scope
from bakhong.people.actions import add_person
from bakhong.people.models import Fact, Person, PhoneNumber
from bakhong.places.actions import create_villages
from bakhong.places.models import Unit


@pytest.fixture
def listed(thuong_xuan: Unit, actor: Actor, at: datetime) -> Person:
    """Somebody as a list of a day tells of them; their name was compared with the card."""
    village = create_villages(
        commune=thuong_xuan,
        villages=[("thon", "Xuân Thành")],
        valid_from=date(2025, 7, 1),
        by=actor,
        at=at,
    )[0]
    with scope.seeing(OPERATOR):
        return add_person(
            village=village,
            values={
                "name": "Lê Thị Hoá",
                "birth": "1941",
                "presence": "present",
                "phone": PHONE,
                "note": "cũ",
            },
            source="list",
            true_from=date(2026, 10, 1),
            by=actor,
            at=at,
        )


class Officer:
    """A browser with the change page open."""

    def __init__(self, client: Client, unit: Unit, person: Person) -> None:
        self.client, self.unit, self.person = client, unit, person
        self.here = address("person_change", unit, person.uuid)
        self.open()

    def open(self) -> None:
        form = self.client.get(self.here).context["form"]
        self.boxes = {field.html_name: str(field.value() or "") for field in form}
        self.boxes["is_verified"] = ""

    def save(self, **typed: Any) -> Any:
        sent = {**self.boxes, **typed}
        return self.client.post(self.here, {name: value for name, value in sent.items() if value})

    def told(self) -> str:
        return text(self.client.get(address("person", self.unit, self.person.uuid)))


@pytest.fixture
def officer(enter: Enter, thuong_xuan: Unit, listed: Person) -> Officer:
    return Officer(enter("dx_secretary", thuong_xuan), thuong_xuan, listed)


@pytest.fixture
def other(enter: Enter, listed: Person) -> Officer:
    return Officer(enter("village_head", listed.village), listed.village, listed)


def test_a_change_without_a_day_stands_against_a_list_of_a_day(officer: Officer, at: datetime) -> None:
    answer = officer.save(name="Lê Thị Hoa", phone="0987654321", presence="away", birth="1942", note="mới")
    assert answer.status_code == 302
    (now,) = stored()
    assert (now.name, now.presence, now.birth_year, now.note) == ("Lê Thị Hoa", "away", 1942, "mới")
    assert [each.number for each in stored(PhoneNumber) if each.is_current] == ["0987654321"]
    assert stored(Fact)[-1].true_from == at.date()
    told = officer.told()
    assert "Đã ghi." in told
    assert "vẫn giữ" not in told


def test_what_was_compared_with_papers_is_said_to_stay(officer: Officer) -> None:
    officer.save(name="Lê Thị Hoa", is_verified="on")
    officer.told()
    officer.open()
    officer.save(name="Lê Thị Hoan")
    assert stored()[0].name == "Lê Thị Hoa"
    told = officer.told()
    assert "Họ và tên, như trên thẻ vẫn giữ “Lê Thị Hoa” vì đã đối chiếu giấy tờ" in told
    assert "Đã ghi." not in told
    officer.open()
    officer.save(name="Lê Thị Hoan", note="mới", is_verified="on")
    assert stored()[0].name == "Lê Thị Hoan"
    assert "vẫn giữ" not in officer.told()


def test_a_change_of_a_day_before_the_list_is_said_not_to_show(officer: Officer) -> None:
    officer.save(phone="0987654321", note="mới", true_from="01/03/2026")
    told = officer.told()
    assert "vẫn giữ “cũ” vì điều đó đúng từ ngày 01/10/2026" in told
    assert "vẫn giữ “số được che”" in told
    assert PHONE not in told
    assert "Đã ghi." not in told
    officer.open()
    officer.save(note="mới", how="correct")
    assert stored()[0].note == "mới"


def test_a_stale_form_does_not_write_anothers_change_back(officer: Officer, other: Officer) -> None:
    """Two officers opened the page; each says only what they typed."""
    assert other.save(presence="abroad", whereabouts="Hàn Quốc", phone="0987654321").status_code == 302
    assert officer.save(note="mới").status_code == 302
    (now,) = stored()
    assert (now.presence, now.whereabouts, now.note) == ("abroad", "Hàn Quốc", "mới")
    assert stored(Fact)[-1].values == {"note": "mới"}


def test_both_changed_the_same(officer: Officer, other: Officer) -> None:
    other.save(note="của người kia", name="Lê Thị Hoà")
    refused = officer.save(note="của tôi", national_id=ID)
    assert refused.status_code == 409
    (clash,) = refused.context["clashes"]
    assert (clash.before, clash.now, clash.typed) == ("cũ", "của người kia", "của tôi")
    page = text(refused)
    assert "của người kia" in page
    assert 'value="của tôi"' in page
    assert ID in page
    assert 'value="Lê Thị Hoà"' in page  # not typed here: as it stands
    assert len(stored(Fact)) == 2
    # Sent again it is meant.
    form = refused.context["form"]
    officer.boxes = {field.html_name: str(field.value() or "") for field in form}
    assert officer.save().status_code == 302
    assert stored(Fact)[-1].values == {"note": "của tôi"}
    assert stored()[0].name == "Lê Thị Hoà"


def test_a_number_is_compared_without_being_shown(officer: Officer, other: Officer) -> None:
    other.save(phone="0987654321")
    refused = officer.save(phone_note="số của con trai")
    assert refused.status_code == 409  # the note was about another number
    assert "0987654321" not in text(refused)
    assert PHONE not in text(refused)


def test_both_typed_the_same(officer: Officer, other: Officer) -> None:
    other.save(note="mới")
    assert officer.save(note="mới").status_code == 302
    assert len(stored(Fact)) == 2


def test_without_what_it_showed_nothing_is_stored(officer: Officer) -> None:
    """Negative control: what the form showed is neither guessed nor made up, nor taken from another person's form."""
    for was in ("", "x", officer.boxes["was"][:-2]):
        refused = officer.save(was=was, note="mới")
        assert refused.status_code == 422
        assert "Trang này đã cũ" in text(refused)
        assert 'value="mới"' in text(refused)
    assert len(stored(Fact)) == 1
    assert shown(officer.client, officer.here) == officer.boxes["was"]
