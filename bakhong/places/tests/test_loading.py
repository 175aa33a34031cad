"""The shipped units in the database: all of them, once, as of their days."""

from collections import Counter
from datetime import date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from bakhong.audit.models import Event
from bakhong.core.actor import Actor
from bakhong.places.actions import load_reference
from bakhong.places.models import Level, Membership, ReferenceVersion, Succession, Unit, UnitGroup
from bakhong.places.queries import unit_on
from bakhong.places.queries.units import valid_on
from bakhong.places.rules import reference

pytestmark = pytest.mark.usefixtures("reference_units")
BEFORE, AFTER, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)


def count(level: Level, on: date) -> int:
    return Unit.objects.filter(valid_on(on), level=level).count()


def test_it_loads_every_commune_district_and_province() -> None:
    assert [count(Level.COMMUNE, day) for day in (BEFORE, AFTER, TODAY)] == [10_040, 3_321, 3_321]
    assert [count(Level.DISTRICT, day) for day in (BEFORE, AFTER)] == [696, 0]
    assert [count(Level.PROVINCE, day) for day in (BEFORE, AFTER, TODAY)] == [63, 34, 34]


def test_it_loads_every_succession_of_the_reorganisation() -> None:
    rows = Succession.objects.filter(on=AFTER, predecessor__level=Level.COMMUNE)
    assert rows.count() == 10_602
    assert Counter(rows.values_list("extent", flat=True)) == {"whole": 9_569, "part": 1_033}
    assert rows.filter(extent="part").values("predecessor").distinct().count() == 471


def test_it_derives_what_became_of_the_provinces() -> None:
    rows = Succession.objects.filter(on=AFTER, predecessor__level=Level.PROVINCE)
    assert rows.count() == 63
    assert rows.values("successor").distinct().count() == 34
    assert set(rows.values_list("extent", flat=True)) == {"whole"}
    assert not Succession.objects.filter(predecessor__level=Level.DISTRICT).exists()


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("16543", "Xã Quảng Lưu", "Xã Quảng Bình"),
        ("15505", "Xã Nam Giang", "Xã Thọ Long"),
        ("15835", "Xã Thiệu Lý", "Xã Thiệu Trung"),
        ("16138", "Xã Nga Hải", "Xã Hồ Vương"),
    ],
)
def test_a_code_names_another_place_after_the_reorganisation(code: str, before: str, after: str) -> None:
    assert str(unit_on(code, BEFORE)) == before
    assert str(unit_on(code, AFTER)) == after


def test_dong_nai_changes_its_status_on_its_day() -> None:
    day_before, day = date(2026, 4, 29), date(2026, 4, 30)
    assert str(unit_on("75", day_before)) == "Tỉnh Đồng Nai"
    assert str(unit_on("75", day)) == "Thành phố Đồng Nai"
    assert str(unit_on("26248", day_before)) == "Xã Trảng Bom"
    assert str(unit_on("26248", day)) == "Phường Trảng Bom"
    wards = Unit.objects.filter(valid_on(day), kind="phuong")
    assert (wards.count(), wards.filter(valid_from=day).count()) == (697, 10)
    assert Unit.objects.filter(valid_on(day_before), kind="phuong").count() == 687


def test_every_unit_below_a_province_has_one_parent_every_day() -> None:
    for day in (BEFORE, AFTER, date(2026, 4, 30), TODAY):
        below = Unit.objects.filter(valid_on(day)).exclude(level=Level.PROVINCE)
        claimed = Membership.objects.filter(valid_on(day))
        assert claimed.count() == below.count() == claimed.filter(valid_on(day, "parent__")).count()


def test_it_mends_the_known_traps_of_the_source() -> None:
    assert not Unit.objects.filter(name__contains="(").exists()
    assert str(unit_on("27076", BEFORE)) == "Phường 15"
    assert unit_on("06978", TODAY).name == "Ba Chẽ"  # type: ignore[union-attr]
    assert Unit.objects.filter(code__startswith="D", level=Level.COMMUNE).count() == 5


def test_thanh_hoa_has_default_groups_that_say_they_are_unverified() -> None:
    groups = UnitGroup.objects.all()
    assert Counter(groups.values_list("group", flat=True)) == {
        "mountain": 76,
        "lowland": 43,
        "coastal": 28,
        "ward": 19,
    }
    assert not groups.filter(is_verified=True).exists()


def test_it_loads_once_and_leaves_one_trace(actor: Actor, at: datetime) -> None:
    before = Unit.objects.count()
    assert load_reference(by=actor, at=at) is False
    assert Unit.objects.count() == before
    assert Event.objects.filter(deed="places.load_reference").count() == 1


def test_a_newer_version_adds_only_what_is_missing(actor: Actor, at: datetime) -> None:
    """A database that was loaded by an older version lacks some rows and still has an ended unit open."""
    ReferenceVersion.objects.all().delete()
    lost = unit_on("26248", TODAY)
    assert lost is not None
    Membership.objects.filter(child=lost).delete()
    Succession.objects.filter(successor=lost).delete()
    Unit.objects.filter(pk=lost.pk)._raw_delete("default")
    older = Unit.objects.filter(code="26248", valid_from=AFTER)
    older.update(valid_to=None)
    Membership.objects.filter(child__in=older).delete()
    Membership.objects.create(child=older.get(), parent=unit_on("75", AFTER), valid_from=AFTER)  # type: ignore[misc]

    assert load_reference(by=actor, at=at) is True

    assert str(unit_on("26248", date(2026, 4, 29))) == "Xã Trảng Bom"
    assert str(unit_on("26248", TODAY)) == "Phường Trảng Bom"
    assert Membership.objects.get(child__in=older).valid_to == date(2026, 4, 30)
    assert Succession.objects.filter(successor__code="26248", on=date(2026, 4, 30)).count() == 1
    assert Unit.objects.count() == len(reference.shipped().units)


OVERLAPS = {
    "unit_one_per_code_and_day": lambda unit, parent: Unit.objects.create(
        code=unit.code, level="commune", kind="xa", name="X", full_name="Xã X", valid_from=date(2026, 1, 1)
    ),
    "membership_one_parent_a_day": lambda unit, parent: Membership.objects.create(
        child=unit, parent=parent, valid_from=date(2026, 1, 1)
    ),
    "unit_group_one_a_day": lambda unit, parent: UnitGroup.objects.create(
        unit=unit, group="coastal", valid_from=date(2026, 1, 1)
    ),
}


@pytest.mark.parametrize("name", OVERLAPS)
def test_the_database_refuses_overlapping_periods(name: str) -> None:
    unit, parent = unit_on("15646", TODAY), unit_on("37", TODAY)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        OVERLAPS[name](unit, parent)


@pytest.mark.parametrize("name", OVERLAPS)
def test_without_the_constraint_nothing_else_would_refuse(name: str) -> None:
    """The negative control: it is this constraint that holds the promise."""
    unit, parent = unit_on("15646", TODAY), unit_on("37", TODAY)
    table = {"unit": "places_unit", "membership": "places_membership", "unit_group": "places_unitgroup"}
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute(f"alter table {table[name.split('_one_')[0]]} drop constraint {name}")
    OVERLAPS[name](unit, parent)
