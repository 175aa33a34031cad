"""A resolution of the future: communes merged, split, renamed; a province that changes its status."""

from datetime import date, datetime
from typing import Any

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import NotAllowed, Refusal
from bakhong.places import actions, queries
from bakhong.places.actions import Handover, NewUnit
from bakhong.places.models import Contact, Membership, Unit, UnitGroup

BEFORE, DAY, TODAY = date(2026, 12, 31), date(2027, 1, 1), date(2026, 11, 22)


@pytest.fixture
def who(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"by": actor, "at": at, "on": DAY, "source": "NQ 99/NQ-UBTVQH16"}


def the(code: str, on: date = TODAY) -> Unit:
    unit = queries.unit_on(code, on)
    assert unit is not None
    return unit


def test_a_commune_becomes_a_ward_and_everything_goes_along(thuong_xuan: Unit, who: dict[str, Any]) -> None:
    village = actions.create_village(
        commune=thuong_xuan, kind="thon", name="1", valid_from=TODAY, by=who["by"], at=who["at"]
    )
    Contact.objects.create(unit=thuong_xuan, phone="0237 3873 111")
    (ward,) = actions.record_change(
        ended=[thuong_xuan],
        made=[NewUnit("15646", "phuong", "Thường Xuân", "38")],
        handovers=[Handover("15646", "15646", True)],
        **who,
    )
    assert (the("15646", BEFORE), the("15646", DAY)) == (thuong_xuan, ward)
    assert queries.path_on(village, DAY) == "Thôn 1, phường Thường Xuân, tỉnh Thanh Hóa"
    assert queries.path_on(village, BEFORE) == "Thôn 1, xã Thường Xuân, tỉnh Thanh Hóa"
    assert queries.in_boundaries(the("15655", date(2025, 6, 30)), DAY).exact == ward
    assert queries.contact_of(ward, DAY).phone == "0237 3873 111"  # type: ignore[union-attr]
    assert queries.group_of(ward, DAY).group == "mountain"  # type: ignore[union-attr]
    assert queries.group_of(thuong_xuan, BEFORE).group == "mountain"  # type: ignore[union-attr]
    assert Event.objects.get(deed="places.record_change").details["made"] == [str(ward.uuid)]


def test_a_province_changes_its_status_and_keeps_its_communes(thanh_hoa: Unit, who: dict[str, Any]) -> None:
    (city,) = actions.record_change(
        ended=[thanh_hoa],
        made=[NewUnit("38", "thanh_pho", "Thanh Hóa", None)],
        handovers=[Handover("38", "38", True)],
        **who,
    )
    assert (city.level, len(queries.children(city, DAY)), queries.children(city, BEFORE)) == (
        "province",
        166,
        [],
    )
    assert len(queries.children(thanh_hoa, BEFORE)) == 166


def test_a_split_commune_leaves_its_villages_to_be_placed(thuong_xuan: Unit, who: dict[str, Any]) -> None:
    village = actions.create_village(
        commune=thuong_xuan, kind="thon", name="1", valid_from=TODAY, by=who["by"], at=who["at"]
    )
    made = actions.record_change(
        ended=[thuong_xuan, the("15457")],
        made=[NewUnit("99001", "xa", "Một", "38"), NewUnit("99002", "xa", "Hai", "38")],
        handovers=[
            Handover("15646", "99001", False),
            Handover("15646", "99002", False),
            Handover("15457", "99002", True),
        ],
        **who,
    )
    assert queries.in_boundaries(thuong_xuan, DAY).belonging == "parts"
    assert queries.in_boundaries(the("15457"), DAY).exact == made[1]
    assert queries.parent_on(village, DAY) is None
    assert queries.unplaced_villages([thuong_xuan.pk], DAY) == [village]
    assert UnitGroup.objects.filter(unit__in=made).count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"source": " "}, "số nghị quyết"),
        ({"on": date(2025, 7, 1)}, "phải sau ngày 01/07/2025"),
        ({"handovers": []}, "Mỗi đơn vị cũ"),
        ({"handovers": [Handover("15646", "99001", False)]}, "toàn bộ vào một"),
        (
            {"made": [NewUnit("15457", "xa", "Một", "38")], "handovers": [Handover("15646", "15457", True)]},
            "đang thuộc",
        ),
        ({"made": [NewUnit("99001", "xa", "Một", "396")]}, "cấp trên mang mã 396"),
        ({"made": [NewUnit("99001", "tinh", "Một", "38")]}, "sai loại"),
        ({"made": [NewUnit("99001", "xa", " ", "38")]}, "thiếu tên"),
    ],
)
def test_it_refuses_a_change_that_does_not_add_up(
    change: dict[str, Any], sentence: str, thuong_xuan: Unit, who: dict[str, Any]
) -> None:
    deed: dict[str, Any] = {
        "ended": [thuong_xuan],
        "made": [NewUnit("99001", "xa", "Một", "38")],
        "handovers": [Handover("15646", "99001", True)],
        **who,
    }
    with pytest.raises(Refusal, match=sentence):
        actions.record_change(**{**deed, **change})
    assert the("15646", DAY) == thuong_xuan
    assert Membership.objects.filter(child=thuong_xuan, valid_to=None).exists()
    actions.record_change(**deed)  # the same deed without the fault is done


def test_a_province_is_not_split_without_its_communes(thanh_hoa: Unit, who: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="mỗi xã thuộc tỉnh nào"):
        actions.record_change(
            ended=[thanh_hoa],
            made=[NewUnit("97", "tinh", "Một", None), NewUnit("98", "tinh", "Hai", None)],
            handovers=[Handover("38", "97", False), Handover("38", "98", False)],
            **who,
        )
    assert len(queries.children(thanh_hoa, DAY)) == 166


def test_only_who_may_records_a_change(thuong_xuan: Unit, who: dict[str, Any]) -> None:
    class Nobody:
        id = label = "nobody"

        def may(self, permission: str, place_id: int | None = None) -> bool:
            return False

    with pytest.raises(NotAllowed):
        actions.record_change(
            ended=[thuong_xuan],
            made=[NewUnit("99001", "xa", "Một", "38")],
            handovers=[Handover("15646", "99001", True)],
            **{**who, "by": Nobody()},
        )
