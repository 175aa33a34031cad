"""Villages: made, named, merged, split, and taken back."""

from datetime import date, datetime
from typing import Any

import pytest

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.core.errors import Conflict, NotAllowed, Refusal
from bakhong.places import actions, queries
from bakhong.places.models import Contact, Membership, Succession, Unit

pytestmark = pytest.mark.usefixtures("reference_units")
EARLY, BEFORE, AFTER = date(2025, 5, 1), date(2025, 6, 30), date(2025, 7, 1)
MERGED, TODAY = date(2026, 3, 1), date(2026, 11, 22)


class Clerk:
    """Holds every permission at some places only."""

    id = label = "clerk"

    def __init__(self, *places: Unit) -> None:
        self.places = {place.pk for place in places}

    def may(self, permission: str, place_id: int | None = None) -> bool:
        return place_id in self.places


def the(code: str, on: date) -> Unit:
    unit = queries.unit_on(code, on)
    assert unit is not None
    return unit


@pytest.fixture
def who(actor: Actor, at: datetime) -> dict[str, Any]:
    return {"by": actor, "at": at}


@pytest.fixture
def three(thuong_xuan: Unit, who: dict[str, Any]) -> list[Unit]:
    return actions.create_villages(
        commune=thuong_xuan, villages=[("thon", "1"), ("thon", "2"), ("ban", "Vịn")], valid_from=AFTER, **who
    )


def names(commune: Unit, on: date) -> list[str]:
    return [child.full_name for child in queries.children(commune, on)]


def test_it_makes_villages_with_codes_of_their_commune(thuong_xuan: Unit, three: list[Unit]) -> None:
    assert [(unit.code, unit.full_name) for unit in three] == [
        ("15646-01", "Thôn 1"),
        ("15646-02", "Thôn 2"),
        ("15646-03", "Bản Vịn"),
    ]
    assert names(thuong_xuan, AFTER) == ["Thôn 1", "Thôn 2", "Bản Vịn"]
    assert queries.is_within(three[0].pk, the("38", TODAY).pk, TODAY)
    event = Event.objects.get(deed="places.create_villages")
    assert event.details["villages"] == [str(unit.uuid) for unit in three]


def test_a_village_of_an_earlier_commune_goes_along_to_the_new_one(
    who: dict[str, Any], thuong_xuan: Unit
) -> None:
    earlier = the("15655", EARLY)
    village = actions.create_village(commune=earlier, kind="thon", name="Xuân Liên", valid_from=EARLY, **who)
    assert queries.path_on(village, BEFORE).startswith("Thôn Xuân Liên, xã Ngọc Phụng, huyện Thường Xuân")
    assert queries.path_on(village, AFTER) == "Thôn Xuân Liên, xã Thường Xuân, tỉnh Thanh Hóa"
    assert queries.in_boundaries(village, TODAY).exact == village


def test_a_village_of_a_split_commune_waits_to_be_placed(who: dict[str, Any]) -> None:
    township = next(unit for unit in queries.find_units("Thiệu Hóa", BEFORE) if unit.kind == "thi_tran")
    village = actions.create_village(commune=township, kind="tieu_khu", name="3", valid_from=EARLY, **who)
    assert queries.parent_on(village, AFTER) is None
    assert queries.unplaced_villages([township.pk], TODAY) == [village]
    with pytest.raises(Refusal, match="đã thuộc một xã"):
        actions.place_village(village=village, commune=the("15835", BEFORE), valid_from=BEFORE, **who)
    commune = the("15835", TODAY)
    actions.place_village(village=village, commune=commune, valid_from=AFTER, **who)
    assert queries.parent_on(village, TODAY) == commune
    assert queries.unplaced_villages([township.pk], TODAY) == []


@pytest.mark.parametrize(
    ("kind", "name", "sentence"),
    [
        ("thon", "1", "đã có thôn 1"),
        ("thon", " THÔN  1 ", "đã có thôn 1"),
        ("ban", "VỊN", "đã có bản Vịn"),
        ("xa", "Mới", "Chọn loại"),
        ("thon", "  ", "Nhập tên"),
        ("thon", "--", "Nhập tên"),
        ("thon", "a\x00b", "không in được"),
        ("thon", "x" * 121, "quá 120"),
    ],
)
def test_it_refuses_a_bad_name(
    kind: str, name: str, sentence: str, three: list[Unit], thuong_xuan: Unit, who: dict[str, Any]
) -> None:
    with pytest.raises(Refusal, match=f"(?i){sentence}"):
        actions.create_village(commune=thuong_xuan, kind=kind, name=name, valid_from=AFTER, **who)
    assert len(names(thuong_xuan, AFTER)) == 3


