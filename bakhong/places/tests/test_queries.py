"""Units by day, name and place."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from bakhong.core.errors import NotFound
from bakhong.places import queries
from bakhong.places.models import Contact, Unit

pytestmark = pytest.mark.usefixtures("reference_units")
BEFORE, AFTER, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)


def the(code: str, on: date = TODAY) -> Unit:
    unit = queries.unit_on(code, on)
    assert unit is not None
    return unit


def test_a_commune_of_before_the_reorganisation_lies_in_its_district() -> None:
    unit = the("15655", date(2025, 5, 6))
    assert queries.path_on(unit, date(2025, 5, 6)) == "Xã Ngọc Phụng, huyện Thường Xuân, tỉnh Thanh Hóa"
    assert [above.code for above in queries.ancestors(unit, BEFORE)] == ["396", "38"]
    assert queries.unit_on("15655", AFTER) is None


def test_a_code_no_longer_valid_is_shown_as_of_its_last_day() -> None:
    shown = queries.as_of("15655", TODAY)
    assert (shown.unit.name, shown.on, shown.has_ended) == ("Ngọc Phụng", BEFORE, True)
    assert queries.as_of("15646", TODAY).has_ended is False


def test_a_code_nobody_carries_is_refused_in_words() -> None:
    with pytest.raises(NotFound, match="“99999”"):
        queries.as_of("99999", TODAY)


def test_a_province_holds_its_communes_directly_since_the_reorganisation(thanh_hoa: Unit) -> None:
    assert len(queries.children(thanh_hoa, TODAY)) == 166
    earlier = the("38", BEFORE)
    assert {child.level for child in queries.children(earlier, BEFORE)} == {"district"}
    assert len(queries.descendant_ids(earlier.pk, BEFORE, "commune")) == 547
    assert queries.children(thanh_hoa, BEFORE) == []


def test_children_stand_in_dictionary_order(thanh_hoa: Unit) -> None:
    names = [child.name for child in queries.children(thanh_hoa, TODAY)]
    assert names[:3] == ["An Nông", "Ba Đình", "Bá Thước"]
    assert names.index("Đông Thành") > names.index("Cổ Lũng")


def test_within_holds_on_the_day_only() -> None:
    province, commune = the("38", BEFORE), the("15655", BEFORE)
    assert queries.is_within(commune.pk, province.pk, BEFORE)
    assert queries.is_within(commune.pk, commune.pk, BEFORE)
    assert not queries.is_within(commune.pk, province.pk, AFTER)
    assert not queries.is_within(province.pk, commune.pk, BEFORE)


def test_the_tree_takes_one_query(thanh_hoa: Unit, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        queries.descendant_ids(thanh_hoa.pk, TODAY)
    with django_assert_num_queries(1):
        queries.is_within(1, thanh_hoa.pk, TODAY)


@pytest.mark.parametrize("text", ["Ngọc Phụng", "ngoc phung", "xã ngọc phụng", "UBND xã Ngọc Phụng", "15655"])
def test_a_search_finds_a_unit_of_the_day(text: str) -> None:
    assert [unit.code for unit in queries.find_units(text, BEFORE)] == ["15655"]
    assert queries.find_units(text, TODAY) == []


def test_a_search_puts_the_exact_name_first() -> None:
    found = queries.find_units("Thường Xuân", BEFORE)
    assert [unit.full_name for unit in found[:2]] == ["Huyện Thường Xuân", "Thị trấn Thường Xuân"]
    assert queries.find_units("thị trấn Thường Xuân", BEFORE)[0].full_name == "Thị trấn Thường Xuân"
    ranked = queries.find_units("Hồng Lĩnh", BEFORE)
    assert ranked[0].name == "Hồng Lĩnh"


def test_a_search_stays_within_a_unit(thanh_hoa: Unit) -> None:
    inside = queries.find_units("Tân", TODAY, within=thanh_hoa)
    ids = set(queries.descendant_ids(thanh_hoa.pk, TODAY))
    assert inside
    assert all(unit.pk in ids for unit in inside)


@pytest.mark.parametrize("text", ["", "  ", ",", "%", "_", "'", "\\", "xã"])
def test_a_search_for_next_to_nothing_does_no_harm(text: str) -> None:
    assert len(queries.find_units(text, TODAY)) <= 20
    assert queries.resolve_name(text, on=TODAY) is None


def test_where_the_tone_stands_makes_no_difference() -> None:
    old, new = queries.resolve_name("xã Định Hoà", on=BEFORE), queries.resolve_name("Xã Định Hòa", on=BEFORE)
    assert old is None or old == new
    province = queries.resolve_name("tỉnh Thanh Hoá", on=TODAY)
    assert province is not None
    assert province.code == "38"


def test_homographs_stay_apart() -> None:
    found = {
        name: queries.resolve_name(name, on=BEFORE, within=the("401", BEFORE))
        for name in ("xã Nga Thành", "xã Nga Thạch", "xã Nga Thanh")
    }
    codes = {name: unit.code for name, unit in found.items() if unit}
    assert len(set(codes.values())) == len(codes) == 3


def test_a_name_borne_by_many_is_resolved_only_where_it_is_unambiguous(thanh_hoa: Unit) -> None:
    assert queries.resolve_name("xã Tân Thành", on=BEFORE) is None
    inside = queries.resolve_name("xã Tân Thành", on=BEFORE, within=the("38", BEFORE))
    assert inside is not None
    assert queries.resolve_name("xã Tân Thành, huyện Thường Xuân", on=BEFORE) == inside


def test_an_earlier_name_is_found_within_the_unit_that_took_it_over(
    thanh_hoa: Unit, thuong_xuan: Unit
) -> None:
    for within in (thanh_hoa, thuong_xuan):
        unit = queries.resolve_name("xã Ngọc Phụng", on=TODAY, within=within)
        assert unit is not None
        assert (unit.code, unit.valid_to) == ("15655", AFTER)
    elsewhere = the("15457")
    assert queries.resolve_name("xã Ngọc Phụng", on=TODAY, within=elsewhere) is None
    spelled = queries.resolve_name("xã Ngọc Phụng, huyện Thường Xuân, tỉnh Thanh Hoá", on=TODAY)
    assert spelled is not None
    assert spelled.code == "15655"


def test_the_kind_written_decides() -> None:
    assert queries.resolve_name("huyện Thường Xuân", on=TODAY).code == "396"  # type: ignore[union-attr]
    assert queries.resolve_name("xã Thường Xuân", on=TODAY).code == "15646"  # type: ignore[union-attr]
    assert queries.resolve_name("xã Thường Xuân", on=BEFORE) is None


def test_the_contact_is_ones_own_or_the_nearest_above(thanh_hoa: Unit, thuong_xuan: Unit) -> None:
    assert queries.contact_of(thuong_xuan, TODAY) is None
    Contact.objects.create(unit=thanh_hoa, phone="0237 3852 246")
    assert queries.contact_of(thuong_xuan, TODAY).phone == "0237 3852 246"  # type: ignore[union-attr]
    Contact.objects.create(unit=thuong_xuan, phone="0237 3873 111")
    assert queries.contact_of(thuong_xuan, TODAY).phone == "0237 3873 111"  # type: ignore[union-attr]


def test_groups_are_read_on_a_day(thanh_hoa: Unit, thuong_xuan: Unit) -> None:
    assert queries.group_of(thuong_xuan, TODAY).group == "mountain"  # type: ignore[union-attr]
    assert queries.group_of(thuong_xuan, BEFORE) is None
    ids = queries.descendant_ids(thanh_hoa.pk, TODAY)
    assert len(queries.groups_of(ids, TODAY)) == 166


def test_the_served_unit_is_the_settings(settings: object) -> None:
    settings.UNIT = "38"  # type: ignore[attr-defined]
    assert queries.served_unit(TODAY).full_name == "Tỉnh Thanh Hóa"
    settings.UNIT = "nowhere"  # type: ignore[attr-defined]
    with pytest.raises(NotFound, match="nowhere"):
        queries.served_unit(TODAY)
