"""A unit in the boundaries of another day: attributed where it is certain, said to be scattered where not."""

from collections import defaultdict
from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from bakhong.places import queries
from bakhong.places.models import Extent, Succession, Unit
from bakhong.places.rules.reference import Key, shipped

pytestmark = pytest.mark.usefixtures("reference_units")
BEFORE, AFTER, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)

# Earlier communes of the published figures, and what became of them.
SEEDS = [
    ("15655", "Ngọc Phụng", "15646", "Thường Xuân", 4),
    ("15472", "Định Hưng", "15457", "Định Tân", 4),
    ("15523", "Tây Hồ", "15505", "Thọ Long", 5),
    ("15841", "Thiệu Trung", "15835", "Thiệu Trung", 5),
    ("16159", "Nga Liên", "16138", "Hồ Vương", 4),
    ("16543", "Quảng Lưu", "16543", "Quảng Bình", 4),
    ("14767", "Điện Biên", "14797", "Hạc Thành", 12),
    ("02371", "Bình Nhân", "02350", "Kim Bình", 3),
]


def the(code: str, on: date) -> Unit:
    unit = queries.unit_on(code, on)
    assert unit is not None
    return unit


@pytest.mark.parametrize(("old", "old_name", "new", "new_name", "count"), SEEDS)
def test_the_published_communes_lie_whole_in_their_successors(
    old: str, old_name: str, new: str, new_name: str, count: int
) -> None:
    unit = the(old, BEFORE)
    assert unit.name == old_name
    found = queries.in_boundaries(unit, TODAY)
    assert (found.belonging, found.exact) == ("whole", the(new, TODAY))
    assert found.exact is not None
    assert found.exact.name == new_name
    assert len(queries.sources_of(found.exact, BEFORE)) == count
    assert [row.successor.code for row in queries.successors(unit)] == [new]


def test_what_a_split_scattered_is_not_attributed() -> None:
    township = next(
        unit for unit in queries.find_units("thị trấn Thiệu Hóa", BEFORE) if unit.kind == "thi_tran"
    )
    found = queries.in_boundaries(township, TODAY)
    assert (found.belonging, found.exact) == ("parts", None)
    assert {part.unit.name for part in found.parts} == {"Thiệu Hóa", "Thiệu Quang", "Thiệu Trung"}
    assert not any(part.is_whole for part in found.parts)
    assert queries.boundary_targets([township.pk], TODAY) == {township.pk: None}


def test_a_merged_commune_is_made_of_earlier_ones_and_belongs_to_none_of_them(thuong_xuan: Unit) -> None:
    found = queries.in_boundaries(thuong_xuan, BEFORE)
    assert (found.belonging, found.exact) == ("parts", None)
    parts = queries.sources_of(thuong_xuan, BEFORE)
    assert [part.unit.full_name for part in parts] == [
        *("Xã Ngọc Phụng", "Xã Thọ Thanh", "Thị trấn Thường Xuân", "Xã Xuân Dương")
    ]
    assert all(part.is_whole for part in parts)


def test_a_source_that_went_elsewhere_too_is_a_part_only() -> None:
    parts = {part.unit.full_name: part.is_whole for part in queries.sources_of(the("15835", TODAY), BEFORE)}
    assert parts["Xã Thiệu Lý"] is True
    assert parts["Thị trấn Thiệu Hóa"] is False


def test_a_unit_of_the_day_is_itself(thuong_xuan: Unit) -> None:
    found = queries.in_boundaries(thuong_xuan, AFTER)
    assert (found.belonging, found.exact) == ("same", thuong_xuan)
    assert [part.unit for part in queries.sources_of(thuong_xuan, TODAY)] == [thuong_xuan]


def test_two_steps_are_followed_through_dong_nai() -> None:
    ward = the("26248", TODAY)
    earlier = queries.sources_of(ward, BEFORE)
    assert earlier
    assert all(part.unit.valid_to == AFTER for part in earlier)
    for part in earlier:
        if part.is_whole:
            assert queries.in_boundaries(part.unit, TODAY).exact == ward
            assert queries.in_boundaries(part.unit, AFTER).exact == the("26248", AFTER)
    assert queries.in_boundaries(the("75", BEFORE), TODAY).exact == the("75", TODAY)


def test_a_district_ended_without_successor() -> None:
    found = queries.in_boundaries(the("396", BEFORE), TODAY)
    assert (found.belonging, found.exact, found.parts) == ("none", None, ())


def test_a_split_whose_parts_meet_again_is_attributed() -> None:
    """Parts 2 and 3 of unit 1 later become unit 4: the whole of 1 is in 4 again."""
    day, later = date(2026, 1, 1), date(2026, 6, 1)
    first = Unit.objects.create(code="X1", level="village", kind="thon", name="1", valid_to=day)
    halves = [
        Unit.objects.create(
            code=f"X{n}", level="village", kind="thon", name=str(n), valid_from=day, valid_to=later
        )
        for n in (2, 3)
    ]
    last = Unit.objects.create(code="X4", level="village", kind="thon", name="4", valid_from=later)
    for half in halves:
        Succession.objects.create(
            predecessor=first, successor=half, on=day, extent=Extent.PART, source="test"
        )
        Succession.objects.create(
            predecessor=half, successor=last, on=later, extent=Extent.WHOLE, source="test"
        )
    assert queries.in_boundaries(first, date(2026, 3, 1)).belonging == "parts"
    assert queries.in_boundaries(first, TODAY).exact == last
    assert queries.sources_of(last, BEFORE)[0].is_whole
    assert queries.in_boundaries(halves[0], BEFORE).exact == first


def test_all_earlier_communes_at_once_agree_with_the_list(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """10,040 communes in a handful of queries; each whole row of the source, and no other, is attributed."""
    communes = Unit.objects.filter(level="commune", valid_from=None)
    ids = list(communes.values_list("pk", flat=True))
    with django_assert_num_queries(3):
        targets = queries.boundary_targets(ids, AFTER)
    successor: dict[Key, list[str]] = defaultdict(list)
    for row in shipped().successions:
        successor[row.predecessor].append(row.successor[0])
    codes = dict(Unit.objects.values_list("pk", "code"))
    for pk, target in targets.items():
        expected = successor[codes[pk], None]
        assert (codes[target] if target else None) == (expected[0] if len(expected) == 1 else None)
    assert sum(target is None for target in targets.values()) == 471