def test_it_tells_names_apart_that_differ_in_a_letter_or_the_kind(
    three: list[Unit], who: dict[str, Any]
) -> None:
    commune = the("15646", TODAY)
    for kind, name in (("ban", "Vín"), ("thon", "Vịn"), ("khu_pho", "1")):
        actions.create_village(commune=commune, kind=kind, name=name, valid_from=AFTER, **who)
    assert len(names(commune, AFTER)) == 6


def test_it_refuses_a_day_outside_the_commune(thuong_xuan: Unit, who: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="chỉ có từ ngày 01/07/2025"):
        actions.create_village(commune=thuong_xuan, kind="thon", name="9", valid_from=BEFORE, **who)
    with pytest.raises(Refusal, match="không còn từ ngày 01/07/2025"):
        actions.create_village(commune=the("15655", BEFORE), kind="thon", name="9", valid_from=AFTER, **who)
    with pytest.raises(Refusal, match="thuộc một xã"):
        actions.create_village(commune=the("38", TODAY), kind="thon", name="9", valid_from=AFTER, **who)


def test_only_who_holds_the_place_may(three: list[Unit], thuong_xuan: Unit, at: datetime) -> None:
    stranger, clerk = Clerk(the("15457", TODAY)), Clerk(thuong_xuan)
    new: dict[str, Any] = {"kind": "thon", "name": "9", "at": at}
    with pytest.raises(NotAllowed):
        actions.create_village(commune=thuong_xuan, valid_from=AFTER, by=stranger, **new)
    with pytest.raises(NotAllowed):
        actions.merge_villages(villages=three, on=MERGED, by=stranger, **new)
    with pytest.raises(NotAllowed):
        actions.rename_village(village=three[0], by=stranger, **new)
    with pytest.raises(NotAllowed):
        actions.set_contact(unit=thuong_xuan, phone="0237 3852 246", by=stranger, at=at)
    actions.create_village(commune=thuong_xuan, valid_from=AFTER, by=clerk, **new)
    # The commune that took over a former one whole looks after its villages too.
    new["name"] = "10"
    actions.create_village(commune=the("15655", BEFORE), valid_from=EARLY, by=clerk, **new)


def test_it_merges_villages_on_a_day(three: list[Unit], thuong_xuan: Unit, who: dict[str, Any]) -> None:
    made = actions.merge_villages(
        villages=three[:2], kind="thon", name="Thành Công", on=MERGED, source="NQ 12/NQ-HĐND", **who
    )
    assert names(thuong_xuan, date(2026, 2, 28)) == ["Thôn 1", "Thôn 2", "Bản Vịn"]
    assert names(thuong_xuan, MERGED) == ["Thôn Thành Công", "Bản Vịn"]
    assert queries.in_boundaries(three[0], TODAY).exact == made
    assert [(part.unit, part.is_whole) for part in queries.sources_of(made, AFTER)] == [
        (three[0], True),
        (three[1], True),
    ]
    assert {row.source for row in queries.predecessors(made)} == {"NQ 12/NQ-HĐND"}
    assert made.code == "15646-04"
    assert Event.objects.get(deed="places.merge_villages").details["made"] == [str(made.uuid)]


def test_the_merged_village_may_take_the_name_of_one_of_them(three: list[Unit], who: dict[str, Any]) -> None:
    made = actions.merge_villages(villages=three[:2], kind="thon", name="1", on=MERGED, **who)
    assert made.full_name == "Thôn 1"


