"""Groups of alike units, and contacts."""

from datetime import date, datetime

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Refusal
from bakhong.places import actions, queries
from bakhong.places.models import Contact, Unit, UnitGroup

AFTER, LATER, TODAY = date(2025, 7, 1), date(2026, 1, 1), date(2026, 11, 22)


def test_it_regroups_from_a_day_and_keeps_earlier_days(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    actions.set_group(
        unit=thuong_xuan, group="lowland", valid_from=LATER, source="QĐ 1/QĐ-UBND", by=actor, at=at
    )
    groups = [queries.group_of(thuong_xuan, day) for day in (AFTER, date(2025, 12, 31), LATER, TODAY)]
    assert [group.group for group in groups if group] == ["mountain", "mountain", "lowland", "lowland"]
    assert [group.is_verified for group in groups if group] == [False, False, True, True]
    event = Event.objects.get(deed="places.set_group")
    assert (event.details["before"], event.details["after"]) == ("mountain", "lowland")


def test_given_the_first_day_it_mends_the_group(thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    actions.set_group(unit=thuong_xuan, group="coastal", valid_from=AFTER, source="QĐ 1", by=actor, at=at)
    assert UnitGroup.objects.get(unit=thuong_xuan).group == "coastal"


@pytest.mark.parametrize(
    ("group", "day", "source", "sentence"),
    [
        ("desert", LATER, "QĐ 1", "Chọn một nhóm"),
        ("coastal", LATER, " ", "căn cứ"),
        ("coastal", date(2025, 6, 30), "QĐ 1", "không có vào ngày này"),
        ("coastal", date(2025, 8, 1), "QĐ 1", "đã được xếp từ ngày 01/01/2026"),
    ],
)
def test_it_refuses_a_group_without_ground(
    group: str, day: date, source: str, sentence: str, thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    actions.set_group(unit=thuong_xuan, group="lowland", valid_from=LATER, source="QĐ 0", by=actor, at=at)
    with pytest.raises(Refusal, match=sentence):
        actions.set_group(unit=thuong_xuan, group=group, valid_from=day, source=source, by=actor, at=at)
    assert UnitGroup.objects.filter(unit=thuong_xuan).count() == 2


def test_it_sets_a_contact_and_leaves_a_trace_without_it(
    thuong_xuan: Unit, actor: Actor, at: datetime
) -> None:
    for phone in ("0237 3873 111", "0237.3873.222"):
        actions.set_contact(unit=thuong_xuan, phone=phone, contact_name="Bộ phận Một cửa", by=actor, at=at)
    assert Contact.objects.get(unit=thuong_xuan).phone == "0237.3873.222"
    events = Event.objects.filter(deed="places.set_contact")
    assert [event.details for event in events] == [{}, {}]


@pytest.mark.parametrize("phone", ["", "gọi cho tôi", "1;ext=<script>", "0" * 40, "--", "+"])
def test_it_refuses_a_number_that_is_none(phone: str, thuong_xuan: Unit, actor: Actor, at: datetime) -> None:
    with pytest.raises(Refusal, match="Số điện thoại"):
        actions.set_contact(unit=thuong_xuan, phone=phone, by=actor, at=at)