def test_it_refuses_a_merger_that_cannot_be(three: list[Unit], who: dict[str, Any]) -> None:
    elsewhere = actions.create_village(
        commune=the("15457", TODAY), kind="thon", name="1", valid_from=AFTER, **who
    )
    new: dict[str, Any] = {"kind": "thon", "name": "Mới", **who}
    for villages, on, sentence in (
        ([three[0]], MERGED, "ít nhất hai"),
        ([three[0], three[0]], MERGED, "ít nhất hai"),
        ([three[0], elsewhere], MERGED, "cùng một xã"),
        (three[:2], AFTER, "phải sau ngày đó"),
    ):
        with pytest.raises(Refusal, match=sentence):
            actions.merge_villages(villages=villages, on=on, **new)
    with pytest.raises(Refusal, match="đã có bản Vịn"):
        actions.merge_villages(villages=three[:2], on=MERGED, **{**new, "kind": "ban", "name": "Vịn"})
    actions.merge_villages(villages=three[:2], on=MERGED, **new)
    with pytest.raises(Refusal, match="không còn"):
        actions.merge_villages(villages=three[:2], on=MERGED, **{**new, "name": "Khác"})
    assert Succession.objects.filter(successor__level="village").count() == 2


@pytest.mark.parametrize("from_the_new_one", [True, False])
def test_a_merger_can_be_taken_back(
    from_the_new_one: bool, three: list[Unit], thuong_xuan: Unit, who: dict[str, Any]
) -> None:
    before = sorted(Membership.objects.values_list("child", "parent", "valid_from", "valid_to"), key=str)
    made = actions.merge_villages(villages=three[:2], kind="thon", name="Mới", on=MERGED, **who)
    village = made if from_the_new_one else Unit.objects.get(pk=three[0].pk)
    assert actions.undo_village_change(village=village, **who) == three[:2]
    assert names(thuong_xuan, TODAY) == ["Thôn 1", "Thôn 2", "Bản Vịn"]
    assert (
        sorted(Membership.objects.values_list("child", "parent", "valid_from", "valid_to"), key=str) == before
    )
    assert not Unit.objects.filter(pk=made.pk).exists()
    assert Event.objects.get(deed="places.undo_village_change").details["removed"] == [str(made.uuid)]


def test_a_merger_with_something_on_it_stays(three: list[Unit], who: dict[str, Any]) -> None:
    made = actions.merge_villages(villages=three[:2], kind="thon", name="Mới", on=MERGED, **who)
    Contact.objects.create(unit=made, phone="0237 3852 246")
    with pytest.raises(Conflict, match="không hoàn tác được"):
        actions.undo_village_change(village=made, **who)
    Contact.objects.all().delete()
    again = actions.merge_villages(villages=[made, three[2]], kind="thon", name="Khác", on=TODAY, **who)
    with pytest.raises(Conflict):
        actions.undo_village_change(village=three[0], **who)
    actions.undo_village_change(village=again, **who)
    actions.undo_village_change(village=three[0], **who)


def test_there_is_nothing_to_take_back_on_a_village_that_was_made(
    three: list[Unit], who: dict[str, Any]
) -> None:
    with pytest.raises(Refusal, match="không do nhập hay chia"):
        actions.undo_village_change(village=three[0], **who)
    with pytest.raises(Refusal, match="không phải là một thôn"):
        actions.undo_village_change(village=the("15646", TODAY), **who)


def test_a_split_attributes_nobody(three: list[Unit], thuong_xuan: Unit, who: dict[str, Any]) -> None:
    parts = actions.split_village(village=three[2], parts=[("ban", "Vịn"), ("ban", "Đục")], on=MERGED, **who)
    found = queries.in_boundaries(three[2], TODAY)
    assert (found.belonging, found.exact) == ("parts", None)
    assert queries.in_boundaries(parts[0], AFTER).exact == three[2]
    assert names(thuong_xuan, TODAY) == ["Thôn 1", "Thôn 2", "Bản Đục", "Bản Vịn"]
    assert actions.undo_village_change(village=parts[1], **who) == [three[2]]
    assert names(thuong_xuan, TODAY) == ["Thôn 1", "Thôn 2", "Bản Vịn"]


def test_a_name_is_mended_on_every_day_and_the_trail_keeps_it(
    three: list[Unit], thuong_xuan: Unit, who: dict[str, Any]
) -> None:
    actions.rename_village(village=three[0], kind="khu_pho", name="Khu phố 1", **who)
    assert names(thuong_xuan, AFTER)[0] == "Khu phố 1"
    event = Event.objects.get(deed="places.rename_village")
    assert (event.details["before"], event.details["after"]) == ("Thôn 1", "Khu phố 1")
    actions.rename_village(village=three[0], kind="khu_pho", name="1", **who)
    with pytest.raises(Refusal, match="đã có thôn 2"):
        actions.rename_village(village=three[0], kind="thon", name="2", **who)
